"""A share is of what there is, in percent; of nothing there is none."""

from dataclasses import dataclass, fields
from decimal import Decimal

import pytest

from reports.figures.views import Compliance, share
from tests.reports.making import made
from tests.tiny import Tiny


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 3, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (3, 3, "100.00"), (1, 10**9, "0.00")],
)
def test_a_share_has_two_decimals(part: int, whole: int, percent: str) -> None:
    assert share(part, whole) == Decimal(percent)


def test_of_nothing_there_is_no_share_and_not_zero() -> None:
    assert share(0, 0) is None


@dataclass(frozen=True, slots=True)
class WithMore(Compliance):
    """A report's own: the rows of one more table."""

    buildings: tuple[str, ...]


def test_a_view_with_a_table_more_says_all_that_the_other_says(tiny: Tiny) -> None:
    whole: Compliance = made(tiny).view
    found = WithMore.of(whole, buildings=("B1",))
    assert {f.name: getattr(found, f.name) for f in fields(whole)} == {
        f.name: getattr(whole, f.name) for f in fields(whole)
    }
    assert found.buildings == ("B1",)
