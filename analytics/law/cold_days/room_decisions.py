"""Which rooms a decision about a dwelling settles, where each room is settled alone.

A decision settles only what it names. That the dwelling is compliant says that each of its rooms is. That it
is below says that one of them is and not which: it settles the room of which nothing is known while all others
are known to be at or above the standard, and no other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from analytics.facts.recorded import Decided, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis
from analytics.law.cold_days.counted import records_that_count
from analytics.law.cold_days.decided import during, marks_of, touched
from analytics.law.cold_days.room_standards import (
    more_than_general,
    records_against_general,
    samples_against_general,
)
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.samples import Samples, below_at_all, samples_of
from domain.columns import Columns
from domain.recorded import BELOW


def decisions_of_rooms(
    basis: Basis, alone: Snapshot, homes: Sequence[int], columns: Columns, rules: Rules
) -> Snapshot:
    """Rooms settled alone, each with the decisions that are about it; `homes`: whose room each is."""
    rows = [i for i, text in enumerate(alone.recorded) if text and _of_dwelling(text)]
    shared = [i for i in rows if homes.count(homes[i]) > 1]
    if not shared:
        return alone
    samples = _samples(basis, alone, columns, rules)
    recorded = list(alone.recorded)
    for i in shared:
        first, count = homes.index(homes[i]), homes.count(homes[i])
        others = [room for room in range(first, first + count) if room != i]
        recorded[i] = _about(basis, alone, samples, (i, others), rules.standard)
    return replace(alone, recorded=tuple(recorded))


def _of_dwelling(text: str) -> bool:
    return any(not each.room and each.outcome == BELOW for each in recorded_of(text).decisions)


def _samples(basis: Basis, alone: Snapshot, columns: Columns, rules: Rules) -> Samples:
    _, records = records_that_count(alone, basis.days)
    _, telemetry = below_at_all(alone, columns, rules)
    more = more_than_general(alone, basis.terms)
    counted = records_against_general(replace(alone, measurements=records), more)
    return samples_against_general(samples_of(counted, columns, telemetry), more)


def _about(
    basis: Basis, alone: Snapshot, samples: Samples, rooms: tuple[int, Sequence[int]], standard: int
) -> str:
    """What is recorded of a room's household, as far as it says something of the room."""
    kept: list[Decided] = []
    own = recorded_of(alone.recorded[rooms[0]])
    for each in own.decisions:
        if each.room or each.outcome != BELOW:
            kept.append(each)
        else:
            kept += _days_about(basis, samples, rooms, each, standard)
    return replace(own, decisions=tuple(kept)).kept()


def _days_about(
    basis: Basis, samples: Samples, rooms: tuple[int, Sequence[int]], each: Decided, standard: int
) -> Iterator[Decided]:
    """A decision on each of its days on which the room alone may be what made the dwelling below."""
    start = basis.days.start_us
    for d in touched(basis, each):
        since, until = max(each.since, int(start[d])), min(each.until, int(start[d + 1]))
        told = [samples.of(room) for room in (rooms[0], *rooms[1])]
        marks = marks_of(told, since, until)
        _, known = during(told[0], marks)
        warm = [
            is_known & (value >= standard)
            for value, is_known in (during(o, marks) for o in told[1:])
        ]
        if (~known & np.logical_and.reduce(warm)).any():
            yield each._replace(since=since, until=until)
