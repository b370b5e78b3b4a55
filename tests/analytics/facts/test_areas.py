"""Heated areas from the registry's places."""

from decimal import Decimal

from sqlalchemy import Engine

from analytics.facts.areas import with_areas
from analytics.facts.from_books import take
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, season


def test_areas_are_those_of_the_places_and_empty_where_none_is_recorded(books: Engine) -> None:
    with changing(books) as session:
        for place, area in ((11, "88.50"), (21, "15.25")):
            session.get_one(reg.Place, place).area_m2 = Decimal(area)
    snapshot = with_areas(books, take(books, season(books), NOW))
    assert dict(zip(snapshot.code, snapshot.area, strict=True))["H1"].startswith("88.5")
    areas = dict(zip(snapshot.room_code, snapshot.room_area, strict=True))
    assert areas["H1-bed"].startswith("15.25")
    assert areas["H2-bed"] == ""
