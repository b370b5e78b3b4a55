"""Which readings speak for a room: of the sensor that was there then, and the best at each instant."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import UNVERIFIED, VERIFIED, Snapshot
from analytics.heat.ragged import Ragged, spread
from domain.columns import Columns, IntArray
from domain.time import to_us
from domain.validity import validity_us

BoolArray = NDArray[np.bool_]


def as_placed(part: Snapshot, columns: Columns) -> tuple[Snapshot, Columns]:
    """The snapshot and its readings with a series of its own for each placement of a sensor.

    A series that was in two rooms, or was verified from some day on, stands in several rows of
    the snapshot with their spans; each becomes a series that has the readings inside its span
    alone. A reading of an unverified sensor is left out while a value of a verified one of the
    same room stands (regulations.md 7.20, "which telemetry counts"). Without spans nothing changes.
    """
    if part.spans is None:
        return part, columns
    series, interval = part.series.columns
    since, until, rank = part.spans.columns
    start, size = columns.slices(series)
    rows = spread(start, size)
    owner = np.repeat(np.arange(series.size), size)
    at = columns.at_us[rows]
    inside = (at >= since[owner]) & (at < until[owner])
    rows, owner, at = rows[inside], owner[inside], at[inside]
    outranked = _outranked(part.series, rank, owner, at, columns.usable()[rows])
    rows, owner = rows[~outranked], owner[~outranked]
    placed = Columns(
        np.arange(series.size, dtype=np.int32),
        np.searchsorted(owner, np.arange(series.size + 1)).astype(np.int64),
        columns.at_us[rows],
        columns.value[rows],
        columns.mark[rows],
    )
    own = Ragged(part.series.offsets, (np.arange(series.size, dtype=np.int64), interval))
    return replace(part, series=own, spans=None), placed


def uneven(part: Snapshot) -> BoolArray:
    """(n,) households of which `as_placed` leaves out readings, or might."""
    found = np.zeros(part.household.size, dtype=np.bool_)
    if part.spans is None:
        return found
    home = np.repeat(np.arange(part.household.size), part.rooms.count())
    home = home[np.repeat(np.arange(home.size), part.series.count())]
    series, (since, until, rank) = part.series.columns[0], part.spans.columns
    whole = part.season.read_span
    _, back, count = np.unique(series, return_inverse=True, return_counts=True)
    some = (since > to_us(whole.since)) | (until < to_us(whole.until)) | (count[back] > 1)
    found[home[some]] = True
    found[np.intersect1d(home[rank == VERIFIED], home[rank == UNVERIFIED])] = True
    return found


def moved_sensors(snapshot: Snapshot) -> list[tuple[tuple[str, int], ...]]:
    """Each sensor that speaks for more than one room: (room code, since when [µs]), by time."""
    if snapshot.spans is None:
        return []
    series, since = snapshot.series.columns[0], snapshot.spans.columns[0]
    room = np.repeat(np.arange(snapshot.series.offsets.size - 1), snapshot.series.count())
    ids, count = np.unique(series, return_counts=True)
    found = []
    for number in ids[count > 1].tolist():
        first: dict[str, int] = {}
        for row in np.flatnonzero(series == number).tolist():
            code = snapshot.room_code[room[row]]
            first[code] = min(int(since[row]), first.get(code, int(since[row])))
        if len(first) > 1:
            found.append(tuple(sorted(first.items(), key=lambda each: each[1])))
    return sorted(set(found))


def _outranked(
    series: Ragged, rank: IntArray, owner: IntArray, at: IntArray, usable: BoolArray
) -> BoolArray:
    """(m,) readings of unverified placements while a verified one of their room stands."""
    outranked = np.zeros(owner.size, dtype=np.bool_)
    first = np.searchsorted(owner, np.arange(rank.size + 1))
    stands = validity_us(series.columns[1]) if rank.size else rank
    for room in _mixed(series, rank).tolist():
        placements = range(int(series.offsets[room]), int(series.offsets[room + 1]))
        for low in (each for each in placements if rank[each] == UNVERIFIED):
            mine = slice(int(first[low]), int(first[low + 1]))
            for best in (each for each in placements if rank[each] == VERIFIED):
                theirs = slice(int(first[best]), int(first[best + 1]))
                outranked[mine] |= _stands(at[theirs], usable[theirs], int(stands[best]), at[mine])
    return outranked


def _mixed(series: Ragged, rank: IntArray) -> IntArray:
    """Rooms that have placements of both ranks."""
    room = np.repeat(np.arange(series.offsets.size - 1), series.count())
    both = np.intersect1d(room[rank == VERIFIED], room[rank == UNVERIFIED])
    return both.astype(np.int64)


def _stands(known_at: IntArray, usable: BoolArray, stands_us: int, at: IntArray) -> BoolArray:
    """(m,) whether a value of one series stands at these instants [µs]."""
    if known_at.size == 0:
        return np.zeros(at.size, dtype=np.bool_)
    last = np.searchsorted(known_at, at, side="right") - 1
    before: BoolArray = last >= 0
    last = np.maximum(last, 0)
    return before & usable[last] & (at < known_at[last] + stands_us)
