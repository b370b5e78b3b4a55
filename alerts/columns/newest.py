"""Which readings count: the newest by event time, in the order they came.

Live detectors follow the newest reading of each series. One that is not newer than what its
series has told already (a repeat, a late or out-of-order one) moves nothing here; settlement
reads all of them. The rule looks at arrival order only, so it gives the same answer however
the stream is cut into batches.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alerts.columns.watched import Index, Ints, Watched
from domain.columns import TIMED_MARKS, USABLE_MARKS
from domain.quality import TimeKind
from domain.validity import AHEAD_US

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Rows:
    """Usable readings, each newer than the one before it of its series; in arrival order."""

    order: Ints  # (k,) position in the batch
    slot: NDArray[np.int32]  # (k,)
    at_us: Ints  # (k,) event time
    value: Ints  # (k,) in the resolution of the quantity
    gap_us: Ints  # (k,) since the usable reading before it of its series; -1: the first

    def of(self, which: NDArray[np.bool_] | Ints) -> "Rows":
        """The rows of a mask, or at these positions."""
        return Rows(
            self.order[which], self.slot[which], self.at_us[which], self.value[which],
            self.gap_us[which],
        )  # fmt: skip


@dataclass(slots=True)
class Newest:
    """Per slot, what is known of its newest reading; 0 where none came yet. [µs]"""

    heard_us: Ints  # (n,) event time of any reading
    value_us: Ints  # (n,) event time of a usable one
    kept_us: Ints  # (n,) when the last one with a time of its own was committed
    ahead_us: Ints  # (n,) how far its clock has been ahead of that, at most
    sent_us: Ints  # (n,) when its newest one was sent: event time less what its clock is ahead

    @classmethod
    def blank(cls, size: int) -> "Newest":
        return cls(*(np.zeros(size, dtype=np.int64) for _ in fields(cls)))

    def admit(
        self, batch: "pa.Table | pa.RecordBatch", watched: Watched, committed_us: int | Ints
    ) -> Rows:
        """The batch's rows that count, and from now on they are the newest."""
        slot, at_us, known = _known(batch, watched, committed_us)
        np.maximum.at(self.heard_us, slot[known], at_us[known])
        own, kept_us, ahead_us = self._clocks(batch, slot, at_us, known, committed_us)
        np.maximum.at(self.kept_us, slot[own], kept_us)
        np.maximum.at(self.ahead_us, slot[own], ahead_us)
        np.maximum.at(self.sent_us, slot[own], at_us[own] - ahead_us)
        quality = _numbers(batch, "quality")
        values = batch.column("value")
        present = values.is_valid().to_numpy(zero_copy_only=False)
        usable = known & USABLE_MARKS[quality] & present
        order = np.flatnonzero(usable)
        slot, at_us = slot[order], at_us[order]
        gap_us = gaps(slot, at_us, self.value_us)
        newer = gap_us != 0
        np.maximum.at(self.value_us, slot, at_us)
        value = values.fill_null(0).to_numpy(zero_copy_only=False)[order]
        return Rows(order, slot, at_us, value, gap_us).of(newer)

    def sent(self, batch: "pa.Table", watched: Watched, committed_us: Ints) -> Ints:
        """(n,) when each row was sent by its own clock, less what that is ahead; 0: not known."""
        slot, at_us, known = _known(batch, watched, committed_us)
        own, _, ahead_us = self._clocks(batch, slot, at_us, known, committed_us)
        sent_us = np.zeros(at_us.size, dtype=np.int64)
        sent_us[own] = at_us[own] - ahead_us
        return sent_us

    def _clocks(
        self,
        batch: "pa.Table | pa.RecordBatch",
        slot: Index,
        at_us: Ints,
        known: NDArray[np.bool_],
        committed_us: int | Ints,
    ) -> tuple[Ints, Ints, Ints]:
        """(k,) rows with a time of their own, their commits, and what their clocks are ahead."""
        own = np.flatnonzero(known & (_numbers(batch, "time_kind") != TimeKind.RECEIVER))
        kept_us = np.broadcast_to(committed_us, at_us.shape)[own]
        ahead_us = np.maximum(at_us[own] - kept_us, self.ahead_us[slot[own]])
        order = np.argsort(slot[own], kind="stable")
        first = _firsts(slot[own][order])
        if not first.all():
            ahead_us[order] = np.maximum(ahead_us[order], _running(ahead_us[order], first))
        return own, kept_us, ahead_us

    def until_us(self) -> int:
        """Up to when everything that was sent has come: silence is judged by no later time. [µs]

        Broker and ingest keep the order, so this is the newest event time of the city, less what
        its clock is ahead. A time of receipt says nothing of what still waits; it counts where
        no other came for `AHEAD_US`. 0: nothing was heard yet.
        """
        heard_us = int(self.heard_us.max(initial=0))
        if heard_us - int(self.kept_us.max(initial=0)) > AHEAD_US:
            return heard_us
        return int(self.sent_us.max(initial=0))


def _known(
    batch: "pa.Table | pa.RecordBatch", watched: Watched, committed_us: int | Ints
) -> tuple[Index, Ints, NDArray[np.bool_]]:
    """(n,) slots, event times, and whether both can be relied on."""
    slot = watched.slots(_numbers(batch, "series").astype(np.int32, copy=False))
    at_us = _numbers(batch, "at")
    timed = TIMED_MARKS[_numbers(batch, "quality")]
    return slot, at_us, (slot >= 0) & (at_us <= committed_us + AHEAD_US) & timed


def _numbers(batch: "pa.Table", name: str) -> Ints:
    import pyarrow as pa  # here: the configuration knows the detectors, and help needs neither

    column = batch.column(name)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    numbers: Ints = np.asarray(column).astype(np.int64, copy=False)
    return numbers


def gaps(slot: NDArray[np.int32], at_us: Ints, newest_us: Ints) -> Ints:
    """(k,) time since the newest earlier arrival of the same slot; -1: first; 0: not newer."""
    order = np.argsort(slot, kind="stable")
    slots, times = slot[order], at_us[order]
    first = _firsts(slots)
    before = newest_us[slots]
    if not first.all():
        before = np.maximum(before, _running(times, first))
    gap = np.where(before == 0, -1, np.maximum(times - before, 0))
    out = np.empty_like(gap)
    out[order] = gap
    return out


def _firsts(keys: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(k,) where a new key begins in sorted ones."""
    first = np.ones(keys.size, dtype=np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    return first


def _running(times: Ints, first: NDArray[np.bool_]) -> Ints:
    """Largest time before each row within its segment; 0 for the first of a segment."""
    distinct, rank = np.unique(times, return_inverse=True)
    lifted = np.cumsum(first) * (distinct.size + 1) + rank
    highest = np.maximum.accumulate(lifted) - np.cumsum(first) * (distinct.size + 1)
    before = np.zeros(times.size, dtype=np.int64)
    before[1:] = distinct[highest[:-1]]
    before[first] = 0
    return before


def rounds(key: NDArray[np.int32]) -> Iterator[Ints]:
    """Positions, cut so that each round holds a key once and rounds keep arrival order."""
    order = np.argsort(key, kind="stable")
    keys = key[order]
    start = _firsts(keys)
    if start.all():
        if keys.size:
            yield np.arange(keys.size)
        return
    starts = np.flatnonzero(start)
    nth = np.arange(keys.size) - np.repeat(starts, np.diff(np.append(starts, keys.size)))
    by_round = np.argsort(nth, kind="stable")
    ends = np.cumsum(np.bincount(nth))
    for rows in np.split(order[by_round], ends[:-1]):
        yield np.sort(rows)
