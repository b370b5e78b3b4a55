"""Outages of stations, worked out from flow and supply temperature.

What is found here is telemetry's finding with its evidence: a proposed outage. A refund needs an
outage record in the registry (with cause and whether it was planned), because the acts count
from the earliest of dispatch record and verified loss (`docs/interpretations.md`).

Heat that is off by schedule, as by night in many networks, is not an outage: the windows of the
rule say when missing heat is no loss. An outage that began before a window goes on through it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.comfort import check_span
from analytics.heat.ragged import merged
from analytics.heat.standing import Standing, standing
from analytics.heat.supply import HELD_US, SupplyRule
from analytics.heat.threads import in_ranges
from analytics.heat.usual import usual_flow
from analytics.kernels import outages as kernel
from domain.columns import Columns, IntArray
from domain.time import Span, from_us, to_us


@dataclass(frozen=True, slots=True)
class StationOutage:
    """One outage with its evidence."""

    station: int  # row of the station in what was asked
    since: datetime  # verified loss
    until: datetime  # supply back and held; end of the span if it is not
    ended: bool
    lost_us: int  # known loss inside [µs]
    unknown_us: int  # time not known inside [µs]
    longest_unknown_us: int  # longest single stretch of it [µs]
    scheduled_us: int  # time inside in which heat would have been off anyway [µs]
    lowest_flow: int | None  # least flow seen in it [L/h]
    lowest_supply: int | None  # least supply temperature seen in it [0.001 Cel]


def outages(
    flow: Columns,
    supply: Columns,
    interval_s: NDArray[np.int64],
    span: Span,
    zone: ZoneInfo,
    rule: SupplyRule = SupplyRule(),  # noqa: B008 - frozen
    *,
    flow_floor: IntArray | None = None,
    held_us: int = HELD_US,
) -> list[StationOutage]:
    """Outages of each station, in order.

    Parameters
    ----------
    flow, supply : Columns
        Row i of both belongs to station i; a station without a series has no rows there. [L/h], [0.001 Cel]
    interval_s : (n,) int64
        Declared interval of each station's series (the longer). [s]
    zone : ZoneInfo
        Local time of the rule's windows.
    flow_floor : (n,) int64, optional
        Flow under it is lost; default the rule's share of the usual flow, at least 1. [L/h]
    held_us : int
        Supply back this long ends an outage. [µs]
    """
    check_span(span)
    if flow.series.shape != supply.series.shape:
        raise ValueError("flow and supply must have one row a station")
    flows, supplies = standing(flow, interval_s), standing(supply, interval_s)
    if flow_floor is None:
        flow_floor = np.maximum((usual_flow(flow) * rule.flow_share).astype(np.int64), 1)
    n = flow.series.size
    spans = [each for window in rule.windows for each in window.spans(span, zone)]
    off = merged([(to_us(each.since), to_us(each.until)) for each in spans])
    off_since = np.array([since for since, _ in off] * n, dtype=np.int64)
    off_until = np.array([until for _, until in off] * n, dtype=np.int64)
    arguments = (
        flows.offsets, flows.at_us, flows.value, flows.usable, flow_floor,
        supplies.offsets, supplies.at_us, supplies.value, supplies.usable,
        np.full(n, rule.supply_floor, dtype=np.int64), flows.hold_us,
        np.arange(n + 1, dtype=np.int64) * len(off), off_since, off_until,
        held_us, rule.least_us, to_us(span.since), to_us(span.until),
    )  # fmt: skip
    counts, into = np.zeros(n, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    for _ in range(2):  # counted, then written
        rows = np.zeros((into[-1], kernel.FIELDS), dtype=np.int64)
        in_ranges(kernel.outages, n, *arguments, into, counts, rows)
        np.cumsum(counts, out=into[1:])
    owner = np.repeat(np.arange(n), counts).tolist()
    return [_outage(s, row, flows, supplies) for s, row in zip(owner, rows.tolist(), strict=True)]


def _outage(station: int, row: Sequence[int], flows: Standing, supplies: Standing) -> StationOutage:
    since, until = row[kernel.START], row[kernel.END]
    return StationOutage(
        station=station,
        since=from_us(since),
        until=from_us(until),
        ended=bool(row[kernel.ENDED]),
        lost_us=row[kernel.LOST],
        unknown_us=row[kernel.UNKNOWN],
        longest_unknown_us=row[kernel.LONGEST],
        scheduled_us=row[kernel.SCHEDULED],
        lowest_flow=_lowest(flows, station, since, until),
        lowest_supply=_lowest(supplies, station, since, until),
    )


def _lowest(ready: Standing, station: int, since_us: int, until_us: int) -> int | None:
    """Least usable value whose time lies in the span; None where there is none."""
    first, end = ready.offsets[station], ready.offsets[station + 1]
    rows = slice(first, end)
    inside = (ready.at_us[rows] >= since_us) & (ready.at_us[rows] < until_us) & ready.usable[rows]
    values = ready.value[rows][inside]
    return int(values.min()) if values.size else None
