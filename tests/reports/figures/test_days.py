"""The exact facts of one local day of the tiny city."""

from datetime import timedelta
from pathlib import Path

from domain.time import Span
from domain.tree import PlaceKind
from reports.figures.days import valid
from tests.reports.making import sources_of
from tests.tiny import MIDNIGHT, tiny_city

DAY = Span(MIDNIGHT, MIDNIGHT + timedelta(days=1))


def test_places_of_a_day_before_they_were_there_are_left_out(tmp_path: Path) -> None:
    sources = sources_of(tiny_city(tmp_path))
    assert valid(sources, PlaceKind.HOUSEHOLD, DAY).tolist() == [5, 6, 7]
    assert valid(sources, PlaceKind.STATION, DAY).tolist() == [3]
    before = Span(DAY.since - timedelta(days=730), DAY.until - timedelta(days=730))
    assert valid(sources, PlaceKind.HOUSEHOLD, before).tolist() == []
