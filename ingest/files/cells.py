"""Value cells as ticks: exact decimals from text, and from floats by what they print."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domain.quantity import Quantity
from domain.unit import Unit
from ingest.batch.table import to_ticks
from ingest.kernels import resolve, text

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

#: Below this size a double's error is far from the distance to a tie that is let pass.
_SAFE = 1e12
_NEAR_TIE = 1e-3
_AROUND = " \t\r\n\u3000\xa0"


@dataclass(frozen=True, slots=True)
class Cells:
    """(n,) a column's values; `given` where a cell has something, `bad` where it is no value."""

    ticks: Ints
    given: Mask
    bad: Mask


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column parsed once, before its unit is known: text as mantissa and decimals, or floats."""

    size: int
    given: Mask
    odd: Mask  # text that is no plain decimal number, or no finite float
    approximate: NDArray[np.float64]
    exact: Callable[[int], Decimal]  # of one cell; InvalidOperation where it is no number
    mantissa: Ints | None = None
    decimals: Ints | None = None


def text_buffers(column: pa.Array) -> tuple[Bytes, Ints]:
    """(bytes, (n + 1,) offsets) of a column as text; nulls are empty."""
    whole = column.cast(pa.large_string()).fill_null("")
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.combine_chunks()
    _, offset_buffer, data_buffer = whole.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int64)[whole.offset :][: len(whole) + 1]
    if data_buffer is None:
        return np.zeros(1, dtype=np.uint8), offsets
    return np.frombuffer(data_buffer, dtype=np.uint8), offsets


@dataclass(frozen=True, slots=True)
class Written:
    """How a file writes numbers."""

    decimal: str = "."
    thousands: str = ""
    blanks: tuple[str, ...] = ()


PLAIN = Written()


def parse_numbers(column: pa.Array, written: Written = PLAIN) -> Numbers:
    """A value column, whatever its type, as numbers without a unit."""
    kind = column.type
    if pa.types.is_floating(kind):
        return _floats(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = _plain(column, written)
    return _texts(column)


def _plain(column: pa.Array, written: Written) -> pa.Array:
    """Texts without blanks around them and with a decimal point; null where they say nothing."""
    column = pc.utf8_trim(column, _AROUND)
    blank = pc.is_in(column, value_set=pa.array(written.blanks, column.type))
    column = pc.if_else(blank, pa.scalar(None, column.type), column)
    if written == Written(blanks=written.blanks):
        return column
    mark, point = re.escape(written.thousands), re.escape(written.decimal)
    grouped = f"[0-9]{{1,3}}({mark}[0-9]{{3}})+|" if mark else ""
    shape = f"^[+-]?({grouped}[0-9]+)({point}[0-9]+)?([eE][+-]?[0-9]+)?$"
    good = pc.match_substring_regex(column, shape)
    if mark:
        column = pc.replace_substring(column, written.thousands, "")
    column = pc.replace_substring(column, written.decimal, ".")
    return pc.if_else(good, column, pc.if_else(pc.equal(column, ""), column, "no number"))


def _floats(column: pa.Array) -> Numbers:
    width = np.float32 if column.type.bit_width == 32 else np.float64
    values = column.to_numpy(zero_copy_only=False).astype(width, copy=False)
    given = ~np.isnan(values)  # a null and a NaN both say nothing
    odd = np.isinf(values)

    def exact(i: int) -> Decimal:
        return Decimal(str(values[i]))  # the shortest decimal that is this float

    approximate = np.where(given & ~odd, values, values.dtype.type(0))
    if width is np.float32:  # 123456.79, not the float64 beside it, 123456.7890625
        approximate = approximate.astype("U")
    return Numbers(values.size, given, odd, approximate.astype(np.float64), exact)


def _texts(column: pa.Array) -> Numbers:
    data, offsets = text_buffers(column)
    mantissa = np.zeros(len(column), dtype=np.int64)
    decimals = np.zeros(len(column), dtype=np.int64)
    state = np.zeros(len(column), dtype=np.uint8)
    text.read_numbers(data, offsets, mantissa, decimals, state)

    def exact(i: int) -> Decimal:
        written = data[offsets[i] : offsets[i + 1]].tobytes().decode()
        if not written.isascii() or "_" in written:  # Decimal reads 2_1 and every script's digits
            raise InvalidOperation(written)
        return Decimal(written)

    approximate = mantissa / np.power(10.0, decimals)
    given = state != text.EMPTY
    return Numbers(len(column), given, state == text.OTHER, approximate, exact, mantissa, decimals)


def ticks_of(numbers: Numbers, rows: Ints, quantity: Quantity, unit: str | None) -> Cells:
    """Cells `rows` (m,) as ticks of `quantity`, ties to even, exact."""
    chosen = Unit.of(unit or quantity.unit)
    if chosen.quantity != quantity.code:
        chosen.to_ticks(Decimal(0), quantity)  # raises: this unit measures something else
    given = numbers.given[rows]
    doubtful = numbers.odd[rows]
    shift = _power_of_ten(chosen.factor / Fraction(quantity.value.resolution))
    if (
        numbers.mantissa is not None
        and numbers.decimals is not None
        and shift is not None
        and chosen.offset == 0
    ):
        ticks = np.zeros(rows.size, dtype=np.int64)
        held = (given & ~doubtful).astype(np.uint8)
        resolve.scale(numbers.mantissa[rows], numbers.decimals[rows], shift, ticks, held)
        doubtful = given & (held == 0)
    else:
        ticks, near = _rounded(numbers.approximate[rows], chosen, quantity)
        doubtful = given & (doubtful | near)
    bad = np.zeros(rows.size, dtype=np.bool_)
    for i in np.flatnonzero(doubtful).tolist():
        found = _exact_ticks(numbers, int(rows[i]), unit, quantity)
        bad[i] = found is None
        ticks[i] = found or 0
    return Cells(ticks, given, bad)


def _rounded(values: NDArray[np.float64], unit: Unit, quantity: Quantity) -> tuple[Ints, Mask]:
    """Steps by floating point, and where that can't tell which way a tie goes."""
    resolution = Fraction(quantity.value.resolution)
    scaled = values * float(unit.factor / resolution) + float(unit.offset / resolution)
    near = np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < _NEAR_TIE
    large = np.abs(scaled) >= _SAFE
    return np.rint(np.where(large, 0.0, scaled)).astype(np.int64), near | large


def _exact_ticks(numbers: Numbers, row: int, unit: str | None, quantity: Quantity) -> int | None:
    try:
        return to_ticks(numbers.exact(row), unit, quantity)
    except (ValueError, InvalidOperation):
        return None


def _power_of_ten(factor: Fraction) -> int | None:
    """k where factor = 10**k, else None.

    >>> _power_of_ten(Fraction(1000)), _power_of_ten(Fraction(1, 100)), _power_of_ten(Fraction(2))
    (3, -2, None)
    """
    for k in range(-12, 16):
        if factor == Fraction(10) ** k:
            return k
    return None
