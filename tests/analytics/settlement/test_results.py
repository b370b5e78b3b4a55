"""What a settlement finds, as a whole."""

from decimal import Decimal

from sqlalchemy import Engine

from tests.analytics.books import settled


def test_a_settlement_adds_up_its_households_and_counts_their_reasons(books: Engine) -> None:
    found = settled(books)
    assert found.total() == sum(each.total for each in found.results) == Decimal("180.00")
    assert found.undetermined() == 0
    assert found.reasons() == {"paid": 4}
