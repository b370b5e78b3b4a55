"""Rooms that nothing measured, of the seasons that a span has a part of."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from domain.time import Span
from heatwatch.services.never_measured import unmeasured
from heatwatch.wiring import World
from store.books import registry as reg
from store.registry.places import tree
from tests.actors import changing
from tests.analytics.books import NOW, season
from tests.heatwatch.towns import town

YEAR = timedelta(days=365)


@pytest.fixture
def world(tmp_path: Path) -> World:
    _, made = town(tmp_path)
    with changing(made.books) as session:
        session.execute(delete(reg.Series).where(reg.Series.place_id == 23))
    return made


def test_only_seasons_of_the_span_that_have_begun_are_looked_at(world: World) -> None:
    own, network = season(world.books), tree(world.books)
    whole = Span(own.since, own.until)
    assert unmeasured(world, "co", network, whole, NOW) == {"H3": ["H3-bed"]}
    assert unmeasured(world, "co", network, whole, own.since) == {}
    before = Span(own.since - YEAR, own.since)
    assert unmeasured(world, "co", network, before, NOW) == {}


def test_a_season_whose_policy_is_gone_looks_at_bedrooms_and_living_rooms(world: World) -> None:
    own, network = season(world.books), tree(world.books)
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy="CN-XX"))
    found = unmeasured(world, "co", network, Span(own.since, own.until), NOW)
    assert found == {"H3": ["H3-bed"]}
