"""What rows of the registry were before recorded changes of them, by the values that the changes found."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Table, select

from domain.recorded import SEPARATOR
from domain.time import written_time
from store.books.cells import text_of
from store.books.changes import WRITTEN_BY, RegistryEdit
from store.books.registry import Season
from store.registry.kinds import KINDS, Kind
from store.registry.values import EAST, WEST, instant, instant_in


@dataclass(frozen=True, slots=True)
class Before:
    """What recorded changes after a change found in rows of a table, by the rows' keys."""

    key: tuple[str, ...]  # columns of the table
    #: Key -> change, newest first -> column -> what it found there.
    rows: Mapping[tuple[str, ...], Mapping[int, Mapping[str, str]]]

    @classmethod
    def of(cls, link: Connection, table: Table, upto: int) -> "Before":
        """A change whose key is of no row is not taken back: what it says was written by nobody here."""
        kind = next((each for each in KINDS if each.table is table and not each.is_fact), None)
        if kind is None:
            return cls((), {})
        edit = RegistryEdit
        query = (
            select(edit.change_id, edit.key, edit.column, edit.before)
            .where(edit.kind == kind.name, edit.change_id > upto)
            .order_by(edit.change_id.desc(), edit.id)
        )
        edits = link.execute(query).all()
        kept = {each.name: each for each in kind.columns}
        rows: dict[tuple[str, ...], dict[int, dict[str, str]]] = {}
        codes, local = _Codes(link), _LocalTimes(link, kind)
        for change, text, column, was in edits:
            if column not in {*kept, WRITTEN_BY}:
                continue
            if column == WRITTEN_BY:
                name, value = WRITTEN_BY, was
            else:
                name = kept[column].kept_as
                value = codes.id_of(kept[column].refers, was) if kept[column].refers else was
            for key in _keys(kind, text, codes, local):
                rows.setdefault(key, {}).setdefault(change, {}).setdefault(name, value)
        return cls(tuple(kept[name].kept_as for name in kind.key), rows)

    def of_row(self, values: Mapping[Any, Any]) -> Mapping[str, str]:
        """What a row had then, of the columns that were changed since."""
        found: dict[str, str] = {}
        for was in self.changes_of(values).values():
            found |= was  # the oldest is the last
        return found

    def changes_of(self, values: Mapping[Any, Any]) -> Mapping[int, Mapping[str, str]]:
        """Change -> column -> what it found in a row; the newest first."""
        if not self.rows:
            return {}
        return self.rows.get(tuple(text_of(values[name]) for name in self.key), {})


def _keys(
    kind: Kind, text: str, codes: "_Codes", local: "_LocalTimes"
) -> Iterator[tuple[str, ...]]:
    """The keys that a row can have by the text that a change names it by, as its cells are written.

    They are several where a part of it has what stands between two parts: a row has one of them.
    """
    pieces = text.split(SEPARATOR)
    for cuts in combinations(range(1, len(pieces)), len(kind.key) - 1):
        ends = (*cuts, len(pieces))
        parts = [SEPARATOR.join(pieces[a:b]) for a, b in zip((0, *cuts), ends, strict=True)]
        if (key := _key(kind, parts, codes, local)) is not None:
            yield key


def _key(
    kind: Kind, parts: Sequence[str], codes: "_Codes", local: "_LocalTimes"
) -> tuple[str, ...] | None:
    """The key of these parts; None where it refers to what is not there, or is at no time that can be."""
    found: list[str] = []
    for name, part in zip(kind.key, parts, strict=True):
        column = kind.columns[kind.at[name]]
        if column.refers:
            if not (number := codes.id_of(column.refers, part)):
                return None
            found.append(number)
        elif column.parse is instant:
            try:
                at = instant(part) if written_time(part).tzinfo else local.of(tuple(found), part)
            except ValueError:
                return None
            if at is None:
                return None
            found.append(text_of(at))
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
            found.setdefault(tuple(map(text_of, front)), set()).add(at)
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
            self._known[refers, code] = text_of(found)
        return self._known[refers, code]
