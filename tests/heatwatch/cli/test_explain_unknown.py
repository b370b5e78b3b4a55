"""What `heatwatch explain` says of the time for which nothing is known."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.cli.app import run
from heatwatch.cli.explain_unknown import unknowns
from reports.letters.letter import Letter
from tests.analytics.books import SEASON
from tests.heatwatch.cli.settled_town import config
from tests.heatwatch.towns import answer

__all__ = ["config"]  # fixtures


def test_explain_says_what_was_unknown_in_the_whole_season_before_and_after_a_draft(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anew = answer(config, capsys, "explain", "H1", "--season", SEASON)["unknown"]
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    assert answer(config, capsys, "explain", "H1", "--season", SEASON)["unknown"] == anew
    assert {each["cause"] for each in anew} == {"silent"}
    edges = [at for each in anew for part in each["stretches"] for at in part.values()]
    assert (min(edges), max(edges)) == ("2024-11-15T00:00:00+08:00", "2025-03-16T00:00:00+08:00")
    for language, said in (("zh", "没有收到读数"), ("en", "no reading came in")):
        arguments = ["explain", "H1", "--season", SEASON, "--config", str(config)]
        assert run([*arguments, "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert said in shown


def test_where_the_readings_are_gone_it_says_why_it_can_not_be_said() -> None:
    def gone() -> Letter:
        raise WrongCall(msg("no such folder: {folder}", folder="lake"))

    lost = unknowns(gone)
    assert lost.body() is None
    (line,) = lost.tables({})
    assert "no such folder: lake" in str(line)
