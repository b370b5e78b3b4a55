"""A household without a contract is named by drafts, reviews, corrections and `explain`."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from tests.analytics.books import SEASON, without_contract
from tests.heatwatch.cli.settled_town import OK, WRONG_CALL, config
from tests.heatwatch.towns import answer

__all__ = ["config"]  # fixtures

OF_SEASON = ("--season", SEASON)
RECORD = "heatwatch evidence record contracts household=H4 season=2024-25 season_fee=FEE"


@pytest.fixture
def lacking(config: Path) -> Path:
    """The town in which nobody recorded the contract of H4."""
    without_contract(open_world(config).books, 14)
    return config


@pytest.mark.parametrize("call", [("draft",), ("review",), ("draft", "--correction")], ids=" ".join)
def test_runs_name_it_in_the_table_on_stderr_and_in_json(
    lacking: Path, capsys: pytest.CaptureFixture[str], call: tuple[str, ...]
) -> None:
    for step in ("draft", "approve"):
        answer(lacking, capsys, "settle", step, *OF_SEASON)
    words = ["settle", *call, *OF_SEASON, "--config", str(lacking), "--lang", "en"]
    assert run(words) == OK
    told = capsys.readouterr()
    assert "households without a contract of the season, in no run" in " ".join(told.out.split())
    assert "1 household has no contract of season 2024-25" in told.err
    assert RECORD in told.err
    assert run([*words, "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["without_contract"] == ["H4"]


def test_explain_says_why_it_is_in_no_run_and_what_to_do(
    lacking: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["explain", "H4", *OF_SEASON, "--config", str(lacking), "--lang", "en"]
    letter = [*words, "--out", str(tmp_path / "h4.txt")]
    for before in ("has no contract in season", "is not in run 1 of season"):
        for call in (words, letter):
            assert run(call) == WRONG_CALL
            told = capsys.readouterr().err
            assert before in told
            assert RECORD in told
        answer(lacking, capsys, "settle", "draft", *OF_SEASON)
    assert run(["explain", "H9", *words[2:]]) == WRONG_CALL
    assert "the registry has no such household" in capsys.readouterr().err
