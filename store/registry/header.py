"""Which kind a sheet is of, and which column each of its headers is: by our names, and what companies write."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from domain.language import Text, msg
from domain.nearest import AMONG_CODES, IN_CHINESE, nearest
from domain.tree import PlaceKind
from store.registry.aliases import (
    ASIDES,
    COLUMNS,
    LEVELS,
    LOOSE,
    OF_LEVEL,
    REASONS,
    SHEETS,
    UNITS,
    of_column,
    plain_word,
)
from store.registry.kinds import KIND_OF, OLD_NAMES, Column, Kind
from store.registry.report import Refusals

#: So many rows may stand above the header: titles, who filled it in, blanks.
MOST_ABOVE = 10
#: What a header says in brackets: its unit, or that it must be filled in.
_WITH_NOTE = re.compile(r"(.+?)[(\[](.*)[)\]]")


class Named(NamedTuple):
    """What a sheet or file is by its name."""

    kind: Kind
    level: str = ""  # the kind of all its places; "": each row says its own


class Header(NamedTuple):
    """The row of a sheet that names its columns."""

    columns: list[str]  # (n,) the column that each cell names; "": none of the registry's
    written: list[str]  # (n,) the cells as they stand there


def sheet_named(name: str) -> Named | None:
    """The kind of a sheet or file of this name; None: of none."""
    return _sheets().get(plain_word(name))


@cache
def _sheets() -> dict[str, Named]:
    words = {old: Named(KIND_OF[new]) for old, new in OLD_NAMES.items()}
    for level, names in LEVELS.items():
        words |= {each: Named(KIND_OF["places"], level) for each in names if not each.isascii()}
    for kind in KIND_OF.values():
        words |= {each: Named(kind) for each in (kind.name, *SHEETS.get(kind.name, ()))}
    return {plain_word(word): named for word, named in words.items()}


def is_reasons(cell: str) -> bool:
    """Whether a header is that of the column of reasons."""
    return any(plain_word(cell).startswith(plain_word(each)) for each in REASONS)


def heading(kind: Kind, column: str, *, chinese: bool) -> str:
    """A column's header as we write it."""
    words = of_column(COLUMNS, kind.name, column) or ()
    return next(iter(words), column) if chinese else column


class SheetName(Text):
    """A kind as a reader's sheets are called."""

    def to(self, language: str) -> str:
        """Its name in this language."""
        return sheet_heading(KIND_OF[self.message], chinese=language == "zh")


def sheet_heading(kind: Kind, *, chinese: bool) -> str:
    """The name of a kind's sheet as we write it."""
    return SHEETS[kind.name][0] if chinese else kind.name


def words_of(named: Named, column: Column) -> Iterator[str]:
    """Every header of a column that means it alone."""
    yield column.name
    words = of_column(COLUMNS, named.kind.name, column.name) or ()
    yield from words
    if named.level and column.name in OF_LEVEL:
        levels = [each.value for each in PlaceKind]
        above = levels[: levels.index(named.level)]
        called = [
            word
            for each in (above if column.name == "parent" else [named.level])
            for word in LEVELS[each]
        ]
        yield from (word + end for word in called for end in OF_LEVEL[column.name])


@cache
def _meant(kind: str, level: str) -> dict[str, tuple[str, ...]]:
    """Plain header -> the columns that it may be; several: it is not said which."""
    named = Named(KIND_OF[kind], level)
    found: dict[str, list[str]] = defaultdict(list)
    for column in named.kind.columns:
        for word in {plain_word(each) for each in words_of(named, column)}:
            found[word].append(column.name)
    for word, several in LOOSE.items():
        if plain_word(word) not in found and (own := [n for n in several if n in named.kind.at]):
            found[plain_word(word)] = own
    own_names = {plain_word(each): (each,) for each in named.kind.names}
    return {**{word: tuple(names) for word, names in found.items()}, **own_names}


def header_words(named: Named) -> set[str]:
    """What the cells of a header may be, in small letters."""
    return {word.lower() for column in named.kind.columns for word in words_of(named, column)}


