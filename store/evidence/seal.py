"""One hash for what a table of the registry or of facts held up to a change, however it went on.

Facts are never changed but for their end, and what an import changes in the registry is recorded
with the value before. So the rows as of a past change can be made from those of today; where their
hash is another than it was, something else has changed them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Table, select

from domain.recorded import SEPARATOR
from domain.time import written_time
from store.books.bulk import pages
from store.books.changes import WRITTEN_BY, ChangeRecord, RegistryEdit
from store.books.facts import Fact
from store.books.registry import Season
from store.evidence.owners import Owners
from store.evidence.since import last_change
from store.registry.kinds import KINDS, Kind
from store.registry.values import EAST, WEST, instant, instant_in
from store.registry.values import write as cell

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
        before = _Before.of(link, table, upto)
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
    before = _Before.of(link, table, upto)
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
    link: Connection, table: Table, columns: Sequence[str], upto: int, before: "_Before"
) -> Iterator[list[str]]:
    """The rows as of the change, by id, their cells as text."""
    written = "id" if table is CHANGES else WRITTEN_BY
    query = select(table)
    if table in (CHANGES, EDITS) or "ended_id" in table.c:
        query = query.where(table.c[written] <= upto)
    for row in chain.from_iterable(pages(link, query, table.c.id)):
        values = row._mapping
        texts = {name: _text(values[name]) for name in columns}
        texts |= before.of_row(values)
        if int(texts.get(written) or values[written]) > upto:
            continue
        if "ended_id" in columns and values["ended_id"] is not None:
            texts["ended_id"] = texts["ended_id"] if values["ended_id"] <= upto else ""
        yield [texts[name] for name in columns]


def _text(value: object) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return cell(value)


@dataclass(frozen=True, slots=True)
class _Before:
    """What recorded changes after a change found in rows of a table, by the rows' keys."""

    key: tuple[str, ...]  # columns of the table
    rows: Mapping[tuple[str, ...], Mapping[str, str]]

    @classmethod
    def of(cls, link: Connection, table: Table, upto: int) -> "_Before":
        """A change whose key is of no row is not taken back: what it says was written by nobody here."""
        kind = next((each for each in KINDS if each.table is table and not each.is_fact), None)
        if kind is None:
            return cls((), {})
        edit = RegistryEdit
        query = (
            select(edit.key, edit.column, edit.before)
            .where(edit.kind == kind.name, edit.change_id > upto)
            .order_by(edit.id)
        )
        edits = link.execute(query).all()
        kept = {each.name: each for each in kind.columns}
        rows: dict[tuple[str, ...], dict[str, str]] = {}
        codes, local = _Codes(link), _LocalTimes(link, kind)
        for text, column, was in edits:
            key = _key(kind, text, codes, local)
            if key is None or column not in {*kept, WRITTEN_BY}:
                continue
            if column == WRITTEN_BY:
                name, value = WRITTEN_BY, was
            else:
                name = kept[column].kept_as
                value = codes.id_of(kept[column].refers, was) if kept[column].refers else was
            rows.setdefault(key, {}).setdefault(name, value)  # the oldest of them
        return cls(tuple(kept[name].kept_as for name in kind.key), rows)

    def of_row(self, values: Mapping[Any, Any]) -> Mapping[str, str]:
        if not self.rows:
            return {}
        return self.rows.get(tuple(_text(values[name]) for name in self.key), {})


def _key(kind: Kind, text: str, codes: "_Codes", local: "_LocalTimes") -> tuple[str, ...] | None:
    """The key of a row as its cells are written, from the text that a change names it by."""
    parts = [text] if len(kind.key) == 1 else text.rsplit(SEPARATOR, len(kind.key) - 1)
    if len(parts) != len(kind.key):
        return None
    found: list[str] = []
    for name, part in zip(kind.key, parts, strict=True):
        column = kind.columns[kind.at[name]]
        if column.refers:
            found.append(codes.id_of(column.refers, part))
        elif column.parse is instant:
            try:
                at = instant(part) if written_time(part).tzinfo else local.of(tuple(found), part)
            except ValueError:
                return None
            if at is None:
                return None
            found.append(cell(at))
        else:
            found.append(part)
    return tuple(found)


class _LocalTimes:
    """Instants in keys that an older version kept as the file had them: local, and without a zone.

    A row's key never changes, so it is the instant of a row with the rest of the key: in the zone of a
    season, or the only one that a clock can show as that time.
    """

    def __init__(self, link: Connection, kind: Kind) -> None:
        self._link, self._kind = link, kind

    def of(self, front: tuple[str, ...], text: str) -> datetime | None:
        """None where no row has it; ValueError where the text is no time."""
        known = self._known.get(front, set())
        for zone in self._zones:
            with suppress(ValueError):  # an hour that comes twice, or never
                if (at := instant_in(text, zone)) in known:
                    return at
        as_utc = written_time(text).replace(tzinfo=UTC)
        near = [at for at in known if WEST <= as_utc - at <= EAST]
        return near[0] if len(near) == 1 else None

    @cached_property
    def _known(self) -> Mapping[tuple[str, ...], set[datetime]]:
        columns = [
            self._kind.table.c[self._kind.columns[self._kind.at[n]].kept_as] for n in self._kind.key
        ]
        found: dict[tuple[str, ...], set[datetime]] = {}
        for *front, at in self._link.execute(select(*columns)):
            found.setdefault(tuple(map(_text, front)), set()).add(at)
        return found

    @cached_property
    def _zones(self) -> list[ZoneInfo]:
        found: list[ZoneInfo] = []
        for name in sorted({*self._link.scalars(select(Season.zone))}):
            with suppress(
                ValueError, ZoneInfoNotFoundError
            ):  # one that was written behind the books' back
                found.append(ZoneInfo(name))
        return found


class _Codes:
    """Ids of rows by their codes, looked up once."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._known: dict[tuple[str, str], str] = {("places", ""): ""}

    def id_of(self, refers: str, code: str) -> str:
        if (refers, code) not in self._known:
            table = next(each.table for each in KINDS if each.name == refers)
            found = self._link.scalar(select(table.c.id).where(table.c.code == code))
            self._known[refers, code] = _text(found)
        return self._known[refers, code]
