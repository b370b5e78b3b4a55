"""The registry's rows in and out of the books in bulk; no object per row."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    func,
    select,
    text,
    update,
)

from domain.actor import Actor
from store.books.base import Exact
from store.books.changes import ChangeRecord
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Place, RegistryVersion, Season
from store.books.sequences import next_numbers
from store.registry.kinds import KIND_OF, Kind
from store.registry.rows import NamedSeason, SettledSeason

Where = ColumnElement[bool] | None
VERSION: Table = RegistryVersion.__table__  # type: ignore[assignment]


def lock(connection: Connection) -> None:
    """Makes this transaction the only one that changes the registry until it ends."""
    connection.execute(select(VERSION.c.number).where(VERSION.c.id == 1).with_for_update()).one()


def grow_version(connection: Connection) -> None:
    """Tells readers that what they hold is old."""
    connection.execute(update(VERSION).values(number=VERSION.c.number + 1))


def analyze(connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL plans by statistics it takes now and then; after a bulk load they are far off.

    Measured on 150,000 places loaded just before: a join took 156 s without, 1.5 s with.
    """
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.execute(text(f'ANALYZE "{table.name}"'))


def existing_rows(
    connection: Connection, kind: Kind, superseded: Mapping[int, int], only: Where = None
) -> dict[tuple[Any, ...], tuple[int, Any]]:
    """All current rows of a kind that the books hold, or `only` some, as `Existing`.

    Where they name a fact they name its newest version, also one that is about to supersede it.
    """
    rows = _rows(connection, kind, superseded, kind.current, only)
    return {key: (number, values) for key, number, values in rows}


def ended_keys(
    connection: Connection, kind: Kind, superseded: Mapping[int, int], only: Where = None
) -> set[tuple[Any, ...]]:
    """Keys of versions that have ended; none of what is no fact."""
    if not kind.is_fact:
        return set()
    over = kind.table.c.ended_id.is_not(None)
    return {key for key, _, _ in _rows(connection, kind, superseded, over, only)}


def _rows(
    connection: Connection, kind: Kind, superseded: Mapping[int, int], chosen: Any, only: Where
) -> Iterator[tuple[tuple[Any, ...], int, tuple[Any, ...]]]:
    """(key, id, values) of the rows of a kind that a WHERE chooses."""
    columns = [kind.table.c[each.kept_as] for each in kind.columns]
    key = [kind.at[name] for name in kind.key]
    newest = _newest_versions(connection, kind, superseded)
    query = select(kind.table.c.id, *columns).where(chosen)
    for number, *values in connection.execute(query if only is None else query.where(only)):
        for i, by_id in newest.items():
            values[i] = by_id.get(values[i], values[i])
        yield tuple(values[i] for i in key), number, tuple(values)


def _newest_versions(
    connection: Connection, kind: Kind, superseded: Mapping[int, int]
) -> dict[int, dict[int, int]]:
    """Of columns that refer to facts: the position, and the newest version of each older one."""
    found = {}
    for i, column in enumerate(kind.columns):
        if column.refers and KIND_OF[column.refers].is_fact:
            other = KIND_OF[column.refers]
            rows = connection.execute(select(other.table.c.id, other.table.c.code, other.current))
            versions = rows.all()
            now = {code: superseded.get(n, n) for n, code, current in versions if current}
            found[i] = {number: now[code] for number, code, _ in versions if code in now}
    return found


def fresh_ids(connection: Connection, table: Table, wanted: int, *, write: bool) -> Iterator[int]:
    """Ids nobody else gets: from PostgreSQL's sequence, or after the last under SQLite's lock.

    WrongCall where a sequence is behind the rows.
    """
    if write and connection.dialect.name == "postgresql":
        return iter(next_numbers(connection, table, wanted))
    return count(
        connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one() + 1
    )


def approved_runs(connection: Connection) -> dict[int, int]:
    """Season -> its newest approved run."""
    run = SettlementRun
    query = select(run.season_id, func.max(run.id)).where(run.state == APPROVED)
    return {row[0]: row[1] for row in connection.execute(query.group_by(run.season_id))}


def settled_seasons(connection: Connection) -> tuple[SettledSeason, ...]:
    """The seasons with an approved run."""
    last = func.max(SettlementRun.id)
    columns = (Season.code, Season.company_id, Season.until, last, Season.policy)
    query = select(*columns).join(SettlementRun, SettlementRun.season_id == Season.id)
    query = query.where(SettlementRun.state == APPROVED).group_by(Season.id)
    return tuple(SettledSeason(*row) for row in connection.execute(query))


