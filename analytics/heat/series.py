"""A plain pandas series as columns: what a notebook may hand in, and what is refused with a hint.

A series has numbers by times with a zone; its order does not matter. NaN, None and infinities are
readings without a value. Two values for one time contradict each other, and nothing is known from
then on until the next one; equal values are one. A value that its quantity can't have is unknown.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.columns import Columns
from domain.quality import Quality
from domain.quantity import Quantity
from domain.time import SECOND_US, Span, from_us
from domain.unit import Unit

Interval = timedelta | str | None
Times = datetime | date | str | None

#: A station whose flow never reaches this was most likely given in m³/h. [L/h]
LEAST_FLOW = 1000.0
_EXAMPLE = (
    'pd.Series([21.0, 20.5], pd.date_range("2026-01-10", periods=2, freq="h", tz="Asia/Shanghai"))'
)


def columns_of(series: "pd.Series[Any]", quantity: Quantity | None, unit: str = "") -> Columns:
    """A plain series as columns of one series, 0: sorted, one row a time, in ticks of the quantity.

    Parameters
    ----------
    quantity : Quantity, optional
        Without one only whether there is a value can be asked.
    unit : str, optional
        UCUM unit of the values; default the quantity's own.

    Raises
    ------
    ValueError
        Where it is no series of numbers by times with a zone, or no value is possible in this unit.
    """
    at_us, value = index_of(series).as_unit("us").asi8, _numbers(series)
    if quantity is not None:
        value = _ticks(value, quantity, unit or quantity.unit)
    order = np.lexsort((value, at_us))  # NaN comes last of its time
    at_us, value = at_us[order], value[order]
    first = np.flatnonzero(np.append(True, at_us[1:] != at_us[:-1])[: at_us.size])
    least, most = value[first], np.fmax.reduceat(value, first) if first.size else value
    mark = np.where(most > least, Quality.CONFLICT, Quality.GOOD)
    mark[np.isnan(least)] = Quality.MISSING
    if quantity is not None:
        mark[~np.isnan(least) & ~_possible(least, quantity)] = Quality.OUT_OF_RANGE
    kept = least if quantity is not None else np.zeros_like(least)
    return Columns(
        np.zeros(1, dtype=np.int32), np.array([0, least.size], dtype=np.int64), at_us[first],
        np.where(np.isin(mark, [Quality.GOOD, Quality.CONFLICT]), kept, 0).astype(np.int64),
        mark.astype(np.uint8),
    )  # fmt: skip


def no_columns() -> Columns:
    """Columns of one series without readings."""
    none = np.zeros(0, dtype=np.int64)
    return Columns(
        np.zeros(1, dtype=np.int32), np.zeros(2, dtype=np.int64), none, none, none.astype(np.uint8)
    )


def declared_flow(series: "pd.Series[Any]", unit: str | None) -> str:
    """The unit of a station's flow; ValueError where none is given and L/h is not plausible."""
    most = np.nanmax(np.append(_numbers(series), 0.0))
    if unit is None and 0 < most < LEAST_FLOW:
        raise ValueError(
            f"flow of at most {most:g} is little for a station in L/h: say its unit, "
            'flow_unit="L/h" or flow_unit="m3/h"'
        )
    return unit or Quantity.FLOW.unit


def index_of(series: "pd.Series[Any]") -> pd.DatetimeIndex:
    """The times of a series; ValueError where it is none, or they have no zone."""
    if not isinstance(series, pd.Series):
        raise ValueError(f"expected a pandas Series, got {type(series).__name__}; e.g. {_EXAMPLE}")
    index = series.index
    if not isinstance(index, pd.DatetimeIndex) or index.tz is None:
        raise ValueError(
            f"expected times with a zone as the index, got {index.dtype}; "
            'e.g. series.tz_localize("Asia/Shanghai")'
        )
    if index.hasnans:
        raise ValueError(
            f"{np.count_nonzero(index.isna())} of {index.size} times are missing (NaT) in the index; "
            "e.g. series[series.index.notna()]"
        )
    return index


def zone_of(series: "pd.Series[Any]") -> Any:
    """The index's zone as the standard library has it; a fixed offset as it is."""
    try:
        return ZoneInfo(str(index_of(series).tz))
    except (KeyError, ValueError):
        return index_of(series).tz


