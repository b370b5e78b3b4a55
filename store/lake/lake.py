"""The readings lake: a Delta table, append-only, every row with the number of its flush.

A flush is one commit. It carries three application transactions (flush number, last batch,
time), so that all three are known from the lake alone, however its log was shortened.
"""

import os
import tempfile
import threading
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Transaction
from deltalake.transaction import AddAction, RemoveAction

from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span, from_us, to_us
from store.journal.journal import Flush
from store.journal.schema import LAKE
from store.lake.files import MOST_ROWS, TABLE, LakeFile, sort_rows, split_months, write_file
from store.lake.place import LakePlace
from store.lake.scan import live_files, scan_files
from store.server.locks import Lock, file_locks

FLUSH, BATCH, AT = "heatwatch-flush", "heatwatch-batch", "heatwatch-at"
#: How long commits are kept that a checkpoint stands for: each look at the log lists them all. Readers
#: need none of them, and as of a flush the rows say themselves.
LOG_RETENTION = "interval 2 hours"
_RETENTION = "delta.logRetentionDuration"
_SETTINGS: dict[str, str | None] = {
    _RETENTION: LOG_RETENTION,
    "delta.deletedFileRetentionDuration": "interval 1 days",
    "delta.enableExpiredLogCleanup": "false",  # done by `tidy`, after a sync
}
_QUIET = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of one moment; they stay readable for a day after they are replaced."""

    version: int
    flush: Flush
    files: tuple[LakeFile, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


class NoLake(WrongCall):
    """There is no lake where one is only to be read."""


class Lake:
    """Appends flushes and tells which files hold what; `store.lake.compact` rewrites them.

    `lock(name)` keeps one flusher and one compactor among all processes; a lake on S3 that
    several machines write needs the journal's lock on PostgreSQL (`Readings` sets it).
    """

    def __init__(self, place: LakePlace, lock: Lock, *, read_only: bool = False) -> None:
        self.place = place
        self.lock = lock
        self._table = self._only_read() if read_only else self._open()
        self._reading = threading.Lock()
        self._synced = self._table.version()  # commits up to here are on the disk
        self._flush: tuple[int, Flush] | None = None  # the newest flush as of a version
        self._newest: Snapshot | None = None

    @classmethod
    def open(
        cls, uri: str, options: dict[str, str] | None = None, *, read_only: bool = False
    ) -> "Lake":
        """The lake at a folder or s3 address, made where it is not there yet.

        `read_only`: nothing is written, as where its folder can't be written. Raises WrongCall where
        the address is of another kind, no folder can be there, or there is none that is only read.
        """
        place = LakePlace(uri, options or {})
        read_only = read_only or place.is_read_only()
        if not read_only:
            place.make_folder()
        return cls(place, file_locks(_locks_of(place)), read_only=read_only)

    @property
    def identity(self) -> str:
        """What tells this lake from every other one, wherever it is opened."""
        return str(self._table.metadata().id)

    def _open(self) -> DeltaTable:
        options = self.place.options or None
        with self.lock("flush"):
            self.place.repair_log()
            if not DeltaTable.is_deltatable(self.place.uri, options):
                DeltaTable.create(
                    self.place.uri,
                    schema=TABLE,
                    partition_by=["month"],
                    configuration=_SETTINGS,
                    storage_options=options,
                )
            table = DeltaTable(self.place.uri, storage_options=options)
            if table.metadata().configuration.get(_RETENTION) != LOG_RETENTION:
                table.alter.set_table_properties(
                    {_RETENTION: LOG_RETENTION}, post_commithook_properties=_QUIET
                )
                table.update_incremental()
            # A process that fell between its commit and the sync of it left it to us.
            self.place.sync_log(range(table.version() - 3, table.version() + 1))
        return table

    def _only_read(self) -> DeltaTable:
        options = self.place.options or None
        if not DeltaTable.is_deltatable(self.place.uri, options):
            raise NoLake(
                msg(
                    "store.lake = {uri!r} holds no readings, and nothing is written here; allowed: the "
                    "place of the lake that the runs were read from, or a copy of it",
                    uri=self.place.uri,
                )
            )
        return DeltaTable(self.place.uri, storage_options=options)

    # -- reading ---------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The newest state; read from the log only where it has changed."""
        with self._reading:
            version = self._refreshed().version()
            if self._newest is None or self._newest.version != version:
                self._newest = Snapshot(version, self._newest_flush(), live_files(self._table))
            return self._newest

    def last_flush(self) -> Flush:
        """The newest flush; number 0 and batch 0 where there was none."""
        with self._reading:
            self._refreshed()
            return self._newest_flush()

    def _refreshed(self) -> DeltaTable:
        """The table as it stands now, by one who holds `_reading`."""
        if self.place.may_be_newer(self._table.version()):
            self._table.update_incremental()
        return self._table

    def _newest_flush(self) -> Flush:
        version = self._table.version()
        if self._flush is None or self._flush[0] != version:
            self._flush = version, _flush_of(self._table)
        return self._flush[1]

    def file_uris(self) -> list[str]:
        """Addresses of the live files: any Parquet reader counts the same rows over them."""
        with self._reading:
            return list(self._refreshed().file_uris())

    def scan(
        self,
        series: tuple[int, int] | None = None,
        span: Span | None = None,
        flushes: tuple[int, int] | None = None,
        columns: list[str] | None = None,
    ) -> Iterator[pa.Table]:
        """Raw rows, a table per file; bounds of series ids and flush numbers are inclusive."""
        us = None if span is None else (to_us(span.since), to_us(span.until) - 1)
        yield from scan_files(self.place, self.snapshot().files, series, us, flushes, columns)

    # -- writing ---------------------------------------------------------------------------

    def append(self, tables: Iterable[pa.Table], last_batch: int | None, now: datetime) -> Flush:
        """One flush: all rows of `tables` (columns of `READING`) in one durable commit.

        The caller holds `lock("flush")`. `last_batch` None (an import) leaves the old one.
        Where the tables hold no row, nothing is committed.
        """
        before = self.last_flush()
        flush = Flush(
            before.number + 1,
            before.last_batch if last_batch is None else last_batch,
            now,
        )
        actions: list[AddAction | RemoveAction] = list(self._write(tables, flush.number))
        if not actions and flush.last_batch == before.last_batch:
            return before
        marks = [
            Transaction(FLUSH, flush.number),
            Transaction(BATCH, flush.last_batch),
            Transaction(AT, to_us(now)),
        ]
        self.commit(actions, marks)
        return flush

    def _write(self, tables: Iterable[pa.Table], number: int) -> Iterator[AddAction]:
        """Files of at most `MOST_ROWS`; months are gathered apart, so a season streams through."""
        waiting: dict[int, list[pa.Table]] = {}
        for table in tables:
            for month, part in split_months(_number(table, number)):
                waiting.setdefault(month, []).append(part)
                if sum(each.num_rows for each in waiting[month]) >= MOST_ROWS:
                    yield from self.write_sorted(waiting.pop(month), month)
        for month in sorted(waiting):
            yield from self.write_sorted(waiting[month], month)

    def write_sorted(self, parts: list[pa.Table], month: int) -> Iterator[AddAction]:
        """Sorted, synced files, not committed yet."""
        rows = sort_rows(pa.concat_tables(parts))
        for start in range(0, rows.num_rows, MOST_ROWS):
            yield write_file(self.place, rows.slice(start, MOST_ROWS), month)

    def commit(
        self, actions: list[AddAction | RemoveAction], marks: list[Transaction] | None = None
    ) -> None:
        """One Delta commit, on the disk when this returns."""
        self.place.sync_folders([each.path for each in actions if isinstance(each, AddAction)])
        with self._reading:
            table = self._refreshed()
            table.create_write_transaction(
                actions,
                "append",
                TABLE,
                partition_by=["month"],
                commit_properties=CommitProperties(app_transactions=marks),
                post_commithook_properties=_QUIET,
            )
            table.update_incremental()
            self.place.sync_log(range(self._synced + 1, table.version() + 1))  # others' too
            self._synced = table.version()


def _locks_of(place: LakePlace) -> Path:
    """A folder for this machine's locks; of a lake on S3 each user has one of their own."""
    if place.folder is not None:
        return place.folder / "_locks"
    name = f"heatwatch-{os.getuid()}-{zlib.crc32(place.uri.encode()):08x}"
    return Path(tempfile.gettempdir()) / name


def _flush_of(table: DeltaTable) -> Flush:
    number, batch, at = (table.transaction_version(name) for name in (FLUSH, BATCH, AT))
    return Flush(number or 0, batch or 0, None if at is None else from_us(at))


def _number(table: pa.Table, number: int) -> pa.Table:
    """The rows with the number of their flush."""
    flush = pa.repeat(pa.scalar(number, pa.int32()), table.num_rows)
    return table.append_column(LAKE.field("flush"), flush).cast(LAKE)
