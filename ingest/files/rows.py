"""Rows of a table: whose they are, and which hold no readings."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domain.errors import WrongCall
from domain.language import msg
from ingest.files.chunks import Chunk
from ingest.files.header import unit_code
from ingest.files.mapping import FileMapping

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_AROUND = " \t\r\n\u3000\xa0\ufeff\u200b"
#: A code as programs write it so that a spreadsheet keeps its zeros.
_FORMULA = re.compile(r'="([^"]*)"\Z')
#: What stands in brackets behind a column's name, as in 供水压力(MPa).
_IN_NAME = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]+?)\s*[)）\]】]\s*\Z")


#: Where a unit is written.
ROW, NAME, MAPPING = msg("its row of units"), msg("its name"), msg("the mapping")


class Codes:
    """A column of names as small integers; without a column, one name for all rows."""

    def __init__(self, table: pa.Table, column: str | None, fixed: str | None) -> None:
        if column is None:
            self.names: list[str] = [fixed or ""]
            self.codes: Ints = np.zeros(table.num_rows, dtype=np.int64)
            return
        encoded = column_of(table, column).cast(pa.string()).fill_null("").dictionary_encode()
        written = [
            _FORMULA.sub(r"\1", each.strip(_AROUND)) for each in encoded.dictionary.to_pylist()
        ]
        self.names = list(dict.fromkeys(written))
        code = {name: i for i, name in enumerate(self.names)}
        same = np.array([code[name] for name in written], dtype=np.int64)
        self.codes = same[encoded.indices.to_numpy(zero_copy_only=False)]


def column_of(table: pa.Table, name: str) -> pa.Array:
    """A column as one plain array."""
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def no_readings(table: pa.Table, mapping: FileMapping, no_time: Mask) -> Mask:
    """(n,) rows without a time that are empty, or totals and means as programs put below a table.

    A device or a channel may begin with such a word (累计热量, total_energy): there it counts only where it is
    the whole cell and the cell of the time is empty.
    """
    found = np.zeros(table.num_rows, dtype=np.bool_)
    rows = np.flatnonzero(no_time)
    if not rows.size:
        return found
    columns = mapping.columns
    empty = np.ones(rows.size, dtype=np.bool_)
    texts: dict[str, list[str]] = {}
    for name in table.column_names:
        cells = column_of(table, name).take(pa.array(rows)).cast(pa.string()).fill_null("")
        texts[name] = pc.utf8_trim(cells, _AROUND).to_pylist()
        empty &= np.array([text == "" for text in texts[name]])
    times = texts.get(columns.time or "", [""] * rows.size)
    begins, whole = _words(mapping.totals), _words(mapping.totals, whole=True)
    total = np.array([begins.match(text) is not None for text in times])
    untimed = np.array([text == "" for text in times])
    for name in {columns.device or "", columns.channel or ""} & texts.keys():
        total |= untimed & np.array([whole.fullmatch(text) is not None for text in texts[name]])
    found[rows] = empty | total
    return found


def _words(totals: tuple[str, ...], *, whole: bool = False) -> re.Pattern[str]:
    """What a cell of such a row begins with, or is: Minsk is not the word min."""
    after = r"\s*[:：]?" if whole else r"(?![^\W_])"
    each = [re.escape(word) + (after if whole or word.isascii() else "") for word in totals]
    return re.compile("|".join(each) or r"(?!)", re.IGNORECASE)


def unit_of(chunk: Chunk, column: str, said: str | None) -> str | None:
    """The mapping's unit, else the one of the file's row of units, or behind the column's name.

    WrongCall where they differ, and where the file's is not known and the mapping has none.
    """
    behind = _IN_NAME.search(column)
    written = ((ROW, chunk.units.get(column)), (NAME, behind and behind[1]))
    other, meant = MAPPING, said
    for where, text in written:
        if not text:
            continue
        code = unit_code(text)
        if code is None and where is ROW and said is None:
            raise WrongCall(
                msg(
                    "{path}: column {column!r} is in {found!r} by its row of units, which is no unit that "
                    "is known; allowed: give the unit of the column in the mapping",
                    path=chunk.file, column=column, found=text,
                )
            )  # fmt: skip
        if None not in (code, meant) and code != meant:
            raise WrongCall(
                msg(
                    "{path}: column {column!r} is in {found!r} by {where}, and in {said!r} by {other}; "
                    "allowed: the same",
                    path=chunk.file, column=column, found=text, where=where, said=meant, other=other,
                )
            )  # fmt: skip
        if meant is None:
            other, meant = where, code
    return meant
