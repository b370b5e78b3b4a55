"""Measurements that are a mean: of so many consecutive days, each with readings in so many slots.

Binzhou, art. 40: three consecutive days, each in two slots between 6:00 and 21:00; their mean is the
room's temperature. What is recorded slot by slot is turned into such measurements, which
then are measurement records like others: a failing one is one of each of its days, one that passes is
made at its last reading.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analytics.facts.season_days import SeasonDays
from analytics.heat.ragged import Ragged
from analytics.law.cold_days.rules import BoolArray, Rules
from domain.columns import IntArray
from domain.time import HOUR_US

DAY_H = 24


class DayReadings(NamedTuple):
    """A room's readings of one local day that count."""

    room: int
    day: int  # of the season
    mean: Fraction  # as it compares with what was owed then [0.001 °C]
    measured: Fraction  # as it was measured
    last_us: int


def mean_records(
    records: Ragged, measured: Ragged, rules: Rules, days: SeasonDays
) -> tuple[Ragged, Ragged]:
    """Room -> instant, value of its measurements, from those of its slots inside the season: as they
    compare with what was owed, and as they were measured."""
    rows: list[tuple[int, int, int, int]] = []
    run: list[DayReadings] = []
    for each in _days(records, measured.columns[1], rules, days):
        follows = run and each.room == run[-1].room and each.day == run[-1].day + 1
        run = [*run, each] if follows else [each]
        if len(run) == rules.mean_days:
            rows += _made(run, rules)
            run = []
    found = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    rooms = records.offsets.size - 1
    judged, told = (Ragged.grouped(found[0], rooms, found[1], found[i]) for i in (2, 3))
    return judged, told


def _days(
    records: Ragged, measured: IntArray, rules: Rules, days: SeasonDays
) -> Iterator[DayReadings]:
    """By room and day, those with readings in enough slots; of one instant the lowest counts."""
    at, value = records.columns
    room = np.repeat(np.arange(records.offsets.size - 1), records.count())
    day = np.searchsorted(days.start_us, at, side="right").astype(np.int64) - 1
    inside = (day >= 0) & (day < len(days.days))
    inside[inside] &= _in_slots(at[inside], days.start_us[day[inside] + 1], rules)
    columns = [each[inside] for each in (at, value, room, day, measured)]
    order = np.lexsort((columns[1], columns[0], columns[2]))
    at, value, room, day, measured = (each[order] for each in columns)
    first = np.ones(at.size, dtype=np.bool_)
    first[1:] = (at[1:] != at[:-1]) | (room[1:] != room[:-1])
    at, value, room, day, measured = (each[first] for each in (at, value, room, day, measured))
    number = room * len(days.days) + day
    begin = np.flatnonzero(np.append(True, number[1:] != number[:-1])) if at.size else number
    ends = np.append(begin[1:], at.size)[: begin.size]
    for i, j in zip(begin.tolist(), ends.tolist(), strict=True):
        if j - i >= rules.mean_slots:
            mean, own = (Fraction(int(each[i:j].sum()), j - i) for each in (value, measured))
            yield DayReadings(int(room[i]), int(day[i]), mean, own, int(at[j - 1]))


def _in_slots(at: IntArray, next_day: IntArray, rules: Rules) -> BoolArray:
    """(n,) whether the clock shows an hour of the slots; both ends are in.

    Counted back from the day's end, as clocks change in the hours after midnight.
    """
    since, until = ((DAY_H - hour) * HOUR_US for hour in rules.mean_hours)
    left = next_day - at
    found: BoolArray = (left <= since) & (left >= until)
    return found


def _made(run: Sequence[DayReadings], rules: Rules) -> list[tuple[int, int, int, int]]:
    value = in_band(sum((each.mean for each in run), Fraction(0)) / len(run), rules)
    measured = in_band(sum((each.measured for each in run), Fraction(0)) / len(run), rules)
    dated = run if value < rules.standard else run[-1:]
    return [(each.room, each.last_us, value, measured) for each in dated]


def in_band(mean: Fraction, rules: Rules) -> int:
    """A mean [0.001 °C] as the whole number that lies on its side of every edge of the bands.

    Kernels compare whole thousandths. Cut off, a mean above an edge that is in would lie on it.
    """
    whole = mean.numerator // mean.denominator
    on_edge = bool(np.any((rules.edge == whole) & rules.edge_in))
    return whole + 1 if on_edge and whole != mean else whole
