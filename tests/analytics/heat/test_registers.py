"""Registers of places: exchange, several at once, no meter, marks, and local days of 23 and 25 hours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.heat.comfort import day_edges
from analytics.heat.registers import (
    Counted,
    Registers,
    State,
    counted,
    most_of,
    reasons,
    several_at_once,
)
from domain.quantity import Role
from domain.time import HOUR_US, Span, to_us
from domain.tree import PlaceKind
from tests.analytics.columns import T0, at, columns
from tests.naive import Sample

HOUR_MIN = 60
DAYS = np.array([to_us(at(24 * HOUR_MIN * day)) for day in range(4)])


def hourly(since: int, until: int, first: int, each: int) -> list[Sample]:
    """A register that counts as much every hour. [h after T0]"""
    return [Sample(at(h * HOUR_MIN), first + each * (h - since)) for h in range(since, until + 1)]


def placed(
    *spans: tuple[int, float, float], several: Sequence[bool] = (), interval_s: int = 3600
) -> Registers:
    """(place, since, until) [h after T0], each with a series of its own."""
    n = len(spans)
    rate, slack = most_of(PlaceKind.HOUSEHOLD, Role.ENERGY)
    since, until = (
        np.array([to_us(at(each[k] * HOUR_MIN)) for each in spans], dtype=np.int64) for k in (1, 2)
    )
    return Registers(
        place=np.array([each[0] for each in spans], dtype=np.int32),
        interval_s=np.full(n, interval_s), since_us=since, until_us=until,
        rate=np.full(n, rate), slack=np.full(n, slack), length=np.zeros(n, dtype=np.int64),
        several=np.array(several or [False] * n), series=np.arange(n, dtype=np.int32),
        of_series=np.arange(n),
    )  # fmt: skip


def why(found: Counted, row: int = 0) -> list[list[str]]:
    return [[code for code, _ in reasons(each)] for each in found.marks[row].tolist()]


def test_an_exchanged_meter_is_the_sum_of_both_registers() -> None:
    old, new = hourly(0, 36, 500_000, 1_000), hourly(36, 72, 3, 1_000)
    found = counted(columns(old, new), placed((7, 0, 36), (7, 36, 73)), DAYS)
    assert found.amount.tolist() == [
        [24_000, 24_000, 24_000]
    ]  # the old one closes as the new begins
    assert found.state.tolist() == [[State.MEASURED] * 3]
    assert why(found) == [[], ["exchanged"], []]


def test_days_between_two_meters_are_unknown() -> None:
    old, new = hourly(0, 30, 500_000, 1_000), hourly(60, 72, 3, 1_000)
    found = counted(columns(old, new), placed((7, 0, 30), (7, 60, 72)), DAYS)
    assert found.state.tolist() == [[State.MEASURED, State.UNKNOWN, State.UNKNOWN]]
    assert why(found)[1] == ["no_meter"]
    assert found.unknown_us.tolist() == [[0, 18 * HOUR_US, 12 * HOUR_US]]


def test_two_meters_at_once_are_one_sum_and_one_that_is_silent_leaves_it_unknown() -> None:
    found = counted(
        columns(hourly(0, 72, 0, 1_000), hourly(0, 24, 0, 500)),
        placed((7, 0, 73), (7, 0, 73)), DAYS,
    )  # fmt: skip
    assert found.amount.tolist() == [[36_000, 24_000, 24_000]]
    assert found.state.tolist() == [[State.MEASURED, State.UNKNOWN, State.UNKNOWN]]


def test_of_several_registers_of_one_meter_none_is_taken() -> None:
    both = several_at_once([(7, "m"), (7, "m"), (7, "n")], np.array([0, 0, 0]), np.array([9, 9, 9]))
    assert both.tolist() == [True, True, False]
    found = counted(
        columns(hourly(0, 72, 0, 1_000), hourly(0, 72, 0, 500)),
        placed((7, 0, 72), (7, 0, 72), several=[True, True]), DAYS,
    )  # fmt: skip
    assert found.amount.tolist() == [[0, 0, 0]]
    assert found.state.tolist() == [[State.UNKNOWN] * 3]
    assert why(found)[0] == ["several_registers"]


def test_rows_that_cannot_be_used_take_nothing_away_and_name_a_gap() -> None:
    rows = hourly(0, 72, 0, 1_000)
    rows[30] = Sample(rows[30].at, None)
    found = counted(columns(rows), placed((7, 0, 73)), DAYS)
    assert found.amount.tolist() == [[24_000, 24_000, 24_000]]
    assert why(found) == [[], [], []]
    broken = [Sample(row.at, None) if 20 < i < 40 else row for i, row in enumerate(rows)]
    found = counted(columns(broken), placed((7, 0, 73)), DAYS)
    assert found.amount.tolist() == [[24_000, 24_000, 24_000]]
    assert why(found) == [["gap", "unusable"], ["gap", "unusable"], []]


def test_what_comes_behind_the_end_of_a_placement_is_not_of_it() -> None:
    found = counted(columns(hourly(0, 72, 0, 1_000)), placed((7, 0, 48)), DAYS)
    assert found.amount.tolist()[0][2] == 0
    assert found.state.tolist() == [[State.MEASURED, State.MEASURED, State.UNKNOWN]]


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25)])
def test_a_day_of_another_length_has_what_was_counted_in_its_hours(day: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Belgrade")
    begin = datetime.fromisoformat(day).replace(tzinfo=zone)
    end = datetime.fromisoformat(day).replace(tzinfo=zone) + timedelta(days=1)
    edges = day_edges(Span(begin, end), zone)
    rows = [
        Sample(datetime.fromtimestamp(begin.timestamp() + 3600 * i, tz=zone), 100 * i)
        for i in range(hours + 1)
    ]
    long = Registers(
        **{
            name: getattr(placed((7, 0, 1)), name)
            for name in Registers.__dataclass_fields__
            if name not in ("since_us", "until_us")
        },
        since_us=edges[:1],
        until_us=edges[-1:] + 1,
    )
    assert counted(columns(rows), long, edges).amount.tolist() == [[100 * hours]]


def test_edges_that_do_not_increase_are_refused() -> None:
    with pytest.raises(ValueError, match="increase"):
        counted(columns([]), placed((7, 0, 1)), DAYS[::-1])
    with pytest.raises(ValueError, match="366"):
        counted(columns([]), placed((7, 0, 1)), np.array([to_us(T0), to_us(at(367 * 1440))]))
