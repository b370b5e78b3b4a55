# mypy: disable-error-code="assignment"
"""Where the records of a CSV file begin: blank lines are none, a quoted line break ends none."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: What `scan` carries from one piece to the next; all 0 at the start of a file.
STATE_SIZE = 6


@njit(cache=True)
def scan(
    data: Bytes, at: int, delimiter: int, state: Ints, records: Ints, ahead: Ints
) -> tuple[int, int]:
    """Reads `data[at:]` -> (byte after what was read, rows of `records` and `ahead` written).

    A row says: from this record on (the first is 1) its line number is that much ahead of its own.
    It stops early where they are full. State: line breaks seen, records, lines ahead, where in
    the record (0 before it, 1 at the start of a cell, 2 in one, 3 in quotes, 4 a quote in
    quotes), whether the last byte was a CR, bytes of a byte order mark.
    """
    line, record, gap, where, after_cr, mark = state
    count = 0
    while at < data.size:
        byte = data[at]
        if record == 0 and mark < 3 and where == 0 and byte == (0xEF, 0xBB, 0xBF)[mark]:
            mark += 1
            at += 1
            continue
        newline = byte == 10 or byte == 13  # noqa: PLR1714 - numba would build a set per byte
        if newline and not (byte == 10 and after_cr):
            line += 1
        after_cr = 1 if byte == 13 else 0
        if newline:
            if where != 3:
                where = 0
            at += 1
            continue
        if where == 0:
            if count == records.size:
                after_cr = 0
                break
            record += 1
            if line + 1 - record != gap:
                gap = line + 1 - record
                records[count] = record
                ahead[count] = gap
                count += 1
            where = 1
        if where == 3:
            if byte == 34:
                where = 4
        elif byte == delimiter:
            where = 1
        elif byte == 34 and where % 3 == 1:  # 1 or 4
            where = 3
        else:
            where = 2
        at += 1
    state[:] = np.array([line, record, gap, where, after_cr, mark])
    return at, count
