"""`heatwatch explain`: why this sum."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from tests.analytics.books import SEASON, add, local
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.settled_town import WRONG_CALL, config
from tests.heatwatch.towns import answer

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
    from store.books.registry import Request

    return [Request(household_id=13, at=local(10, 6) + timedelta(minutes=1))]
