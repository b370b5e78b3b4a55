"""The fee of a part of a season, as far as somebody is charged for it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from analytics.facts.stakes import Stakes
from store.books import facts
from tests.analytics.books import add, local, season

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "homes", "due"),
    [
        (local(10), local(12), [11], "40.00"),  # 2420.00 of 121 days
        (local(10), local(12), [11, 12], "80.00"),
        (local(10), local(12), [999], "0.00"),  # without a contract
        (local(10), local(11, 8), [11], "26.67"),
        (
            local(1, month=1).replace(year=2020),
            local(16, month=11).replace(year=2024),
            [11],
            "20.00",
        ),
        (local(15, month=3), local(1, month=6), [11], "20.00"),
        (local(12), local(10), [11], "0.00"),
        (local(19), local(21), [11], "20.00"),  # nobody is charged from the 20th on
    ],
)
def test_what_is_at_stake_is_the_fee_of_the_time_inside_the_season_that_is_charged(
    books: Engine, since: object, until: object, homes: list[int], due: str
) -> None:
    add(books, facts.FeeSpan(household_id=11, since=local(20), until=local(25), state="paused"))
    with books.connect() as link:
        stakes = Stakes(link, season(books))
    assert stakes.currency == "CNY"
    assert stakes.of(homes, since, until) == Decimal(due)  # type: ignore[arg-type]
