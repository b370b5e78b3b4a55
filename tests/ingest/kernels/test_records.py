"""Cells beyond those of the header."""

import csv
import io
import random

import numpy as np
import pytest

from ingest.kernels import records


def cut(data: bytes, cells: int) -> tuple[bytes, int]:
    out = np.empty(len(data), dtype=np.uint8)
    written, used = records.cut(np.frombuffer(data, dtype=np.uint8), ord(","), cells, out)
    return out[:written].tobytes(), used


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("a,b", "a,b"),
        ("a,b,", "a,b"),
        ("a,b, ,\t,", "a,b"),
        ('a,b,"", " "', "a,b"),
        ("a,b,,x", "a,b,,x"),
        ("a", "a"),
        ('a,"b,c",', 'a,"b,c"'),
        ('a,b"c,', 'a,b"c'),
        ('"a ""q"" b","x\ny",,', '"a ""q"" b","x\ny"'),
        ("", ""),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_blank_cells_beyond_the_headers_are_cut(line: str, want: str, newline: str) -> None:
    data = (line + newline) * 2
    found, used = cut(data.encode() + b"begun,", 2)
    assert (found.decode(), used) == ((want + newline) * 2, len(data))


@pytest.mark.parametrize("seed", [5, 6])
def test_nothing_else_of_a_file_changes(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(300):
        rows = [[chance.choice(["a", "", " ", 'q"q', "x,y", "two\nlines", "温"]) for _ in range(chance.randrange(1, 6))] for _ in range(4)]  # fmt: skip
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        found, _ = cut(text.getvalue().encode(), 3)
        before, after = (
            [row for row in csv.reader(io.StringIO(each, newline="")) if row]
            for each in (text.getvalue(), found.decode())
        )
        want = [row if any(c.strip() for c in row[3:]) else row[:3] for row in before]
        assert after == want
