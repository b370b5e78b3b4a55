"""Who changed the registry, when, why and from which files; newest first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Engine, Select, or_, select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.errors import WrongCall
from domain.language import msg
from domain.nearest import alike
from domain.recorded import SEPARATOR
from store.books.changes import KEPT_NOTHING, WITHDRAWAL, WRITTEN_BY, ChangeRecord, RegistryEdit
from store.registry.kinds import KINDS
from store.registry.report import Change


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded change with the attributes that it found with other values."""

    change: int
    at: datetime
    actor: Actor
    action: str  # registry import, readings import, feed, ...
    reason: str
    files: tuple[dict[str, str], ...]  # file and sha256
    details: dict[str, Any]
    edits: tuple[Change, ...]


def history(engine: Engine, key: str = "", limit: int | None = None) -> list[Entry]:
    """The newest `limit` changes that kept something; of one row by its code or key where `key` is given.

    A row's history has the change that added it, every edit of it and of what is recorded of it by its
    code (as its measurement records), withdrawals of those, and the change that wrote it last. Raises WrongCall for a key that no row has and no change named.
    """
    refused = ChangeRecord.details[KEPT_NOTHING].as_boolean().is_not(None)
    query = select(ChangeRecord).where(~refused).order_by(ChangeRecord.id.desc()).limit(limit)
    with Session(engine) as session:
        if key:
            query = query.where(ChangeRecord.id.in_(_of(session, key) or _unknown(session, key)))
        records = session.scalars(query).all()
        edits = _edits(session, [each.id for each in records], key)
        return [
            Entry(
                each.id, each.at, each.actor, each.action, each.reason, tuple(each.files),
                each.details, tuple(edits[each.id]),
            )
            for each in records
        ]  # fmt: skip


def _of(session: Session, key: str) -> set[int]:
    """Records that added, edited or withdrew a row with this key or below it, or wrote it last."""
    edits = select(RegistryEdit).where(_about(key))
    found = _withdrawals(session, key)
    for edit in session.scalars(edits):
        found |= {edit.change_id, *([int(edit.before)] if edit.column == WRITTEN_BY else [])}
    for kind in KINDS:
        if kind.key == ("code",):
            table = kind.table
            found |= set(session.scalars(select(table.c.change_id).where(table.c.code == key)))
    return found


def _about(key: str) -> ColumnElement[bool]:
    """Edits of a row, and of facts whose keys begin with it."""
    below = RegistryEdit.key.startswith(key + SEPARATOR, autoescape=True)
    return or_(RegistryEdit.key == key, below)


def _withdrawals(session: Session, key: str) -> set[int]:
    """Changes that withdrew facts of this key or below it."""
    query = select(ChangeRecord).where(ChangeRecord.action == WITHDRAWAL)
    keys = {
        each.id: [fact.partition(" ")[2] for fact in each.details.get("withdrawn", ())]
        for each in session.scalars(query)
    }
    return {
        change
        for change, named in keys.items()
        if any(f"{each}{SEPARATOR}".startswith(key + SEPARATOR) for each in named)
    }


def _unknown(session: Session, key: str) -> NoReturn:
    """Says that there is no such row, with the codes nearest to it."""
    tables = [kind.table for kind in KINDS if kind.key == ("code",)]
    codes = {code for table in tables for code in session.scalars(select(table.c.code))}
    near = alike(key, sorted(codes)) or sorted(codes)[:3]
    raise WrongCall(
        msg(
            "no row of the registry has the code {code!r}, and no change named it; allowed: a code "
            "such as {near}",
            code=key, near=", ".join(near) or msg("none yet"),
        )
    )  # fmt: skip


def _edits(session: Session, changes: Iterable[int], key: str) -> dict[int, list[Change]]:
    query: Select[RegistryEdit] = select(RegistryEdit).where(
        RegistryEdit.change_id.in_(changes), RegistryEdit.column != WRITTEN_BY
    )
    if key:
        query = query.where(_about(key))
    found: dict[int, list[Change]] = defaultdict(list)
    for each in session.scalars(query.order_by(RegistryEdit.id)):
        change = Change(each.kind, each.key, each.column, each.before, each.after)
        found[each.change_id].append(change)
    return found
