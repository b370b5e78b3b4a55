"""What a household's heat meter counted on each local day, as far as its register tells.

The heat of a day is what the register was read at at the day's end less what it was read at at its begin.
Where nobody read it at a midnight, what was counted between the readings on both its sides is known for
their days together, and not for each: another reading between them can only tell more. Nothing is
interpolated, and readings beside a fall or a leap that no dwelling can cause (`domain.plausible`) say nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import NO_SERIES, Snapshot
from analytics.heat.ragged import IntArray
from analytics.law.calculator import Basis
from domain.columns import Columns
from domain.plausible import counts_heat
from domain.validity import validity_us

#: Of a register that fell or leapt, or that was not read: what it counted can't be said.
UNBOUNDED = -1


class Together(NamedTuple):
    """Heat that is known for several days together only, or not at all."""

    first: int  # day of the season, by index; -1: before it, the number of its days: behind it
    last: int
    heat: int  # [Wh]; UNBOUNDED: not known


class DayHeat(NamedTuple):
    """A household's metered heat over the season (d days)."""

    known: IntArray  # (d,) counted on that day for certain [Wh]
    together: tuple[Together, ...]


class _Points(NamedTuple):
    """What one register is known to have stood at, in order of time."""

    at: IntArray  # [µs]
    value: IntArray  # [Wh]


def heat_of(basis: Basis, part: Snapshot, row: int, columns: Columns) -> DayHeat:
    """Of a household of the part; `columns` has the readings of its registers."""
    edges = _edges(basis)
    known = np.zeros(edges.size - 1, dtype=np.int64)
    together: list[Together] = []
    covered: list[tuple[int, int]] = []
    for since, until, points in _registers(part, row, columns):
        covered.append((max(since, int(edges[0])), min(until, int(edges[-1]))))
        together += _count(points, (since, until), edges, known)
    together += _uncovered(covered, edges)
    return DayHeat(known, tuple(sorted(together)))


def _edges(basis: Basis) -> IntArray:
    """(d + 1,) first instants of the season's days, inside the season and not ahead. [µs]"""
    season = basis.snapshot.season
    return np.clip(basis.days.start_us, season.since_us, max(season.end_us, season.since_us))


def _registers(part: Snapshot, row: int, columns: Columns) -> Iterator[tuple[int, int, _Points]]:
    """From when to when each register was the household's, and what it was read at."""
    if part.meters is None:
        return
    first, last = part.meters.offsets[row : row + 2].tolist()
    table = np.stack([each[first:last] for each in part.meters.columns])
    for meter in np.unique(table[4]).tolist():
        own = table[:, table[4] == meter]
        since, until = int(own[0, 0]), int(own[1, 0])
        stands = int(validity_us(own[3, :1])[0])
        yield since, until, _points(columns, own[2], stands, (since, until))


def _points(columns: Columns, series: IntArray, stands: int, span: tuple[int, int]) -> _Points:
    """What the register was read at while it was there, and at the ends of that time (`_at_ends`)."""
    there = [each for each in sorted(set(series.tolist())) if each != NO_SERIES]
    told = [columns.of(each) for each in there] or [(_NONE, _NONE, _NONE.astype(np.uint8))]
    at, value, mark = (np.concatenate([each[i] for each in told]) for i in range(3))
    inside = Columns(_ONE, np.array([0, at.size]), at, value, mark).usable()
    inside &= (at >= span[0]) & (at <= span[1])
    order = np.lexsort((value[inside], at[inside]))
    at, value = at[inside][order], value[inside][order]
    wrong = ~counts_heat(at, value)
    sound = np.ones(at.size, dtype=np.bool_)
    sound[:-1] &= ~wrong
    sound[1:] &= ~wrong
    return _at_ends(at, value, sound, stands, span)


def _at_ends(
    at: IntArray, value: IntArray, sound: NDArray[np.bool_], stands: int, span: tuple[int, int]
) -> _Points:
    """A meter begins with its first reading and ends with its last, where they are so near.

    What it counted before the one and behind the other is left out: more readings there only add.
    """
    since, until = span
    kept, stood = at[sound], value[sound]
    if at.size and sound[0] and since < at[0] < since + stands:
        kept, stood = np.append(since, kept), np.append(value[0], stood)
    if at.size and sound[-1] and until - stands < at[-1] < until:
        kept, stood = np.append(kept, until), np.append(stood, value[-1])
    return _Points(kept, stood)


_ONE = np.zeros(1, dtype=np.int32)
_NONE = np.empty(0, dtype=np.int64)


def _count(
    points: _Points, span: tuple[int, int], edges: IntArray, known: IntArray
) -> Iterator[Together]:
    """Adds what is counted inside a day to `known`; what spans several is of them together."""
    at = np.concatenate([span[:1], points.at, span[1:]])
    moved = np.full(at.size - 1, UNBOUNDED)  # also of the time before the first, behind the last
    possible = counts_heat(points.at, points.value)
    moved[1:-1] = np.where(possible, np.diff(points.value), UNBOUNDED)
    first = np.searchsorted(edges, at[:-1], side="right") - 1
    last = np.searchsorted(edges, at[1:], side="left") - 1
    some = (np.diff(at) > 0) & (moved != 0) & (last >= 0) & (first < known.size)
    within = some & (first == last) & (moved > 0)
    np.add.at(known, first[within], moved[within])
    for i in np.flatnonzero(some & ~within).tolist():
        if moved[i] == UNBOUNDED:
            yield Together(max(int(first[i]), 0), min(int(last[i]), known.size - 1), UNBOUNDED)
        else:
            yield Together(int(first[i]), int(last[i]), int(moved[i]))


def _uncovered(spans: list[tuple[int, int]], edges: IntArray) -> Iterator[Together]:
    """Days of which no register is the household's for all of their time."""
    cursor = int(edges[0])
    there = sorted(each for each in spans if each[0] < each[1])
    for since, until in [*there, (int(edges[-1]), int(edges[-1]))]:
        if since > cursor:
            first = int(np.searchsorted(edges, cursor, side="right")) - 1
            last = int(np.searchsorted(edges, since, side="left")) - 1
            yield Together(first, last, UNBOUNDED)
        cursor = max(cursor, until)
