"""Which households a later run must settle anew: those whose facts or readings are others than before.

A household's result depends on its own facts and readings, on the policy, and on what all share:
the season and the outdoor series. So where what all share is as it was, every other household comes
to what it came to.
"""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import UNVERIFIED, VERIFIED, Snapshot
from analytics.heat.ragged import Ragged
from domain.language import Text, msg
from domain.time import Span, to_us
from domain.validity import with_lead

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
#: What of a snapshot is of one household, and is compared household by household.
OF_HOMES = frozenset(
    {
        "household", "code", "fee", "currency", "consent", "rooms", "room_code", "series",
        "measurements", "requests", "outages", "faults", "refusals", "spans", "area", "room_area",
        "open_outages", "recorded", "terms", "changes", "noted_outages", "meters", "room_kind",
    }
)  # fmt: skip
#: Everything else is shared, also what a snapshot may get one day: then all are settled.
_SHARED = tuple(
    each.name
    for each in fields(Snapshot)
    if each.init and each.name not in OF_HOMES and each.name != "season"
)
_OUTDOOR = msg("the outdoor stations are others")
_WHY = {
    "outdoor": _OUTDOOR,
    "outdoor_interval_s": _OUTDOOR,
    "confirmed": msg("the policy's text was confirmed anew"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """What is to be settled anew."""

    rows: BoolArray  # (n,) households of the later snapshot
    why_all: Text | None  # why all of them are; None: they are not


def changed(before: Snapshot, after: Snapshot, touched: NDArray[np.int32]) -> Changed:
    """Households of `after` that may come to something else than they came to with `before`.

    Parameters
    ----------
    touched : ids of the series that have readings in the season which `before` did not see,
        increasing. Those of no household of the season do not matter.
    """
    n = after.household.size
    if (why := _shared(before, after, touched)) is not None:
        return Changed(np.ones(n, dtype=np.bool_), why)
    rows = np.ones(n, dtype=np.bool_)
    both, there, here = np.intersect1d(
        before.household, after.household, assume_unique=True, return_indices=True
    )
    if both.size:
        rows[here] = ~_alike(before, there, after, here)
    return Changed(rows | _touched(after, touched), None)


def _shared(before: Snapshot, after: Snapshot, touched: NDArray[np.int32]) -> Text | None:
    """Why every household may come to something else."""
    own, later = before.season, after.season
    if replace(own, as_of_us=0) != replace(later, as_of_us=0):
        return msg("the season is another than it was")
    if own.end_us != later.end_us:
        return msg("more of the season is past")
    for name in _SHARED:
        if not _same(getattr(before, name), getattr(after, name)):
            return _WHY.get(name, msg("what all households share is not as it was"))
    if np.isin(after.outdoor, touched).any():
        return msg("the outdoor station has other readings")
    return None


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other)


def _touched(snapshot: Snapshot, touched: NDArray[np.int32]) -> BoolArray:
    """(n,) households that a series with new readings speaks for."""
    hit = np.isin(snapshot.series.columns[0], touched)
    found = _any(_any(hit, snapshot.series), snapshot.rooms)
    if snapshot.meters is not None:
        found |= _any(np.isin(snapshot.meters.columns[2], touched), snapshot.meters)
    return found


def _any(hit: BoolArray, owned: Ragged) -> BoolArray:
    """(n,) owners of which a row is hit."""
    owner = np.repeat(np.arange(owned.offsets.size - 1), owned.count())
    return np.bincount(owner[hit], minlength=owned.offsets.size - 1) > 0


def _alike(before: Snapshot, there: IntArray, after: Snapshot, here: IntArray) -> BoolArray:
    """(k,) whether the same households have the same facts; their rows in both."""
    if all(getattr(before, name) is getattr(after, name) for name in OF_HOMES):
        return np.ones(here.size, dtype=np.bool_)  # one took the other's, `Snapshot.as_of`
    same = _plain_alike(before, there, after, here)
    empty = Ragged(np.zeros(1, dtype=np.int64), ())
    for name in (
        "requests",
        "outages",
        "faults",
        "refusals",
        "open_outages",
        "noted_outages",
        "meters",
    ):
        one, other = getattr(before, name) or empty, getattr(after, name) or empty
        same &= equal(_of(one, there), _of(other, here))
    rooms, later = before.rooms.take(there), after.rooms.take(here)
    same &= equal(rooms, later)
    if not same.any():
        return same
    # Rooms of households that have the same ones stand in the same order on both sides.
    kept = np.flatnonzero(same)
    mine, theirs = _room_rows(before, there[kept]), _room_rows(after, here[kept])
    alike = _rooms_alike(before, mine, after, theirs)
    same[kept] &= ~_any(~alike, rooms.take(kept))
    return same


def _plain_alike(before: Snapshot, there: IntArray, after: Snapshot, here: IntArray) -> BoolArray:
    """(k,) whether what a household has one of is the same."""
    same: BoolArray = before.consent[there] == after.consent[here]
    columns = [
        (before.code, after.code), (before.fee, after.fee), (before.currency, after.currency),
        (before.area, after.area), (before.recorded, after.recorded), (before.terms, after.terms),
        (before.changes, after.changes),
    ]  # fmt: skip
    return same & texts_alike(columns, there, here)


def texts_alike(
    columns: Sequence[tuple[Sequence[str], Sequence[str]]], mine: IntArray, theirs: IntArray
) -> BoolArray:
    """(k,) whether rows have the same texts in each of some columns; () says "" of all rows.

    Of a city's columns most are the same as a whole, which is seen without looking at each row.
    """
    same, beside = np.ones(mine.size, dtype=np.bool_), np.array_equal(mine, theirs)
    for was, now in columns:
        if (beside and was == now) or not (was or now):
            continue
        one, other = _some(was, mine), _some(now, theirs)
        same &= np.fromiter(map(operator.eq, one, other), dtype=np.bool_, count=mine.size)
    return same


def _some(texts: Sequence[str], rows: IntArray) -> Iterable[str]:
    return map(texts.__getitem__, rows.tolist()) if texts else repeat("", rows.size)


def _of(ragged: Ragged, owners: IntArray) -> Ragged:
    """Of these owners; of a snapshot that has none of its kind, none."""
    if ragged.offsets.size > 1:
        return ragged.take(owners)
    return Ragged(np.zeros(owners.size + 1, dtype=np.int64), ())


def equal(one: Ragged, other: Ragged) -> BoolArray:
    """(k,) whether owners have the same rows on both sides."""
    same: BoolArray = one.count() == other.count()
    kept = np.flatnonzero(same)
    left, right = one.take(kept), other.take(kept)
    if not left.offsets[-1]:
        return same
    differs = np.zeros(int(left.offsets[-1]), dtype=np.bool_)
    for a, b in zip(left.columns, right.columns, strict=True):
        differs |= a != b
    same[kept] &= ~_any(differs, left)
    return same


def _room_rows(snapshot: Snapshot, rows: IntArray) -> IntArray:
    """Rows of the rooms of these households, one household after the other."""
    every = Ragged(snapshot.rooms.offsets, (np.arange(len(snapshot.room_code), dtype=np.int64),))
    return every.take(rows).columns[0]


def _rooms_alike(before: Snapshot, mine: IntArray, after: Snapshot, theirs: IntArray) -> BoolArray:
    """(k,) whether rooms have the same facts; their rows in both."""
    columns = [
        (before.room_code, after.room_code), (before.room_area, after.room_area),
        (before.room_kind, after.room_kind),
    ]  # fmt: skip
    same = texts_alike(columns, mine, theirs)
    same &= equal(before.series.take(mine), after.series.take(theirs))
    same &= equal(before.measurements.take(mine), after.measurements.take(theirs))
    simple = _simple(before)[mine] & _simple(after)[theirs]
    if simple.all():
        return same
    hard = np.flatnonzero(same & ~simple)
    spans = (_spans(each, rows[hard]) for each, rows in ((before, mine), (after, theirs)))
    same[hard] = equal(*spans)
    return same


def _spans(snapshot: Snapshot, rooms: IntArray) -> Ragged:
    """Placements of rooms; without them, none, which equals no room that has some."""
    if snapshot.spans is None:
        return Ragged(np.zeros(rooms.size + 1, dtype=np.int64), ())
    return snapshot.spans.take(rooms)


def _simple(snapshot: Snapshot) -> BoolArray:
    """(r,) rooms whose series are theirs alone, all of the season and of one rank.

    Of these the placements change nothing, so that it does not matter whether a snapshot has them.
    """
    rooms = len(snapshot.room_code)
    if snapshot.spans is None:
        return np.ones(rooms, dtype=np.bool_)
    ids, (since, until, rank) = snapshot.series.columns[0], snapshot.spans.columns
    whole = with_lead(Span(snapshot.season.span.since, snapshot.season.span.until))
    cut = (since > to_us(whole.since)) | (until < to_us(whole.until))
    known, count = np.unique(ids, return_counts=True)
    shared = np.isin(ids, known[count > 1])
    of_rank = [_any(rank == each, snapshot.series) for each in (VERIFIED, UNVERIFIED)]
    return ~_any(cut | shared, snapshot.series) & ~(of_rank[0] & of_rank[1])
