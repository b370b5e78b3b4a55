"""A what-if under an overlay from draft to letter: everywhere it says that it is no settlement, in both languages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from tests.analytics.books import SEASON
from tests.analytics.law.test_overlays import overlay
from tests.heatwatch.cli.settled_town import ANSWER_IS_NO, WRONG_CALL
from tests.heatwatch.towns import answer, town

LAW = "CN-HA-2018"
NAMED = f"{LAW} + at 20 degrees"
BODY = {"base": LAW, "name": {"zh": "20℃标准", "en": "at 20 degrees"}}
NOT_A_SETTLEMENT = {
    "en": ("WHAT-IF: a simulated calculation, not a settlement under the act", NAMED),
    "zh": ("【试算】模拟测算，非正式结算", f"{LAW} + 20℃标准"),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The town with its run 1, a what-if, and the overlay that it was made under."""
    folder = tmp_path_factory.mktemp("what-if")
    config, world = town(folder)
    mine = folder / "at-20.toml"
    changes = ('standard.temp = "20"', 'day_band.bands.0.below = "20"')
    mine.write_text(overlay(*changes), encoding="utf-8")
    draft = ["settle", "draft", "--season", SEASON, "--policy", str(mine)]
    assert run([*draft, "--config", str(config), "--json"]) == 0
    yield config, mine
    world.books.dispose()


