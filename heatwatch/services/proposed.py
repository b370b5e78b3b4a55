"""Proposals that the meters showed: what nobody's meters showed is confirmed by nobody.

A proposal is never stored: it is found in the readings, of the season or around it, as of now or as of the
data version that its evidence names.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from analytics.heat.judged import judged_outages
from analytics.heat.judgement import Answer
from analytics.heat.supply import Window
from domain.time import Span
from domain.tree import PlaceKind, Tree
from heatwatch.services.evidence import supply_rules
from heatwatch.services.outages import Scope, closed_by_meters, seasons_of
from heatwatch.wiring import World
from store.registry.places import tree
from store.registry.proposals import proposal_id, proposed, version_named

#: Where no season holds a proposal, the meters are looked at for so long around it.
AROUND = timedelta(days=2)
OFF = re.compile(r"\b[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d\b")  # by schedule, as the evidence has it


class _Look(NamedTuple):
    """One look at the meters of a company: when, as of which data version, off by which schedule."""

    company: int  # place id
    span: Span
    as_of: int | None
    off: tuple[str, ...]


def season_around(world: World, network: Tree, span: Span) -> Span:
    """The season that holds a proposal, up to now, or the days around it where none does."""
    inside = [
        each for each in seasons_of(world.books, network) if each.since <= span.since < each.until
    ]
    whole = inside[0] if inside else Span(span.since - AROUND, span.until + AROUND)
    return Span(whole.since, max(min(whole.until, world.now()), span.until))


def never_shown(world: World, rows: Sequence[tuple[str, str]]) -> set[str]:
    """Of proposals, by (id, evidence), those that the machine doesn't make from its readings."""
    network = tree(world.books)
    missing = {proposal for proposal, _ in rows}
    for attempt in range(3):
        looks: dict[_Look, set[int]] = defaultdict(set)
        for proposal, evidence in rows:
            if proposal in missing:
                for look, station in _looks(world, network, proposal, evidence, attempt):
                    looks[look].add(station)
        for look, stations in looks.items():
            missing -= _shown(world, network, look, stations)
    return missing


def _looks(
    world: World, network: Tree, proposal: str, evidence: str, attempt: int
) -> Iterator[tuple[_Look, int]]:
    """Where a proposal may be seen: in its season as it is now, then as it was; then from its own begin."""
    found = proposed(proposal)
    if found is None or (row := network.by_code.get(found[0])) is None:
        return
    place = int(network.ids[row])
    version = version_named(evidence)
    if attempt == 1 and not (version and version <= world.readings.lake.last_flush().number):
        return
    span = season_around(world, network, found[1])
    if attempt == 2:
        span = Span(found[1].since, max(found[1].until + AROUND, span.until))
    off = tuple(OFF.findall(evidence))
    look = _Look(network.path(place)[0], span, version if attempt == 1 else None, off)
    yield from ((look, int(each)) for each in network.under(place, PlaceKind.STATION))


def _shown(world: World, network: Tree, look: _Look, stations: Collection[int]) -> set[str]:
    """The proposals that these stations' meters show, also those that are on record by now."""
    zone, wanted = ZoneInfo(world.config.city.zone), np.array(sorted(stations), dtype=np.int32)
    windows = [Window.of(each) for each in look.off]
    rules = supply_rules(world, look.span.until, look.company, wanted, windows)
    scopes = [Scope(network, own, look.span, zone, rule, look.as_of) for rule, own in rules]
    return set[str]().union(*(_shown_in(world, scope) for scope in scopes))


def _shown_in(world: World, scope: Scope) -> set[str]:
    network = scope.network
    _, losses = judged_outages(
        world.index, world.readings, network, scope.wanted, scope.span, scope.zone, scope.rule,
        seasons_of(world.books, network), scope.as_of,
    )  # fmt: skip
    return {
        proposal_id(network.code(each.place), each.found.since, each.found.until)
        for each in losses
        if each.found.ended and each.judgement.answer is Answer.NO_HEAT
    } | {
        proposal_id(network.code(each.record.place), each.record.since, each.back)
        for each in closed_by_meters(world, scope)
    }
