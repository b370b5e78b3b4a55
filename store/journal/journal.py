"""The journal: the last batches as they came, committed and synced before they are acknowledged.

Its own SQLite file (WAL, `synchronous=FULL`) or a PostgreSQL database for several workers.
Batch numbers start at 1, have no gaps and become visible in order.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import DatabaseError, OperationalError

from domain.actor import By
from domain.errors import ServerMissing
from domain.language import msg
from domain.time import Span
from store.journal import codec_state, quarantine
from store.journal.batches import decoded, encode
from store.journal.file import opened
from store.journal.refused_message import RefusedMessage, kept
from store.journal.remembered import CodecState
from store.journal.schema import READING
from store.journal.tables import BATCH, FLUSH, KEYS, REASON, REFUSED, STATE, metadata
from store.server.address import database, hidden, not_sqlite
from store.server.damaged_database import JOURNAL, refuse_damaged
from store.server.locks import Lock, file_locks, postgres_locks
from store.server.read_only import is_read_only

#: Keys kept for recognising a redelivery. Mosquitto takes acknowledgements slower than it sends a
#: backlog: 138,000 of 200,000 came again after a crash, more than there are packet ids. 8 bytes each.
KEYS_KEPT = 1_048_576
#: Batches deleted in one transaction, so that a commit never waits long behind a trim.
TRIM_STEP = 64


class Trimmed(LookupError):
    """The wanted batches are only in the lake by now."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one commit brought; what the lake gives back is a flush's worth in one."""

    number: int
    readings: pa.Table  # `store.journal.schema.READING`
    messages: int  # 0 where it comes from the lake, which does not count messages
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class JournalCounts:
    """Cumulative for good, whatever was trimmed."""

    batches: int
    messages: int
    readings: int
    redelivered: int
    refused: dict[str, int]  # by reason


@dataclass(frozen=True, slots=True)
class Flush:
    """One step of the lake: its number, the last batch it holds, and when it was made."""

    number: int  # 0: nothing was flushed yet
    last_batch: int
    at: datetime | None


def to_url(place: str) -> sa.URL:
    """The SQLAlchemy address; a bare path is a SQLite file. WrongCall names what is allowed."""
    return database("journal", place)


