"""Steps of a pattern, one after the other."""

import random
import re
from datetime import date

import numpy as np
import pytest

from ingest.kernels import dates

STEPS = [(dates.YEAR, 1), (dates.LITERAL, 47), (dates.MONTH, 1), (dates.LITERAL, 47), (dates.DAY, 2), (dates.BLANK, 0), (dates.HOUR, 1), (dates.LITERAL, 58), (dates.MINUTE, 1), (dates.OFFSET, 0)]  # fmt: skip
SHAPE = re.compile(
    r"[ \t]*(\d{4})/(\d{1,2})/(\d\d)[ \t]+(\d{1,2}):(\d{1,2})(?:[zZ]|([+-])(\d\d):?(\d\d)?)[ \t]*\Z"
)


def read(cells: list[bytes]) -> tuple[np.ndarray, list[int]]:
    data = np.frombuffer(b"".join(cells) + b"\0", dtype=np.uint8)
    offsets = np.cumsum([0, *map(len, cells)])
    at_us, kind = np.zeros(len(cells), np.int64), np.zeros(len(cells), np.uint8)
    dates.read_dates(data, offsets, np.array(STEPS, dtype=np.int64), at_us, kind)
    return at_us, kind.tolist()


def naive(cell: bytes) -> int | None:
    """The same by a regular expression and the calendar of Python, µs."""
    match = SHAPE.match(cell.decode())
    if match is None:
        return None
    year, month, day, hour, minute = map(int, match.groups()[:5])
    hours, minutes = int(match[7] or 0), int(match[8] or 0)
    end = hour == 24 and minute == 0
    if (hour > 23 and not end) or minute > 59 or hours > 23 or minutes > 59:
        return None
    offset = (hours * 60 + minutes) * (-1 if match[6] == "-" else 1)
    try:
        days = (date(year, month, day) - date(1970, 1, 1)).days
    except ValueError:
        return None
    return (days * 1440 + hour * 60 + minute - offset) * 60_000_000


@pytest.mark.parametrize("seed", [3, 4])
def test_cells_are_read_as_a_regular_expression_reads_them(seed: int) -> None:
    chance = random.Random(seed)
    cells = []
    for _ in range(2000):
        cell = bytearray(b"2025/1/05 8:07+08:00")
        cell[5:6] = str(chance.randrange(14)).encode()
        for _ in range(chance.randrange(3)):
            cell[chance.randrange(len(cell))] = chance.choice(b"0123456789 \t:/+-Zz24")
        cells.append(bytes(cell))
    at_us, kind = read(cells)
    want = [naive(cell) for cell in cells]
    assert [us if k else None for us, k in zip(at_us.tolist(), kind, strict=True)] == want
    assert 200 < sum(each is not None for each in want) < 1900
