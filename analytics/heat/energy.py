"""Heat or water of places: by their own meters, else by the meters below them.

A place that has a meter is what that meter counted. Another one is the sum of the places below it, down to
households, and says how many of how many meters are in the sum; with one of them missing it is unknown, and the
sum is the least that it can be. Meters and places count while they are there, each bin for itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from analytics.heat.comfort import day_edges
from analytics.heat.meters import AROUND, Meters
from analytics.heat.registers import (
    Counted,
    Registers,
    State,
    counted,
    joined,
)
from analytics.kernels import registers as kernel
from domain.columns import IntArray
from domain.time import Span, day_start, from_us, local_day
from domain.tree import PlaceKind, Tree
from store.books.columns import read_columns
from store.books.registry import Place

#: Readings that are held in memory at once.
PART_ROWS = 2_000_000
#: What a row is of.
PERIODS = ("day", "month", "period")
#: Kinds of place that can have a meter.
LEVELS = (
    PlaceKind.COMPANY, PlaceKind.SOURCE, PlaceKind.STATION, PlaceKind.ZONE, PlaceKind.BUILDING,
    PlaceKind.HOUSEHOLD,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consumption:
    """What places of one kind (n) used in each bin (b)."""

    place: NDArray[np.int32]  # (n,) place ids, increasing
    edges_us: IntArray  # (b + 1,) [µs]
    amount: IntArray  # (n, b) [Wh or L]; where `state` is UNKNOWN what is known of it, at least
    shared: IntArray  # (n, b) what of it was shared out over a gap
    known: IntArray  # (n, b) meters of which the bin is known
    meters: IntArray  # (n, b) meters that make it up, and households below without one
    own: NDArray[np.bool_]  # (n, b) by a meter of its own, not a sum
    marks: IntArray  # (n, b) bits of `registers.WHY`, of all meters in it

    @property
    def state(self) -> NDArray[np.int8]:
        """(n, b) `State`: one missing meter leaves a sum unknown."""
        estimated = (self.marks & kernel.SHARED) != 0
        known = np.where(estimated, State.ESTIMATED, State.MEASURED)
        whole = (self.known == self.meters) & (self.meters > 0)
        state: NDArray[np.int8] = np.where(whole, known, State.UNKNOWN).astype(np.int8)
        return state


def consumption(
    meters: Meters, root: int, kind: PlaceKind, edges_us: IntArray
) -> Iterator[Consumption]:
    """Places of a kind below `root` by id, in pieces of a city.

    Parameters
    ----------
    meters : Meters
    root : int
        Place id.
    kind : PlaceKind
        From company to household.
    edges_us : (b + 1,) int64
        Increasing, at most 366 days apart, not behind now. [µs]

    Raises
    ------
    ValueError
        For rooms, which have no meter, and edges that are none.
    """
    if kind not in LEVELS:
        raise ValueError(
            f"rooms have no meter; allowed: {', '.join(each.value for each in LEVELS)}"
        )
    span = Span(from_us(edges_us[0]), from_us(edges_us[-1]))
    network = meters.network.within(root)
    wanted = network.of_kind(kind)
    if not wanted.size:
        return  # the kind lies above the root, or there is none
    places = network.ids[network.kind <= PlaceKind.HOUSEHOLD.level]
    registers = meters.placed(places, span)
    since, until = _spans(meters.books, network)
    seconds = (span.until - span.since + 2 * AROUND).total_seconds()
    for piece in _pieces(network, kind, wanted, registers, seconds):
        rows = np.flatnonzero(np.isin(network.ancestors[:, kind.level], piece))
        below = network.some(rows)
        own = registers.some(np.isin(registers.place, below.ids))
        there = since[rows, np.newaxis] < edges_us[np.newaxis, 1:]
        there &= until[rows, np.newaxis] > edges_us[np.newaxis, :-1]
        yield _summed(below, _counted(meters, own, span, edges_us), there, kind)


def _counted(meters: Meters, registers: Registers, span: Span, edges_us: IntArray) -> Counted:
    """What each place's registers counted, read some at a time: a station may have thousands below it."""
    seconds = (span.until - span.since + 2 * AROUND).total_seconds()
    rows = np.cumsum(seconds / np.maximum(registers.interval_s, 1))
    _, first, back = np.unique(registers.place, return_index=True, return_inverse=True)
    piece = (
        (rows // PART_ROWS).astype(np.int64)[first][back] if rows.size else rows.astype(np.int64)
    )
    every = [registers.some(piece == each) for each in np.unique(piece)] or [registers]
    return joined([counted(meters.read(some, span), some, edges_us) for some in every])


def _pieces(
    network: Tree, kind: PlaceKind, wanted: NDArray[np.int32], registers: Registers, seconds: float
) -> Iterator[NDArray[np.int32]]:
    """Places in pieces that have about `PART_ROWS` readings below them at most."""
    above = network.above(registers.place, kind)
    below = above >= 0
    each = np.zeros(wanted.size)
    rows = seconds / np.maximum(registers.interval_s[below], 1)
    np.add.at(each, np.searchsorted(wanted, above[below]), rows)
    piece = (np.cumsum(each) // PART_ROWS).astype(np.int64)
    for number in np.unique(piece):
        yield wanted[piece == number]


def _spans(books: Engine, network: Tree) -> tuple[IntArray, IntArray]:
    """(n,) since and (n,) until of each place of the network. [µs]"""
    with books.connect() as link:
        query = select(Place.id, Place.since, Place.until).order_by(Place.id)
        ids, since, until = read_columns(link, query)
    row = np.searchsorted(ids, network.ids)
    return since[row], until[row]


def _summed(network: Tree, told: Counted, there: NDArray[np.bool_], kind: PlaceKind) -> Consumption:
    """From the households up: a place without a meter is the sum of what lies below it."""
    rows = np.searchsorted(network.ids, told.place)
    own = np.zeros(there.shape, dtype=np.bool_)
    own[rows] = told.placed_us > 0
    amount, shared, known, meters, marks = (np.zeros(there.shape, np.int64) for _ in range(5))
    amount[rows], shared[rows], marks[rows] = told.amount, told.shared, told.marks
    known[rows] = (told.state != State.UNKNOWN) & own[rows]
    for level in range(PlaceKind.HOUSEHOLD.level, kind.level - 1, -1):
        mine = network.kind == level
        bare = ~own[mine] & (meters[mine] == 0)
        marks[mine] |= np.where(bare & there[mine], kernel.NO_METER, 0)
        meters[mine] = np.where(own[mine] | bare, own[mine] | there[mine], meters[mine])
        if level > kind.level:
            parent = np.searchsorted(network.ids, network.parent[mine])
            for by, table in (
                (np.add, amount), (np.add, shared), (np.add, known), (np.add, meters),
                (np.bitwise_or, marks),
            ):  # fmt: skip
                by.at(table, parent, np.where(own[parent], 0, table[mine]))
    mine = network.kind == kind.level
    return Consumption(
        network.ids[mine], told.edges_us, amount[mine], shared[mine], known[mine], meters[mine],
        own[mine], marks[mine],
    )  # fmt: skip


def edges_of(span: Span, zone: ZoneInfo, per: str) -> IntArray:
    """Local midnights ("day") or begins of local months ("month") inside a span, and its ends. [µs]

    "period" has the ends alone. A gap inside a bin takes nothing from it, so that a month may be measured of
    which days are not.
    """
    if per not in PERIODS:
        raise ValueError(f"per = {per!r}; allowed: {', '.join(PERIODS)}")
    days = day_edges(span, zone)
    inside = days[1:-1].tolist()
    if per == "month":
        inside = [each for each in inside if from_us(each).astimezone(zone).day == 1]
    if per == "period":
        inside = []
    return np.array([days[0], *inside, days[-1]], dtype=np.int64)


def whole_days(edges_us: IntArray, zone: ZoneInfo) -> NDArray[np.bool_]:
    """(b,) which bins of `edges_of` by day are a local day from midnight to midnight."""
    midnight = [_begins_a_day(from_us(each), zone) for each in edges_us[[0, -1]].tolist()]
    whole = np.ones(edges_us.size - 1, dtype=np.bool_)
    whole[0] &= midnight[0]
    whole[-1] &= midnight[1]
    return whole


def _begins_a_day(at: datetime, zone: ZoneInfo) -> bool:
    """Whether a local day begins at this instant."""
    return at == day_start(local_day(at, zone), zone)
