"""Decisions on outages are of every household below the place that they are about."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.outstanding import What, outstanding
from analytics.facts.recorded import recorded_of
from store.books import facts
from tests.analytics.books import add, local, season
from tests.analytics.facts.waits import From


def test_a_decision_on_a_stations_outage_is_of_its_households(books: Engine) -> None:
    hour = timedelta(hours=1)
    add(
        books,
        facts.OutageDecision(
            place_id=3, since=local(10), until=local(12), share=Decimal("0.50"), basis="authority",
            document="No. 7", clause="art. 9",
        ),
        facts.OutageRecord(place_id=3, since=local(10), until=local(11), cause="operator"),
        facts.OutageRecord(place_id=3, since=local(14), until=local(14) + hour, cause="operator"),
    )  # fmt: skip
    own = season(books)
    snapshot = take(books, own, local(20))
    found = [recorded_of(each).outages_decided for each in snapshot.recorded]
    assert sum(bool(each) for each in found) == 2
    (one,) = next(each for each in found if each)
    assert (one.share, one.basis, one.document, one.clause) == (
        "0.5",
        "authority",
        "No. 7",
        "art. 9",
    )
    every = outstanding(books, own, local(20), {}, waits=From(timedelta(0)))
    assert [each.since for each in every if each.what is What.DECISION] == [local(14)]
