"""By when refunds are paid and objections are answered."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.law.deadlines import Deadline, claim, due, interest_clause, late_interest, objection
from analytics.law.policy import load
from analytics.law.terms import Settle
from domain.workdays import WorkDays

CHINA = WorkDays("Asia/Shanghai")


@pytest.mark.parametrize(
    ("policy", "last_day", "day", "published"),
    [
        ("CN-HA-2018", date(2025, 3, 15), date(2025, 5, 15), True),
        ("CN-HA-2018", date(2026, 3, 15), date(2026, 5, 15), True),
        ("CN-HA-2018", date(2026, 2, 28), date(2026, 4, 28), True),
        ("CN-HA-2018", date(2026, 3, 1), date(2026, 5, 6), True),  # 1 to 5 May are off
        ("CN-SD-QINGDAO-2017", date(2025, 4, 5), date(2025, 6, 30), True),
        ("CN-SD-QINGDAO-2017", date(2024, 4, 5), date(2024, 7, 1), True),  # a Sunday before
        ("CN-HA-2018", date(2027, 3, 15), date(2027, 5, 17), False),  # a Saturday before
    ],
)
def test_a_refund_is_due_as_the_act_says_and_never_on_a_day_off(
    policy: str, last_day: date, day: date, published: bool
) -> None:
    settle = load(policy).policy.settle
    assert settle is not None
    assert due(settle, last_day, CHINA) == Deadline(day, settle.clause, published)


def test_a_month_and_day_before_the_seasons_end_are_those_of_the_next_year() -> None:
    settle = Settle(clause="art. 1", by="03-31")
    found = due(settle, date(2025, 4, 5), CHINA)
    assert found is not None
    assert found.day == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("last_day", "day"),
    [
        (date(2023, 12, 31), date(2024, 2, 29)),
        (date(2026, 1, 31), date(2026, 2, 28)),  # a Saturday, worked in place of a day off
        (date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 3, 15), date(2026, 2, 28)),
        (date(2027, 3, 15), date(2028, 2, 29)),
        (date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_the_29th_of_february_is_the_months_last_day_in_a_year_without_it(
    last_day: date, day: date
) -> None:
    found = due(Settle(clause="art. 1", by="02-29"), last_day, CHINA)
    assert found is not None
    assert found.day == day


def test_an_act_that_sets_no_day_has_no_due_date() -> None:
    assert due(None, date(2025, 3, 15), CHINA) is None
    assert due(Settle(clause="art. 1"), date(2025, 3, 15), CHINA) is None


def test_in_liaoning_a_refund_is_claimed_within_a_month_of_the_seasons_end() -> None:
    settle = load("CN-LN-2016-121").policy.settle
    assert settle is not None
    assert claim(settle, date(2025, 3, 31), CHINA) == Deadline(
        date(2025, 4, 30), settle.clause, True
    )
    assert claim(settle, date(2025, 4, 1), CHINA) == Deadline(date(2025, 5, 6), settle.clause, True)
    assert claim(Settle(clause="art. 1", by="03-31"), date(2025, 3, 31), CHINA) is None
    assert claim(None, date(2025, 3, 31), CHINA) is None


def test_an_objection_is_answered_within_fifteen_working_days() -> None:
    assert objection(date(2026, 4, 1), CHINA) == Deadline(date(2026, 4, 23), "", True)
    assert objection(date(2026, 2, 10), CHINA).day == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("paid", "interest"),
    [(date(2025, 6, 1), "0.00"), (date(2025, 6, 3), "0.00"), (date(2025, 6, 4), "0.01"), (date(2025, 6, 13), "0.13")],
)  # fmt: skip
def test_a_refund_paid_late_bears_interest_at_the_contracts_rate(paid: date, interest: str) -> None:
    """Heze, art. 46: 25.00 at 0.05 % a day; half a cent goes up."""
    rate, by = Fraction("0.0005"), date(2025, 6, 3)
    heze, henan = (load(policy).policy.settle for policy in ("CN-SD-HEZE-2017", "CN-HA-2018"))
    assert late_interest(Decimal("25.00"), "CNY", rate, by, paid) == Decimal(interest)
    assert late_interest(Decimal("25.00"), "CNY", rate, None, paid) == 0, "nothing is late"
    assert interest_clause(heze) == "art. 46"
    assert interest_clause(henan) == interest_clause(None) == "", "their acts grant none"
