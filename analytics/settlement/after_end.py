"""Readings that came after the season's end: of which series they change what is said of the season.

Nothing that is measured after the season's end counts, but it can decide whether a reading before the
end can be true: a value that goes on standing still is of a dead sensor. And what a heat meter shows
at the end, or next behind it, says what it counted on the season's last day.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analytics.facts.checked import Source, checked
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.settlement.restate import equal
from domain.columns import USABLE_MARKS, Columns
from domain.plausible import around, counts_heat
from domain.time import Span

#: Series that are held side by side at once.
PIECE = 5_000


def tail(snapshot: Snapshot) -> Span:
    """The time after the season whose readings only say which of the season can be true."""
    return Span(snapshot.season.read_span.until, snapshot.read_span.until)


def window(snapshot: Snapshot) -> Span:
    """The readings that a judgement near the season's end takes."""
    return Span(around(_judged(snapshot)).since, snapshot.read_span.until)


def _judged(snapshot: Snapshot) -> Span:
    """The part of the season about which readings after it can say something."""
    end = snapshot.season.read_span.until
    return Span(max(around(Span(end, end)).since, snapshot.season.read_span.since), end)


def rejudged(
    snapshot: Snapshot, series: NDArray[np.int32], before: Source, after: Source
) -> NDArray[np.int32]:
    """Those of the series whose readings in the season are judged otherwise than before.

    Parameters
    ----------
    series : ids that have new readings in `tail(snapshot)` only, increasing
    before, after : readings of `window(snapshot)` as of the earlier run and as of now
    """
    own = np.unique(np.concatenate([snapshot.series.columns[0], snapshot.outdoor]))
    wanted = series[np.isin(series, own)]
    sides = checked(snapshot, before), checked(snapshot, after)
    span = _judged(snapshot)
    found = [wanted[:0]]
    for part in _parts(wanted):
        one, other = (_ragged(source(part).within(span), part) for source in sides)
        found.append(part[~equal(one, other)])
    return np.concatenate(found).astype(np.int32)


def recounted(
    snapshot: Snapshot, series: NDArray[np.int32], before: Source, after: Source
) -> NDArray[np.int32]:
    """Those of the series that are heat meters and say otherwise than before what was counted at the end.

    `series`, `before`, `after` as `rejudged` has them. Of a meter that was not read in the time before
    the end nothing is known here: it is one of them.
    """
    if snapshot.meters is None:
        return series[:0]
    wanted = series[np.isin(series, snapshot.meters.columns[2])]
    end, found = snapshot.season.end_us, []
    for part in _parts(wanted):
        one, other = before(part), after(part)
        for number in part.tolist():
            was, now = _at_end(one, number, end), _at_end(other, number, end)
            if was is None or now is None or not np.array_equal(was, now):
                found.append(number)
    return np.array(found, dtype=np.int32)


def _at_end(columns: Columns, number: int, end_us: int) -> NDArray[np.int64] | None:
    """(2, k) instants and values of a register from the end on, up to the first that can be true.

    As `analytics.law.day_heat` takes them; None where nothing was read before the end.
    """
    at, value, mark = columns.of(number)
    usable = USABLE_MARKS[mark]
    at, value = at[usable], value[usable]
    first = int(np.searchsorted(at, end_us))
    if first == 0:
        return None
    wrong = ~counts_heat(at, value)
    sound = np.ones(at.size, dtype=np.bool_)
    sound[:-1] &= ~wrong
    sound[1:] &= ~wrong
    behind = np.flatnonzero(sound[first:])
    last = first + int(behind[0]) + 1 if behind.size else at.size
    return np.stack([at[first:last], value[first:last]])


def _parts(series: NDArray[np.int32]) -> Iterator[NDArray[np.int32]]:
    for start in range(0, series.size, PIECE):
        yield series[start : start + PIECE]


def _ragged(columns: Columns, series: NDArray[np.int32]) -> Ragged:
    """Time, mark and what is usable of the values, of each of the series."""
    value = np.where(columns.usable(), columns.value, 0)
    own = Ragged(
        np.append(columns.offsets, columns.offsets[-1]),
        (columns.at_us, value, columns.mark.astype(np.int64)),
    )  # one more owner without rows: of series that are not there
    row = np.searchsorted(columns.series, series)
    there = np.append(columns.series, -1)[row] == series
    return own.take(np.where(there, row, columns.series.size))
