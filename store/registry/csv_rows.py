"""CSV files as people's programs write them: in UTF-8, UTF-16 or GBK, separated by what they like."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.errors import WrongCall
from domain.language import Text, msg
from store.registry.encoding import Several, decode

DELIMITERS = ",;\t"
#: Lines among which the one with the names is looked for.
FIRST_LINES = 11


class NotCsv(ValueError):
    """A file that is no CSV, or not from a row on; `row` is 0 where it is not even text."""

    def __init__(self, row: int, why: Text) -> None:
        super().__init__(row, why)
        self.row, self.why = row, why


class Csv(NamedTuple):
    """A file as it was understood."""

    rows: list[list[str]]
    encoding: str  # "utf-8", "gb18030", "utf-16"
    delimiter: str


def rows_of(data: bytes, names: Collection[str]) -> Csv:
    """The rows of a file, its encoding and what separates its cells; NotCsv where it can't be read.

    `names` are those that one of its first lines may have, by which is seen what separates them.
    """
    try:
        text, encoding = decode(data)
    except UnicodeDecodeError as error:
        raise NotCsv(0, _not_text(error)) from None
    except Several as error:
        raise NotCsv(0, _several(error)) from None
    rows: list[list[str]] = []
    try:
        delimiter = _delimiter(text, names)
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        why = msg("is not CSV from here on: {error}", error=error)
        raise NotCsv(len(rows) + 1, why) from None
    return Csv(rows, encoding, delimiter)


def table(
    path: Path, columns: Sequence[str], most_bytes: int | None = None
) -> Iterator[tuple[Text, dict[str, str]]]:
    """(file and row, cells by column) of a file that has these columns; empty rows are passed over.

    They are found by their names in the first line, in any order; what other columns have is left out. WrongCall
    where it can't be read, is larger than allowed, lacks a column, has one twice, or a row of another length.
    """
    try:
        if most_bytes is not None and (size := path.stat().st_size) > most_bytes:
            raise WrongCall(_too_large(path, size, most_bytes))
        rows = rows_of(path.read_bytes(), columns).rows
    except OSError as error:
        why = error.strerror or str(error)
        raise WrongCall(msg("{path}: can't be read: {why}", path=path, why=why)) from None
    except NotCsv as error:
        said = _row(path, error.row) if error.row else path.name
        raise WrongCall(msg("{where}: {why}", where=said, why=error.why)) from None
    filled = [(i, row) for i, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    head = [cell.strip().lower() for cell in filled[0][1]] if filled else []
    at = _places(path, head, columns)
    for number, cells in filled[1:]:
        where = _row(path, number)
        if len(cells) != len(head):
            length = msg("{n} cells; expected {all}", n=len(cells), all=len(head))
            raise WrongCall(msg("{where}: {why}", where=where, why=length))
        yield where, {name: cells[i].strip() for name, i in at.items()}


def _places(path: Path, head: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    """Where each column stands in the first line; WrongCall for one that does not, or twice."""
    missing = [name for name in columns if name not in head]
    if missing:
        raise WrongCall(
            msg(
                "{file}: the first line is {found}; allowed: {columns}, in any order; missing: {missing}",
                file=path.name, found=",".join(head), columns=",".join(columns),
                missing=", ".join(missing),
            )
        )  # fmt: skip
    twice = [name for name in columns if head.count(name) > 1]
    if twice:
        raise WrongCall(
            msg("{file}: the first line has {column} twice", file=path.name, column=twice[0])
        )
    return {name: head.index(name) for name in columns}


def _row(path: Path, number: int) -> Text:
    return msg("{file}, row {row}", file=path.name, row=number)


def _not_text(error: UnicodeDecodeError) -> Text:
    line = error.object[: error.start].count(b"\n") + 1
    byte = error.object[error.start]
    return msg(
        "is not text in UTF-8 or GBK: byte {byte} in line {line}; save it as CSV UTF-8 again",
        byte=f"{byte:#04x}",
        line=line,
    )


def _several(error: Several) -> Text:
    line, one, other = error.first
    return msg(
        "line {line} is {one!r} as UTF-8 and {other!r} as GBK, and nothing in the file says which; "
        "save it as CSV UTF-8 with a byte order mark, as spreadsheets do",
        line=line, one=one, other=other,
    )  # fmt: skip


def _delimiter(text: str, names: Collection[str]) -> str:
    """What separates the names in one of the first lines; spreadsheets of some countries write ';'."""
    lines = [each.lower() for each in text.split("\n", FIRST_LINES)[:FIRST_LINES]]
    wanted = set(names)

    def known(delimiter: str) -> int:
        return max(
            len(wanted & {cell.strip(' "\r') for cell in line.split(delimiter)}) for line in lines
        )

    return max(DELIMITERS, key=known)


def _too_large(path: Path, size: int, most: int) -> Text:
    mb = 1000**2
    return msg(
        "{file}: is {size} MB; allowed: at most {most} MB",
        file=path.name, size=-(-size // mb), most=most // mb,
    )  # fmt: skip