def header_at(named: Named, rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that names the columns, 0 where none does: titles may stand above it.

    It is the first one, unless that names no two columns and one of the rows below it does, or no
    column and each cell of one below it names one.
    """
    above = [[cell.strip() for cell in row if cell.strip()] for row in rows[: MOST_ABOVE + 1]]
    known = [sum(bool(_named_column(named, cell)) for cell in row) for row in above]
    if not known or known[0] > 1:
        return 0
    for i, count in enumerate(known):
        if count > 1 or (count and count == len(above[i]) and not known[0]):
            return i
    return 0


def read_header(
    file: str, named: Named, cells: Sequence[str], refusals: Refusals, row: int = 1
) -> Header | None:
    """The columns of a sheet; None, and refused, where a header is not known, or one that is needed is not there.

    `row`: the number of the row that has it.
    """
    kind, chinese = named.kind, any(not cell.isascii() for cell in cells)

    def refuse(name: str, why: Text) -> None:
        whole = msg(
            "{why}; {columns}; nothing of it was read", why=why, columns=_columns(named, chinese)
        )
        refusals.add(file, row, name, name, whole)

    written = [cell.strip() for cell in cells]
    found = [_column(named, cell) for cell in written]
    columns = [each if isinstance(each, str) else "" for each in found]
    if not written:
        refuse("", msg("the file is empty"))
        return None
    if not any(columns):
        shown = ", ".join(written[:5]).lower()[:200]
        refuse("", msg("the first row is no header of this kind, but {shown!r}", shown=shown))
        return None
    absent = [each for each in kind.columns if each.name not in columns]
    missing = [each for each in absent if _needed(named, each)]
    wrong = [
        (cell, why) for cell, why in zip(written, found, strict=True) if not isinstance(why, str)
    ]
    for cell, why in wrong:
        refuse(cell, why or _unknown(named, cell, absent or kind.columns))
    twice = {
        name: [w for w, c in zip(written, columns, strict=True) if c == name]
        for name in columns
        if name
    }
    for name, cells_of in twice.items():
        if len(cells_of) > 1:
            refuse(cells_of[0], _twice(name, cells_of))
    if missing:
        names = ", ".join(heading(kind, each.name, chinese=chinese) for each in missing)
        shown = ", ".join(written)[:200]
        refuse("", msg("the header lacks {names}; it has {header}", names=names, header=shown))
    if missing or wrong or any(len(each) > 1 for each in twice.values()):
        return None
    return Header(columns, written)


def _needed(named: Named, column: Column) -> bool:
    """Whether a sheet must have the column: its cells may not be empty, and its sheet does not say them."""
    return not column.may_be_empty and not (named.level and column.name == "kind")


def needs_value(named: Named, column: str) -> bool:
    """Whether a cell of this column must not be empty; "" is no column."""
    return bool(column) and _needed(named, named.kind.columns[named.kind.at[column]])


def _columns(named: Named, chinese: bool) -> Text:
    """Which columns a sheet has, and which of them may be left out."""
    needed, others = (
        ", ".join(
            heading(named.kind, each.name, chinese=chinese)
            for each in named.kind.columns
            if _needed(named, each) is wanted
        )
        for wanted in (True, False)
    )
    if not others:
        return msg("the columns are: {needed}", needed=needed)
    return msg("the columns are: {needed}; may be left out: {others}", needed=needed, others=others)


def _twice(name: str, cells: Sequence[str]) -> Text:
    if len({plain_word(each) for each in cells}) == 1:
        return msg("stands twice")
    return msg("{headers} are the same column, {name}", headers=", ".join(cells), name=name)


def _column(named: Named, cell: str) -> str | Text | None:
    """The column that a header names, "" for that of reasons; why it can't be said, None: it is not known."""
    word = plain_word(cell)
    if is_reasons(cell):
        return ""
    meant = _meant(named.kind.name, named.level)
    found, note = meant.get(word, ()), ""
    if not found and (parts := _WITH_NOTE.fullmatch(word)):
        found, note = meant.get(parts[1], ()), parts[2]
    if len(found) > 1:
        names = ", ".join(heading(named.kind, each, chinese=not cell.isascii()) for each in found)
        return msg("may be several columns: {names}; write which", names=names)
    if not found:
        return None
    units = of_column(UNITS, named.kind.name, found[0]) or ()
    if note and note not in map(plain_word, (*ASIDES, *units)):
        if not units:
            return None
        return msg("is in {unit}; allowed: {units}", unit=note, units=", ".join(units))
    return found[0]


def _named_column(named: Named, cell: str) -> str:
    """The column that a header names alone; "" for none."""
    found = _column(named, cell)
    return found if isinstance(found, str) else ""


def _unknown(named: Named, cell: str, likely: Sequence[Column]) -> Text:
    words = [word for column in likely for word in words_of(named, column)]
    near = nearest(cell, words, AMONG_CODES if cell.isascii() else IN_CHINESE)
    hint = msg("; did you mean {near}?", near=near) if near else ""
    return msg("is not a column of this kind{hint}", hint=hint)
