"""Stops of supply found by the meters, beside the dispatch's records, for commands and reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from alerts.config import OutageLimits
from analytics.heat.open_records import OpenRecord, open_records
from analytics.heat.outage_reconciliation import (
    LONGEST_EVIDENCE,
    Comparison,
    State,
    compare,
    proposal,
    records_of,
)
from analytics.heat.outages import StationOutage, Window
from analytics.heat.stations import Limits, station_outages
from domain.errors import WrongCall
from domain.quantity import Quantity
from domain.time import MINUTE_US, Span
from domain.tree import PlaceKind
from heatwatch.wiring import World
from store.registry.export import write_csv
from store.registry.kinds import KIND_OF
from store.registry.series import Tree

OUTAGES = KIND_OF["outages"]
EVIDENCE = {
    "zh": "计量：第{flush}次落盘；流量低于常值{share}%或供水低于{floor}℃满{least}分为停，恢复满{held}分为止；"
    "最低{flow} L/h、{supply}℃；未知{unknown}分{off}",
    "en": "meters, flush {flush}: flow under {share} % of usual or supply under {floor} °C for {least} min, "
    "until back for {held} min; least {flow} L/h, {supply} °C; {unknown} min unknown{off}",
}
OFF = {"zh": "；计划停 ", "en": "; off "}
BACK = {
    "zh": "计量：第{flush}次落盘；供热恢复并保持{held}分",
    "en": "meters, flush {flush}: supply back and held for {held} min",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One found stop with its station and what the records say about it."""

    station: int  # place id
    found: StationOutage
    beside: Comparison
    cut: bool  # it was going on already when the span asked for began


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stations are looked at, when, and by what limits."""

    network: Tree
    wanted: NDArray[np.int32]  # (n,) ids of stations
    span: Span
    zone: ZoneInfo
    limits: Limits
    as_of: int | None  # flush; None: the newest


def outage_limits(configured: OutageLimits, windows: Sequence[Window] = ()) -> Limits:
    """The limits the alerts use too, and when heat is off by schedule."""
    return Limits(
        supply_floor=Quantity.TEMPERATURE.to_ticks(configured.supply_c),
        flow_share=float(configured.flow_share),
        held_us=round(configured.recover_min * MINUTE_US),
        least_us=round(configured.hold_min * MINUTE_US),
        windows=tuple(windows),
    )


def stops(world: World, scope: Scope) -> tuple[int, list[Stop]]:
    """How many of the wanted stations have meters, and their stops in order."""
    span = scope.span
    stations, found = station_outages(
        world.index, world.readings, scope.wanted, span, scope.zone, scope.limits, scope.as_of
    )
    records = records_of(world.books, span)
    compared = []
    for each in found:
        station = int(stations.place[each.station])
        interval_s = int(stations.interval_s[each.station])
        beside = compare(scope.network, records, station, each.since, each.until, interval_s)
        compared.append(Stop(station, each, beside, each.since == span.since))
    return int(stations.place.size), compared


def to_close(world: World, scope: Scope) -> list[OpenRecord]:
    """Records without end, of these stations and above, whose supply the meters show to be back."""
    records = [
        each
        for each in records_of(world.books, scope.span)
        if np.isin(scope.network.under(each.place, PlaceKind.STATION), scope.wanted).any()
    ]
    return open_records(
        world.index,
        world.readings,
        scope.network,
        records,
        scope.span.until,
        scope.zone,
        scope.limits,
        scope.as_of,
    )


def closings(
    asked: Iterable[OpenRecord], network: Tree, limits: Limits, flush: int, language: str
) -> list[dict[str, object]]:
    """Rows for the registry's `outages` that end these records: plan, cause and evidence stay."""
    seen = BACK[language].format(flush=flush, held=f"{limits.held_us / MINUTE_US:g}")
    return [
        {
            "place": network.code(each.record.place),
            "since": each.record.since,
            "until": each.back,
            "planned": each.record.planned,
            "cause": each.record.cause,
            "evidence": "; ".join(filter(None, [each.record.evidence, seen]))[:LONGEST_EVIDENCE],
        }
        for each in asked
    ]


def proposals(
    found: Iterable[Stop], network: Tree, limits: Limits, flush: int, language: str
) -> list[dict[str, object]]:
    """Rows for the registry's `outages`: what is not recorded in full and has ended."""
    return [
        proposal(
            network.code(stop.station), stop.station, stop.found.since, stop.found.until,
            stop.beside, evidence(stop.found, limits, flush, language),
        )
        for stop in found
        if stop.found.ended and stop.beside.state is not State.RECORDED
    ]  # fmt: skip


def evidence(found: StationOutage, limits: Limits, flush: int, language: str) -> str:
    """What was measured, as of which flush and by which limits."""
    off = ", ".join(f"{each.since:%H:%M}-{each.until:%H:%M}" for each in limits.windows)
    supply = found.lowest_supply
    return EVIDENCE[language].format(
        flush=flush,
        share=f"{100 * limits.flow_share:g}",
        floor=_plain(limits.supply_floor),
        least=f"{limits.least_us / MINUTE_US:g}",
        held=f"{limits.held_us / MINUTE_US:g}",
        flow="-" if found.lowest_flow is None else found.lowest_flow,
        supply="-" if supply is None else _plain(supply),
        unknown=round(found.unknown_us / MINUTE_US),
        off=OFF[language] + off if off else "",
    )


def _plain(steps: int) -> str:
    return f"{Quantity.TEMPERATURE.from_ticks(steps).normalize():f}"


def write_proposals(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """The rows as a file that `heatwatch registry import` takes; never over one that is there.

    Raises WrongCall for a name the import would not know, a file that is there, or no folder.
    """
    if path.name != f"{OUTAGES.name}.csv":
        raise WrongCall(
            f"--out {path}: the name decides what an import takes it for; "
            f"allowed: a path that ends in {OUTAGES.name}.csv"
        )
    if path.exists():
        raise WrongCall(f"--out {path} is there already; name one in another folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_csv(path, OUTAGES, [[row[name] for name in OUTAGES.names] for row in rows])
    except OSError as error:
        raise WrongCall(f"--out {path} can't be written: {error.strerror}") from None
