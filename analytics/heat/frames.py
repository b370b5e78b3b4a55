"""What readings mean, from plain pandas series to pandas frames; for notebooks and the library.

A series is what `analytics.heat.series` takes: numbers by times with a zone, in any order. How long
a value stands is `domain.validity`'s rule, so what is read here is what settlement, comfort and
reports call known.

Every frame says the unit of each column in `frame.attrs["units"]`, as UCUM writes it.
"""

from datetime import timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from analytics.heat.comfort import Comfort, check_span, comfort, gaps
from analytics.heat.outages import outages as find_outages
from analytics.heat.series import (
    Interval,
    Times,
    columns_of,
    declared_flow,
    index_of,
    interval_of,
    no_columns,
    span_of,
    tick_of,
    zone_of,
)
from analytics.heat.supply import SupplyRule
from domain.quantity import Quantity
from domain.time import HOUR_US, Span, to_us

Frequency = Literal["D"] | None

COMFORT_UNITS = {
    "degree_hours": "K.h", "hours_below": "h", "hours_known": "h", "hours_missing": "h", "coverage": "1",
}  # fmt: skip
COVERAGE_UNITS = {
    "readings": "1", "unusable": "1", "hours_known": "h", "hours_missing": "h",
    "longest_gap_hours": "h", "coverage": "1",
}  # fmt: skip
OUTAGE_UNITS = {
    "hours": "h", "hours_lost": "h", "hours_unknown": "h", "hours_by_schedule": "h",
    "lowest_flow": "L/h", "lowest_supply": "Cel",
}  # fmt: skip


def degree_hours(
    series: "pd.Series[Any]",
    base: float = 18.0,
    interval: Interval = None,
    *,
    since: Times = None,
    until: Times = None,
    freq: Frequency = None,
    unit: str = Quantity.TEMPERATURE.unit,
) -> pd.DataFrame:
    """How cold it was: hours and degree-hours below a base.

    Parameters
    ----------
    series : Series of float
        Temperature [`unit`] by time with zone, in any order; readings before `since` count where they
        still stand then.
    base : float
        Strictly below it is cold. [°C]
    interval : timedelta or str, optional
        How often the sensor is meant to report, e.g. "15min"; default the middle distance
        between its readings.
    since, until : Timestamp or str, optional
        Default the first reading, and `interval` after the last one.
    freq : "D", optional
        A row for each local day of the index's zone; default one row.
    unit : str
        Of the series, as UCUM writes it: "Cel", "K" or "[degF]".

    Returns
    -------
    DataFrame
        By begin of the period: `degree_hours` [K.h], `hours_below` [h], `hours_known` [h],
        `hours_missing` [h], and `coverage` [1], the share that is known. Missing time is neither
        warm nor cold.

    Raises
    ------
    ValueError
        Where it is no series of numbers by times with a zone, for a period that is empty or longer
        than 366 days, without a reading, and where no value is possible in this unit.

    Examples
    --------
    >>> hours = pd.date_range("2026-01-10", periods=3, freq="h", tz="Asia/Shanghai")
    >>> found = degree_hours(pd.Series([16.0, 17.0, 21.0], hours), base=18)
    >>> found[["degree_hours", "hours_below", "hours_known"]].iloc[0].tolist()
    [3.0, 2.0, 3.0]
    """
    seconds = interval_of(series, interval)
    span = span_of(series, seconds, since, until)
    table = comfort(
        columns_of(series, Quantity.TEMPERATURE, unit), seconds, base_ticks(base), span,
        zone_of(series) if by_day(freq) else None,
    )  # fmt: skip
    return comfort_frame(table, 0, index_of(series).tz)


def coverage(
    series: "pd.Series[Any]", interval: Interval = None, *, since: Times = None, until: Times = None
) -> pd.DataFrame:
    """How much of a period a series knows.

    Parameters
    ----------
    series : Series of float
        Values by time with zone; NaN: a reading without a value.
    interval, since, until
        As in `degree_hours`.

    Returns
    -------
    DataFrame
        One row: `readings` in the period, `unusable` of them, `hours_known` [h],
        `hours_missing` [h], `longest_gap_hours` [h], `coverage` [1].

    Raises
    ------
    ValueError
        As `degree_hours`.

    Examples
    --------
    >>> hours = pd.date_range("2026-01-10", periods=3, freq="15min", tz="UTC")
    >>> coverage(pd.Series([20.0, 20.0, float("nan")], hours), until="2026-01-10T01:00Z").iloc[0, 2:4].tolist()
    [0.5, 0.5]
    """
    seconds = interval_of(series, interval)
    span = span_of(series, seconds, since, until)
    check_span(span)
    columns = columns_of(series, None)
    [unknown] = gaps(columns, seconds, span)
    total = (span.until - span.since) / timedelta(hours=1)
    missing = sum((end - begin) / timedelta(hours=1) for begin, end in unknown)
    longest = max(((end - begin) / timedelta(hours=1) for begin, end in unknown), default=0.0)
    inside = (columns.at_us >= to_us(span.since)) & (columns.at_us < to_us(span.until))
    row = (
        int(inside.sum()), int((inside & ~columns.usable()).sum()), total - missing, missing,
        longest, (total - missing) / total,
    )  # fmt: skip
    return _frame([row], COVERAGE_UNITS, pd.DatetimeIndex([span.since], name="since"), series)