def said(config: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert run([*words, "--config", str(config)]) == 0
    return " ".join(capsys.readouterr().out.split())


OF_RUN = ("--season", SEASON, "--run", "1")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "words",
    [
        ("settle", "show", *OF_RUN),
        ("settle", "review", *OF_RUN),
        ("explain", "H1", *OF_RUN),
        ("explain", "H1", "--season", SEASON, "--policy", "MINE"),
        ("policy", "show", "MINE"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_each_table_says_that_it_is_no_settlement_and_names_base_and_overlay(
    city: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    language: str,
) -> None:
    config, mine = city
    given = [str(mine) if each == "MINE" else each for each in words]
    shown = said(config, capsys, *given, "--lang", language)
    notice, named = NOT_A_SETTLEMENT[language]
    assert shown.startswith(notice)
    assert named in shown
    assert "to be paid by" not in shown
    assert "应付日期" not in shown


def test_answers_in_json_name_the_overlay_and_a_run_of_the_act_has_none(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config, mine = city
    shown = answer(config, capsys, "settle", "show", *OF_RUN)
    assert (shown["run"]["policy"], shown["run"]["state"], shown["overlay"]) == (
        NAMED, "what_if", BODY,
    )  # fmt: skip
    assert shown["due"] is None
    reviewed = answer(config, capsys, "settle", "review", *OF_RUN)
    assert (reviewed["overlay"], reviewed["due"]) == (BODY, None)
    explained = answer(config, capsys, "explain", "H1", *OF_RUN)
    assert (explained["overlay"], explained["what_if"]) == (BODY, True)
    law = answer(config, capsys, "explain", "H1", "--season", SEASON)
    assert ("overlay" in law, law["what_if"]) == (False, False)
    changed = answer(config, capsys, "policy", "show", str(mine))["what_if"]["changes"]
    assert [(each["key"], each["before"], each["after"]) for each in changed] == [
        ("standard.temp", "18", "20"),
        ("day_band.bands.0.below", "18", "20"),
    ]


def test_it_is_never_approved_and_holds_when_it_is_verified(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config, mine = city
    approve = ["settle", "approve", *OF_RUN, "--by", "Li", "--config", str(config), "--lang", "en"]
    assert run(approve) == WRONG_CALL
    refused = capsys.readouterr().err
    assert f"run 1 is a what-if under policy {NAMED}" in refused
    mine.rename(mine.with_name("gone.toml"))
    try:
        verified = said(config, capsys, "settle", "verify", "--run", "1", "--lang", "zh")
    finally:
        mine.with_name("gone.toml").rename(mine)
    assert all(each in verified for each in (*NOT_A_SETTLEMENT["zh"], "结算批次 1 核对一致"))


def test_its_exported_files_say_by_their_names_that_they_are_a_what_if(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shown = said(
        city[0], capsys, "settle", "export", *OF_RUN, "--out", str(tmp_path), "--lang", "en"
    )
    assert shown.startswith(NOT_A_SETTLEMENT["en"][0])
    names = {"what-if-results.csv", "what-if-lines.csv", "what-if-run.json"}
    assert {each.name for each in tmp_path.iterdir()} == names
    assert "a refund would be due" in (tmp_path / "what-if-results.csv").read_text("utf-8-sig")
    assert json.loads((tmp_path / "what-if-run.json").read_text("utf-8"))["overlay"] == BODY


def test_nobody_is_sent_out_for_it(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config, mine = city
    opened = ["case", "open", "--season", SEASON, "--policy", str(mine), "--by", "Li"]
    assert run([*opened, "--config", str(config), "--lang", "en"]) == WRONG_CALL
    assert f"{NAMED} is a what-if, for which nobody is sent out" in capsys.readouterr().err
    assert not answer(config, capsys, "case", "list", "--all")


def test_one_of_the_folder_is_listed_and_named_by_its_id_and_no_season_is_settled_under_it(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config, mine = city
    own = tmp_path / "with-folder.toml"
    text = config.read_text("utf-8").replace("var/", f"{config.parent}/var/")
    own.write_text(f'{text}\n[law]\npolicies = "policies"\n', encoding="utf-8")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "at-20.toml").write_bytes(mine.read_bytes())
    listed = {
        each["id"]: each["overlay"] for each in answer(own, capsys, "policy", "list")["policies"]
    }
    assert (listed[LAW], listed[NAMED]) == (None, BODY)
    assert answer(own, capsys, "policy", "show", NAMED)["what_if"]["base"] == LAW
    assert "试算" in said(own, capsys, "policy", "list", "--lang", "zh")
    broken = tmp_path / "policies" / "broken.toml"
    broken.write_text(overlay("standard.tmp = '1'"), encoding="utf-8")
    (tmp_path / "policies" / "twice.toml").write_bytes(mine.read_bytes())
    assert run(["policy", "list", "--config", str(own), "--lang", "en"]) == WRONG_CALL
    assert "broken.toml: standard.tmp = '1': this key is not known" in capsys.readouterr().err
    broken.unlink()
    assert run(["policy", "list", "--config", str(own), "--lang", "en"]) == WRONG_CALL
    assert "at-20.toml; allowed: a name of its own" in capsys.readouterr().err
    adopt = ["policy", "adopt", "--season", SEASON, "--file", str(mine), "--by", "Li"]
    assert run([*adopt, "--config", str(own), "--lang", "en"]) == WRONG_CALL
    assert "is the overlay of a what-if; allowed: a policy" in capsys.readouterr().err
    confirm = ["policy", "confirm", NAMED, "--document", "x", "--date", "2026-01-01", "--by", "Li"]
    assert run([*confirm, "--config", str(own), "--lang", "en"]) == WRONG_CALL


def test_a_copy_with_the_id_of_the_act_is_refused_wherever_a_policy_is_given(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from analytics.law.policy import load

    config, _ = city
    copy = tmp_path / "copy.toml"
    copy.write_bytes(load(LAW).raw.replace(b'"1/2"', b'"1/4"'))
    season: Any = ["--season", SEASON]
    for words, code in (
        (["settle", "draft", *season, "--policy", str(copy)], WRONG_CALL),
        (["explain", "H1", *season, "--policy", str(copy)], WRONG_CALL),
        (["policy", "compare", LAW, str(copy), *season], WRONG_CALL),
        (["policy", "show", str(copy)], WRONG_CALL),
        (["evaluate", "law", "--policy", str(copy), "--worlds", "1"], WRONG_CALL),
    ):
        assert run([*words, "--config", str(config), "--lang", "en"]) == code
        assert (
            "for a what-if an overlay, a file with base = 'CN-HA-2018'" in capsys.readouterr().err
        )
    assert run(["policy", "check", str(copy), "--lang", "en"]) == ANSWER_IS_NO


def test_random_seasons_are_settled_under_it_and_break_nothing(
    city: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    config, mine = city
    evaluated: Any = answer(
        config, capsys, "evaluate", "law", "--policy", str(mine), "--worlds", "3"
    )
    assert [(each["policy"], each["wrong"]) for each in evaluated] == [(NAMED, [])]
