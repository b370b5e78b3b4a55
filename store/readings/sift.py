"""Readings of many households of which only the cold ones matter in full."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.columns import Columns
from domain.plausible import FIELDS
from store.lake.files import LakeFile
from store.lake.place import LakePlace
from store.lake.scan import Bounds
from store.readings.assemble import Mapper, assemble
from store.readings.footers import Footers
from store.readings.parts import NO_HIGH, NO_LOW, Part, Wanted, read_parts

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


_ANY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Sifting:
    """What of n series (sorted, unique) may be left out."""

    series: NDArray[np.int32]
    owner: IntArray  # (n,) series of one owner are whole together
    whole: BoolArray  # (n,) those that are whole in any case
    limit: int  # series with a usable value below it are whole
    season_us: tuple[int, int]  # half-open; a series is whole unless in it some usable value would
    rule: tuple[int, ...]  # stay usable under this rule of what can be true (`domain.plausible`)


def sifted(
    place: LakePlace,
    files: tuple[LakeFile, ...],
    what: Sifting,
    at_us: Bounds,
    as_of: int,
    footers: Footers,
    each: Mapper = map,
) -> Columns:
    """Resolved readings; of a series that may be left out one usable value of the season that can
    be true.

    Where one identity may have several rows a series is whole, so that what is left out had
    nothing to resolve.
    """
    wanted = Wanted(what.series, at_us, what.season_us, _still_us(what))
    parts = read_parts(place, files, wanted, as_of, footers, each)
    unclear = _unclear(what, parts)
    kept, thin = _kept(what, parts, unclear)
    if not unclear.any():  # nearly always
        return _placed(what.series, kept, parts, thin, each)
    chosen = np.flatnonzero(kept)
    runs = list(each(lambda part: part.run(what.series, kept), parts))
    whole = assemble(what.series[chosen], runs, each)
    return _joined(what.series, kept, whole, thin)


@dataclass(frozen=True, slots=True)
class _Thin:
    """(n,) the one value of each series that is left out."""

    has: BoolArray
    at_us: IntArray
    value: IntArray
    mark: NDArray[np.uint8]


def _unclear(what: Sifting, parts: list[Part]) -> BoolArray:
    """(n,) series of which several rows may be of one time."""
    found = np.zeros(what.series.size, dtype=np.bool_)
    for part in parts:
        found[part.wanted[part.repeats]] = True
    found[_overlapping(parts)] = True
    return found


def _kept(what: Sifting, parts: list[Part], unclear: BoolArray) -> tuple[BoolArray, _Thin]:
    n = what.series.size
    low, high = np.full(n, NO_LOW), np.full(n, NO_HIGH)
    kept, seen = what.whole | unclear, np.zeros(n, dtype=np.bool_)
    at, value = (np.zeros(n, dtype=np.int64) for _ in range(2))
    thin = _Thin(np.zeros(n, dtype=np.bool_), at, value, np.zeros(n, dtype=np.uint8))
    for part in parts:
        seen[part.wanted] = True
        np.minimum.at(low, part.wanted, part.low)
        np.maximum.at(high, part.wanted, part.high)
        has = np.flatnonzero(part.known >= 0)
        index, rows = part.wanted[has], part.known[has]
        thin.has[index] = True
        thin.at_us[index] = part.time_of(has, rows)
        thin.value[index] = part.value[rows]
        thin.mark[index] = part.mark[rows] if part.mark.size else 0
    # Values that lie close together can't have jumped; one that came and went did not stand still.
    close = thin.has & (high <= _number(what, "most"))
    close[thin.has] &= (high - low)[thin.has] <= (_number(what, "jump") or _ANY)
    kept |= seen & ~(close & (low >= max(what.limit, _number(what, "least"))))
    together = np.zeros(int(what.owner.max(initial=-1)) + 1, dtype=np.bool_)
    together[what.owner[kept]] = True
    return together[what.owner], thin


def _still_us(what: Sifting) -> int:
    """What stands no longer than this is not unchanged for too long. [µs]"""
    return min(_number(what, name) or _ANY for name in ("still", "still_half", "still_whole"))


def _number(what: Sifting, name: str) -> int:
    return what.rule[FIELDS.index(name)]


def _overlapping(parts: list[Part]) -> IntArray:
    """Wanted series of which a slice begins before another one has ended."""
    if not parts:
        return np.array([], dtype=np.int64)
    index, first, last = (
        np.concatenate(column)
        for column in zip(*((p.wanted, p.first_us, p.last_us()) for p in parts), strict=True)
    )
    order = np.lexsort((first, index))
    index, first, last = index[order], first[order], last[order]
    meets = (index[1:] == index[:-1]) & (first[1:] <= last[:-1])
    found: IntArray = index[1:][meets]
    return found


def _placed(
    series: NDArray[np.int32], kept: BoolArray, parts: list[Part], thin: _Thin, each: Mapper
) -> Columns:
    """Whole series and the single values of the others, copied once: there is nothing to resolve."""
    mine = [np.flatnonzero(kept[part.wanted]) for part in parts]
    own = [part.slices(some) for part, some in zip(parts, mine, strict=True)]
    wanted, size, first = (
        np.concatenate([*column, np.empty(0, dtype=np.int64)]).astype(np.int64)
        for column in (zip(*own, strict=True) if own else ((), (), ()))
    )
    one = ~kept & thin.has
    rows = one.astype(np.int64)
    np.add.at(rows, wanted, size)
    offsets = np.concatenate([[0], np.cumsum(rows)]).astype(np.int64)
    at, value = (np.empty(int(offsets[-1]), dtype=np.int64) for _ in range(2))
    mark = np.zeros(at.size, dtype=np.uint8)
    for out, single in ((at, thin.at_us), (value, thin.value), (mark, thin.mark)):
        out[offsets[:-1][one]] = single[one]
    order = np.lexsort((first, wanted))
    ahead = np.cumsum(size[order]) - size[order]  # of the rows of kept series alone
    begins = np.concatenate([[True], np.diff(wanted[order]) != 0])[: order.size]
    inside = ahead - np.maximum.accumulate(np.where(begins, ahead, 0))
    to = np.empty(order.size, dtype=np.int64)
    to[order] = offsets[wanted[order]] + inside
    parted = np.split(to, np.cumsum([some.size for some in mine])[:-1]) if mine else []

    def copy(number: int) -> None:
        parts[number].copy(mine[number], parted[number], at, value, mark)

    for _ in each(copy, range(len(parts))):
        pass
    return Columns(series, offsets, at, value, mark)


def _joined(series: NDArray[np.int32], kept: BoolArray, whole: Columns, thin: _Thin) -> Columns:
    """Whole series and the single values of the others, in the order of series."""
    one = ~kept & thin.has
    size = one.astype(np.int64)
    size[kept] = np.diff(whole.offsets)
    offsets = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    single = offsets[:-1][one]
    rest = np.ones(int(offsets[-1]), dtype=np.bool_)
    rest[single] = False
    columns = []
    for own, many in (
        (thin.at_us, whole.at_us),
        (thin.value, whole.value),
        (thin.mark, whole.mark),
    ):
        column = np.empty(rest.size, dtype=many.dtype)
        column[single], column[rest] = own[one], many
        columns.append(column)
    return Columns(series, offsets, *columns)
