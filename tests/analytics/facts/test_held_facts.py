"""Facts that need not be taken anew are to the byte those that would be."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.held_facts import are_held
from domain.time import to_us
from store.books import facts
from store.books.changes import READINGS_IMPORT, REPLAY, WITHDRAWAL, begun, ended
from store.books.registry import Place
from store.evidence.since import newest_change
from tests.actors import at, changing
from tests.analytics.books import NOW, add, local, season

LATER = NOW + timedelta(days=40)
RUNS = local(20, month=2)  # the season does
COMES = RUNS + timedelta(days=9)  # between it and the season's end
OVER = NOW + timedelta(days=9)  # after the season


def held(books: Engine, change: int, was: datetime = NOW, claims: datetime | None = None) -> bool:
    own = season(books)
    with books.connect() as link:
        return are_held(link, own, was, change, LATER, claims or own.until)


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
    assert held(books, newest_change(books), RUNS)
    add(books, fact)
    assert not held(books, newest_change(books), RUNS)


@pytest.mark.parametrize(
    "fact",
    [
        facts.Request(household_id=13, at=OVER),
        facts.Refusal(household_id=13, at=OVER),
        facts.MeasurementRecord(room_id=21, at=OVER, celsius=Decimal("13.5"), signed_by="Li; Wu"),
        facts.UserFault(since=OVER, until=None, **FAULT),
        facts.OutageRecord(place_id=4, since=OVER, until=None, cause="operator"),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_a_fact_of_the_next_season_is_none_of_this_one(books: Engine, fact: Any) -> None:
    """In the next winter each correction of the last one took the whole registry anew."""
    add(books, fact)
    assert held(books, newest_change(books))
    assert as_of_later(books) == take(books, season(books), LATER).canonical()


def test_a_request_counts_up_to_the_limit_of_a_claim(books: Engine) -> None:
    add(books, facts.Request(household_id=13, at=OVER))
    assert not held(books, newest_change(books), claims=OVER + timedelta(days=1))


@pytest.mark.parametrize("of_another", [True, False])
def test_what_is_of_another_company_changes_nothing(books: Engine, of_another: bool) -> None:
    last = newest_change(books)
    with changing(books) as session:
        session.add(_place(50, "company", None))
        session.flush()
        session.add(_place(51, "household", 50))
    assert held(books, last, RUNS)
    home = 51 if of_another else 11
    add(books, facts.Request(household_id=home, at=COMES))
    add(books, facts.UserFault(**FAULT | {"household_id": home}, since=local(12), until=None))
    assert held(books, last, RUNS) is of_another
    assert held(books, newest_change(books), RUNS) is of_another


def _place(number: int, kind: str, parent: int | None) -> Place:
    texts = {"name": f"P{number}", "name_en": "", "address": "", "code": f"P{number}"}
    return Place(id=number, kind=kind, parent_id=parent, since=local(1), **texts)


def test_an_earlier_instant_is_taken_anew(books: Engine) -> None:
    own, last = season(books), newest_change(books)
    with books.connect() as link:
        assert not are_held(link, own, LATER, last, NOW, own.until)
