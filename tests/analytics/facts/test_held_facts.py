"""Facts that need not be taken anew are to the byte those that would be."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.held_facts import are_held
from domain.time import to_us
from store.books import facts
from store.books.changes import READINGS_IMPORT, REPLAY, WITHDRAWAL, begun, ended
from store.evidence.since import newest_change
from tests.actors import at
from tests.analytics.books import NOW, add, local, season

LATER = NOW + timedelta(days=40)
COMES = NOW + timedelta(days=9)  # between the two


def held(books: Engine, change: int) -> bool:
    with books.connect() as link:
        return are_held(link, season(books), NOW, change, LATER)


def as_of_later(books: Engine) -> bytes:
    return take(books, season(books), NOW).as_of(to_us(LATER)).canonical()


def test_facts_of_which_none_changed_are_those_of_later(books: Engine) -> None:
    assert held(books, newest_change(books))
    assert as_of_later(books) == take(books, season(books), LATER).canonical()


def test_imports_of_readings_change_no_facts_and_any_other_change_may(books: Engine) -> None:
    last = newest_change(books)
    for action in (READINGS_IMPORT, REPLAY):
        ended(books, begun(books, at(NOW), action), {"rows": 1})
    assert held(books, last)
    begun(books, at(NOW), WITHDRAWAL)
    assert not held(books, last)


FAULT = {"household_id": 11, "clause": "art. 35", "evidence": "seen"}


@pytest.mark.parametrize(
    "fact",
    [
        facts.Request(household_id=13, at=COMES),
        facts.Refusal(household_id=13, at=COMES),
        facts.MeasurementRecord(room_id=21, at=COMES, celsius=Decimal("13.5"), signed_by="Li; Wu"),
        facts.UserFault(since=COMES, until=COMES + timedelta(days=1), **FAULT),
        facts.UserFault(since=local(12), until=None, **FAULT),
        facts.UserFault(since=local(12), until=COMES, **FAULT),
        facts.OutageRecord(place_id=4, since=local(12), until=None, cause="operator"),
        facts.OutageRecord(place_id=4, since=local(12), until=COMES, cause="operator"),
        facts.OutageRecord(place_id=4, since=COMES, until=None, cause="operator"),
    ],
    ids=lambda fact: f"{type(fact).__name__} {getattr(fact, 'since', '')}",
)
def test_a_fact_that_time_brings_or_lets_last_is_taken_anew(books: Engine, fact: Any) -> None:
    """The registry had it before the earlier run, which took none of it, or less."""
    add(books, fact)
    assert not held(books, newest_change(books))


def test_an_earlier_instant_is_taken_anew(books: Engine) -> None:
    with books.connect() as link:
        assert not are_held(link, season(books), LATER, newest_change(books), NOW)
