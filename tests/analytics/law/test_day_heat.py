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


@pytest.mark.parametrize("at", ["11T23:59", "11T01:00"])
def test_heat_across_a_midnight_is_of_both_its_days_together(at: str) -> None:
    days = heat(*ALL, [f"2025-01-{at}", "1030"], ["2025-01-12T06:00", "1040"])
    assert days.known.tolist() == [0, 0, 0, 0, 0]
    assert days.together == ((0, 1, 30_000), (1, 2, 10_000), (2, 4, 60_000))


def test_readings_outside_the_season_say_of_its_first_and_last_day_what_is_theirs_together() -> (
    None
):
    days = heat(["2025-01-09T23:30", "10"], ["2025-01-10T06:00", "12"], ["2025-01-15T02:00", "20"])
    assert days.together == ((-1, 0, 2_000), (0, 5, 8_000))


WRONG = {
    "a spike": ("999999", ((1, 2, 20_000),)), "a zero": ("0", ((1, 2, 20_000),)),
    "a register that was changed": (None, ((1, 2, UNBOUNDED),)),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_register_that_falls_or_leaps_says_nothing_until_it_is_consistent_again(
    wrong: str,
) -> None:
    reading, open_days = WRONG[wrong]
    less = 1_000 if reading is None else 0  # [kWh] of all that follows
    rows = [[f"2025-01-{10 + i}T00:00", str(1000 + 10 * i)] for i in range(2)]
    rows += [["2025-01-11T09:00", "1013"], ["2025-01-11T12:00", "1015"]]
    rows += [["2025-01-11T12:30", reading]] if reading else []
    rows += [["2025-01-11T13:00", str(1016 - less)], ["2025-01-12T12:00", str(1033 - less)]]
    days = heat(*rows, ["2025-01-15T00:00", str(1050 - less)])
    assert days.known.tolist() == [10_000, 3_000, 0, 0, 0]
    assert days.together == (*open_days, (2, 4, 17_000))


def test_the_zero_with_which_a_meter_was_delivered_is_no_heat() -> None:
    rows = [["2025-01-10T00:00", "0"], ["2025-01-10T00:30", "56789"], ["2025-01-11T00:00", "56800"]]
    days = heat(*rows, ["2025-01-15T00:00", "56900"])
    assert days.known.tolist() == [0, 0, 0, 0, 0]
    assert days.together == ((0, 0, UNBOUNDED), (1, 4, 100_000))


def test_time_before_the_first_and_behind_the_last_reading_is_not_known() -> None:
    days = heat(["2025-01-11T12:00", "10"], ["2025-01-13T00:00", "20"])
    assert days.together == ((0, 1, UNBOUNDED), (1, 2, 10_000), (3, 4, UNBOUNDED))
    assert heat().together == ((0, 4, UNBOUNDED),)


def test_days_before_a_meter_was_placed_are_of_none() -> None:
    days = heat(["2025-01-11T12:30", "10"], ["2025-01-15T00:00", "20"], since=36)
    assert days.together == ((0, 1, UNBOUNDED), (1, 4, 10_000))
    late = heat(["2025-01-11T13:00", "10"], ["2025-01-15T00:00", "20"], since=36)
    assert late.together == ((0, 1, UNBOUNDED), (1, 1, UNBOUNDED), (1, 4, 10_000))
