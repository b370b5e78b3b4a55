"""What registers of meters counted in each bin of time, with how that is known.

Every number is an exact integer in Wh (heat) or L (volume). A bin is *measured* where its meters' registers were
read so often that both of its ends are known, *estimated* where a part of it was counted over a longer gap
and is shared out by time (the gap's sum is exact, so days of a month add up to it), and *unknown* where
nothing says what was counted: a fall, a leap, no reading, no meter. Nothing is negative and nothing invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analytics.heat.by_owner import by_owner
from analytics.heat.ragged import merged
from analytics.heat.standing import standing
from analytics.heat.threads import in_ranges
from analytics.kernels import registers as kernel
from domain.columns import Columns, IntArray
from domain.language import Text, msg
from domain.plausible import DWELLING_W, REGISTER_WH
from domain.quantity import Role
from domain.tree import PlaceKind

Int32 = NDArray[np.int32]


class State(IntEnum):
    """How what was counted in a bin is known."""

    MEASURED = 0
    ESTIMATED = 1
    UNKNOWN = 2


#: What a bin is not plainly measured for -> how it is said; the first that speaks comes first.
WHY: Mapping[int, tuple[str, Text]] = MappingProxyType(
    {
        kernel.NO_METER: ("no_meter", msg("no meter")),
        kernel.SEVERAL: ("several_registers", msg("several registers of one meter")),
        kernel.FELL: ("fell", msg("the register fell")),
        kernel.LEAPT: ("leapt", msg("the register leapt")),
        kernel.SILENT: ("silent", msg("no reading")),
        kernel.TEMPERATURES: ("temperatures", msg("temperatures not known")),
        kernel.SHARED: ("gap", msg("counted over a gap, shared out by time")),
        kernel.UNUSABLE: ("unusable", msg("readings that can't be used")),
        kernel.WRONG: ("wrong_reading", msg("a wrong reading was left out")),
        kernel.ROLLED: ("rolled_over", msg("the register rolled over")),
        kernel.EXCHANGED: ("exchanged", msg("the meter was exchanged")),
    }
)

#: The most heat that a place can draw [W], and how coarse its register may be [Wh]. Of more than a
#: dwelling these are only there to find nonsense: no building here draws 10 MW, no plant gives 1 GW.
_MOST: Mapping[PlaceKind, tuple[int, int]] = MappingProxyType(
    {
        PlaceKind.ROOM: (DWELLING_W, REGISTER_WH),
        PlaceKind.HOUSEHOLD: (DWELLING_W, REGISTER_WH),
        PlaceKind.BUILDING: (10_000_000, 1_000_000),
        PlaceKind.ZONE: (50_000_000, 1_000_000),
        PlaceKind.STATION: (200_000_000, 1_000_000),
    }
)
_LARGEST = (1_000_000_000, 1_000_000)
#: Heat that a litre of water gives off at the least difference that a meter is made for, 5 K: 5.8 Wh.
WH_IN_LITRE = 5


#: What a household of a large area, a school or a shop, draws at most; of a smaller one a dwelling's. [W/m2]
W_IN_M2 = 200
LARGE_M2 = DWELLING_W // W_IN_M2


def most_of(kind: PlaceKind, role: Role, area_m2: Decimal | None = None) -> tuple[int, int]:
    """The most that a register of this place counts in an hour, and how coarse it may be [Wh or L].

    >>> most_of(PlaceKind.HOUSEHOLD, Role.ENERGY), most_of(PlaceKind.HOUSEHOLD, Role.VOLUME)
    ((50000, 10000), (10000, 2000))
    >>> most_of(PlaceKind.HOUSEHOLD, Role.ENERGY, Decimal(5000))
    (1000000, 200000)
    """
    rate, slack = _MOST.get(kind, _LARGEST)
    if kind is PlaceKind.HOUSEHOLD and area_m2 is not None and area_m2 > LARGE_M2:
        rate, slack = int(W_IN_M2 * area_m2), int(slack * area_m2 / LARGE_M2)
    return (rate, slack) if role is Role.ENERGY else (rate // WH_IN_LITRE, slack // WH_IN_LITRE)


@dataclass(frozen=True, slots=True)
class Registers:
    """Registers of one role, each for as long as it was at its place; by place and begin (k rows)."""

    place: Int32  # (k,) place ids
    interval_s: IntArray  # (k,) declared [s]
    since_us: IntArray  # (k,) [µs]
    until_us: IntArray  # (k,) not after now; half-open, but for what it shows right then: its last state [µs]
    rate: IntArray  # (k,) the most it counts [Wh/h or L/h]
    slack: IntArray  # (k,) how coarse it may be [Wh or L]
    length: IntArray  # (k,) what it rolls over at [Wh or L], 0: not known
    several: NDArray[np.bool_]  # (k,) its device has another one there at the same time
    series: Int32  # (m,) what is read
    of_series: IntArray  # (m,) row of the register that it is read for

    def some(self, keep: NDArray[np.bool_]) -> "Registers":
        """Those of a mask (k,)."""
        row = np.cumsum(keep) - 1
        read = keep[self.of_series]
        own = {
            each.name: getattr(self, each.name)[keep]
            for each in fields(self)
            if each.name not in ("series", "of_series")
        }
        return Registers(**own, series=self.series[read], of_series=row[self.of_series[read]])


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted at each place (n) in each bin (b); bins are half-open, one after the other."""

    place: Int32  # (n,) place ids, increasing
    edges_us: IntArray  # (b + 1,) [µs]
    amount: IntArray  # (n, b) [Wh or L]; where `state` is UNKNOWN what is known of it, at least
    shared: IntArray  # (n, b) what of it was shared out over a gap
    unknown_us: IntArray  # (n, b) time of which nothing is known [µs]
    placed_us: IntArray  # (n, b) time in which any register was there [µs]
    marks: IntArray  # (n, b) bits of `WHY`

    @property
    def state(self) -> NDArray[np.int8]:
        """(n, b) `State`."""
        estimated = (self.marks & kernel.SHARED) != 0
        known = np.where(estimated, State.ESTIMATED, State.MEASURED)
        state: NDArray[np.int8] = np.where(self.unknown_us > 0, State.UNKNOWN, known).astype(
            np.int8
        )
        return state


