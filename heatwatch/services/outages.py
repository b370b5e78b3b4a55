"""Outages found by the meters, beside the dispatch's records, and what the records lack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from analytics.heat.judged import DeadMeter, dead_meters, judged_outages
from analytics.heat.judgement import Answer, Judgement
from analytics.heat.open_records import OpenRecord, open_records
from analytics.heat.outage_reconciliation import (
    LONGEST_EVIDENCE,
    Comparison,
    RecordState,
    compare,
    proposal,
    records_of,
    rejections_of,
)
from analytics.heat.outages import StationOutage
from analytics.heat.supply import HELD_US, SupplyRule
from domain.formats import Formats
from domain.language import Text, msg
from domain.quantity import Quantity
from domain.time import MINUTE_US, Span
from domain.tree import PlaceKind
from heatwatch.services.proposed_rows import write_proposed
from heatwatch.wiring import World
from store.books.registry import Season
from store.registry.kinds import KIND_OF
from store.registry.proposals import BACK, FOUND, proposal_id
from store.registry.series import Tree

OUTAGES = KIND_OF["outages"]


@dataclass(frozen=True, slots=True)
class SeenOutage:
    """One loss that the meters of a station saw, what it was, and what the records say about it."""

    station: int  # place id
    found: StationOutage
    beside: Comparison
    judgement: Judgement
    cut: bool  # it was going on already when the span asked for began


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stations are looked at, when, and by what rule."""

    network: Tree
    wanted: NDArray[np.int32]  # (n,) ids of stations
    span: Span
    zone: ZoneInfo
    rule: SupplyRule
    as_of: int | None  # data version; None: the newest

    def of(self, found: Iterable[SeenOutage]) -> list[SeenOutage]:
        """Those of its stations."""
        return [each for each in found if each.station in self.wanted]


def seen_outages(world: World, scope: Scope) -> tuple[int, list[SeenOutage]]:
    """How many of the wanted stations have meters, and their losses of supply in order."""
    span = scope.span
    stations, found = judged_outages(
        world.index, world.readings, scope.network, scope.wanted, span, scope.zone, scope.rule,
        seasons_of(world.books, scope.network), scope.as_of,
        rejected=rejections_of(world.books, span),
    )  # fmt: skip
    records = records_of(world.books, span)
    compared = []
    for each in found:
        loss = each.found
        beside = compare(
            scope.network, records, each.place, loss.since, loss.until, each.interval_s
        )
        begun = loss.since == span.since
        compared.append(SeenOutage(each.place, loss, beside, each.judgement, begun))
    return int(stations.place.size), compared


def all_outages(world: World, scopes: Sequence[Scope]) -> tuple[int, list[SeenOutage]]:
    """The same of several rules, each with its stations: by begin and place where they are more than one."""
    parts = [seen_outages(world, each) for each in scopes]
    found = [each for _, own in parts for each in own]
    if len(parts) > 1:
        found.sort(key=lambda each: (each.found.since, each.station))
    return sum(stations for stations, _ in parts), found


def seasons_of(books: Engine, network: Tree) -> list[Span]:
    """The heating seasons of the network's companies; empty: none is registered."""
    with books.connect() as link:
        rows = link.execute(select(Season.since, Season.until, Season.company_id)).all()
    return [Span(since, until) for since, until, company in rows if company in network.ids]


def dead(world: World, scope: Scope) -> list[DeadMeter]:
    """Meters of the wanted stations that showed 0.0 °C of water for the least time of a loss."""
    found = dead_meters(world.index, world.readings, scope.wanted, scope.span, scope.as_of)
    least = timedelta(microseconds=scope.rule.least_us)
    return [each for each in found if each.until - each.since >= least]


def closed_by_meters(world: World, scope: Scope) -> list[OpenRecord]:
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
        scope.rule,
        scope.as_of,
    )


def closings(
    back: Iterable[OpenRecord], network: Tree, version: int, language: str
) -> list[dict[str, object]]:
    """Rows for the registry's `outages` that end these records: plan, cause and evidence stay."""
    values = {"version": version, "held": f"{HELD_US / MINUTE_US:g}"}
    seen = Text(BACK.message, values).to(language)
    return [
        {
            "place": network.code(each.record.place),
            "since": each.record.since,
            "until": each.back,
            "planned": each.record.planned,
            "cause": each.record.cause,
            "evidence": "; ".join(filter(None, [each.record.evidence, seen]))[:LONGEST_EVIDENCE],
            "proposal": proposal_id(network.code(each.record.place), each.record.since, each.back),
            "decision": "",
        }
        for each in back
    ]


def proposals(
    found: Iterable[SeenOutage], network: Tree, rule: SupplyRule, version: int, language: str
) -> list[dict[str, object]]:
    """Rows for the registry's `outages`: what is not recorded in full and has ended."""
    return [
        proposal(
            network.code(each.station), each.station, each.found.since, each.found.until,
            each.beside, evidence(each.found, rule, version, language),
        )
        for each in found
        if each.found.ended
        and each.judgement.answer is Answer.NO_HEAT
        and each.beside.state is not RecordState.RECORDED
    ]  # fmt: skip


def evidence(found: StationOutage, rule: SupplyRule, version: int, language: str) -> str:
    """What was measured, as of which data version and by which rule."""
    windows = ", ".join(f"{each.since:%H:%M}-{each.until:%H:%M}" for each in rule.windows)
    supply, shown_as = found.lowest_supply, Formats(language, ZoneInfo("UTC"))
    values = {
        "version": version,
        "share": f"{100 * rule.flow_share:g}",
        "floor": _plain(rule.supply_floor),
        "least": f"{rule.least_us / MINUTE_US:g}",
        "held": f"{HELD_US / MINUTE_US:g}",
        "flow": "-"
        if found.lowest_flow is None
        else shown_as.value(found.lowest_flow, Quantity.FLOW),
        "supply": "-" if supply is None else _plain(supply),
        "unknown": round(found.unknown_us / MINUTE_US),
        "off": msg("; off by schedule {times}", times=windows) if windows else "",
    }
    return Text(FOUND.message, values).to(language)


def _plain(ticks: int) -> str:
    return f"{Quantity.TEMPERATURE.from_ticks(ticks).normalize():f}"


def write_proposals(path: Path, rows: Sequence[dict[str, object]], zone: ZoneInfo) -> None:
    """The rows as a file that `heatwatch registry import` takes; never over one that is there.

    A person checks them first: times are local, with their offset. Raises WrongCall as `write_proposed`.
    """
    write_proposed(path, OUTAGES, [_cells(row, zone) for row in rows])


def _cells(row: Mapping[str, object], zone: ZoneInfo) -> list[object]:
    """A row in the order of the file; what a proposal says nothing of is empty."""
    return [
        "" if each.may_be_empty and each.name not in row else _local(row[each.name], zone)
        for each in OUTAGES.columns
    ]


def _local(value: object, zone: ZoneInfo) -> object:
    return value.astimezone(zone).isoformat() if isinstance(value, datetime) else value
