"""What a settlement takes from the books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.law.policy import load
from store.books import facts
from tests.analytics.books import NOW, OLD, add, local, season, settled

YEAR, DAY, HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)
LATER = NOW + 2 * YEAR


def test_a_snapshot_takes_contracts_rooms_requests_and_the_outages_above(books: Engine) -> None:
    snapshot = take(books, season(books), NOW)
    assert snapshot.code == ("H1", "H2", "H3", "H4")
    assert snapshot.room_code == ("H1-bed", "H2-bed", "H3-bed", "H4-bed")  # no bathroom
    assert snapshot.series.columns[0].tolist() == [1, 9, 2, 3, 4]
    assert snapshot.spans is not None
    assert snapshot.spans.columns[2].tolist() == [0, 1, 0, 0, 0]  # 9 is not verified, 1 is
    assert snapshot.consent.tolist() == [False, True, False, False]
    assert snapshot.outages.count().tolist() == [0, 0, 1, 1]
    assert snapshot.requests.count().tolist() == [1, 0, 0, 1]


def test_acts_faults_and_refusals_reach_the_settlement(books: Engine) -> None:
    add(
        books,
        facts.MeasurementRecord(room_id=21, at=local(11, 9), celsius=Decimal("13.5")),
        facts.UserFault(
            household_id=11, since=local(13), until=None, clause="art. 35", evidence="a valve"
        ),
    )
    result = settled(books).results[0]
    assert [(str(line.first), str(line.share)) for line in result.lines] == [
        ("2025-01-10", "1/2"),
        ("2025-01-11", "1"),
        ("2025-01-12", "1/2"),
    ]


@pytest.mark.parametrize(("signed_by", "counts"), [("", 0), ("Li", 0), ("Li; Wu", 1)])
def test_a_record_without_the_signatures_that_the_act_asks_for_does_not_count(
    books: Engine, signed_by: str, counts: int
) -> None:
    record = facts.MeasurementRecord(room_id=21, at=local(11, 9), celsius=Decimal("13.5"))
    record.signed_by = signed_by
    add(books, record)
    own = season(books)
    henan = load(own.policy).policy.signatures()
    assert take(books, own, NOW, henan).measurements.columns[0].size == counts
    assert take(books, own, NOW).measurements.columns[0].size == 1


@pytest.mark.parametrize(("minutes", "stops"), [(0, 1), (59, 1), (60, 2)])
def test_supply_that_is_back_for_less_than_an_hour_ends_no_stop(
    books: Engine, minutes: int, stops: int
) -> None:
    """Regulations.md 7.9, also where one record is the station's and the other the building's."""
    back = local(20, 18)
    again = back + timedelta(minutes=minutes)
    add(
        books,
        facts.OutageRecord(
            place_id=6, since=again, until=again + timedelta(hours=3), cause="operator"
        ),
    )
    assert take(books, season(books), NOW).outages.count().tolist() == [
        0,
        0,
        stops,
        stops,
    ]


def test_facts_of_other_seasons_are_not_in_the_snapshot(books: Engine) -> None:
    """But for requests that claim its refund, where the act lets them; days are whole."""
    own = season(books)
    before = take(books, own, LATER)
    first, last = own.since, own.until
    add(
        books,
        *(facts.Request(household_id=12, at=at) for at in (first - YEAR, last, last + YEAR)),
        *(facts.Refusal(household_id=12, at=at) for at in (first - YEAR, last + YEAR)),
        *(
            facts.MeasurementRecord(room_id=22, at=at, celsius=Decimal(15), signed_by="Li; Wu")
            for at in (first - YEAR, first - 4 * HOUR, last + YEAR)
        ),
        *(
            facts.UserFault(household_id=12, since=at, until=at + DAY, clause="1", evidence="a")
            for at in (first - YEAR, first - DAY, last, last + YEAR)
        ),
    )
    assert take(books, own, LATER).sha256() == before.sha256()
    claims = take(books, own, LATER, asked_until=last + YEAR)
    assert (claims.requests.count() - before.requests.count()).tolist() == [0, 1, 0, 0]
    near = facts.MeasurementRecord(room_id=22, at=first - HOUR, celsius=Decimal(15), signed_by="")
    early = facts.UserFault(household_id=12, since=OLD, until=None, clause="1", evidence="a")
    add(books, near, early, facts.Refusal(household_id=12, at=first))
    found = take(books, own, LATER)
    assert [found.measurements.offsets[-1], found.refusals.offsets[-1]] == [1, 1]
    assert found.faults.count().tolist() == [0, 1, 0, 0]


def test_facts_after_now_are_not_in_the_snapshot(books: Engine) -> None:
    snapshot = take(books, season(books), local(5))
    assert snapshot.requests.count().sum() == 0
    assert snapshot.outages.count().sum() == 0
