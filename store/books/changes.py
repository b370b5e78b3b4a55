"""Who did it, in the books: the column of an actor, and the record that changed rows name.

A row of the registry names the record of the change that wrote it last. The record is written
first, in the same transaction (`record`), and the column `change_id` takes it from there, so
that a row can't be written by nobody: without a record it raises `Anonymous`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import Connection, Engine, ForeignKey, String, Text, insert, update
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from domain.actor import Actor, By
from store.books.base import Base, BigId
from store.books.seals import seal_at_commit

WRITTEN_BY = "change_id"  # as a column of an edit: the change that a row named before, and since
OPTION = "change"  # of a connection: the record that its changes name
KEPT_NOTHING = "kept_nothing"  # in the details of a work that was refused as a whole


class Anonymous(RuntimeError):
    """A row of the registry was about to be written by nobody: a mistake of ours."""


def _of_transaction(context: DefaultExecutionContext) -> int:
    number = context.execution_options.get(OPTION)
    if number is None:
        raise Anonymous("a change needs its actor: call store.books.changes.record before it")
    return int(number)


#: The record of the change that wrote this row last.
ChangeRef = Annotated[
    int,
    mapped_column(
        ForeignKey("change_record.id"),
        insert_default=_of_transaction,
        onupdate=_of_transaction,
        index=True,
    ),
]


#: The record of the change that asserted this version; it stays when the version is ended.
AssertedBy = Annotated[
    int, mapped_column(ForeignKey("change_record.id"), insert_default=_of_transaction, index=True)
]


class ChangeRecord(Base):
    """One change of registry or readings: who, when, why, and from which files.

    None is ever deleted, and no number comes a second time: what came after what goes by them.
    """

    __tablename__ = "change_record"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[BigId]
    actor: Mapped[Actor]
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(32))  # a constant of this file
    reason: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[Any]]  # of dicts with `file` and `sha256`
    details: Mapped[dict[str, Any]]  # counts, flushes


class RegistryEdit(Base):
    """One attribute that a change found with another value; append-only."""

    __tablename__ = "registry_edit"
    id: Mapped[BigId]
    change_id: Mapped[int] = mapped_column(ForeignKey("change_record.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))  # of file: places, devices, ...
    key: Mapped[str] = mapped_column(Text, index=True)  # the row's key, parts joined by " / "
    column: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


REGISTRY_IMPORT, FEED = "registry import", "feed"
READINGS_IMPORT, REPLAY = "readings import", "readings replay"
MIRROR_REBUILD = "mirror rebuild"
WITHDRAWAL = "evidence withdrawn"
POLICY_CONFIRMED = "policy confirmed"
#: Works whose end writes what came of them into their record: `ended`.
CLOSED_LATER = frozenset({FEED, READINGS_IMPORT, REPLAY, MIRROR_REBUILD})
BEFORE = "before"  # rows from before actors were kept


def record(
    connection: Connection,
    by: By,
    action: str,
    files: Iterable[Mapping[str, str]] = (),
    details: Mapping[str, Any] | None = None,
) -> int:
    """Writes who, when and why; what this transaction changes from now on names it -> its id.

    Its commit seals what it has changed (`store.books.seals`).
    """
    row = {
        "actor": by.actor, "at": by.at, "action": action, "reason": by.reason,
        "files": [dict(each) for each in files], "details": dict(details or {}),
    }  # fmt: skip
    made = insert(ChangeRecord).values(row).returning(ChangeRecord.id)
    number = int(connection.execute(made).scalar_one())
    connection.execution_options(**{OPTION: number})
    seal_at_commit(connection, number, whole=action not in CLOSED_LATER)
    return number


def begun(engine: Engine, by: By, action: str, files: Iterable[Path] = ()) -> int:
    """The record of a work that is longer than one transaction, before it begins -> its id."""
    named = [{"file": path.name, "sha256": sha256_of(path)} for path in files]
    with engine.begin() as connection:
        return record(connection, by, action, named)


def ended(engine: Engine, change: int, details: Mapping[str, Any]) -> None:
    """What came of a work of `CLOSED_LATER`."""
    mine = update(ChangeRecord).where(ChangeRecord.id == change)
    with engine.begin() as connection:
        connection.execute(mine.values(details=dict(details)))


def sha256_of(path: Path) -> str:
    """Of the file's bytes; "" where it is not there to be read (the work itself says so)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
