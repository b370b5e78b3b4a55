"""Parts of outages that wait for a decision, of homes as the settlement sees them: recorded outages of any place above
a home that follow within `HELD_US` are one, and every decision settles its own part.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from domain.recorded import USER
from domain.time import Span, from_us, to_us
from domain.tree import PlaceKind, Tree
from store.books.current import OutageDecision, OutageRecord

Spans = list[tuple[int, int]]


class Waits(Protocol):
    """What of outages waits for a decision (`analytics.law.open_outages`)."""

    def counts(self, cause: str, /) -> bool:
        """Whether outages of this cause are the act's at all."""
        ...

    def __call__(self, outage: Span, /) -> Span | None:
        """The part of it that does, or None."""
        ...


class Undecided(NamedTuple):
    """A part of an outage that no decision settles."""

    place: int  # lowest place of which an outage was recorded then
    homes: Sequence[int]
    since_us: int
    until_us: int


def undecided_outages(
    link: Connection, network: Tree, season: Span, waits: Waits
) -> Iterator[Undecided]:
    """Those of a network's homes inside the season, or what is past of it: a row for each place and part."""
    own = {int(each) for each in network.ids}
    records = {
        place: spans for place, spans in _records(link, season, waits).items() if place in own
    }
    if not records:
        return
    decisions = {place: spans for place, spans in _decisions(link, season).items() if place in own}
    found: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for deepest, homes in _alike(network, np.array([*records, *decisions], dtype=np.int32)):
        path = network.path(deepest)
        spans = [(place, span) for place in path for span in records.get(place, ())]
        settled = [span for place in path for span in decisions.get(place, ())]
        for since, until in _left([span for _, span in spans], settled, season, waits):
            about = [place for place, span in spans if span[0] < until and span[1] > since]
            found[(about or path)[-1], since, until].extend(homes)
    for (place, since, until), homes in found.items():
        yield Undecided(place, homes, since, until)


def _records(link: Connection, season: Span, waits: Waits) -> dict[int, Spans]:
    """Place -> its outages that ended, of causes that count. [µs]"""
    record = OutageRecord
    query = select(record.place_id, record.since, record.until, record.cause).where(
        record.until > season.since, record.cause != USER, record.since < season.until
    )
    found: dict[int, Spans] = defaultdict(list)
    for place, since, until, cause in link.execute(query):
        if until is not None and waits.counts(cause):
            found[place].append((to_us(since), to_us(until)))
    return found


def _decisions(link: Connection, season: Span) -> dict[int, Spans]:
    """Place -> the time that decisions about it settle. [µs]"""
    made = OutageDecision
    query = select(made.place_id, made.since, made.until).where(
        made.until > season.since, made.since < season.until
    )
    found: dict[int, Spans] = defaultdict(list)
    for place, since, until in link.execute(query):
        found[place].append((to_us(since), to_us(until)))
    return found


def _alike(network: Tree, marked: NDArray[np.int32]) -> Iterator[tuple[int, list[int]]]:
    """Lowest marked place above homes (or the home itself), and those homes; without one: left out."""
    rows = network.rows(network.of_kind(PlaceKind.HOUSEHOLD))
    above = network.ancestors[rows]
    hit = np.isin(above, marked)
    level = above.shape[1] - 1 - np.argmax(hit[:, ::-1], axis=1)
    lowest = above[np.arange(rows.size), level]
    lowest[~hit.any(axis=1)] = -1
    order = np.argsort(lowest, kind="stable")
    cuts = np.flatnonzero(np.diff(lowest[order])) + 1
    for part in np.split(order, cuts):
        if part.size and lowest[part[0]] >= 0:
            yield int(lowest[part[0]]), network.ids[rows[part]].tolist()


def _left(spans: Spans, settled: Spans, season: Span, waits: Waits) -> Iterator[tuple[int, int]]:
    """What no decision settles of the outages that wait, cut to the season. [µs]"""
    begin, end = to_us(season.since), to_us(season.until)
    for since, until in merged(spans, HELD_US):
        part = waits(Span(from_us(since), from_us(until)))
        if part is None:
            continue
        inside = max(to_us(part.since), begin), min(to_us(part.until), end)
        known = merged([(max(a, inside[0]), min(b, inside[1])) for a, b in settled])
        edges = [inside[0], *(at for span in known for at in span), inside[1]]
        yield from ((a, b) for a, b in list(pairwise(edges))[::2] if a < b)
