"""What a contract owes changes inside the season: each sample and record is judged by the value of its time.

Whoever is judged by one span's terms has what was measured at other times moved by as much as the owed
temperature differs, so that it compares with that span's limit as with its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from analytics.facts.changed_terms import TermsSpan, changes_of
from analytics.facts.recorded import FOREVER_US
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.room_limits import owed_temperature
from analytics.law.terms import Standard
from domain.columns import IntArray
from domain.contract_terms import terms_of
from domain.quantity import Quantity
from domain.tree import CORNER

Move = tuple[int, int, int]  # since, until [µs], how much is added [0.001 K]


def judged_by(standard: Standard, part: Snapshot, own: Sequence[int]) -> Snapshot:
    """Households whose terms change, each judged by one span of them: `own` (n,), its number."""
    if not any(part.changes):
        return of_their_use(standard, part)
    spans = [changes_of(kept) for kept in part.changes]
    terms = tuple(each[n].terms if each else "" for each, n in zip(spans, own, strict=True))
    if part.terms:
        terms = tuple(
            new if each else old for old, new, each in zip(part.terms, terms, spans, strict=True)
        )
    part = replace(part, terms=terms if any(terms) else (), changes=())
    moves = [list(_moves(standard, each, n)) for each, n in zip(spans, own, strict=True)]
    part = of_their_use(standard, part)
    return _moved(standard, part, moves) if any(moves) else part


def of_their_use(standard: Standard, part: Snapshot) -> Snapshot:
    """Without rooms of dwellings that count for other users only."""
    if not any(part.room_kind):
        return part
    residential = [terms_of(each).residential for each in part.terms] or [True]
    dwelling = np.resize(np.array(residential), part.household.size)
    covered = {each.value for each in standard.covered()}
    named = [_use_of(kind) for kind in part.room_kind]
    other = np.array([bool(use) and use not in covered for use in named])
    away = other & np.repeat(dwelling, part.rooms.count())
    return part.with_rooms(~away) if away.any() else part


def _use_of(kind: str) -> str:
    """The use that a room's kind names; "": none."""
    return next((part for part in kind.split("+") if part != CORNER), "")


def _moves(standard: Standard, spans: Sequence[TermsSpan], own: int) -> Iterator[Move]:
    if not spans:
        return
    owed = [
        Quantity.TEMPERATURE.to_ticks(owed_temperature(standard, terms_of(each.terms)))
        for each in spans
    ]
    begins = [-FOREVER_US, *(each.since for each in spans[1:])]
    for since, until, ticks in zip(begins, [*begins[1:], FOREVER_US], owed, strict=True):
        if ticks != owed[own]:
            yield since, until, owed[own] - ticks


def _moved(standard: Standard, part: Snapshot, moves: Sequence[Sequence[Move]]) -> Snapshot:
    """With the moves of each room that is owed what the contract says, and its records moved."""
    owner = np.repeat(np.arange(part.household.size), part.rooms.count()).tolist()
    rooms = [
        [] if _has_own(standard, part, room, home) else moves[home]
        for room, home in enumerate(owner)
    ]
    at, value = part.measurements.columns
    value = value.copy()
    for room, own in enumerate(rooms):
        first, last = part.measurements.offsets[room : room + 2].tolist()
        _add(at[first:last], value[first:last], own)
    records = Ragged(part.measurements.offsets, (at, value))
    return replace(part, measurements=records, moved=Ragged.of(rooms, 3))


def _has_own(standard: Standard, part: Snapshot, room: int, home: int) -> bool:
    """Whether a room's kind has a standard that no contract changes."""
    residential = terms_of(part.terms[home]).residential if part.terms else True
    kind = part.room_kind[room] if part.room_kind else ""
    return residential and standard.of(kind) is not None


def _add(at: IntArray, value: IntArray, moves: Sequence[Move]) -> None:
    for since, until, more in moves:
        value[(at >= since) & (at < until)] += more
