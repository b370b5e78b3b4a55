"""What a household's heat meter counted on each local day, as far as its register tells.

A register's value stands as any value does (`domain.validity`): the heat of a day is what it stood at
at the day's end less what it stood at at its begin. Where nothing stands at a midnight, what was counted
between the readings on both its sides is known for their days together, and not for each. Nothing is
interpolated.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import IntArray
from analytics.law.calculator import Basis
from domain.columns import Columns
from domain.validity import validity_us

#: Of a register that went back, or that was not read: what it counted can't be said.
UNBOUNDED = -1


class Together(NamedTuple):
    """Heat that is known for several days together only, or not at all."""

    first: int  # day of the season, by index
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
    for since, until, points in _registers(part, row, columns, edges):
        covered.append((since, until))
        together += _count(points, (since, until), edges, known)
    together += _uncovered(covered, edges)
    return DayHeat(known, tuple(sorted(together)))


def _edges(basis: Basis) -> IntArray:
    """(d + 1,) first instants of the season's days, inside the season and not ahead. [µs]"""
    season = basis.snapshot.season
    return np.clip(basis.days.start_us, season.since_us, max(season.end_us, season.since_us))


def _registers(
    part: Snapshot, row: int, columns: Columns, edges: IntArray
) -> Iterator[tuple[int, int, _Points]]:
    """From when to when each register was the household's, and what it stood at."""
    if part.meters is None:
        return
    first, last = part.meters.offsets[row : row + 2].tolist()
    table = np.stack([each[first:last] for each in part.meters.columns])
    for meter in np.unique(table[4]).tolist():
        own = table[:, table[4] == meter]
        since, until = max(int(own[0, 0]), int(edges[0])), min(int(own[1, 0]), int(edges[-1]))
        if since < until:
            stands = int(validity_us(own[3, :1])[0])
            new = since == int(own[0, 0])
            yield since, until, _points(columns, own[2], stands, (since, until), edges, new=new)


def _points(
    columns: Columns, series: IntArray, stands: int, span: tuple[int, int], edges: IntArray, *,
    new: bool,
) -> _Points:  # fmt: skip
    """Usable readings inside the span, and what stood at its ends and at each midnight in it."""
    told = [columns.of(each) for each in sorted(set(series.tolist()))]
    at, value, mark = (np.concatenate([each[i] for each in told]) for i in range(3))
    order = np.argsort(at, kind="stable")
    at, value = at[order], value[order]
    usable = Columns(_ONE, np.array([0, at.size]), at, value, mark[order]).usable()
    since, until = span
    marks = np.unique(np.concatenate([edges[(edges > since) & (edges < until)], [since, until]]))
    row = np.searchsorted(at, marks, side="right") - 1
    there = (row >= 0) & (at.size > 0)
    row = np.maximum(row, 0)
    if at.size:
        there &= usable[row] & (marks < at[row] + stands)
    inside = usable & (at >= since) & (at <= until)
    begin = _at_begin(at[inside], value[inside], since, stands) if new and not there[0] else ()
    found_at = np.concatenate([at[inside], marks[there], np.array(begin[:1], dtype=np.int64)])
    stood = value[row[there]] if at.size else value
    found = np.concatenate([value[inside], stood, np.array(begin[1:], dtype=np.int64)])
    order = np.argsort(found_at, kind="stable")
    return _Points(found_at[order], found[order])


def _at_begin(at: IntArray, value: IntArray, since: int, stands: int) -> tuple[int, ...]:
    """A meter that is new begins with its first reading, where that comes soon enough."""
    soon = at.size and int(at[0]) - since < stands
    return (since, int(value[0])) if soon else ()


_ONE = np.zeros(1, dtype=np.int32)


def _count(
    points: _Points, span: tuple[int, int], edges: IntArray, known: IntArray
) -> Iterator[Together]:
    """Adds what is counted inside a day to `known`; what spans several is of them together."""
    at = np.concatenate([span[:1], points.at, span[1:]])
    moved = np.full(at.size - 1, UNBOUNDED)  # also of the time before the first, behind the last
    moved[1:-1] = np.diff(points.value)
    first = np.searchsorted(edges, at[:-1], side="right") - 1
    last = np.searchsorted(edges, at[1:], side="left") - 1
    some = (np.diff(at) > 0) & (moved != 0)
    within = some & (first == last) & (moved > 0)
    np.add.at(known, first[within], moved[within])
    for i in np.flatnonzero(some & ~within).tolist():
        yield Together(int(first[i]), int(last[i]), max(int(moved[i]), UNBOUNDED))


def _uncovered(spans: list[tuple[int, int]], edges: IntArray) -> Iterator[Together]:
    """Days of which no register is the household's for all of their time."""
    cursor = int(edges[0])
    for since, until in [*sorted(spans), (int(edges[-1]), int(edges[-1]))]:
        if since > cursor:
            first = int(np.searchsorted(edges, cursor, side="right")) - 1
            last = int(np.searchsorted(edges, since, side="left")) - 1
            yield Together(first, last, UNBOUNDED)
        cursor = max(cursor, until)
