"""What each recorded change wrote and ended, made from the rows of today, as its commit sealed it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Table, select

from store.books.bulk import pages
from store.books.cells import texts_of
from store.books.changes import WRITTEN_BY
from store.books.seals import ENDS, Rows, columns_of, names_change, tables_of_changes
from store.evidence.before import Before

#: Change -> what rows of one table say that it wrote there, and that it ended.
ByChange = Mapping[int, Rows]
#: Of a table, change -> the columns that its seal has.
Columns = Mapping[int, Sequence[str]]


def written(
    link: Connection, after: int, columns: Mapping[str, Columns]
) -> Iterator[tuple[str, ByChange, ByChange]]:
    """Of each table what every change behind `after` wrote and ended there, by the rows of today.

    Changes that `columns` has nothing of are hashed by the columns that the table has now; columns that
    are not there any more say nothing.
    """
    for name, table in tables_of_changes().items():
        yield name, _wrote(link, table, after, columns.get(name, {})), _ended(link, table, after)


def _wrote(link: Connection, table: Table, after: int, columns: Columns) -> ByChange:
    """Every version of every row that a change behind `after` wrote."""
    found: defaultdict[int, Rows] = defaultdict(Rows)
    by, before = names_change(table), Before.of(link, table, after)
    names, hashed = [each.name for each in table.c], columns_of(table)
    query = select(*table.c).where(table.c[by] > after)
    for rows in pages(link, query, table.c.id):
        by_column = [*zip(*rows, strict=True)]
        cells = {name: texts_of(by_column[at]) for at, name in enumerate(names)}
        none = [""] * len(rows)
        for change, places in _places(by_column[names.index(by)]).items():
            own = (cells.get(each, none) for each in columns.get(change, hashed))
            found[change].add_all([each[i] for i in places] for each in own)
        for at, row in enumerate(rows) if before.rows else ():
            now = {name: cells[name][at] for name in names}
            changes = before.changes_of(row._mapping)
            for change, was in _earlier(now, getattr(row, by), changes, after):
                found[change].add([was.get(each, "") for each in columns.get(change, hashed)])
    return found


def _places(changes: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Change -> the rows of a page that name it."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for at, change in enumerate(changes):
        found[change].append(at)
    return found


def _earlier(
    cells: Mapping[str, str], change: int, found: Mapping[int, Mapping[str, str]], after: int
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The versions of a row before the one of a change, as the changes found it."""
    while change in found:
        cells = {**cells, **found[change]}
        named = cells[WRITTEN_BY]
        if not named.isdecimal() or not after < int(named) < change:
            return
        change = int(named)
        yield change, cells


def _ended(link: Connection, table: Table, after: int) -> ByChange:
    found: defaultdict[int, Rows] = defaultdict(Rows)
    if ENDS in table.c:
        query = select(table.c.id, table.c[ENDS]).where(table.c[ENDS] > after)
        for row in link.execute(query):
            found[row[1]].add([str(row.id)])
    return found
