"""Of claims put together each thing that is waited for is known, with its own days."""

from decimal import Decimal
from typing import Any

from analytics.law.calculator import Claim, Waits
from analytics.law.reasons import (
    AREAS_MISSING,
    BASIC_FEE_MISSING,
    TERMS_MISSING,
    UNDETERMINED,
    Reason,
)
from analytics.law.waiting import together, waiting
from analytics.settlement.joined import joined, of_days
from analytics.settlement.writer import _reason

TEN = Decimal("10.00")


def claim(why: Reason | None, *days: int, upper: Decimal = TEN, **other: Any) -> Claim:
    return Claim(upper=upper, open_days=days, waits_for=why, **other)


def test_one_thing_is_waited_for_where_all_wait_for_it() -> None:
    both = [claim(TERMS_MISSING, 1, 2), claim(TERMS_MISSING, 5)]
    assert together(both) == (TERMS_MISSING, ())
    assert together([claim(None, 1), Claim()]) == (None, ())
    assert together([Claim(), Claim()]) == (None, ())
    assert waiting(Claim()) == ()


def test_several_things_are_kept_each_with_its_days_and_stake() -> None:
    own = [claim(TERMS_MISSING, 1, 2), claim(None, 3), claim(TERMS_MISSING, 7, upper=TEN * 2)]
    found = joined(own, None)
    assert found.waits_for is None
    assert waiting(found) == (
        Waits(TERMS_MISSING, (1, 2, 7), TEN * 3), Waits(None, (3,), TEN),
    )  # fmt: skip
    again = joined([found, claim(AREAS_MISSING, 9)], None)
    assert [each.why for each in waiting(again)] == [TERMS_MISSING, None, AREAS_MISSING]


def test_what_is_closed_or_comes_later_is_no_longer_or_also_waited_for() -> None:
    found = joined([claim(TERMS_MISSING, 1, 2), claim(None, 3)], None)
    left = of_days(found, (1, 2), ())
    assert [(each.why, each.days) for each in waiting(left)] == [(None, (3,))]
    assert waiting(of_days(found, (1, 2, 3), ())) == ()
    more = found._replace(open_days=(1, 2, 3, 4))
    assert [(each.why, each.days) for each in waiting(more)] == [
        (TERMS_MISSING, (1, 2)), (None, (3,)), (None, (4,)),
    ]  # fmt: skip


def test_the_reason_is_a_measurement_only_where_one_settles_something() -> None:
    """Two things that no measurement can tell were said to wait for one."""
    neither = joined([claim(TERMS_MISSING, 1), claim(BASIC_FEE_MISSING, 2, upper=TEN * 2)], None)
    assert _reason([neither], Decimal(0), ["art. 1"]) == (BASIC_FEE_MISSING, "art. 1")
    one = joined([claim(TERMS_MISSING, 1), claim(None, 2)], None)
    assert _reason([one], Decimal(0), ["art. 1"]) == (UNDETERMINED, "art. 1")
