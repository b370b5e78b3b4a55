"""The worst room's temperature over the time that matters, and what is not known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from analytics.facts.placements import as_placed
from analytics.facts.snapshot import Snapshot
from analytics.law.cold_days.samples import Samples, samples_of
from domain.columns import Columns, IntArray
from domain.time import Span, from_us, to_us
from domain.validity import bridge_us
from reports.letters.letter import Curve, Piece

#: Around what matters, and at least so long. [d]
MARGIN, LEAST = timedelta(days=2), timedelta(days=10)


@dataclass(frozen=True, slots=True)
class _Room:
    """What is known of one room. [µs, 0.001 °C]"""

    row: int
    at: IntArray
    until: IntArray
    value: IntArray


def curve_of(
    snapshot: Snapshot, columns: Columns, standard: int, matters: Sequence[Span],
    more: Sequence[int] = (),
) -> Curve | None:  # fmt: skip
    """The curve of the one household of a snapshot; None where no room has a reading.

    The worst room is the one with the most degree-hours below the `standard` [0.001 °C], of equals
    the one with the lowest value; `more` (r,) is how much warmer each room is owed [0.001 K]. `matters` are the spans that the window has to show.
    """
    placed, own = as_placed(snapshot, columns)
    rooms = [each for each in _rooms(samples_of(placed, own)) if each.at.size]
    if not rooms:
        return None
    owed = [standard + each for each in more or [0] * len(snapshot.room_code)]
    worst = max(rooms, key=lambda each: _badness(each, owed[each.row]))
    window = window_of(snapshot, matters)
    pieces = tuple(_inside(worst, window))
    unknown = tuple(_unknown(placed, worst.row, pieces, window))
    known = sum(each.until_us - each.since_us for each in pieces)
    over = owed[worst.row] - standard
    return Curve(snapshot.room_code[worst.row], window, pieces, unknown, known, over)


def window_of(snapshot: Snapshot, matters: Sequence[Span]) -> Span:
    """The part of the season that is past which holds all that matters; all of it where nothing does."""
    season = Span(snapshot.season.span.since, from_us(snapshot.season.end_us))
    own = [each for each in matters if each.since < season.until and each.until > season.since]
    if not own:
        return season
    since = min(each.since for each in own) - MARGIN
    until = max(each.until for each in own) + MARGIN
    short = max(LEAST - (until - since), timedelta(0)) / 2
    return Span(max(season.since, since - short), min(season.until, until + short))


def _rooms(samples: Samples) -> Iterator[_Room]:
    for row, (first, size) in enumerate(zip(samples.start, samples.size, strict=False)):
        own = slice(int(first), int(first + size))
        yield _Room(row, samples.at[own], samples.until[own], samples.value[own])


def _badness(room: _Room, standard: int) -> tuple[int, int, int]:
    below = np.maximum(standard - room.value, 0) * ((room.until - room.at) // 1_000_000)
    return int(below.sum()), standard - int(room.value.min()), -room.row


def _inside(room: _Room, window: Span) -> Iterator[Piece]:
    """Its values inside the window; where one follows the same one they are one piece."""
    since = np.maximum(room.at, to_us(window.since))
    until = np.minimum(room.until, to_us(window.until))
    kept = since < until
    since, until, value = since[kept], until[kept], room.value[kept]
    if not since.size:
        return
    goes_on = (since[1:] == until[:-1]) & (value[1:] == value[:-1])
    first = np.flatnonzero(np.append(True, ~goes_on))
    last = np.append(first[1:], since.size) - 1
    columns = (since[first], until[last], value[first])
    yield from map(Piece, *(each.tolist() for each in columns))


def _unknown(snapshot: Snapshot, row: int, pieces: Sequence[Piece], window: Span) -> Iterator[Span]:
    """Stretches of the window longer than what is bridged; what they are stands in `unknown.py`."""
    own = slice(*snapshot.series.offsets[row : row + 2].tolist())
    interval = snapshot.series.columns[1][own]
    least = int(bridge_us(interval).max()) if interval.size else 0
    ends = to_us(window.since)
    for piece in (*pieces, Piece(to_us(window.until), to_us(window.until), 0)):
        if piece.since_us - ends > least:
            yield Span(from_us(ends), from_us(piece.since_us))
        ends = max(ends, piece.until_us)