def reasons(marks: int) -> list[tuple[str, Text]]:
    """Why a bin is not plainly measured: (code, words) of each.

    >>> [code for code, _ in reasons(kernel.FELL | kernel.SHARED)]
    ['fell', 'gap']
    """
    return [said for bit, said in WHY.items() if marks & bit]


def counted(columns: Columns, registers: Registers, edges_us: IntArray) -> Counted:
    """What each place's registers counted between increasing edges.

    Parameters
    ----------
    columns : Columns
        The series of `registers`, from before the first edge and behind the last, as far as a
        gap there is to be known.
    registers : Registers
    edges_us : (b + 1,) int64
        [µs]

    Raises
    ------
    ValueError
        Where the edges do not increase, or lie more than 366 days apart.
    """
    if edges_us.size < 2 or not np.all(np.diff(edges_us) > 0):
        raise ValueError("edges must increase strictly, and be at least two")
    if int(edges_us[-1] - edges_us[0]) > 366 * 86_400_000_000:
        raise ValueError("edges must lie at most 366 days apart")
    own = by_owner(
        columns, registers.series, registers.of_series, registers.since_us[registers.of_series],
        registers.until_us[registers.of_series] + 1, registers.place.size,
    )  # fmt: skip
    ready = standing(own, registers.interval_s)
    shape = (registers.place.size, edges_us.size - 1)
    amount, shared, unknown, marks = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    in_ranges(
        kernel.register_deltas, shape[0], ready.offsets, ready.at_us, ready.value, ready.usable,
        registers.since_us, registers.until_us, ready.hold_us, registers.rate, registers.slack,
        registers.length, edges_us, amount, shared, unknown, marks,
    )  # fmt: skip
    _ambiguous(registers, edges_us, amount, shared, unknown, marks)
    return _by_place(registers, edges_us, amount, shared, unknown, marks)