def interval_of(series: "pd.Series[Any]", interval: Interval) -> NDArray[np.int64]:
    """(1,) declared interval, by default the middle distance between readings. [s]"""
    index = index_of(series)
    if interval is not None:
        return np.array([_seconds(interval)], dtype=np.int64)
    times = np.unique(index.as_unit("us").asi8)
    if times.size < 2:
        raise ValueError("one reading has no interval: give `interval`, e.g. '15min'")
    seconds = int(np.median(np.diff(times))) // SECOND_US
    return np.array([max(seconds, 1)], dtype=np.int64)


def span_of(
    series: "pd.Series[Any]", interval_s: NDArray[np.int64], since: Times, until: Times
) -> Span:
    """From `since`, or the first reading, to `until`, or an interval after the last one."""
    index = index_of(series)
    if index.size == 0 and (since is None or until is None):
        raise ValueError("a series without readings has no period: give `since` and `until`")
    begins = _instant(since, "since", index) if since is not None else index.min()
    ends = (
        _instant(until, "until", index)
        if until is not None
        else index.max() + pd.Timedelta(seconds=int(interval_s[0]))
    )
    return Span(
        *(from_us(each.value // 1000) for each in (begins.as_unit("ns"), ends.as_unit("ns")))
    )


def tick_of(quantity: Quantity) -> float:
    """One tick in the quantity's unit."""
    return float(quantity.from_ticks(1))


def _numbers(series: "pd.Series[Any]") -> NDArray[np.float64]:
    """The values, NaN where there is none; ValueError names the first that is no number."""
    index_of(series)
    if series.dtype.kind not in "iuf":
        _check_numbers(series)
    value: NDArray[np.float64] = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(value), value, np.nan)


def _check_numbers(series: "pd.Series[Any]") -> None:
    for at, each in series.items():
        if isinstance(each, str | bool | np.bool_) or not (pd.isna(each) or _is_float(each)):
            raise ValueError(
                f"value {repr(each)[:60]} at {at} is no number; "
                'allowed: numbers, e.g. pd.to_numeric(series, errors="coerce")'
            )


def _is_float(each: Any) -> bool:
    try:
        float(each)
    except (TypeError, ValueError):
        return False
    return True


def _ticks(value: NDArray[np.float64], quantity: Quantity, code: str) -> NDArray[np.float64]:
    unit = Unit.of(code)
    if unit.quantity != quantity.code:
        allowed = ", ".join(Unit.allowed_for(quantity))
        raise ValueError(
            f"unit {code!r} measures {unit.quantity}, not {quantity.code}; allowed: {allowed}"
        )
    own = value * float(unit.factor) + float(unit.offset)
    ticks: NDArray[np.float64] = np.rint(own / tick_of(quantity))
    about = quantity.value
    if np.isfinite(own).any() and not _possible(ticks, quantity).any():
        raise ValueError(
            f"no value is possible as {quantity.code} in {unit.code}: they are {np.nanmin(value):g} "
            f"to {np.nanmax(value):g}; possible: {about.least} to {about.most} {about.unit}; "
            f"units: {', '.join(Unit.allowed_for(quantity))}"
        )
    return ticks


def _possible(ticks: NDArray[np.float64], quantity: Quantity) -> NDArray[np.bool_]:
    about, tick = quantity.value, tick_of(quantity)
    inside: NDArray[np.bool_] = (ticks >= float(about.least) / tick) & (
        ticks <= float(about.most) / tick
    )
    return inside


def _seconds(interval: timedelta | str) -> int:
    given: Any = interval
    try:
        found = pd.Timedelta(given) if isinstance(given, str | timedelta | np.timedelta64) else None
    except ValueError:
        found = None
    if found is None or pd.isna(found) or found.total_seconds() < 1:
        raise ValueError(
            f"interval = {repr(interval)[:60]} is no time of a second or more, which must be positive; "
            "e.g. '15min' or timedelta(minutes=15)"
        )
    return int(found.total_seconds())


def _instant(at: datetime | date | str, name: str, index: pd.DatetimeIndex) -> pd.Timestamp:
    """A time; without a zone it is of the index's."""
    wrong = f"{name} = {repr(at)[:60]} is no time; e.g. '2026-01-10' or '2026-01-10T06:00+08:00'"
    if not isinstance(at, str | date | np.datetime64):
        raise ValueError(wrong)
    try:
        given: Any = pd.Timestamp(at)
        if given is not pd.NaT and given.tz is None:
            given = given.tz_localize(index.tz)
    except Exception as error:  # of pandas, dateutil or the zone's own; not all are ValueErrors
        raise ValueError(f"{wrong} ({str(error)[:100]})") from None
    if given is pd.NaT:
        raise ValueError(wrong)
    return pd.Timestamp(given)
