"""The supplier's defence: days colder outdoors than the design temperature (`18c`)."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot
from analytics.law.known import Known
from domain.columns import TIMED_MARKS, USABLE_MARKS, Columns, IntArray
from domain.quantity import Quantity
from domain.validity import validity_us


def excused_days(
    snapshot: Snapshot, columns_of: Callable[[NDArray[np.int32]], Columns], days: SeasonDays
) -> IntArray:
    """Indices of local days whose mean outdoor temperature is below the city's design temperature.

    The mean is that of the designated station's series (the lowest id), time-weighted, with
    at least 75 % of the day known; unknown outdoor excuses nothing (regulations.md 7.20).
    """
    design = snapshot.season.design_outdoor
    if design is None or snapshot.outdoor.size == 0:
        return np.array([], dtype=np.int64)
    told = outdoor_of(snapshot, columns_of)
    if told.at.size == 0:
        return np.array([], dtype=np.int64)
    at, until, value = told.at, told.until, told.value
    known = np.diff(_integral(at, until, np.ones_like(value), days.start_us))
    total = np.diff(_integral(at, until, value, days.start_us))
    limit = Quantity.TEMPERATURE.to_ticks(Decimal(design))
    enough = 4 * known >= 3 * np.diff(days.start_us)
    return np.flatnonzero(enough & (total < limit * known))


def outdoor_of(snapshot: Snapshot, columns_of: Callable[[NDArray[np.int32]], Columns]) -> Known:
    """What is known of the outdoor temperature: that of the designated station (the lowest id)."""
    none = np.array([], dtype=np.int64)
    if snapshot.outdoor.size == 0:
        return Known(none, none, none)
    columns = columns_of(snapshot.outdoor[:1].astype(np.int32))
    at, value, mark = columns.of(int(snapshot.outdoor[0]))
    timed = TIMED_MARKS[mark]
    at, value, usable = at[timed], value[timed], USABLE_MARKS[mark[timed]]
    if not usable.any():
        return Known(none, none, none)
    hold = int(validity_us(snapshot.outdoor_interval_s[:1])[0])
    until = np.minimum(at + hold, np.append(at[1:], at[-1] + hold))  # any reading ends the last
    return Known(at[usable], until[usable], value[usable])


def _integral(at: IntArray, until: IntArray, value: IntArray, to: IntArray) -> IntArray:
    """(n,) instants -> integral of the value over known time before each, exact."""
    whole = np.concatenate([[0], np.cumsum(value * (until - at))])
    i = np.searchsorted(at, to, side="right") - 1
    inside = np.maximum(i, 0)
    part = value[inside] * (np.minimum(until[inside], to) - at[inside])
    return np.where(i < 0, 0, whole[inside] + part)
