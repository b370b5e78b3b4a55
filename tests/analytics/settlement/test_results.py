"""What a settlement finds, as a whole."""

from decimal import Decimal

from sqlalchemy import Engine

from analytics.settlement.results import ResultsHash, results_sha256
from tests.analytics.books import settled


def test_a_settlement_adds_up_its_households_and_counts_their_reasons(books: Engine) -> None:
    found = settled(books)
    assert found.total() == sum(each.total for each in found.results) == Decimal("180.00")
    assert found.undetermined() == 0
    assert found.reasons() == {"paid": 4}


def test_the_hash_is_of_every_result_in_order_and_the_same_one_by_one(books: Engine) -> None:
    found = settled(books)
    hashed = ResultsHash()
    for each in found.results:
        hashed.add(each.hashed(), each.steps)
    assert hashed.hexdigest() == found.sha256()
    turned = ((each.hashed(), each.steps) for each in reversed(found.results))
    assert results_sha256(turned) != found.sha256()
