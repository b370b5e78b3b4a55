"""What a room may have been while nothing of it is known: rows of 7.20 on unknown time, in degrees."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.law.cold_days.samples import Samples
from analytics.law.cold_days.samples import most as most_of
from analytics.law.known import Known
from analytics.law.room_times import rooms_of
from domain.columns import IntArray
from domain.validity import bridge_us

Row = tuple[int, int, int]  # from, until [µs], value [0.001 °C]


class Supposed(NamedTuple):
    """One room with its unknown time filled."""

    sure: Known  # what lies between cold sides for certain
    most: Known  # and a longer one behind cold as cold throughout


class Gap(NamedTuple):
    """A stretch of unknown time behind row `row`, up to the next row or to the end."""

    row: int
    since: int
    until: int

    @property
    def lasts(self) -> int:
        return self.until - self.since


def bridges_of(part: Snapshot) -> IntArray:
    """(n,) the longest gap of each household that is short. [µs]"""
    longest = most_of(part.series.columns[1], part.series.offsets, 0)
    return bridge_us(most_of(longest, part.rooms.offsets, 0))


def supposed_of(
    samples: Samples, first: int, last: int, bridge: int, standard: int, end_us: int
) -> Iterator[Supposed]:
    """Rooms [first, last) of a piece."""
    for room, known in zip(range(first, last), rooms_of(samples, first, last), strict=True):
        own = slice(int(samples.start[room]), int(samples.start[room] + samples.size[room]))
        yield supposed(known, samples.record[own], bridge, standard, end_us)


def supposed(
    room: Known, record: NDArray[np.bool_], bridge: int, standard: int, end_us: int
) -> Supposed:
    """The room's unknown time, filled as 7.20 has it.

    A gap of at most `bridge` between two sides is as warm as the warmer of them. A longer one with
    cold on both sides is so too where a failing record was made inside it; any other one behind cold
    is open: nothing is sure of it, at most it is as cold as the colder side. `record` (m,): rows that are
    measurement records. [µs, 0.001 °C]
    """
    if room.at.size == 0:
        return Supposed(room, room)
    sure: list[Row] = []
    most: list[Row] = []
    for group, settled in _groups(room, record, standard, end_us):
        for gap in group:
            left = int(room.value[gap.row])
            has_right = gap.row + 1 < room.at.size
            right = int(room.value[gap.row + 1]) if has_right else left
            if settled or gap.lasts <= bridge:
                if has_right:
                    sure.append((gap.since, gap.until, max(left, right)))
            elif left < standard:
                most.append((gap.since, gap.until, min(left, right)))
    return Supposed(_with(room, sure), _with(room, [*sure, *most]))


def _gaps(room: Known, end_us: int) -> Iterator[Gap]:
    after = np.append(room.at[1:], max(end_us, int(room.until[-1])))
    for i in np.flatnonzero(room.until < after).tolist():
        yield Gap(i, int(room.until[i]), int(after[i]))


def _groups(
    room: Known, record: NDArray[np.bool_], standard: int, end_us: int
) -> Iterator[tuple[list[Gap], bool]]:
    """Gaps with nothing but failing records between them; whether such a one settles them as cold."""
    gaps = {gap.row: gap for gap in _gaps(room, end_us)}
    failing = record & (room.value < standard)
    done = -1
    for first, gap in gaps.items():
        if first <= done:
            continue
        group, last, acted = [gap], first, False
        while True:
            after = last + 1
            while (
                after < room.at.size
                and failing[after]
                and (after == last + 1 or after - 1 not in gaps)
            ):
                acted = True
                after += 1
            if after - 1 == last or after - 1 not in gaps:
                break
            last = after - 1
            group.append(gaps[last])
        done = last
        cold = (
            room.value[first] < standard and after < room.at.size and room.value[after] < standard
        )
        yield group, bool(acted and cold)


def _with(room: Known, rows: list[Row]) -> Known:
    if not rows:
        return room
    at, until, value = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    every = np.concatenate([room.at, at])
    order = np.argsort(every, kind="stable")
    return Known(
        every[order],
        np.concatenate([room.until, until])[order],
        np.concatenate([room.value, value])[order],
    )
