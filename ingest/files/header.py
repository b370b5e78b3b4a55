"""The columns that a file has against those that its mapping names, and what its text is written in."""

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from domain.errors import WrongCall
from domain.language import Text, msg
from domain.nearest import nearest
from ingest.files.mapping import FileMapping

#: Names listed in an error; a wide file has thousands.
MOST_NAMES = 10
_LOOK_BYTES = 1 << 20
#: What separates cells, beside the mapping's own.
DELIMITERS = (";", "\t", "|", ",")


def read_header(path: Path, mapping: FileMapping) -> list[str]:
    """The names in the first line that is not blank, however long it is."""
    with (
        pa.input_stream(path, compression="detect") as stream,
        io.TextIOWrapper(stream, encoding=mapping.encoding, errors="replace", newline="") as text,
    ):
        try:
            row = next((row for row in csv.reader(text, delimiter=mapping.delimiter) if row), [])
        except csv.Error:
            return []
    return [row[0].removeprefix("\ufeff"), *row[1:]] if row else []


def check_columns(
    path: Path, wanted: list[str], there: Sequence[str], hint: Text | str = ""
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


def encoding_hint(path: Path, encoding: str) -> Text | str:
    """A sentence for an error where the file looks like another encoding than the mapping's."""
    try:
        with pa.input_stream(path, compression="detect") as stream:
            guess = guess_encoding(stream.read(_LOOK_BYTES))
    except OSError:
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