class Journal:
    """Appends batches durably, gives them back in order, and forgets them behind the lake.

    Safe for several threads and several processes.
    """

    def __init__(self, engine: sa.Engine, lock: Lock) -> None:
        self._engine = engine
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.lock = lock
        self._counted: deque[tuple[int, int]] = deque()  # batches with keys, and how many
        self._kept_keys = 0
        if is_read_only(engine):
            return
        with lock("journal-tables"), engine.begin() as link:
            metadata.create_all(link)
            if link.execute(sa.select(STATE.c.id)).first() is None:
                zero = dict.fromkeys((c.name for c in STATE.c), 0) | {"id": 1}
                link.execute(STATE.insert().values(zero))

    @classmethod
    def open(cls, url: str) -> "Journal":
        """A path or an address (sqlite or postgresql).

        Raises WrongCall where no SQLite file can be, ServerMissing where PostgreSQL is not there.
        """
        address = to_url(url)
        if address.get_backend_name() == "postgresql":
            return cls._open_postgres(address)
        return cls._open_sqlite(address)

    @classmethod
    def _open_sqlite(cls, address: sa.URL) -> "Journal":
        path = Path(str(address.database))
        engine = opened(address, path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls(engine, file_locks(path.parent / f"{path.name}.locks"))
        except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
            engine.dispose()
            raise not_sqlite(JOURNAL, str(path), getattr(error, "orig", error)) from None

    @classmethod
    def _open_postgres(cls, address: sa.URL) -> "Journal":
        engine = sa.create_engine(address, pool_pre_ping=True)
        try:
            return cls(engine, postgres_locks(engine))
        except OperationalError as error:
            where = hidden(address.render_as_string(hide_password=True))
            raise ServerMissing(
                msg("PostgreSQL for the journal"),
                msg("start it at {where} ({hidden})", where=where, hidden=hidden(str(error.orig))),
            ) from None

    def close(self) -> None:
        self._engine.dispose()

    def refuse_damaged(self) -> None:
        """DamagedDatabase where its file is."""
        refuse_damaged(self._reading, JOURNAL)

    # -- writing ---------------------------------------------------------------------------

    def append(
        self,
        readings: pa.RecordBatch,
        *,
        messages: int,
        now: datetime,
        refused: Sequence[RefusedMessage] = (),
        keys: NDArray[np.uint64] | None = None,
        redelivered: int = 0,
        states: Sequence[CodecState] = (),
    ) -> int:
        """Keeps one batch; when it returns the number, the batch is on the disk.

        Parameters
        ----------
        readings : RecordBatch of `store.journal.schema.READING`, may be empty
        messages : messages that this batch answers for, refused ones included
        now : commit time
        refused : kept whole, or counted, in the same transaction
        keys : (messages,) hashes by which a redelivery is recognised
        redelivered : messages of this batch that were dropped as repeats
        states : what codecs remember from now on, in the same transaction

        Raises ValueError where the columns are not those of `READING`.
        """
        if not readings.schema.equals(READING):
            raise ValueError(f"expected columns {READING.names}, got {readings.schema.names}")
        data = encode(readings)
        count = readings.num_rows
        added = {"m": messages, "r": count, "d": redelivered}
        with self._engine.begin() as link:
            number = int(link.execute(_NEXT, added).scalar_one())
            row = (number, now, messages, count, data)
            link.execute(_INSERT_BATCH, dict(zip(BATCH.c.keys(), row, strict=True)))
            if keys is not None and keys.size:
                kept = {"number": number, "count": keys.size, "keys": keys.tobytes()}
                link.execute(_INSERT_KEYS, kept)
            if refused:
                self._keep_refused(link, number, refused)
            if states:
                codec_state.write(link, states)
        return number

    def _keep_refused(
        self, link: sa.Connection, number: int, refused: Sequence[RefusedMessage]
    ) -> None:
        whole = [{"number": number, **kept(each)} for each in refused if not each.counted]
        if whole:
            link.execute(_INSERT_REFUSED, whole)
        for reason in sorted({each.reason for each in refused}):
            n = sum(each.reason == reason for each in refused)
            if not link.execute(_COUNT_REASON, {"why": reason, "n": n}).rowcount:
                link.execute(REASON.insert(), {"reason": reason, "count": n})

    # -- reading ---------------------------------------------------------------------------

    def since(self, batch: int, limit: int = 100) -> list[Batch]:
        """Batches after `batch`, without a gap, at most `limit`; Trimmed where they are gone."""
        query = sa.select(BATCH).where(BATCH.c.number > batch).order_by(BATCH.c.number).limit(limit)
        with self._reading.connect() as link:
            rows = link.execute(query).all()
        if not rows or rows[0].number != batch + 1:
            self._check_kept(batch)
            # Nothing was there when asked, or another commit came between: the next call sees it.
            rows = []
        return [
            Batch(r.number, decoded(r.number, r.data, self.where), r.messages, r.committed_at)
            for r in rows
        ]

    @property
    def where(self) -> str:
        """Its address, without a password."""
        return self._engine.url.render_as_string()

    def _check_kept(self, batch: int) -> None:
        trimmed = self.trimmed()
        if batch < trimmed:
            raise Trimmed(
                f"batches up to {trimmed} are in the lake alone, asked for those after {batch}"
            )

    def last(self) -> int:
        """Number of the newest batch, 0 where there is none."""
        return self._state("batches")

    def trimmed(self) -> int:
        """Batches up to this number are in the lake alone."""
        return self._state("trimmed")

    def _state(self, column: str) -> int:
        with self._reading.connect() as link:
            return int(link.execute(sa.select(STATE.c[column])).scalar_one())

    def size(self) -> int:
        """Bytes of the batches kept at the moment."""
        with self._reading.connect() as link:
            query = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(BATCH.c.data)), 0))
            return int(link.execute(query).scalar_one())

    def recent_keys(self, count: int = KEYS_KEPT) -> NDArray[np.uint64]:
        """(n,) keys of the last messages kept, oldest first, n <= `count`."""
        found: list[NDArray[np.uint64]] = []
        size = 0
        with self._reading.connect() as link:
            for row in link.execute(sa.select(KEYS).order_by(KEYS.c.number.desc())):
                found.append(np.frombuffer(row.keys, dtype=np.uint64))
                size += found[-1].size
                if size >= count:
                    break
        return np.concatenate([np.empty(0, np.uint64), *reversed(found)])[-count:]

    def codec_states(self) -> dict[str, dict[str, bytes]]:
        """Feed -> key -> what its codec remembers as of the newest batch."""
        with self._reading.connect() as link:
            return codec_state.read(link)

    def counts(self) -> JournalCounts:
        """Everything ever kept, trimmed or not."""
        with self._engine.begin() as link:
            now = link.execute(sa.select(STATE)).one()
            reasons = link.execute(sa.select(REASON).order_by(REASON.c.reason)).all()
        refused = {r.reason: r._mapping["count"] for r in reasons}
        return JournalCounts(now.batches, now.messages, now.readings, now.redelivered, refused)

    def refused_by_feed(self, received: Span) -> dict[str, int]:
        """How many of the messages of each feed that came within a span are kept as refused."""
        feed, at = REFUSED.c.feed, REFUSED.c.received_at
        query = sa.select(feed, sa.func.count()).where(at >= received.since, at < received.until)
        with self._reading.connect() as link:
            return {name: n for name, n in link.execute(query.group_by(feed))}  # noqa: C416

    def refused(
        self, reason: str | None = None, since: datetime | None = None
    ) -> Iterator[RefusedMessage]:
        """Every refused message, oldest first; of one reason, or received from `since` on."""
        for each in self.quarantined(quarantine.Wanted(reason, since)):
            yield each.message

    def quarantined(self, wanted: quarantine.Wanted) -> Iterator[quarantine.Quarantined]:
        """Refused messages with what became of them, oldest first."""
        with self._reading.connect() as link:
            yield from quarantine.messages(link, wanted)

    def close_refused(
        self, numbers: Sequence[int], state: quarantine.State, by: By, why: str = ""
    ) -> int:
        """Says of open refused messages what became of them; how many were open."""
        return quarantine.close(self._engine, numbers, state, by, why)

    def trim_refused(self, before: datetime, most_bytes: int) -> tuple[int, int]:
        """Deletes refused messages that are older or too many; how many, and how many were open."""
        return quarantine.trim(self._engine, before, most_bytes)

    # -- behind the lake -------------------------------------------------------------------

    def record_flush(self, flush: Flush) -> None:
        """Remembers which batches a flush carried; a second time changes nothing."""
        if flush.at is None:
            return  # nothing was flushed yet
        with self._engine.begin() as link:
            link.execute(sa.delete(FLUSH).where(FLUSH.c.number == flush.number))
            link.execute(FLUSH.insert(), dict(zip(FLUSH.c.keys(), _values(flush), strict=True)))

    def last_flush(self) -> int:
        """Number of the newest flush that was recorded, 0 where there is none."""
        with self._reading.connect() as link:
            return int(link.execute(sa.select(sa.func.max(FLUSH.c.number))).scalar_one() or 0)

    def flushes_after(self, batch: int) -> list[Flush]:
        """The flushes that carried a batch after `batch`, in order."""
        query = sa.select(FLUSH).where(FLUSH.c.last_batch > batch).order_by(FLUSH.c.number)
        with self._reading.connect() as link:
            rows = [Flush(*row) for row in link.execute(query)]
        carried = batch
        flushes = []
        for each in rows:  # an import is a flush too, but brings no batch
            if each.last_batch > carried:
                flushes.append(each)
                carried = each.last_batch
        return flushes

    def imports_after(self, flush: int) -> list[int]:
        """Numbers of the flushes after `flush` that brought no batch: bulk imports."""
        query = sa.select(FLUSH.c.number, FLUSH.c.last_batch).order_by(FLUSH.c.number)
        with self._reading.connect() as link:
            rows = link.execute(query.where(FLUSH.c.number >= flush)).all()
        before = dict(zip((r.number for r in rows[1:]), (r.last_batch for r in rows), strict=False))
        if rows and rows[0].number > flush:
            before[rows[0].number] = 0  # the first flush of all
        return [r.number for r in rows if r.number > flush and r.last_batch == before[r.number]]

    def trim(self, upto: int) -> None:
        """Forgets batches up to `upto`; keys of the last messages stay. Never goes back."""
        start = self.trimmed()
        while start < upto:
            start = min(start + TRIM_STEP, upto)
            with self._engine.begin() as link:
                link.execute(_TRIMMED, {"upto": start})
                link.execute(sa.delete(BATCH).where(BATCH.c.number <= start))
        self._trim_keys()

    def _trim_keys(self) -> None:
        """Forgets the keys of all but the newest messages; counts only what came since the last time."""
        with self._engine.begin() as link:
            newest = self._counted[-1][0] if self._counted else -1
            counts = sa.select(KEYS.c.number, KEYS.c.count).order_by(KEYS.c.number)
            for number, count in link.execute(counts.where(KEYS.c.number > newest)):
                self._counted.append((number, count))
                self._kept_keys += count
            first = self._counted[0][0] if self._counted else 0
            while self._counted and self._kept_keys - self._counted[0][1] >= KEYS_KEPT:
                self._kept_keys -= self._counted.popleft()[1]
            if self._counted and self._counted[0][0] > first:
                link.execute(sa.delete(KEYS).where(KEYS.c.number < self._counted[0][0]))

    def continue_after(self, batch: int) -> None:
        """Lets an empty journal go on behind a lake that already holds batches up to `batch`."""
        with self._engine.begin() as link:
            link.execute(_CONTINUE, {"upto": batch})


_NEXT = (
    STATE.update()
    .values(
        batches=STATE.c.batches + 1,
        messages=STATE.c.messages + sa.bindparam("m"),
        readings=STATE.c.readings + sa.bindparam("r"),
        redelivered=STATE.c.redelivered + sa.bindparam("d"),
    )
    .returning(STATE.c.batches)
)
_INSERT_BATCH = BATCH.insert()
_INSERT_KEYS = KEYS.insert()
_INSERT_REFUSED = REFUSED.insert()
_COUNT_REASON = (
    REASON.update()
    .where(REASON.c.reason == sa.bindparam("why"))
    .values(count=REASON.c.count + sa.bindparam("n"))
)
_TRIMMED = (
    STATE.update()
    .where(STATE.c.trimmed < sa.bindparam("upto"))
    .values(trimmed=sa.bindparam("upto"))
)
_CONTINUE = (
    STATE.update()
    .where(STATE.c.batches == 0)
    .values(batches=sa.bindparam("upto"), trimmed=sa.bindparam("upto"))
)


def _values(flush: Flush) -> tuple[int, int, datetime | None]:
    return flush.number, flush.last_batch, flush.at
