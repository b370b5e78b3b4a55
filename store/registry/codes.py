"""Codes of files as they are kept: in whatever width and composition somebody wrote them, one thing has one code."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from domain.code import plain_code
from store.registry.kinds import CODE, KIND_OF, Kind
from store.registry.read import Sheet

MOST_IN_A_QUERY = 500


def in_plain_codes(connection: Connection, sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with plain codes, and what stood there; one that the registry has as it is written stays.

    Names that devices give themselves are none of ours to change.
    """
    wide: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        for at, kind in _code_columns(sheet.kind):
            wide[kind] |= {cell for cell in set(sheet.columns[at]) if cell != plain_code(cell)}
    if not any(wide.values()):
        return list(sheets)
    kept = {kind: _as_they_are(connection, kind, sorted(codes)) for kind, codes in wide.items()}
    return [_plain(sheet, kept) for sheet in sheets]


def _code_columns(kind: Kind) -> Iterator[tuple[int, str]]:
    """Each column of codes that are ours, and the kind whose codes they are; "": of none."""
    for at, column in enumerate(kind.columns):
        if column.parse is CODE:
            yield at, column.refers or (kind.name if column.name == "code" else "")


def _as_they_are(connection: Connection, kind: str, codes: Sequence[str]) -> set[str]:
    """Those of the codes that rows of the registry have, of a time in which none was made plain."""
    found: set[str] = set()
    for first in range(0, len(codes) if kind else 0, MOST_IN_A_QUERY):
        table = KIND_OF[kind].table
        some = codes[first : first + MOST_IN_A_QUERY]
        found |= set(connection.scalars(select(table.c.code).where(table.c.code.in_(some))))
    return found


def _plain(sheet: Sheet, kept: dict[str, set[str]]) -> Sheet:
    columns, written = list(sheet.columns), dict[tuple[int, str], str]()
    for at, kind in _code_columns(sheet.kind):
        before = columns[at]
        columns[at] = tuple(
            cell if cell in kept.get(kind, ()) else plain_code(cell) for cell in before
        )
        name = sheet.kind.columns[at].name
        both = enumerate(zip(before, columns[at], strict=True))
        written |= {(i, name): cell for i, (cell, plain) in both if cell != plain}
    return replace(sheet, columns=columns, written=written)


def written_of(sheets: Sequence[Sheet]) -> dict[tuple[int, str], str]:
    """Row among those of all sheets and column -> the cell as it stands in its file, where that is not its text."""
    found, before = dict[tuple[int, str], str](), 0
    for sheet in sheets:
        found |= {(before + i, name): cell for (i, name), cell in sheet.written.items()}
        before += len(sheet.numbers)
    return found
