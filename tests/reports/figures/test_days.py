"""The exact facts of one local day of the tiny city."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.time import Span
from domain.tree import PlaceKind
from reports.figures.days import facts_of_days, home_tallies, inside_season, valid
from reports.figures.tally import Tally
from tests.reports.making import made, sources_of
from tests.tiny import MIDNIGHT, tiny_city

DAY = Span(MIDNIGHT, MIDNIGHT + timedelta(days=1))


def test_places_of_a_day_before_they_were_there_are_left_out(tmp_path: Path) -> None:
    sources = sources_of(tiny_city(tmp_path))
    assert valid(sources, PlaceKind.HOUSEHOLD, DAY).tolist() == [5, 6, 7]
    assert valid(sources, PlaceKind.STATION, DAY).tolist() == [3]
    before = Span(DAY.since - timedelta(days=730), DAY.until - timedelta(days=730))
    assert valid(sources, PlaceKind.HOUSEHOLD, before).tolist() == []


@pytest.mark.parametrize("kind", [PlaceKind.STATION, PlaceKind.BUILDING, PlaceKind.SOURCE])
def test_homes_count_once_below_each_kind_of_place(tmp_path: Path, kind: PlaceKind) -> None:
    tiny = tiny_city(tmp_path)
    head = made(tiny).head
    (day,) = facts_of_days(sources_of(tiny), head)
    found = home_tallies(sources_of(tiny), day.homes, day.span, kind)
    total = sum(found.values(), Tally())
    assert total.home_days == 3
    assert (total.at_standard, total.below) == (1, 1)
    assert set(found) >= set(valid(sources_of(tiny), kind, day.span).tolist())


def test_a_day_that_the_season_cuts_is_as_long_as_what_lies_in_it() -> None:
    noon = Span(MIDNIGHT + timedelta(hours=12), MIDNIGHT + timedelta(days=9))
    found = inside_season(noon, MIDNIGHT.date() + timedelta(days=1), ZoneInfo("Asia/Shanghai"))
    assert found == Span(noon.since, MIDNIGHT + timedelta(days=1))
