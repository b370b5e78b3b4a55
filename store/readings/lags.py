"""How far behind the journal each of its followers is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from store.journal.journal import Trimmed
from store.readings.followers import batches_done
from store.readings.readings import Readings

#: What the flush is called among the followers; it keeps its place in the lake itself.
LAKE = "lake"


@dataclass(frozen=True, slots=True)
class Lag:
    """What a follower has not done."""

    batches: int
    age: timedelta  # of the oldest of these; nothing where there is none


def lags(readings: Readings, books: sa.Engine, now: datetime) -> dict[str, Lag]:
    """Follower, the flush among them -> how far behind it is."""
    with Session(books) as session:
        done = batches_done(session)
    done[LAKE] = readings.lake.last_flush().last_batch
    return {name: _of(readings, batch, now) for name, batch in sorted(done.items())}


def _of(readings: Readings, batch: int, now: datetime) -> Lag:
    journal = readings.journal
    behind = max(journal.last() - batch, 0)
    if not behind:
        return Lag(0, timedelta())
    try:
        (oldest,) = journal.since(batch, limit=1)
    except Trimmed:  # the lake has it; what is here is younger
        left = journal.since(journal.trimmed(), limit=1)
        if not left:
            return Lag(behind, timedelta())
        (oldest,) = left
    return Lag(behind, max(now - oldest.committed_at, timedelta()))
