# mypy: disable-error-code="assignment, no-any-return"
"""Records of a CSV file with the cells that its header has: blank ones beyond them are cut."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


@njit(cache=True)
def cut(data: Bytes, delimiter: int, cells: int, out: Bytes) -> tuple[int, int]:
    """Whole records of `data` -> (bytes written to `out`, bytes of `data` that they are).

    A line break in quotes ends no record. `out` needs as many bytes as `data`.
    """
    written = used = done = 0
    keep = -1  # where in `out` the header's cells end; -1 before they do
    blank = True  # whether all beyond them is
    count = 1
    where = 1  # as in `ingest.kernels.lines`: at the start of a cell 1, in one 2, in quotes 3, a quote there 4
    for at in range(data.size):
        byte = data[at]
        out[written] = byte
        space = byte == 32 or byte == 9 or byte == 34  # noqa: PLR1714 - numba: a set per byte
        if where == 3:
            if byte == 34:
                where = 4
            blank &= keep < 0 or space
        elif byte == 10 or byte == 13:  # noqa: PLR1714
            if keep >= 0 and blank:
                written = keep
                out[written] = byte
            keep = -1
            blank = True
            count = where = 1
            used = at + 1
            done = written + 1
        elif byte == delimiter:
            if count == cells:
                keep = written
            count += 1
            where = 1
        else:
            where = 3 if byte == 34 and where % 3 == 1 else 2
            blank &= keep < 0 or space
        written += 1
    return done, used
