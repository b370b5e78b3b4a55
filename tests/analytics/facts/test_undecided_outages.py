"""Which parts of outages wait for a decision: per home, as the settlement joins and splits them."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from analytics.facts.undecided_outages import undecided_outages
from domain.time import Span, from_us
from store.books import facts
from store.registry.places import tree
from tests.analytics.books import add, local, season
from tests.analytics.facts.waits import From

STATION, OTHER, BUILDING, H1, H2 = 3, 4, 5, 11, 12
HOUR = timedelta(hours=1)


def outage(
    place: int, since: datetime, until: datetime, cause: str = "operator"
) -> facts.OutageRecord:
    return facts.OutageRecord(place_id=place, since=since, until=until, cause=cause)


def decision(place: int, since: datetime, until: datetime) -> facts.OutageDecision:
    return facts.OutageDecision(
        place_id=place, since=since, until=until, share=Decimal("0.5"), basis="authority",
        document="No. 7", clause="art. 9",
    )  # fmt: skip


def left(books: Engine, least: timedelta = timedelta(0)) -> list[tuple[int, set[int], str, str]]:
    own = season(books)
    network = tree(books).within(own.company_id)
    span = Span(own.since, own.until)
    with books.connect() as link:
        every = undecided_outages(link, network, span, From(least))
        found = [each for each in every if each.place != OTHER]  # which the town has

    def clock(at_us: int) -> str:
        return f"{from_us(at_us).astimezone(local(1).tzinfo):%d %H:%M}"

    told = [
        (each.place, {*each.homes}, clock(each.since_us), clock(each.until_us)) for each in found
    ]
    return sorted(told, key=str)


def test_two_decisions_that_each_settle_a_half_leave_nothing(books: Engine) -> None:
    add(
        books,
        outage(STATION, local(10), local(11)),
        decision(STATION, local(10), local(10, 12)),
        decision(BUILDING, local(10, 12), local(11)),
    )
    assert left(books) == []


def test_what_lies_between_two_decided_outages_that_are_one_is_left(books: Engine) -> None:
    add(
        books,
        outage(STATION, local(10, 1), local(10, 3)),
        outage(BUILDING, local(10, 3) + HOUR / 2, local(10, 5)),
        decision(STATION, local(10, 1), local(10, 3)),
        decision(BUILDING, local(10, 3) + HOUR / 2, local(10, 5)),
    )
    assert left(books) == [(BUILDING, {H1, H2}, "10 03:00", "10 03:30")]


def test_a_decision_about_one_home_settles_no_other(books: Engine) -> None:
    add(books, outage(STATION, local(10), local(11)), decision(H1, local(10), local(11)))
    assert left(books) == [(STATION, {H2}, "10 00:00", "11 00:00")]


def test_an_outage_goes_on_past_the_season_and_its_decision_does_not(books: Engine) -> None:
    end = season(books).until
    add(
        books,
        outage(STATION, end - 5 * HOUR, end + 5 * HOUR),
        decision(STATION, end - 5 * HOUR, end),
    )
    assert left(books) == []


def test_outages_of_different_places_above_a_home_are_one_for_it(books: Engine) -> None:
    add(
        books,
        outage(STATION, local(10), local(10, 12)),
        outage(H1, local(10, 12), local(11)),
        outage(STATION, local(12), local(13), "force_majeure"),
        outage(STATION, local(13), local(14), "user"),
    )
    day = timedelta(days=1)
    assert left(books, day) == [(H1, {H1}, "10 00:00", "11 00:00")]  # of H2 it lasts 12 h


@pytest.mark.parametrize("cause", ["operator", "third_party"])
def test_of_a_station_all_its_homes(books: Engine, cause: str) -> None:
    add(books, outage(STATION, local(10), local(11), cause))
    assert left(books) == [(STATION, {H1, H2}, "10 00:00", "11 00:00")]
