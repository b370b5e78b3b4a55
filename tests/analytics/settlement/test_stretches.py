"""A line is cut by who bore the fee of its days: each stretch is rounded once, and parts sum to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from analytics.facts.recorded import Bearer
from analytics.law.calculator import Basis
from analytics.law.lines import Line, exact_amount
from analytics.settlement.stretches import cut, whole_to
from domain.language import msg
from tests.analytics.amounts import amount_of

FEE, COUNT = Fraction(2500), Fraction(121)
WANG, LI = Bearer("Wang", Fraction(0), ""), Bearer("Li", Fraction(0), "")
DAY = 86_400


def thirds(payer: str = "Wang") -> Bearer:
    return Bearer(payer, Fraction(333333, 1000000), "City")


def basis(count: int) -> Basis:
    days = tuple(date(2025, 1, 1) + timedelta(days=d) for d in range(count))
    own = SimpleNamespace(days=days, length_s=np.full(count, DAY))
    return cast(
        Basis, SimpleNamespace(days=own, count=COUNT, terms=SimpleNamespace(currency="CNY"))
    )


def line(first: int, last: int, days: str, share: str = "1/2", **other: Any) -> Line:
    parts = FEE, Fraction(days), Fraction(share), COUNT
    found = Line(
        "temperature", date(2025, 1, first), date(2025, 1, last), parts[1], parts[2],
        amount_of(*parts), "art. 27", exact=exact_amount(*parts),
    )  # fmt: skip
    return replace(found, **other)


def parts(own: Line, bearers: Sequence[Bearer | None]) -> list[tuple[str, str, int, int, str]]:
    """(payer, amount, first, last, days) of what is paid of a line."""
    return [
        (each.payer, str(each.amount), each.first.day, each.last.day, str(each.days))
        for each in cut(basis(len(bearers)), FEE, own, bearers)
    ]


def test_a_line_of_one_payer_without_a_subsidy_is_as_it_was_but_for_the_name() -> None:
    own = line(2, 4, "3")
    assert [*cut(basis(5), FEE, own, [WANG] * 5)] == [replace(own, payer="Wang")]
    assert [*cut(basis(5), FEE, own, [Bearer("", Fraction(0), "")] * 5)] == [own]


def test_each_stretch_is_rounded_by_itself_and_a_days_gap_ends_one() -> None:
    """2,500.00 ÷ 121 × 50% is 10.3306 a day."""
    own = line(1, 5, "4")
    assert parts(own, [WANG, WANG, None, WANG, LI]) == [
        ("Wang", "20.66", 1, 2, "2"), ("Wang", "10.33", 4, 4, "1"), ("Li", "10.33", 5, 5, "1"),
    ]  # fmt: skip


def test_the_subsidy_is_refunded_what_the_payers_part_leaves() -> None:
    """Of 10.3306 the payer's are 6.887, of 30.9917 they are 20.661."""
    assert parts(line(1, 1, "1"), [thirds()]) == [
        ("Wang", "6.89", 1, 1, "1"), ("City", "3.44", 1, 1, "1"),
    ]  # fmt: skip
    assert [each[1] for each in parts(line(1, 3, "3"), [thirds()] * 3)] == ["20.66", "10.33"]


@pytest.mark.parametrize("percent", [0, 1, 10, 33, 50, 75, 99, 100])
def test_parts_sum_to_the_line_whatever_the_subsidy(percent: int) -> None:
    city = Bearer("Wang", Fraction(percent, 100), "City")
    for days in range(1, 30):
        own = line(1, days, str(days), "1/3")
        found = [*cut(basis(30), FEE, own, [city] * 30)]
        assert sum(each.amount for each in found) == own.amount
        assert [each.payer for each in found] == ["Wang"] * (percent < 100) + ["City"] * (
            percent > 0
        )


def test_days_that_a_line_has_less_of_weigh_less() -> None:
    """An outage of 6 h and 24 h: 1.25 daily fees, one of them under the subsidy."""
    own = line(1, 2, "5/4", "1", seconds=((0, DAY // 4), (1, DAY)))
    assert parts(own, [WANG, Bearer("Wang", Fraction(1), "City")]) == [
        ("Wang", "5.17", 1, 1, "1/4"), ("City", "20.66", 2, 2, "1"),
    ]  # fmt: skip
    assert parts(own, [None, LI]) == [("Li", "20.66", 2, 2, "1")]


def test_a_sum_that_is_no_share_of_days_is_cut_in_proportion_to_them_and_says_so() -> None:
    capped = line(1, 3, "3", amount=Decimal("10.00"), exact=None, formula=msg("what is left"))
    found = [*cut(basis(3), FEE, capped, [WANG, thirds(), thirds()])]
    assert [str(each.amount) for each in found] == ["3.33", "4.44", "2.23"]
    told = [str(each.formula) for each in found]
    assert "÷ 3 days × 1 days ≈" in told[0]
    assert "÷ 3 days × 2 days × 66.6667% ≈" in told[1]
    whole = [*cut(basis(3), FEE, capped, [thirds()] * 3)]
    assert [str(each.amount) for each in whole] == ["6.67", "3.33"]


def test_a_line_on_days_of_nobody_is_none() -> None:
    assert parts(line(1, 2, "2"), [None, None, WANG]) == []


def test_a_sum_that_is_no_part_of_the_fee_is_of_its_first_charged_days_payer() -> None:
    own = line(1, 3, "1", "0")
    assert whole_to(basis(3), own, [None, thirds("Li"), WANG]) == replace(own, payer="Li")
