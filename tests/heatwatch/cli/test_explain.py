"""`heatwatch explain`: why this sum."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.language import languages
from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from tests.analytics.books import SEASON, add, colder_record, local
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.settled_town import WRONG_CALL, config
from tests.heatwatch.moved_contract import OF_SEASON, moved
from tests.heatwatch.towns import answer
from tests.servers.programs import need_pango

__all__ = ["config"]  # fixtures


def test_explain_recomputes_before_a_draft_and_under_another_policy(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add(open_world(config).books, *_request_of_h3())
    mine = tmp_path / "henan-at-20.toml"
    mine.write_text(at_20_degrees(), encoding="utf-8")
    law = answer(config, capsys, "explain", "H1", "--season", SEASON)
    assert (law["total"], law["policy"], "run" in law) == ("50.00", "CN-HA-2018", False)
    assert {each["name"] for each in law["interpretations"]} >= {
        "clock-from-request",
        "unknown-pays-the-smaller",
    }
    changed = answer(config, capsys, "explain", "H3", "--season", SEASON, "--policy", str(mine))
    assert changed["policy"] == "CN-HA-2018-at-20"
    season = ("--season", SEASON)
    other = answer(config, capsys, "settle", "draft", *season, "--policy", str(mine))
    assert other["what_if"] is True
    assert "run" not in answer(config, capsys, "explain", "H1", *season)
    assert answer(config, capsys, "explain", "H1", *season, "--run", "1")["run"] == 1
    assert run(["settle", "approve", *season, "--run", "1", "--config", str(config)]) == WRONG_CALL
    drafted = answer(config, capsys, "settle", "draft", *season)
    assert (drafted["run"], drafted["what_if"]) == (2, False)
    answer(config, capsys, "settle", "draft", *season, "--policy", str(mine))
    assert answer(config, capsys, "explain", "H1", *season)["run"] == 2
    assert answer(config, capsys, "settle", "show", *season)["run"]["run"] == 2


def _request_of_h3() -> list[Any]:
    from store.books.facts import Request

    return [Request(household_id=13, at=local(10, 6) + timedelta(minutes=1))]


def test_explain_names_a_record_that_too_few_have_signed_and_the_clause(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from store.books.facts import MeasurementRecord

    books, at, celsius = open_world(config).books, local(10, 8), Decimal("15.5")
    add(books, MeasurementRecord(room_id=21, at=at, celsius=celsius, signed_by="张三"))
    anew = answer(config, capsys, "explain", "H1", "--season", SEASON)
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    kept = answer(config, capsys, "explain", "H1", "--season", SEASON)
    for said in (anew, kept):
        assert said["not_counted"] == [
            {
                "room": "H1-bed", "at": "2025-01-10T08:00:00+08:00", "signatures": 1, "needed": 2,
                "clause": "art. 27 ¶1",
            }
        ]  # fmt: skip
    assert answer(config, capsys, "explain", "H2", "--season", SEASON)["not_counted"] == []
    arguments = ["explain", "H1", "--season", SEASON, "--config", str(config), "--lang", "zh"]
    assert run(arguments) == 0
    told = capsys.readouterr().out
    assert "未计入的测温记录" in told
    assert "第二十七条第一款" in told
    assert "签字 1 人，须有 2 人签字方可作为依据" in told


ASK = ("explain", "--season", SEASON)


def test_a_letter_is_written_as_its_files_name_says(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, begins in (("a.html", "\n<!doctype html>"), ("b.txt", "co\n")):
        path = tmp_path / "letters" / name
        said = answer(config, capsys, *ASK, "H1", "--out", str(path))
        assert said == {"household": "H1", "season": SEASON, "run": None, "file": str(path)}
        assert path.read_bytes().startswith(begins.encode().strip())
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    told = answer(config, capsys, *ASK, "H1", "--format", "html", "--out", str(tmp_path / "x"))
    assert told["run"] == 1
    assert "No. 1, draft" in (tmp_path / "x").read_text("utf-8")


def test_a_letter_whose_files_name_says_so_is_a_pdf(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    need_pango()
    path = tmp_path / "letters" / "c.pdf"
    answer(config, capsys, *ASK, "H1", "--out", str(path))
    assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("language", languages())
def test_every_letter_of_a_run_is_written_in_the_readers_language_once(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str
) -> None:
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    every = (*ASK, "--all", "--format", "text", "--out", str(tmp_path / "l"), "--lang", language)
    counts = [answer(config, capsys, *every) for _ in range(2)]
    assert [(each["written"], each["there_before"]) for each in counts] == [(4, 0), (0, 4)]
    names = {path.name for path in (tmp_path / "l").iterdir()}
    assert names == {f"H{i}_{SEASON}_run1-draft.{language}.txt" for i in range(1, 5)}
    title = {"zh": "供热退费结算单", "en": "Heating refund statement"}[language]
    assert title in (tmp_path / "l" / f"H1_{SEASON}_run1-draft.{language}.txt").read_text("utf-8")
    assert run([*every, "--config", str(config)]) == 0
    assert "H1" not in capsys.readouterr().out


def test_behind_a_correction_only_who_differs_gets_a_letter(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    every = (
        *ASK,
        "--all",
        "--changed",
        "--format",
        "text",
        "--out",
        str(tmp_path / "l"),
        "--lang",
        "en",
    )
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    assert answer(config, capsys, *every)["written"] == 4, "nothing was approved before"
    answer(config, capsys, "settle", "approve", "--season", SEASON)
    add(open_world(config).books, colder_record())
    answer(config, capsys, "settle", "draft", "--season", SEASON, "--correction")
    assert answer(config, capsys, *every)["written"] == 1
    assert (tmp_path / "l" / f"H1_{SEASON}_run2-draft.en.txt").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("H1", "--changed"), "--changed only goes with --all"),
        ((), "give the code of a household, or --all"),
        (("H1", "--all", "--format", "pdf", "--out", "x"), "give the code of a household, or --all"),
        (("H1", "--format", "pdf"), "--format pdf needs --out"),
        (("--all", "--format", "pdf"), "--all needs --out"),
        (("--all", "--out", "x"), "--format"),
        (("H1", "--format", "doc", "--out", "x"), "--format 'doc' is not known; allowed: html, pdf, text"),
        (("H1", "--out", "x.doc"), "ends with no known format"),
        (("--all", "--format", "pdf", "--out", "x", "--policy", "CN-HA-2018"), "--all writes the letters of a run"),
        (("--all", "--format", "pdf", "--out", "x"), "has no run yet"),
        (("H9", "--format", "html", "--out", "x"), "H9"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_a_wrong_call_and_writes_nothing(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run([*ASK, *arguments, "--config", str(config)]) == WRONG_CALL
    assert said in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_letter_of_a_run_is_written_with_a_note_where_the_facts_say_otherwise_since(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    why = ("--by", "Li Wei", "--reason", "of the neighbour")
    one = (*ASK, "H1", "--out", str(tmp_path / "h1.txt"), "--lang", "en", "--config", str(config))
    assert run([*one]) == 0
    assert capsys.readouterr().err == ""
    answer(config, capsys, "evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", *why)
    before = (tmp_path / "h1.txt").read_bytes()
    assert run([*one]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "facts of household H1 were recorded, corrected or withdrawn since run 1" in said
    assert (tmp_path / "h1.txt").read_bytes() == before
    every = ("--all", "--format", "text", "--out", str(tmp_path / "l"), "--lang", "en")
    assert run([*ASK, *every, "--config", str(config)]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "took a fact that was withdrawn after it: requests H1" in said


def test_a_household_whose_contract_left_the_season_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = moved(tmp_path, capsys)
    world.books.dispose()
    found = says("explain", "H2", *OF_SEASON)
    assert (found["run"], found["total"], found["reason"]) == (2, "0.00", "no_contract")
    assert (found["steps"], found["unknown"]) == ([], [])
    path = str(tmp_path / "heatwatch.toml")
    assert run(["explain", "H2", *OF_SEASON, "--lang", "en", "-c", path]) == 0
    assert "has no contract of this season any more" in capsys.readouterr().out
    assert run(["explain", "H9", *OF_SEASON, "-c", path]) == WRONG_CALL
