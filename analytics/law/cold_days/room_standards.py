"""Rooms with a standard of their own: which are covered, and how much more or less they are owed."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analytics.facts.changed_terms import terms_throughout
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.cold_days.samples import Samples
from analytics.law.steps import Step, step
from analytics.law.terms import RoomStandard, Terms
from domain.columns import IntArray
from domain.contract_terms import terms_of
from domain.language import msg
from domain.quantity import Quantity
from domain.tree import RoomUse

ROOM = msg("{room}: {what}", room="", what="")
USES = frozenset(each.value for each in RoomUse)


def covered(snapshot: Snapshot, terms: Terms) -> Snapshot:
    """The snapshot without rooms of a recorded use that the standard is not about, nor a contract in its place.

    Those that only a standard of their own covers, such as a kitchen, count where something measures
    them: a sensor or a record.
    """
    if not snapshot.room_kind:
        return snapshot
    general = {each.value for each in terms.standard.rooms}
    own = {each.value for each in terms.standard.covered()} - general
    measured = (snapshot.series.count() > 0) | (snapshot.measurements.count() > 0)
    uses = [{*kind.split("+")} & USES for kind in snapshot.room_kind]
    keep = [
        use <= general or (use <= own and is_measured)
        for use, is_measured in zip(uses, measured.tolist(), strict=True)
    ]
    keep = [a or b for a, b in zip(keep, of_other_users(snapshot, terms), strict=True)]
    return snapshot if all(keep) else snapshot.with_rooms(np.array(keep, dtype=np.bool_))


def of_other_users(snapshot: Snapshot, terms: Terms) -> Iterator[bool]:
    """Of each room whether its user is not residential at some time of the season, and owed by the contract
    what the act does not say: every recorded room counts then."""
    by_contract = terms.standard.non_residential is not None
    for home, count in enumerate(snapshot.rooms.count().tolist()):
        told = terms_throughout(snapshot.terms, snapshot.changes, home) if by_contract else ()
        yield from [not all(terms_of(each).residential for each in told)] * count


def own_of(snapshot: Snapshot, terms: Terms, room: int) -> RoomStandard | None:
    """The standard of a room by its row; None: the general one."""
    return terms.standard.of(snapshot.room_kind[room]) if snapshot.room_kind else None


def more_than_general(snapshot: Snapshot, terms: Terms) -> IntArray:
    """(r,) how much warmer each room is owed than the general standard. [0.001 K]"""
    more = np.zeros(len(snapshot.room_code), dtype=np.int64)
    for room in range(more.size if snapshot.room_kind and terms.standard.own else 0):
        own = own_of(snapshot, terms, room)
        if own is not None:
            more[room] = Quantity.TEMPERATURE.to_ticks(own.temp - terms.standard.temp)
    return more


def records_against_general(snapshot: Snapshot, more: IntArray) -> Snapshot:
    """Measurement records as they compare with the general standard; `more` of each room [0.001 K]."""
    if not more.any():
        return snapshot
    at, value = snapshot.measurements.columns
    by = np.repeat(more, snapshot.measurements.count())
    return replace(snapshot, measurements=Ragged(snapshot.measurements.offsets, (at, value - by)))


def samples_against_general(samples: Samples, more: IntArray) -> Samples:
    """The readings among them likewise: its records are against it already."""
    if not more.any():
        return samples
    by = np.zeros(samples.value.size, dtype=np.int64)
    for room in np.flatnonzero(more).tolist():
        first = int(samples.start[room])
        by[first : first + int(samples.size[room])] = more[room]
    return replace(samples, value=samples.value - np.where(samples.record, 0, by))


def standard_step(own: RoomStandard) -> Step:
    """The room's line of the law."""
    text = msg(
        "standard of a room of this kind ({kind}): {celsius} °C",
        kind=own.words(),
        celsius=f"{own.temp:f}",
    )
    return step("room_standard", own.clause, text, celsius=f"{own.temp:f}")


def standard_steps(snapshot: Snapshot, terms: Terms, first: int, last: int) -> Iterator[Step]:
    """That of each room of rows [first, last) which has one, with the room's name."""
    for room in range(first, last):
        own = own_of(snapshot, terms, room)
        if own is not None:
            told, name = standard_step(own), snapshot.room_code[room]
            text = {"message": ROOM.message, "values": {"room": name, "what": told["text"]}}
            yield {**told, "text": text, "numbers": {**told["numbers"], "room": name}}
