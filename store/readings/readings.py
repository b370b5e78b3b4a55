"""Readings: the port through which everything reads what was measured."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray

from domain.errors import WrongCall
from domain.language import msg
from domain.time import EPOCH, to_us
from store.books.watch import Checkpoint
from store.journal.journal import Batch, Flush, Journal, Trimmed
from store.journal.schema import LAKE, READING
from store.lake.files import times
from store.lake.lake import Lake, Snapshot
from store.readings.lake_readings import LakeReadings
from store.readings.latest import Latest, LatestValues
from store.readings.pair import refuse_younger
from store.readings.set_back import STATE

#: Batches read from the journal at a time, and rows carried by one flush at most.
READ_BATCHES = 100
READ_FLUSHES = 20  # of a late follower at a time
FLUSH_ROWS = 4_000_000
KEEP_BATCHES = 200_000


class Readings(LakeReadings):
    """Journal and lake as one: flush, import, follow, and read columns.

    `books` tells how far the followers are, so that the trim waits for them and for what their
    state is rebuilt from, but not for a follower that is more than `keep_batches` batches behind:
    it reads from the lake.
    """

    def __init__(
        self,
        journal: Journal,
        lake: Lake,
        books: sa.Engine | None = None,
        *,
        keep_batches: int = KEEP_BATCHES,
    ) -> None:
        self.journal = journal
        super().__init__(lake)
        self._books = books
        self._keep = keep_batches
        self._latest = LatestValues()
        if lake.place.folder is None:
            lake.lock = journal.lock
        self._refuse_lost_flushes()
        journal.continue_after(lake.last_flush().last_batch)

    def _refuse_lost_flushes(self) -> None:
        """WrongCall where the lake has lost what the journal saw in it.

        The journal is asked first: it learns of a flush after the lake has it.
        """
        recorded = self.journal.last_flush()
        last = self.lake.last_flush().number
        if last < recorded:
            raise WrongCall(
                msg(
                    "store.lake = {uri!r} ends at flush {last}, but the journal saw flush "
                    "{recorded} in it: its log was cut, or an older copy stands there; restore "
                    "the lake from its newest backup, or name the place that holds it",
                    uri=self.lake.place.uri,
                    last=last,
                    recorded=recorded,
                )
            )

    # -- writing ---------------------------------------------------------------------------

    def flush(self, now: datetime) -> Flush:
        """Journal into the lake, exactly once, on the disk; then the journal is trimmed.

        The Delta commit carries the number of its last batch. A crash before it changes
        nothing; a crash after it is seen by the next flush, which goes on behind that batch.
        """
        with self.lake.lock("flush"):
            last = self._checked_last()
            while batches := self._next_batches(last.last_batch):
                tables = [batch.readings for batch in batches]
                last = self.lake.append(tables, batches[-1].number, now)
                self.journal.record_flush(last)
            self._trim(last)
        return last

    def _checked_last(self) -> Flush:
        """The lake's last flush; WrongCall where journal and lake are not a pair."""
        last = self.lake.last_flush()
        self.journal.record_flush(last)  # again where a crash came between commit and record
        trimmed = self.journal.trimmed()
        if trimmed > last.last_batch:
            raise WrongCall(
                msg(
                    "lake = {uri!r} holds batches up to {last_batch}, but the journal gave those "
                    "up to {trimmed} to a lake: store.lake or store.journal names a wrong place",
                    uri=self.lake.place.uri,
                    last_batch=last.last_batch,
                    trimmed=trimmed,
                )
            )
        refuse_younger(self.journal, self.lake, last)
        return last

    def _next_batches(self, after: int) -> list[Batch]:
        """What one flush carries: up to `FLUSH_ROWS` rows."""
        taken: list[Batch] = []
        while found := self.journal.since(after, READ_BATCHES):
            taken += found
            after = found[-1].number
            if sum(batch.readings.num_rows for batch in taken) >= FLUSH_ROWS:
                break
        return taken

    def _trim(self, last: Flush) -> None:
        self.journal.trim(min([last.last_batch, *self._needed(last.last_batch - self._keep)]))

    def _needed(self, bound: int) -> list[int]:
        """The batches behind which followers still read; who has not done `bound` reads the lake."""
        if self._books is None:
            return []
        with self._books.connect() as link:
            rows = link.execute(sa.select(Checkpoint.follower, Checkpoint.batch)).all()
        done = {row.follower: row.batch for row in rows}
        alive = {name for name, batch in done.items() if batch >= bound}
        return [
            batch if name.removesuffix(STATE) in alive else bound for name, batch in done.items()
        ]

    def import_table(self, table: pa.Table, now: datetime) -> Flush:
        """One bulk import: columns of `READING`, past the journal; see `import_tables`."""
        return self.import_tables([table], now)

    def import_tables(self, tables: Iterable[pa.Table], now: datetime) -> Flush:
        """A bulk import as one flush of its own, all of it or nothing.

        Followers do not see it (detectors must not warn of last year); what is rebuilt from
        the lake does. Tables in order of series make files that are read in pieces. Flushes
        wait while it runs; ingest does not.
        """
        with self.lake.lock("flush"):
            self._checked_last()
            flush = self.lake.append(map(_checked, tables), None, now)
            self.journal.record_flush(flush)
        return flush

    # -- following -------------------------------------------------------------------------

    def since(self, batch: int, limit: int = READ_BATCHES) -> Iterator[Batch]:
        """Everything kept after `batch`, from the lake where the journal is trimmed, then from it.

        Ends where nothing newer is there. No live reading is missed. What comes from the lake
        is a flush's worth in one `Batch` numbered by its last, in the order of event time, so a
        follower in the middle of a flush sees the batches before its place once more: effects
        must be idempotent. Only where
        the journal was lost and begun anew does the lake come as one, imports included.
        """
        while True:
            try:
                found = self.journal.since(batch, limit)
            except Trimmed:
                found = self._since_lake(batch)
            if not found:
                return
            yield from found
            batch = found[-1].number

    def _since_lake(self, batch: int) -> list[Batch]:
        """The next flushes behind the trim, each read whole."""
        known = self.journal.flushes_after(batch)[:READ_FLUSHES]
        if not known:  # the journal forgot, or is a new one: everything the lake has
            last = self.lake.last_flush()
            rows = _joined(self.lake.scan(flushes=(1, last.number), columns=READING.names))
            return [Batch(last.last_batch, rows.select(READING.names), 0, last.at or EPOCH)]
        found = self.lake.scan(flushes=(known[0].number, known[-1].number))
        rows, batches = _joined(found), []
        number = rows["flush"].to_numpy() if rows.num_rows else np.empty(0, np.int32)
        for flush in known:
            mine = rows.filter(pa.array(number == flush.number)).select(READING.names)
            in_order = mine.take(pa.array(np.argsort(times(mine), kind="stable")))
            batches.append(Batch(flush.last_batch, in_order, 0, flush.at or EPOCH))
        return batches

    # -- reading ---------------------------------------------------------------------------

    def latest(self, series: NDArray[np.int32], until: datetime | None = None) -> Latest:
        """The newest reading of each series by event time, resolved; see `store.readings.latest`.

        None newer than `until` is taken. The first call looks back through the lake, later
        ones only take what is new.
        """
        wanted = np.unique(np.asarray(series, dtype=np.int32))
        return self._latest.get(wanted, self, None if until is None else to_us(until))

    def moment(self, as_of: int | None) -> tuple[Snapshot, list[Batch]]:
        """The lake's files and, where no flush is named, the batches behind them: no seam."""
        while True:
            snapshot = self.lake.snapshot()
            if as_of is not None:
                return snapshot, []
            try:
                return snapshot, self._tail(snapshot.flush.last_batch)
            except Trimmed:  # flushed and trimmed since the snapshot
                continue

    def _tail(self, batch: int) -> list[Batch]:
        found: list[Batch] = []
        while more := self.journal.since(batch, READ_BATCHES):
            found += more
            batch = more[-1].number
        return found


def _joined(tables: Iterable[pa.Table]) -> pa.Table:
    found = list(tables)
    return pa.concat_tables(found) if found else LAKE.empty_table()


def _checked(table: pa.Table) -> pa.Table:
    if not table.schema.equals(READING):
        raise ValueError(f"expected columns {READING.names}, got {table.schema.names}")
    return table
