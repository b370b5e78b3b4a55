"""One hash for each recorded change, over the rows that it wrote and ended, chained to the one before.

It is written in the commit of the change's own transaction, by whoever records it, so that a row of
registry or facts that is changed, added or removed later without a record no longer fits. Rows of a
table are hashed one by one and their hashes added, so that their order says nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    String,
    Table,
    event,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.books.base import Base, BigId
from store.books.bulk import pages
from store.books.cells import texts_of

RECORDS = "change_record"
WRITES, ENDS = "change_id", "ended_id"  # columns by which rows name their changes
#: Columns that the end of a long work writes, of records; and of versions, the change that ended them.
DETAILS = "details"
LATER = frozenset({DETAILS, ENDS})
NOTHING = "0" * 64  # the hash before the first
_MODULUS = 1 << 256


class ChangeSeal(Base):
    """What one change wrote and ended; append-only. Number 0 says from where on changes have one."""

    __tablename__ = "change_seal"
    number: Mapped[BigId]
    change_id: Mapped[int | None] = mapped_column(  # of number 0: the last one without a seal
        BigInteger().with_variant(Integer, "sqlite"), unique=True
    )
    tables: Mapped[dict[str, Any]]  # table -> what it wrote there, and what it ended
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


SEALS: Table = ChangeSeal.__table__  # type: ignore[assignment]


def row_hash(cells: Sequence[str]) -> int:
    """Of one row's cells."""
    return int.from_bytes(hashlib.sha256("\x1f".join(cells).encode()).digest())


@dataclass(slots=True)
class Rows:
    """Rows of one table: how many, and the sum of their hashes."""

    rows: int = 0
    sum: int = 0

    def add(self, cells: Sequence[str]) -> None:
        self.rows += 1
        self.sum = (self.sum + row_hash(cells)) % _MODULUS

    def add_all(self, columns: Iterable[Sequence[str]]) -> None:
        """Rows by column, each (n,) cells."""
        hashes = [row_hash(cells) for cells in zip(*columns, strict=True)]
        self.rows += len(hashes)
        self.sum = (self.sum + sum(hashes)) % _MODULUS

    @property
    def sha256(self) -> str:
        return f"{self.sum:064x}"


def tables_of_changes() -> dict[str, Table]:
    """Every table whose rows name the change that wrote them, and the records themselves, by name."""
    tables = Base.metadata.tables
    own = {name: each for name, each in sorted(tables.items()) if WRITES in each.c}
    own.pop(SEALS.name)
    return {RECORDS: tables[RECORDS], **own}


def columns_of(table: Table, *, whole: bool = False) -> tuple[str, ...]:
    """What is hashed of its rows; `whole`: of records whose details nothing writes later, these too."""
    later = LATER - {DETAILS} if whole and table.name == RECORDS else LATER
    return tuple(sorted({each.name for each in table.c} - later))


def names_change(table: Table) -> str:
    """The column by which a row names the change that wrote it."""
    return "id" if table.name == RECORDS else WRITES


def hash_of(number: int, change: int | None, tables: Mapping[str, Any], previous: str) -> str:
    """The hash of a seal."""
    body = json.dumps([number, change, tables, previous], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def seal_at_commit(link: Connection, change: int, *, whole: bool) -> None:
    """From now on the commit of this connection's transaction seals a change first.

    `whole`: nothing writes the details of its record later, so that they are hashed, too.
    """

    def commits(connection: Connection) -> None:
        try:
            _seal(connection, change, whole=whole)
        except BaseException:
            connection.dialect.do_rollback(connection.connection)  # SQLAlchemy leaves it open
            raise

    event.listen(link, "commit", commits, once=True)


def _seal(link: Connection, change: int, *, whole: bool) -> None:
    """Nothing where the change was rolled back; what its transaction did is there to be read."""
    records = Base.metadata.tables[RECORDS].c
    sealed = select(SEALS.c.number).where(SEALS.c.change_id == records.id).exists()
    if link.scalar(select(records.id).where(records.id == change, ~sealed)) is None:
        return  # SQLite gives the number of a record that was rolled back once more
    if link.dialect.name == "postgresql":  # the next number is of one transaction at a time
        link.exec_driver_sql("LOCK TABLE change_seal IN EXCLUSIVE MODE")
    last, tables = newest_seal(link), written_by(link, change, whole=whole)
    number, previous = (last["number"] + 1, last["hash"]) if last else (1, NOTHING)
    made = hash_of(number, change, tables, previous)
    row = insert(SEALS).values(number=number, change_id=change, tables=tables)
    link.execute(row.values(previous=previous, hash=made))


def written_by(link: Connection, change: int, *, whole: bool = False) -> dict[str, Any]:
    """Table -> what a change wrote and ended there, as its rows are now; those where it did nothing are left out."""
    tables, touched = tables_of_changes(), _touched(link, change)
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for name, _ in touched):
        table, columns = tables[name], columns_of(tables[name], whole=whole)
        wrote, ended = Rows(), Rows()
        if (name, names_change(table)) in touched:
            mine = select(*(table.c[each] for each in columns))
            mine = mine.where(table.c[names_change(table)] == change)
            for rows in pages(link, mine, table.c.id):
                wrote.add_all(texts_of(each) for each in [*zip(*rows, strict=True)][: len(columns)])
        if (name, ENDS) in touched:
            for number in link.scalars(select(table.c.id).where(table.c[ENDS] == change)):
                ended.add([str(number)])
        found[name] = as_kept(wrote, ended, columns)
    return found


def as_kept(wrote: Rows, ended: Rows, columns: Sequence[str]) -> dict[str, Any]:
    """What a seal has of one table; `columns` are those that are hashed, as the table may get more."""
    return {
        "rows": wrote.rows, "sha256": wrote.sha256,
        "ended": ended.rows, "ended_sha256": ended.sha256, "columns": [*columns],
    }  # fmt: skip


def _touched(link: Connection, change: int) -> list[tuple[str, str]]:
    """(table, column) of those in which rows name a change, in the tables' order."""
    asked = [
        select(literal(name), literal(by)).where(
            select(table.c.id).where(table.c[by] == change).exists()
        )
        for name, table in tables_of_changes().items()
        for by in (names_change(table), ENDS)
        if by in table.c
    ]
    found = {(row[0], row[1]) for row in link.execute(union_all(*asked))}
    return sorted(found)


def newest_seal(link: Connection, upto: int | None = None) -> dict[str, Any]:
    """Number and hash of the newest seal, of changes up to one; {} where there is none."""
    query = select(SEALS).order_by(SEALS.c.number.desc()).limit(1)
    if upto is not None:
        query = query.where(SEALS.c.change_id <= upto)
    row = link.execute(query).one_or_none()
    return {} if row is None else {"number": row.number, "hash": row.hash}
