"""How long a report stands: until a visit finds no room below (regulations.md 7.20)."""

import numpy as np
import pytest

from analytics.law.known import Known
from analytics.law.standing import serving, standing

END = 1000


def room(*rows: tuple[int, int, int]) -> Known:
    at, until, value = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    return Known(at, until, value)


WARM = room((0, END, 20_000))


@pytest.mark.parametrize(
    ("requests", "passed", "spans"),
    [
        pytest.param([10], [], [(10, END)], id="nobody-came"),
        pytest.param([10], [5], [(10, END)], id="a-visit-before-it-serves-nothing"),
        pytest.param([10], [10], [(10, 10)], id="a-visit-at-its-instant"),
        pytest.param([30, 10], [20, 40], [(10, 20), (30, 40)], id="another-one-behind-it"),
        pytest.param([10, 15, 20], [20], [(10, 20)], id="one-while-it-stands-starts-nothing"),
        pytest.param([10], [END + 5], [(10, END)], id="a-visit-behind-the-end"),
    ],
)
def test_a_report_stands_until_a_visit_that_passed(
    requests: list[int], passed: list[int], spans: list[tuple[int, int]]
) -> None:
    assert standing(requests, serving(passed, [WARM], 18_000), END) == spans


def test_a_visit_serves_nothing_while_another_room_is_known_below() -> None:
    cold = room((0, 25, 17_999), (25, 50, 18_000))
    assert standing([10], serving([20, 30], [WARM, cold], 18_000), END) == [(10, 30)]
