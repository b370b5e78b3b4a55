"""`heatwatch explain`: why this sum."""

from datetime import timedelta
from decimal import Decimal
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
