"""What a room may have been while nothing of it is known (regulations.md 7.20)."""

import numpy as np
import pytest

from analytics.law.known import Known
from analytics.law.room_gaps import supposed

BRIDGE, STANDARD, END = 60, 18_000, 2_000
COLD, COLDER, WARM = 17_000, 15_000, 19_000
Rows = list[tuple[int, int, int]]


def filled(rows: Rows, records: tuple[int, ...] = ()) -> tuple[Rows, Rows]:
    """What is put into the gaps for certain, and beside it at most; (from, until, value)."""
    at, until, value = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    record = np.isin(np.arange(at.size), records)
    found = supposed(Known(at, until, value), record, BRIDGE, STANDARD, END)
    sure, most = (
        {*zip(each.at.tolist(), each.until.tolist(), each.value.tolist(), strict=True)}
        for each in (found.sure, found.most)
    )
    assert {*rows} <= sure <= most
    assert found.most.at.tolist() == sorted(found.most.at.tolist())
    return sorted(sure - {*rows}), sorted(most - sure)


LAST = (500, END, WARM)


@pytest.mark.parametrize(
    ("rows", "sure", "most"),
    [
        pytest.param([(0, 100, COLD), LAST], [], [(100, 500, COLD)], id="long-behind-cold"),
        pytest.param([(0, 440, COLD), LAST], [(440, 500, WARM)], [], id="short-before-warm"),
        pytest.param(
            [(0, 440, COLDER), (500, END, COLD)], [(440, 500, COLD)], [], id="short-between-cold"
        ),
        pytest.param(
            [(0, 439, COLD), (500, END, COLDER)], [], [(439, 500, COLDER)], id="a-minute-too-long"
        ),
        pytest.param([(0, 100, WARM), (500, END, COLD)], [], [], id="behind-warm"),
        pytest.param([(0, 100, COLD)], [], [(100, END, COLD)], id="data-end-while-cold"),
        pytest.param([(0, END - 60, COLD)], [], [], id="data-end-shortly-before-the-end"),
        pytest.param([(0, END + 5, COLD)], [], [], id="no-gap"),
    ],
)
def test_a_gap_is_what_lies_on_its_sides(rows: Rows, sure: Rows, most: Rows) -> None:
    assert filled(rows) == (sure, most)


@pytest.mark.parametrize(
    ("rows", "records", "sure", "most"),
    [
        pytest.param(
            [(0, 100, COLD), (300, 330, COLDER), (500, END, COLD)], (1,),
            [(100, 300, COLD), (330, 500, COLD)], [], id="between-cold",
        ),
        pytest.param(
            [(0, 100, COLD), (300, 330, COLDER), (500, END, COLD)], (),
            [], [(100, 300, COLDER), (330, 500, COLDER)], id="a-reading-settles-nothing",
        ),
        pytest.param(
            [(0, 100, COLD), (300, 330, COLDER), LAST], (1,),
            [], [(100, 300, COLDER), (330, 500, COLDER)], id="before-warm",
        ),
        pytest.param(
            [(0, 100, COLD), (300, 310, COLDER), (310, END, COLD)], (1,),
            [(100, 300, COLD)], [], id="readings-begin-while-it-stands",
        ),
        pytest.param(
            [(0, 100, COLD), (300, 310, COLD), (310, 330, COLDER), (500, END, COLD)], (1, 2),
            [(100, 300, COLD), (330, 500, COLD)], [], id="two-records",
        ),
        pytest.param(
            [(0, 100, COLD), (300, 330, WARM), (500, END, COLD)], (1,),
            [], [(100, 300, COLD)], id="one-that-passed",
        ),
        pytest.param(
            [(0, 100, COLD), (300, 330, COLDER)], (1,),
            [], [(100, 300, COLDER), (330, END, COLDER)], id="and-then-nothing",
        ),
    ],
)  # fmt: skip
def test_a_failing_record_inside_settles_a_gap_between_cold_sides(
    rows: Rows, records: tuple[int, ...], sure: Rows, most: Rows
) -> None:
    assert filled(rows, records) == (sure, most)
