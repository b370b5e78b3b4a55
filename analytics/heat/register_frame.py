"""What a plain pandas series of a register counted, as a frame; for notebooks and the library."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.heat.comfort import day_edges
from analytics.heat.frames import Frequency, by_day
from analytics.heat.registers import Registers, State, counted, most_of, reasons
from analytics.heat.series import (
    Interval,
    Times,
    columns_of,
    index_of,
    interval_of,
    span_of,
    zone_of,
)
from domain.quantity import Quantity, Role
from domain.time import to_us
from domain.tree import PlaceKind
from domain.unit import Unit

ROLES = {Quantity.ENERGY: Role.ENERGY, Quantity.VOLUME: Role.VOLUME}


def consumption(
    register: "pd.Series[Any]",
    interval: Interval = None,
    *,
    since: Times = None,
    until: Times = None,
    freq: Frequency = None,
    unit: str = Quantity.ENERGY.unit,
    most: float | None = None,
    rolls_over_at: float | None = None,
) -> pd.DataFrame:
    """What a register of heat or water counted, and how that is known.

    Parameters
    ----------
    register : Series of float
        What the register showed [`unit`] by time with zone, in any order; readings before `since` and
        behind `until` count for what was counted over these ends.
    interval : timedelta or str, optional
        How often it is meant to be read, e.g. "1h"; default the middle distance between its readings.
    since, until : Timestamp or str, optional
        Default the first and the last reading.
    freq : "D", optional
        A row for each local day of the index's zone; default one row.
    unit : str
        As UCUM writes it, of energy or volume: "kW.h", "GJ", "m3", ...
    most : float, optional
        More than this in an hour is a leap; default what no plant gives. [`unit`]
    rolls_over_at : float, optional
        What the register's first number is again behind its last one; without it a fall is unknown. [`unit`]

    Returns
    -------
    DataFrame
        By begin of the period: `amount` (NaN where it is unknown), `estimated` of it, `at_least` [W.h or L],
        `state` ("measured", "estimated" or "unknown") and `why` (codes).

    Raises
    ------
    ValueError
        Where it is no series of numbers by times with a zone, has no reading, or its unit is of neither;
        for a period that is empty or longer than 366 days.

    Examples
    --------
    >>> hours = pd.date_range("2026-01-10", periods=49, freq="h", tz="Asia/Shanghai")
    >>> shown = pd.Series([100.0 + i for i in range(49)], hours)
    >>> shown.iloc[30] = 0.0  # a zero between two alike
    >>> consumption(shown, freq="D", unit="kW.h")[["amount", "state"]].values.tolist()
    [[24000.0, 'measured'], [24000.0, 'measured']]
    """
    quantity = _quantity(unit)
    seconds = interval_of(register, interval)
    ends = index_of(register).max() if until is None and len(register) else until
    span = span_of(register, seconds, since, ends)
    if span.until <= span.since:
        raise ValueError(
            "the period is empty: a register counts between two readings; give more of them, or `since` and `until`"
        )
    columns = columns_of(register, quantity, unit)
    rate, slack = most_of(PlaceKind.COMPANY, ROLES[quantity])
    if most is not None:
        rate, slack = _ticks(most, unit, quantity), 0
    at = columns.at_us
    registers = Registers(
        place=np.zeros(1, dtype=np.int32), interval_s=seconds,
        since_us=np.array([min(to_us(span.since), int(at.min()))]),
        until_us=np.array([max(to_us(span.until), int(at.max()) + 1)]),
        rate=np.array([rate]), slack=np.array([slack]),
        length=np.array([0 if rolls_over_at is None else _ticks(rolls_over_at, unit, quantity)]),
        several=np.zeros(1, dtype=np.bool_), series=np.zeros(1, dtype=np.int32),
        of_series=np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    whole = np.array([to_us(span.since), to_us(span.until)], dtype=np.int64)
    edges = day_edges(span, zone_of(register)) if by_day(freq) else whole
    found = counted(columns, registers, edges)
    state = found.state[0]
    begins = pd.to_datetime(edges[:-1], unit="us", utc=True).tz_convert(index_of(register).tz)
    frame = pd.DataFrame(
        {
            "amount": np.where(state == State.UNKNOWN, np.nan, found.amount[0]),
            "estimated": found.shared[0], "at_least": found.amount[0],
            "state": [State(each).name.lower() for each in state.tolist()],
            "why": [" ".join(code for code, _ in reasons(m)) for m in found.marks[0].tolist()],
        },
        index=begins.rename("since"),
    )  # fmt: skip
    frame.attrs["units"] = dict.fromkeys(("amount", "estimated", "at_least"), quantity.unit)
    return frame


def _quantity(unit: str) -> Quantity:
    found = Quantity.of(Unit.of(unit).quantity)
    if found not in ROLES:
        allowed = ", ".join(code for each in ROLES for code in Unit.allowed_for(each))
        raise ValueError(f"unit {unit!r} measures {found.code}; allowed: {allowed}")
    return found


def _ticks(value: float, unit: str, quantity: Quantity) -> int:
    """A positive number of a unit in the quantity's ticks."""
    ticks = value * float(Unit.of(unit).factor) / float(quantity.from_ticks(1))
    if not 0 < ticks < 1e15:
        raise ValueError(f"{value} {unit} is no amount of a register; allowed: above 0")
    return round(ticks)
