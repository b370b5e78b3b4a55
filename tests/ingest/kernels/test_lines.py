"""Where records begin, however a file is cut into pieces."""

import csv
import io

import numpy as np
import pytest

from ingest.kernels.lines import STATE_SIZE, scan


def line_numbers(data: bytes, piece: int, room: int = 64) -> list[int]:
    """The line number of each record by the kernel, fed in pieces with this room for rows."""
    state = np.zeros(STATE_SIZE, dtype=np.int64)
    changes: list[tuple[int, int]] = []
    for start in range(0, len(data), piece):
        part = np.frombuffer(data[start : start + piece], dtype=np.uint8)
        at = 0
        while at < part.size:
            records, ahead = np.zeros(room, dtype=np.int64), np.zeros(room, dtype=np.int64)
            at, count = scan(part, at, ord(","), state, records, ahead)
            changes += zip(records[:count].tolist(), ahead[:count].tolist(), strict=True)
    found = []
    gap = 0
    steps = dict(changes)
    for record in range(1, int(state[1]) + 1):
        gap = steps.get(record, gap)
        found.append(record + gap)
    return found


FILES = {
    "plain": (b"a,b\n1,2\n3,4\n", [1, 2, 3]),
    "blank lines": (b"\n\na,b\n\n1,2\n", [3, 5]),
    "windows": (b"a,b\r\n\r\n1,2\r\n", [1, 3]),
    "old mac": (b"a,b\r1,2\r", [1, 2]),
    "quoted break": (b'a,"x\ny"\n1,2\n', [1, 3]),
    "quoted windows break": (b'a,"x\r\ny"\r\n1,2\r\n', [1, 3]),
    "quotes in quotes": (b'a,"x""\ny"\n1,2\n', [1, 3]),
    "quote inside a cell": (b'a,x"\n1,2\n', [1, 2]),
    "mark": (b"\xef\xbb\xbfa,b\n1,2", [1, 2]),
    "nothing": (b"\n\n", []),
}


@pytest.mark.parametrize("piece", [1, 2, 3, 1000])
@pytest.mark.parametrize("name", FILES)
def test_a_record_has_the_line_at_which_it_begins(name: str, piece: int) -> None:
    data, lines = FILES[name]
    assert line_numbers(data, piece) == lines


def test_where_there_is_no_room_for_more_rows_it_goes_on_from_there() -> None:
    data = b"a\n\nb\n\nc\n\n\nd\n"
    assert line_numbers(data, 1000, room=1) == line_numbers(data, 1000) == [1, 3, 5, 8]


def test_as_many_records_as_the_csv_module_finds() -> None:
    data = b'a,"b\n\n"\n"",x\n\n"q""q",1\n'
    rows = [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if row]
    assert len(line_numbers(data, 2)) == len(rows)
