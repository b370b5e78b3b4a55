"""What a register says of each day, and what only of several together."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Basis
from analytics.law.day_heat import UNBOUNDED, DayHeat, heat_of
from analytics.law.policy import load
from domain.time import HOUR_US

LUOYANG = "CN-HA-LY-2018"
FACTS: dict[str, Any] = {
    "season": ["2025-01-10T00:00", "2025-01-15T00:00"], "season_fee": "100.00", "interval_min": 30,
    "rooms": {"bedroom": []}, "requests": [], "measurements": [], "outages": [],
}  # fmt: skip
ALL = [["2025-01-10T00:00", "1000"], ["2025-01-15T00:00", "1100"]]


def heat(*meter: list[str], since: int | None = None) -> DayHeat:
    """The dwelling's register; `since`: it was placed so long after the season's begin. [h]"""
    own = from_facts({**FACTS, "meter": list(meter)}, LUOYANG)
    snapshot = own.snapshot
    if since is not None:
        assert snapshot.meters is not None
        offsets, columns = snapshot.meters.offsets, list(snapshot.meters.columns)
        columns[0] = columns[0] * 0 + snapshot.season.since_us + since * HOUR_US
        snapshot = replace(snapshot, meters=Ragged(offsets, tuple(columns)))
    basis = Basis(snapshot, load(LUOYANG).policy, lambda _: own.columns)
    return heat_of(basis, snapshot, 0, own.columns)


def test_a_day_has_what_the_register_moved_between_its_midnights() -> None:
    days = heat(*ALL, ["2025-01-11T00:00", "1010"], ["2025-01-12T00:00", "1010.5"])
    assert days.known.tolist() == [10_000, 500, 0, 0, 0]
    assert days.together == ((2, 4, 89_500),)


@pytest.mark.parametrize(("at", "stands"), [("23:01", True), ("23:00", False)])
def test_a_value_stands_at_a_midnight_for_twice_the_interval(at: str, stands: bool) -> None:
    days = heat(*ALL, [f"2025-01-11T{at}", "1030"], ["2025-01-12T06:00", "1040"])
    whole = (2, 4, 60_000)
    if stands:  # what follows is the next day's
        assert days.known.tolist() == [0, 0, 10_000, 0, 0]
        assert days.together == ((0, 1, 30_000), whole)
    else:
        assert days.known.tolist() == [0, 0, 0, 0, 0]
        assert days.together == ((0, 1, 30_000), (1, 2, 10_000), whole)


def test_a_register_that_goes_back_says_nothing_of_the_time_between() -> None:
    days = heat(*ALL, ["2025-01-11T06:00", "1010"], ["2025-01-11T12:00", "3"])
    assert days.together == ((0, 1, 10_000), (1, 1, UNBOUNDED), (1, 4, 1_097_000))


def test_time_before_the_first_and_behind_the_last_reading_is_not_known() -> None:
    days = heat(["2025-01-11T12:00", "10"], ["2025-01-13T00:00", "20"])
    assert days.together == ((0, 1, UNBOUNDED), (1, 2, 10_000), (3, 4, UNBOUNDED))
    assert heat().together == ((0, 4, UNBOUNDED),)


def test_days_before_a_meter_was_placed_are_of_none() -> None:
    days = heat(["2025-01-11T12:30", "10"], ["2025-01-15T00:00", "20"], since=36)
    assert days.together == ((0, 1, UNBOUNDED), (1, 4, 10_000))
    late = heat(["2025-01-11T13:00", "10"], ["2025-01-15T00:00", "20"], since=36)
    assert late.together == ((0, 1, UNBOUNDED), (1, 1, UNBOUNDED), (1, 4, 10_000))