def outages(
    flow: "pd.Series[Any] | None" = None,
    supply: "pd.Series[Any] | None" = None,
    interval: Interval = None,
    *,
    rule: SupplyRule | None = None,
    since: Times = None,
    until: Times = None,
    flow_unit: str | None = None,
    supply_unit: str = Quantity.TEMPERATURE.unit,
) -> pd.DataFrame:
    """When a station had no heat, by its flow, its supply temperature or both.

    Parameters
    ----------
    flow : Series of float, optional
        Flow [`flow_unit`] by time with zone.
    supply : Series of float, optional
        Supply temperature [`supply_unit`] by time with zone.
    interval : timedelta or str, optional
        The longer of the two declared intervals; default as in `degree_hours`.
    rule : SupplyRule, optional
        What is lost supply, and when heat is off by schedule; default that of the house.
    since, until : Timestamp or str, optional
        As in `degree_hours`, over both series.
    flow_unit : str, optional
        As UCUM writes it, e.g. "m3/h"; default "L/h", where the flow is plausible in it.
    supply_unit : str
        "Cel", "K" or "[degF]".

    Returns
    -------
    DataFrame
        One row an outage: `since`, `until` (of the period where `ended` is false), `hours` [h],
        `hours_lost` and `hours_unknown` inside it [h], `hours_by_schedule` [h], `lowest_flow`
        [L/h] and `lowest_supply` [Cel] seen in it. What is found is a proposed outage: a refund
        needs a record.

    Raises
    ------
    ValueError
        Where neither series is given, or a flow below 1000 without its unit; else as `degree_hours`.

    Examples
    --------
    >>> times = pd.date_range("2026-01-10", periods=96, freq="15min", tz="UTC")
    >>> flow = pd.Series([0.0 if 40 <= i < 60 else 9000.0 for i in range(96)], times)
    >>> outages(flow)[["hours", "ended"]].values.tolist()
    [[5.0, True]]
    """
    given = [each for each in (flow, supply) if each is not None]
    if not given:
        raise ValueError("expected flow, supply or both, got neither")
    seconds = np.maximum.reduce([interval_of(each, interval) for each in given])
    spans = [span_of(each, seconds, since, until) for each in given]
    span = Span(min(each.since for each in spans), max(each.until for each in spans))
    found = find_outages(
        no_columns() if flow is None else columns_of(flow, Quantity.FLOW, declared_flow(flow, flow_unit)),
        no_columns() if supply is None else columns_of(supply, Quantity.TEMPERATURE, supply_unit),
        seconds, span, zone_of(given[0]), rule or SupplyRule(),
    )  # fmt: skip
    rows = [
        (
            each.since, each.until, each.ended,
            (each.until - each.since) / timedelta(hours=1), each.lost_us / HOUR_US,
            each.unknown_us / HOUR_US, each.scheduled_us / HOUR_US,
            _or_nan(each.lowest_flow, Quantity.FLOW), _or_nan(each.lowest_supply, Quantity.TEMPERATURE),
        )
        for each in found
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["since", "until", "ended", *OUTAGE_UNITS])
    for name in ("since", "until"):
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(index_of(given[0]).tz)
    frame.attrs["units"] = dict(OUTAGE_UNITS)
    return frame


def by_day(freq: Frequency) -> bool:
    """Whether rows are by local day; ValueError where a frequency is neither None nor "D"."""
    if freq is not None and freq != "D":
        raise ValueError(f'freq = {repr(freq)[:60]}; allowed: None or "D"')
    return freq == "D"


def base_ticks(base: float) -> int:
    """A base temperature [°C] in ticks; ValueError where it is none."""
    if isinstance(base, bool) or not isinstance(base, (int, float, np.integer, np.floating)):
        raise ValueError(
            f"base = {repr(base)[:60]} is no number; allowed: degrees, e.g. 18 or 18.5"
        )
    ticks = round(base / tick_of(Quantity.TEMPERATURE)) if np.isfinite(base) else None
    if ticks is None or not Quantity.TEMPERATURE.plausible(ticks):
        raise ValueError(f"base = {base} is no temperature in °C, e.g. 18 or 18.5")
    return ticks


def comfort_frame(table: Comfort, row: int, zone: Any) -> pd.DataFrame:
    """One series of a table of sums as a frame, a row a bin, by its begin in this zone."""
    known, missing = table.known_us[row], table.missing_us[row]
    values = {
        "degree_hours": table.deficit[row] / (1000 * HOUR_US),
        "hours_below": table.below_us[row] / HOUR_US,
        "hours_known": known / HOUR_US,
        "hours_missing": missing / HOUR_US,
        "coverage": known / (known + missing),
    }
    since = pd.to_datetime(table.edges_us[:-1], unit="us", utc=True).tz_convert(zone)
    frame = pd.DataFrame(values, index=since.rename("since"))
    frame.attrs["units"] = dict(COMFORT_UNITS)
    return frame


def _or_nan(ticks: int | None, quantity: Quantity) -> float:
    return float("nan") if ticks is None else float(quantity.from_ticks(ticks))


def _frame(
    rows: list[tuple[Any, ...]],
    units: dict[str, str],
    index: pd.DatetimeIndex,
    series: "pd.Series[Any]",
) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(units), index=index.tz_convert(index_of(series).tz))
    frame.attrs["units"] = dict(units)
    return frame
