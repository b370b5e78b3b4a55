"""`heatwatch settle`, `explain`, `refund` and `policy` over real books and a real lake."""

import csv
import errno
import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from heatwatch.cli import settle
from heatwatch.cli.app import run
from heatwatch.cli.settle import LINES_COLUMNS, _csv, _line
from heatwatch.wiring import World, open_world
from tests.actors import changing
from tests.analytics.books import SEASON, local
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.settled_town import ANSWER_IS_NO, OK, WRONG_CALL, config
from tests.heatwatch.towns import answer, contradict
from tests.servers.programs import ROOT

__all__ = ["config"]  # fixtures


def test_a_season_from_draft_to_ledger(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    season = ("--season", SEASON)
    drafted = answer(config, capsys, "settle", "draft", *season)
    assert (drafted["run"], drafted["flush"], drafted["total"]) == (1, 1, "180.00")
    assert drafted["reasons"] == {"paid": 4}
    shown = answer(config, capsys, "settle", "show", *season, "--reason", "paid")
    assert [row["household"] for row in shown["results"]] == ["H1", "H2", "H3", "H4"]
    approved = answer(config, capsys, "settle", "approve", *season)
    assert (approved["refunds"], approved["added"]) == (4, "180.00")
    assert answer(config, capsys, "settle", "approve", *season)["already"] is True
    assert answer(config, capsys, "settle", "verify")["holds"] is True
    out = tmp_path / "out"
    answer(config, capsys, "settle", "export", *season, "--out", str(out))
    lines = (out / "lines.csv").read_text(encoding="utf-8-sig").splitlines()
    assert (
        lines[1] == "H1,temperature,2025-01-10,2025-01-14,5,0.5,50.00,art. 27 ¶2,art. 27 para. 2,,"
    )
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["results"][0]["steps"]


def test_the_tables_name_sums_reasons_and_clauses(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ("settle", "draft", "--season", SEASON),
        ("settle", "show", "--season", SEASON),
        ("explain", "H1", "--season", SEASON, "--lang", "zh"),
        ("settle", "approve", "--season", SEASON),
        ("settle", "verify", "--lang", "en"),
    ):
        assert run([*arguments, "--config", str(config)]) == OK
    told = capsys.readouterr().out
    for words in ("180.00", "a refund is due", "第二十七条", "日热费", "The ledger holds"):
        assert words in told


def test_a_broken_ledger_is_exit_5(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sqlalchemy import text

    answer(config, capsys, "settle", "draft", "--season", SEASON)
    answer(config, capsys, "settle", "approve", "--season", SEASON)
    with open_world(config).books.begin() as link:
        link.execute(text("UPDATE ledger_entry SET amount = '9999.00' WHERE number = 2"))
    assert run(["settle", "verify", "--lang", "en", "--config", str(config)]) == ANSWER_IS_NO
    said = " ".join(capsys.readouterr().out.split())
    assert "The ledger of company co breaks at entry 2 (refund): its content is not what" in said
    told = answer(config, capsys, "settle", "verify", "--company", "co", code=ANSWER_IS_NO)
    assert (told["company"], told["broken"]["company"], told["broken"]["number"]) == ("co", "co", 2)
    assert run(["settle", "verify", "--company", "x", "--config", str(config)]) == WRONG_CALL
    assert "allowed: co" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("settle", "draft", "--season", "2030"), "season '2030' is not known; allowed: 2024-25"),
        (("settle", "show", "--season", SEASON), "has no run yet"),
        (("settle", "show", "--season", SEASON, "--reason", "luck"), "allowed: paid"),
        (("explain", "H9", "--season", SEASON), "household 'H9' has no contract"),
        (("explain", "H1", "--season", SEASON, "--lang", "xx"), "allowed: en, "),
        (
            ("explain", "H1", "--season", SEASON, "--run", "1", "--policy", "CN-HA-2018"),
            "give one of them",
        ),
        (("settle", "draft", "--season", SEASON, "--policy", "CN-XX"), "'CN-XX' is not known"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_wrong_calls_are_told_with_what_is_allowed(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run([*arguments, "--config", str(config)]) == WRONG_CALL
    assert said in capsys.readouterr().err


def test_what_a_draft_leaves_undetermined_opens_one_task_and_a_what_if_none(
    config: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(World, "now", lambda _: local(12, 12))  # the cold is not over
    season = ("--season", SEASON)
    drafted = answer(config, capsys, "settle", "draft", *season)
    assert (drafted["undetermined"], drafted["reasons"]["still_cold"]) == (2, 2)
    none: Any = answer(config, capsys, "case", "list")
    assert none == [], "who is measured and still cold waits for the season only"
    contradict(open_world(config), local(12, 6), (1, 2, 9))
    mine = tmp_path / "henan-at-20.toml"
    mine.write_text(at_20_degrees(), encoding="utf-8")
    other = answer(config, capsys, "settle", "draft", *season, "--policy", str(mine))
    assert other["undetermined"] == 2
    none = answer(config, capsys, "case", "list")
    assert none == []
    drafted = answer(config, capsys, "settle", "draft", *season)
    assert (drafted["undetermined"], drafted["total"]) == (2, "60.00")
    answer(config, capsys, "settle", "draft", *season)
    tasks: Any = answer(config, capsys, "case", "list")
    assert [(each["household"], each["cause"]) for each in tasks] == [
        ("H1", "undetermined"),
        ("H2", "undetermined"),
    ]
    assert {each["clause"] for each in tasks} == {"art. 27 ¶1"}


def test_without_a_language_the_configurations_is_spoken(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    season, where = ("--season", SEASON), ("--config", str(config))
    text = config.read_text(encoding="utf-8").replace('language = "en"', 'language = "zh"')
    config.write_text(text, encoding="utf-8")
    assert run(["settle", "draft", *season, *where]) == OK
    said = capsys.readouterr().out
    assert "草案 1" in said
    assert "应退费" in said
    for words, zh, en in (
        (("settle", "show", *season), "结算批次 1", "Run 1"),
        (("settle", "verify"), "退费台账完整", "The ledger holds"),
        (("settle", "verify", "--run", "1"), "一致", "Run 1 holds"),
        (("explain", "H1", *season), "条款", "clause"),
        (("settle", "approve", *season), "已批准", "was approved before"),
    ):
        assert run([*words, *where]) == OK
        assert zh in capsys.readouterr().out
        assert run([*words, *where, "--lang", "en"]) == OK
        assert en in capsys.readouterr().out
    assert run(["settle", "export", *season, "--out", "/proc/x", *where]) == WRONG_CALL
    assert "--out /proc/x 无法写入" in capsys.readouterr().err


def test_each_exported_column_is_documented_in_both_languages_and_no_other(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    answer(config, capsys, "settle", "export", "--season", SEASON, "--out", str(tmp_path / "out"))
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| `")]
    for file in ("results.csv", "lines.csv"):
        written = (tmp_path / "out" / file).read_text("utf-8-sig").splitlines()[0].split(",")
        told = [row for row in rows if len(row) == 5 and row[0].strip() == f"`{file}`"]
        assert [row[1].strip(" `") for row in told] == written
        assert all(row[3].strip() and re.search("[\u4e00-\u9fff]", row[4]) for row in told)


def test_an_export_that_the_disk_has_no_room_for_leaves_nothing_and_names_the_folder(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    answer(config, capsys, "settle", "draft", "--season", SEASON)
    monkeypatch.setattr(settle, "write_json", full)
    out = tmp_path / "out"
    words = ("settle", "export", "--season", SEASON, "--out", str(out), "--config", str(config))
    assert run([*words, "--lang", "en"]) == 4
    assert f"no space left ([Errno 28] No space left on device: '{out}')" in capsys.readouterr().err
    assert [*out.iterdir()] == []


def test_an_exported_line_names_its_payer() -> None:
    line = dict.fromkeys(LINES_COLUMNS[1:-3], "1") | {"clause": "art. 25"}
    assert [*_line(line)][-2:] == ["", ""]
    assert [*_line(line | {"payer": "City", "room": "bed"})][-2:] == ["bed", "City"]


def test_exported_days_are_no_date_to_a_spreadsheet(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    answer(config, capsys, "settle", "export", "--season", SEASON, "--out", str(tmp_path / "out"))
    with (tmp_path / "out" / "lines.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    assert [(line["household"], line["days"], line["share"]) for line in lines] == [
        ("H1", "5", "0.5"), ("H2", "5", "1"), ("H3", "0.75", "1"), ("H4", "0.75", "1"),
    ]  # fmt: skip


def test_amounts_and_rooms_are_shown_as_people_know_them(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with changing(open_world(config).books) as session:
        named = sa.text("UPDATE place SET name = '主卧', name_en = 'Main' WHERE code = 'H2-bed'")
        session.execute(named)
    season = ("--season", SEASON, "--config", str(config), "--lang", "zh")
    assert run(["settle", "draft", *season]) == OK
    capsys.readouterr()
    for arguments, words in (
        (("settle", "show"), "合计（元）"),
        (("explain", "H2"), "（主卧，"),
        (("explain", "H1"), "（卧室 H1-bed，"),
        (("explain", "H1"), "H1 · CN-HA-2018 · 50.00 元 · 应退费"),
        (("settle", "approve"), "新增（元）"),
    ):
        assert run([*arguments, *season]) == OK
        assert words in capsys.readouterr().out


def test_an_export_says_reasons_and_clauses_in_the_language_beside_their_codes(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    for language, reason, clause in (
        ("zh", "应退费", "第二十七条第二款"), ("en", "a refund is due", "art. 27 para. 2")
    ):  # fmt: skip
        out = tmp_path / language
        more = ("--season", SEASON, "--out", str(out), "--lang", language)
        answer(config, capsys, "settle", "export", *more)
        with (out / "results.csv").open(encoding="utf-8-sig") as file:
            first = next(csv.DictReader(file))
        assert (first["reason"], first["reason_text"]) == ("paid", reason)
        with (out / "lines.csv").open(encoding="utf-8-sig") as file:
            first = next(csv.DictReader(file))
        assert (first["clause"], first["clause_text"]) == ("art. 27 ¶2", clause)


def test_an_export_shows_what_a_terminal_would_obey_as_escapes(tmp_path: Path) -> None:
    with _csv(tmp_path / "lines.csv", ["household"]) as write:
        write([["H1\x1b[2J\u202e", 3]])
    assert (tmp_path / "lines.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "as Excel needs it"
    assert (tmp_path / "lines.csv").read_text("utf-8-sig") == "household\nH1\\x1b[2J\\u202e,3\n"
