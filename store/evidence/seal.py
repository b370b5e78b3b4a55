"""One hash for what a table of the registry or of facts held up to a change, however it went on.

Facts are never changed but for their end, and what an import changes in the registry is recorded
with the value before. So the rows as of a past change can be made from those of today; where their
hash is another than it was, something else has changed them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import Connection, Table, select

from store.books.bulk import pages
from store.books.cells import text_of
from store.books.changes import WRITTEN_BY, ChangeRecord, RegistryEdit
from store.books.facts import Fact
from store.evidence.before import Before
from store.evidence.owners import Owners
from store.evidence.since import last_change
from store.registry.kinds import KINDS

CHANGES: Table = ChangeRecord.__table__  # type: ignore[assignment]
EDITS: Table = RegistryEdit.__table__  # type: ignore[assignment]
#: Columns that the end of a long work writes.
LATER = frozenset({"details"})


@dataclass(frozen=True, slots=True)
class Seal:
    """What a table held."""

    rows: int
    sha256: str
    columns: tuple[str, ...]  # that are hashed: a table may get more


def sealed_tables() -> dict[str, Table]:
    """What is sealed, by name: changes, edits, every table of facts, and the registry."""
    facts: dict[str, Table] = {
        each.__tablename__: each.__table__  # type: ignore[attr-defined]
        for each in sorted(Fact.__subclasses__(), key=lambda model: model.__tablename__)
    }
    registry = {kind.table.name: kind.table for kind in KINDS if not kind.is_fact}
    return {CHANGES.name: CHANGES, EDITS.name: EDITS, **facts, **registry}


def owners(link: Connection, upto: int) -> Owners:
    """Whose rows were as of a change."""
    found, tables = Owners(), sealed_tables()

    def rows(name: str) -> Iterator[dict[str, str]]:
        table = tables[name]
        columns = _columns(table)
        before = Before.of(link, table, upto)
        made = _rows(link, table, columns, upto, before)
        return (dict(zip(columns, row, strict=True)) for row in made)

    found.put_places(rows("place"))
    if not found.several:
        return found
    found.put_series(rows("series"))
    found.put_devices(rows("device"))
    found.put_seasons(rows("season"))
    found.put_tariffs(rows("tariff"), rows("contract"))
    for name in tables:
        if name != CHANGES.name:
            found.put_changes(name, rows(name))
    return found


def last_change_of(link: Connection, company: int, upto: int | None = None) -> int:
    """The newest recorded change that is not of other companies alone; none behind `upto`."""
    upto = last_change(link) if upto is None else upto
    whose = owners(link, upto)
    if not whose.several:
        return upto
    known = link.scalars(
        select(CHANGES.c.id).where(CHANGES.c.id <= upto).order_by(CHANGES.c.id.desc())
    )
    for change in known:
        if not whose.is_anothers(company, CHANGES.name, {"id": str(change)}):
            return int(change)
    return 0


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(sorted({each.name for each in table.c} - LATER))


def seal(
    link: Connection, name: str, upto: int, columns: Sequence[str] | None = None,
    of: tuple[Owners, int] | None = None,
) -> Seal | None:  # fmt: skip
    """A table as of a change; None where it, or one of the columns, is not there any more.

    `of` whose rows were, and a company: rows of other companies alone are left out.
    """
    table = sealed_tables().get(name)
    if table is None:
        return None
    chosen = _columns(table) if columns is None else columns
    if not {*chosen} <= {each.name for each in table.c}:
        return None
    before = Before.of(link, table, upto)
    hashed, count = hashlib.sha256(), 0
    for row in _rows(link, table, chosen, upto, before):
        if of is not None and of[0].several and _anothers(of, name, chosen, row):
            continue
        hashed.update("\x1f".join(row).encode() + b"\x1e")
        count += 1
    return Seal(count, hashed.hexdigest(), tuple(chosen))


def _anothers(
    of: tuple[Owners, int], name: str, columns: Sequence[str], row: Sequence[str]
) -> bool:
    whose, company = of
    return whose.is_anothers(company, name, dict(zip(columns, row, strict=True)))


def _rows(
    link: Connection, table: Table, columns: Sequence[str], upto: int, before: Before
) -> Iterator[list[str]]:
    """The rows as of the change, by id, their cells as text."""
    written = "id" if table is CHANGES else WRITTEN_BY
    query = select(table)
    if table in (CHANGES, EDITS) or "ended_id" in table.c:
        query = query.where(table.c[written] <= upto)
    for row in chain.from_iterable(pages(link, query, table.c.id)):
        values = row._mapping
        texts = {name: text_of(values[name]) for name in columns}
        texts |= before.of_row(values)
        if int(texts.get(written) or values[written]) > upto:
            continue
        if "ended_id" in columns and values["ended_id"] is not None:
            texts["ended_id"] = texts["ended_id"] if values["ended_id"] <= upto else ""
        yield [texts[name] for name in columns]
