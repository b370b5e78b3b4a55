"""Heated areas from the registry's places."""

from decimal import Decimal

from sqlalchemy import Engine

from analytics.facts.areas import with_areas
from analytics.facts.changed_terms import changes_of
from analytics.facts.from_books import take
from analytics.facts.snapshot import snapshot_of
from store.books import facts
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, add, local, season


def test_areas_are_those_of_the_places_and_empty_where_none_is_recorded(books: Engine) -> None:
    with changing(books) as session:
        for place, area in ((11, "88.50"), (21, "15.25")):
            session.get_one(reg.Place, place).area_m2 = Decimal(area)
    snapshot = with_areas(books, take(books, season(books), NOW))
    assert dict(zip(snapshot.code, snapshot.area, strict=True))["H1"].startswith("88.5")
    areas = dict(zip(snapshot.room_code, snapshot.room_area, strict=True))
    assert areas["H1-bed"].startswith("15.25")
    assert areas["H2-bed"] == ""


def test_terms_that_name_an_area_come_before_that_of_the_place(books: Engine) -> None:
    with changing(books) as session:
        for place in (11, 12):
            session.get_one(reg.Place, place).area_m2 = Decimal(100)
    own = season(books)
    named = {"season_id": own.id, "use": "residential"}
    add(
        books,
        facts.ContractTerms(household_id=11, since=local(12), area_m2=Decimal(90), **named),
        facts.ContractTerms(household_id=12, area_m2=Decimal(80), **named),
        facts.ContractTerms(household_id=12, since=local(12), **named),
    )
    snapshot = with_areas(books, take(books, season(books), NOW))
    assert snapshot.area[:2] == ("100", "80")
    spans = [[each.area for each in changes_of(kept)] for kept in snapshot.changes[:2]]
    assert [[Decimal(each) for each in own] for own in spans] == [[100, 90], [80, 100]]
    assert snapshot_of(snapshot.canonical(), snapshot.sha256()).changes == snapshot.changes