def joined(parts: Sequence[Counted]) -> Counted:
    """Parts of different places, by increasing place id, over the same bins."""
    names = [each.name for each in fields(Counted) if each.name != "edges_us"]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Counted(edges_us=parts[0].edges_us, **columns)


def _ambiguous(registers: Registers, edges_us: IntArray, *sums: IntArray) -> None:
    """Which of several registers of one device is its heat is not known: none counts."""
    rows = np.flatnonzero(registers.several)
    amount, shared, unknown, marks = sums
    there = _inside(registers, edges_us)[rows]
    amount[rows], shared[rows], unknown[rows] = 0, 0, there
    marks[rows] = np.where(there > 0, kernel.SEVERAL, 0)


def _inside(registers: Registers, edges_us: IntArray) -> IntArray:
    """(k, b) how long each register was there in each bin. [µs]"""
    since = np.maximum(registers.since_us[:, np.newaxis], edges_us[np.newaxis, :-1])
    until = np.minimum(registers.until_us[:, np.newaxis], edges_us[np.newaxis, 1:])
    inside: IntArray = np.maximum(until - since, 0)
    return inside


def _by_place(registers: Registers, edges_us: IntArray, *sums: IntArray) -> Counted:
    place, first, size = np.unique(registers.place, return_index=True, return_counts=True)
    length = np.diff(edges_us)
    there = _inside(registers, edges_us)
    amount, shared, unknown, placed = (_grouped(np.add, each, first) for each in (*sums[:3], there))
    marks = _grouped(np.bitwise_or, sums[3], first)
    for row in np.flatnonzero(size > 1).tolist():
        own = slice(int(first[row]), int(first[row] + size[row]))
        placed[row] = _union(registers.since_us[own], registers.until_us[own], edges_us)
        several = (there[own] > 0).sum(axis=0) > 1
        changed = ((there[own] > 0) & (there[own] < length)).any(axis=0)
        marks[row] |= np.where(several & changed, kernel.EXCHANGED, 0)
    marks[placed < length] |= kernel.NO_METER
    unknown = np.minimum(unknown + length - placed, length)
    return Counted(place.astype(np.int32), edges_us, amount, shared, unknown, placed, marks)


def _grouped(by: np.ufunc, rows: IntArray, first: IntArray) -> IntArray:
    """(n, b) of (k, b) rows that stand by place, which begin at `first`."""
    if not first.size:
        return rows[:0]
    found: IntArray = by.reduceat(rows, first, axis=0)
    return found


def _union(since_us: IntArray, until_us: IntArray, edges_us: IntArray) -> IntArray:
    """(b,) how long any of these spans lasts in each bin. [µs]"""
    found = np.zeros(edges_us.size - 1, dtype=np.int64)
    for begin, end in merged(list(zip(since_us.tolist(), until_us.tolist(), strict=True))):
        found += np.maximum(np.minimum(end, edges_us[1:]) - np.maximum(begin, edges_us[:-1]), 0)
    return found


def several_at_once(
    key: Sequence[tuple[int, str]], since_us: IntArray, until_us: IntArray
) -> NDArray[np.bool_]:
    """(k,) whether another row of the same (place, device) is there at the same time."""
    rows: dict[tuple[int, str], list[int]] = {}
    for i, each in enumerate(key):
        rows.setdefault(each, []).append(i)
    found = np.zeros(len(key), dtype=np.bool_)
    for own in rows.values():
        for a in own:
            for b in own:
                if a < b and max(since_us[a], since_us[b]) < min(until_us[a], until_us[b]):
                    found[[a, b]] = True
    return found
