"""Times as numbers: since 1970 in some unit, or a spreadsheet's days."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domain.language import msg
from ingest.mapping import written
from ingest.mapping.times import SCALE, YEAR_2000_US, YEAR_2100_US

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

NO_EPOCH = msg("not a number of seconds, milliseconds, microseconds or nanoseconds")
CUT = msg(
    "has lost its last digits, as a spreadsheet shows long numbers; allowed: all of them, to the "
    "second: format the column as a number and save it again"
)
_NUMBER = r"^[ \t]*[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]{1,3})?[ \t]*$"
_SECOND_US = 1_000_000


def epochs(column: pa.Array, unit: str, why: NDArray[np.object_]) -> tuple[Ints, Mask]:
    """(µs, whether written in another unit than `unit`) by the same rule as messages.

    Numbers that fall out of 2000 to 2099 are read in the unit in which they fall into it.
    """
    numbers = _numbers(column)
    bad = ~np.isfinite(numbers)
    declared = numbers * float(SCALE[unit])
    units = np.full(len(column), unit, dtype=object)
    inside = (declared >= YEAR_2000_US) & (declared < YEAR_2100_US)
    for other in SCALE:
        guess = numbers * float(SCALE[other])
        units[~inside & ~bad & (guess >= YEAR_2000_US) & (guess < YEAR_2100_US)] = other
    scale = np.array([float(SCALE[each]) for each in units])
    found = numbers * scale
    bad |= np.abs(found) > 1e18
    why[bad] = NO_EPOCH
    for row in np.flatnonzero(_with_exponent(column) & ~bad).tolist():
        exponent = Decimal(column[row].as_py().strip()).as_tuple().exponent
        if Decimal(10) ** int(exponent) * SCALE[units[row]] > _SECOND_US:
            why[row] = CUT
    return np.rint(np.where(bad, 0.0, found)).astype(np.int64), units != unit


def serials(column: pa.Array, first: str) -> tuple[Ints, NDArray[np.uint8]]:
    """(µs of local time to the second, LOCAL or 0) of a spreadsheet's days since `first`."""
    return written.serials(_numbers(column), first)


def _numbers(column: pa.Array) -> Floats:
    """(n,) NaN where a cell is no number."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        numbers = pd.to_numeric(pd.Series(column.to_pandas()), errors="coerce").to_numpy()
        return np.asarray(numbers, dtype=np.float64)
    plain = pc.match_substring_regex(column, _NUMBER).fill_null(False)
    trimmed = pc.utf8_trim(pc.if_else(plain, column, "nan"), " \t")
    return np.asarray(trimmed.cast(pa.float64()).to_numpy(zero_copy_only=False))


def _with_exponent(column: pa.Array) -> Mask:
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return np.zeros(len(column), dtype=np.bool_)
    found = pc.match_substring(column, "e", ignore_case=True).fill_null(False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
