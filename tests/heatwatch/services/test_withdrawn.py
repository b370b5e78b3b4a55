"""A withdrawn placement says what it puts at stake in seasons that were settled with its readings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.ledger.ended_facts import ended_facts
from heatwatch.cli.app import run
from heatwatch.services.settling import verify as recompute
from heatwatch.wiring import World
from tests.analytics.books import SEASON
from tests.heatwatch.towns import answer, town

DRAFT = ("settle", "draft", "--season", SEASON)
PLACED = ("series", "d2", "t", "2024-01-01T08:00")
WHY = ("--by", "Wu", "--reason", "hung in the stairwell")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    _, made = town(tmp_path)
    yield made
    made.books.dispose()


def says(world: World, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert run([*command, "--lang", "en", "-c", str(world.path)]) == 0
    return " ".join(capsys.readouterr().err.split())


def test_a_placement_of_a_settled_season_is_withdrawn_with_what_it_puts_at_stake(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(world.path, capsys, *DRAFT)
    answer(world.path, capsys, "settle", "approve", "--season", SEASON, "--by", "Li")
    said = says(world, capsys, "evidence", "withdraw", *PLACED, *WHY)
    assert "approved run 1 of season 2024-25 counted its readings for H2" in said
    assert "at most CNY 2,420.00 of the season fee is at stake" in said
    (ended,) = ended_facts(world.books)
    assert (ended.run, ended.kind, ended.reason) == (1, "series", "hung in the stairwell")
    assert recompute(world, 1, None).holds is True  # it took what it took
    after = answer(world.path, capsys, *DRAFT)
    assert (before["total"], after["total"]) == ("180.00", "80.00")  # H2's 100.00 rested on it


def test_one_that_no_settled_season_counted_puts_nothing_at_stake(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(world.path, capsys, *DRAFT)
    assert "at stake" not in says(world, capsys, "evidence", "withdraw", *PLACED, *WHY)