def term_ends(connection: Connection) -> dict[tuple[int, Any], str]:
    """Season and an instant that current contract terms end at on paper -> a household of theirs."""
    terms = KIND_OF["contract_terms"]
    columns = terms.table.c
    query = (
        select(columns.season_id, columns.until, func.min(Place.code))
        .join(Place, Place.id == columns.household_id)
        .where(terms.current, columns.until.is_not(None))
        .group_by(columns.season_id, columns.until)
    )
    return {(season, until): code for season, until, code in connection.execute(query)}


def home_of_both(connection: Connection, one: int, other: int) -> str | None:
    """A household with a current contract in both seasons."""
    contract = KIND_OF["contracts"]
    own, columns = contract.table.alias(), contract.table.c
    query = (
        select(Place.code)
        .join(contract.table, columns.household_id == Place.id)
        .join(own, own.c.household_id == Place.id)
        .where(
            contract.current,
            own.c.ended_id.is_(None),
            columns.season_id == one,
            own.c.season_id == other,
        )
    )
    return connection.scalar(query.order_by(Place.code).limit(1))


def contracts_of(connection: Connection, homes: Collection[int]) -> set[tuple[int, int]]:
    """Household and season of every current contract of these households."""
    contract, wanted = KIND_OF["contracts"], sorted(homes)
    columns, found = contract.table.c, set[tuple[int, int]]()
    for first in range(0, len(wanted), 500):
        own = columns.household_id.in_(wanted[first : first + 500])
        query = select(columns.household_id, columns.season_id).where(contract.current, own)
        found |= {(home, season) for home, season in connection.execute(query)}
    return found


def basic_fees(connection: Connection) -> dict[tuple[int, int], Decimal]:
    """Household and season -> the highest basic fee that current contract terms name, of its season fee."""
    terms = KIND_OF["contract_terms"]
    columns = terms.table.c
    query = select(columns.household_id, columns.season_id, columns.basic_fee)
    of_contract = columns.basic_fee.is_not(None), columns.season_fee.is_(None)
    found: dict[tuple[int, int], Decimal] = {}
    for home, season, basic in connection.execute(query.where(terms.current, *of_contract)):
        found[home, season] = max(basic, found.get((home, season), basic))
    return found


def dated_fees(connection: Connection) -> dict[int, list[NamedSeason]]:
    """Household -> the seasons in which current terms of its contract have a fee of their own."""
    terms = KIND_OF["contract_terms"]
    columns = terms.table.c
    query = (
        select(columns.household_id, Season.code, Season.policy)
        .join(Season, Season.id == columns.season_id)
        .where(terms.current, columns.season_fee.is_not(None))
        .distinct()
        .order_by(columns.household_id, Season.code)
    )
    found: dict[int, list[NamedSeason]] = {}
    for home, code, policy in connection.execute(query):
        found.setdefault(home, []).append(NamedSeason(code, policy))
    return found


def insert_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Inserts tuples of values in the order of `names`."""
    if not rows:
        return
    encoded = _encoded(connection, [table.c[name] for name in names], rows)
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = connection.connection.dbapi_connection
    with closing(raw.cursor()) as cursor:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in encoded:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" for _ in names)
            cursor.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', encoded)


def changes_of(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, int]:
    """The change that each of these rows names."""
    found: dict[int, int] = {}
    for first in range(0, len(ids), 500):
        some = table.c.id.in_(ids[first : first + 500])
        query = select(table.c.id, table.c.change_id).where(some)
        found.update((row.id, row.change_id) for row in connection.execute(query))
    return found


def writer(connection: Connection, table: Table, row: int) -> Actor | None:
    """Who wrote a row last; None: there is none of this id."""
    query = select(ChangeRecord.actor).join(table, table.c.change_id == ChangeRecord.id)
    return connection.scalar(query.where(table.c.id == row))


def update_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Updates rows by id: tuples of id and then values in the order of `names`."""
    if not rows:
        return
    statement = update(table).where(table.c.id == bindparam("the_id"))
    statement = statement.values({name: bindparam(f"to_{name}") for name in names})
    marks = ["the_id", *(f"to_{name}" for name in names)]
    connection.execute(statement, [dict(zip(marks, row, strict=True)) for row in rows])


def _encoded(
    connection: Connection, columns: Sequence[Column[Any]], rows: list[tuple[Any, ...]]
) -> Iterable[tuple[Any, ...]]:
    """The rows as the driver takes them; each distinct value of a column is turned once."""
    turned = []
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if process is None:
            turned.append(values)
            continue
        if isinstance(column.type, Exact):  # 60.5 and 60.50 are equal and kept as written
            turned.append(tuple(map(process, values)))
            continue
        known = {value: process(value) for value in set(values)}
        turned.append(tuple(known[value] for value in values))
    return zip(*turned, strict=True)
