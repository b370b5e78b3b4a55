"""The columns that a file has against those that its mapping names, and what its text is written in."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa

from domain.errors import WrongCall
from domain.language import Text, msg
from domain.nearest import nearest
from domain.unit import Unit
from ingest.files.mapping import BLANKS, FileMapping
from ingest.files.packed import UNREADABLE, Source, bounded_lines

#: Names listed in an error; a wide file has thousands.
MOST_NAMES = 10
_LOOK_BYTES = 1 << 20
#: A longer line is no header.
MOST_LINE = 16 << 20
#: Records among which the header is looked for.
MOST_ABOVE = 50
#: Around names: blanks, byte order marks and characters that nobody sees.
_AROUND = " \t\r\n\u3000\xa0\ufeff\u200b\u200e\u200f"
_NUMBER = re.compile(r"[+-]?[\d.,]")
#: What separates cells, beside the mapping's own.
DELIMITERS = (";", "\t", "|", ",")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a table's rows."""

    names: list[str]  # of the columns, without those behind the last named one
    above: int = 0  # lines before the header
    lines: int = 1  # lines before the first row
    units: dict[str, str] = field(default_factory=dict)  # column -> its unit, by a row of units


def read_head(stream: pa.NativeFile, mapping: FileMapping, encoding: str) -> Head:
    """The header: the first record with every wanted column, else the one with most of them.

    Titles may stand above it, and a row of units below.
    """
    wanted = set(mapping.wanted())
    best, most = Head([]), -1
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        rows = csv.reader(bounded_lines(text, MOST_LINE), delimiter=mapping.delimiter)
        try:
            before = 0
            for row in islice(rows, MOST_ABOVE):
                names = _names(row)
                found = len(wanted & set(names))
                if found > most and names:
                    best, most = Head(names, before, rows.line_num), found
                if found == len(wanted):
                    below = next(rows, [])
                    units = _units(best.names, below, mapping)
                    lines = rows.line_num if units else best.lines
                    return Head(best.names, before, lines, units)
                before = rows.line_num
        except csv.Error:
            return best
    return best


def _names(row: Sequence[str]) -> list[str]:
    """Without blanks around them, and without the columns behind the last that has a name."""
    names = [each.strip(_AROUND) for each in row]
    while names and not names[-1]:
        names.pop()
    return names


def _units(names: Sequence[str], row: Sequence[str], mapping: FileMapping) -> dict[str, str]:
    """The units of columns of values, as a row below the header writes them; none where it is no such row.

    It is one where some of these cells are units and none is a number, and no time stands in it. What
    is no unit that is known is kept as it is written, so that it can be named.
    """
    cells = dict(zip(names, (each.strip(_AROUND + "()[]（）【】") for each in row), strict=False))
    values = [mapping.columns.value] if mapping.columns.value else list(mapping.channels)
    time = cells.get(mapping.columns.time, "")
    found = {name: cells[name] for name in values if cells.get(name) and cells[name] not in BLANKS}
    if any(each.isdigit() for each in time) or any(map(_is_number, found.values())):
        return {}
    return found if any(map(unit_code, found.values())) else {}


def _is_number(text: str) -> bool:
    return _NUMBER.match(text) is not None


def unit_code(text: str) -> str | None:
    """UCUM code of a unit as a file writes it; None where it is none that is known."""
    try:
        return Unit.of(text).code
    except ValueError:
        return None


def check_columns(
    path: str, wanted: list[str], there: Sequence[str], hint: Text | str = ""
) -> None:
    """WrongCall where a wanted column is missing or stands twice."""
    missing = [name for name in wanted if name not in set(there)]
    if missing and not there:
        raise WrongCall(msg("{path} is empty; allowed: a header and rows below it", path=path))
    if missing:
        raise WrongCall(
            msg(
                "{path}: no column {names}; it has {known}{near}{hint}",
                path=path,
                names=_some(missing),
                known=_some(there, plain=True),
                near=_meant(missing, there, wanted),
                hint=hint,
            )
        )
    for name in wanted:
        at = [i for i, each in enumerate(there, start=1) if each == name]
        if len(at) > 1:
            raise WrongCall(
                msg(
                    "{path}: column {name!r} is there {n} times, as columns {columns}; "
                    "allowed: once, as nothing says which one counts",
                    path=path,
                    name=name,
                    n=len(at),
                    columns=", ".join(map(str, at)),
                )
            )


def _meant(missing: Sequence[str], there: Sequence[str], wanted: Sequence[str]) -> Text | str:
    """What the header has in the place of the missing ones, or what separates its names."""
    if len(there) == 1:
        for delimiter in DELIMITERS:
            if delimiter in there[0]:
                return msg("; is the mapping's delimiter = {delimiter!r}?", delimiter=delimiter)
    free = [name for name in there if name not in wanted]
    near = [found for name in missing[:MOST_NAMES] if (found := nearest(name, free)) is not None]
    return msg("; did you mean {near}?", near=_some(near)) if near else ""


def _some(names: Sequence[str], *, plain: bool = False) -> Text | str:
    shown = [
        name if plain and name and name == name.strip() else repr(name)
        for name in names[:MOST_NAMES]
    ]
    more = len(names) - len(shown)
    if not shown:
        return msg("none")
    if more > 0:
        return msg("{names} and {n} more", names=", ".join(shown), n=more)
    return ", ".join(shown)


def encoding_hint(source: Source, encoding: str) -> Text | str:
    """A sentence for an error where the file looks like another encoding than the mapping's."""
    try:
        with source.opened() as stream:
            guess = guess_encoding(stream.read(_LOOK_BYTES))
    except UNREADABLE:
        return ""
    if guess is None or codecs.lookup(guess).name == codecs.lookup(encoding).name:
        return ""
    return msg(
        "; the mapping's encoding = {encoding!r} may be wrong: the file looks like {guess!r}",
        encoding=encoding,
        guess=guess,
    )


def guess_encoding(data: bytes) -> str | None:
    """What the beginning of a file is likely written in; None where plain ASCII fits any.

    >>> guess_encoding("时间,温度".encode("gbk")), guess_encoding("time".encode("utf-16"))
    ('gbk', 'utf-16')
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.count(0) * 4 > len(data):
        return "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"
    if data.isascii():
        return None
    return next((name for name in ("utf8", "gbk", "gb18030") if _reads(data, name)), "latin1")


def _reads(data: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True
