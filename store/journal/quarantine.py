"""Refused messages: which are open, what became of the others, and how long they are kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from domain.actor import By
from domain.language import Text, msg_in
from store.journal.refused_message import KEPT, RefusedMessage
from store.journal.tables import QUARANTINE, REFUSED

#: What a row takes beside its topic and payload. [bytes]
_ROW = 150
#: So many are marked or deleted in one transaction: ingest waits for each.
AT_ONCE = 1_000


class State(StrEnum):
    """What became of a refused message."""

    OPEN = "open"
    FIXED = "fixed"  # a replay made readings of all of it
    DISMISSED = "dismissed"  # a person said that nothing is to come of it

    @property
    def words(self) -> Text:
        return _WORDS[self]


_WORDS = {
    State.OPEN: msg_in("refused message", "open"),
    State.FIXED: msg_in("refused message", "fixed"),
    State.DISMISSED: msg_in("refused message", "dismissed"),
}


class Wanted(NamedTuple):
    """Which refused messages; None: of any."""

    reason: str | None = None
    since: datetime | None = None  # received from
    until: datetime | None = None  # received before
    state: State | None = None


class Quarantined(NamedTuple):
    """A refused message with its number and what became of it."""

    number: int
    message: RefusedMessage
    state: State
    by: str  # actor; "" while it is open
    why: str
    at: datetime | None


def messages(link: sa.Connection, wanted: Wanted) -> Iterator[Quarantined]:
    """Oldest first."""
    state = QUARANTINE.c
    columns = [REFUSED.c.id, *(REFUSED.c[name] for name in KEPT)]
    query = sa.select(*columns, state.state, state.by, state.why, state.at).outerjoin(
        QUARANTINE, QUARANTINE.c.id == REFUSED.c.id
    )
    if wanted.reason is not None:
        query = query.where(REFUSED.c.reason == wanted.reason)
    if wanted.since is not None:
        query = query.where(REFUSED.c.received_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(REFUSED.c.received_at < wanted.until)
    if wanted.state is not None:
        none = wanted.state is State.OPEN
        query = query.where(state.state.is_(None) if none else state.state == wanted.state.value)
    for number, *kept, became, by, why, at in link.execute(query.order_by(REFUSED.c.id)).yield_per(
        1000
    ):
        yield Quarantined(
            number, RefusedMessage(*kept), State(became or "open"), by or "", why or "", at
        )


def close(engine: sa.Engine, numbers: Sequence[int], state: State, by: By, why: str) -> int:
    """Says of open ones what became of them; how many were open. Whoever is closed stays as it is."""
    row = {"state": state.value, "by": str(by.actor), "why": why, "at": by.at}
    closed = 0
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        with engine.begin() as link:
            known = sa.select(QUARANTINE.c.id).where(QUARANTINE.c.id.in_(some))
            there = set(link.scalars(sa.select(REFUSED.c.id).where(REFUSED.c.id.in_(some))))
            fresh = sorted(there - set(link.scalars(known)))
            if fresh:
                link.execute(QUARANTINE.insert(), [{"id": number, **row} for number in fresh])
            closed += len(fresh)
    return closed


def trim(engine: sa.Engine, before: datetime, most_bytes: int) -> tuple[int, int]:
    """Deletes what is older, then, beyond so many bytes, what is closed and then the oldest.

    How many were deleted, and how many of these were open. The counts by reason stay.
    """
    old = sa.select(REFUSED.c.id).where(REFUSED.c.received_at < before)
    with engine.connect() as link:
        gone = [*link.scalars(old.order_by(REFUSED.c.id))]
        gone += _too_many(link, most_bytes, set(gone))
    open_ = 0
    for first in range(0, len(gone), AT_ONCE):
        some = gone[first : first + AT_ONCE]
        with engine.begin() as link:
            closed = link.execute(sa.delete(QUARANTINE).where(QUARANTINE.c.id.in_(some))).rowcount
            open_ += (
                link.execute(sa.delete(REFUSED).where(REFUSED.c.id.in_(some))).rowcount - closed
            )
    return len(gone), open_


def _too_many(link: sa.Connection, most_bytes: int, gone: set[int]) -> list[int]:
    """What has to go so that the rest fits."""
    size = sa.func.length(REFUSED.c.payload) + sa.func.length(REFUSED.c.topic) + _ROW
    whole = int(link.scalar(sa.select(sa.func.coalesce(sa.func.sum(size), 0))) or 0)
    if whole <= most_bytes:
        return []
    is_open = QUARANTINE.c.id.is_(None)
    query = sa.select(REFUSED.c.id, size).outerjoin(QUARANTINE, QUARANTINE.c.id == REFUSED.c.id)
    rows = [*link.execute(query.order_by(is_open, REFUSED.c.id))]
    left = whole - sum(bytes_ for number, bytes_ in rows if number in gone)
    found = []
    for number, bytes_ in rows:
        if left <= most_bytes:
            break
        if number not in gone:
            found.append(number)
            left -= bytes_
    return found
