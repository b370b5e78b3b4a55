"""The network's series in slots, as the registry has them."""

from collections.abc import Callable

import numpy as np
import pytest
from sqlalchemy.orm import Session

from alerts.columns.watched import Watched, load
from domain.quantity import Role
from domain.tree import PlaceKind
from tests.alerts.world import World

Build = Callable[..., World]


@pytest.fixture
def found(city: Build) -> tuple[World, Watched]:
    world = city(sources={"Q1": 2}, homes=1)
    with Session(world.engine) as session:
        return world, load(session)


def test_a_series_has_a_slot_and_an_unknown_one_none(found: tuple[World, Watched]) -> None:
    world, watched = found
    known = sorted(world.series.values())
    slots = watched.slots(np.array([*known, known[-1] + 1000, -1], dtype=np.int32))
    assert slots.tolist() == [*range(len(known)), -1, -1]


def test_a_series_belongs_to_the_station_it_is_at(found: tuple[World, Watched]) -> None:
    world, watched = found
    flow = watched.has_role(Role.FLOW)
    assert int(flow.sum()) == 2
    station = watched.station_index(flow)
    assert station[flow].tolist() == [0, 1]
    assert set(station[~flow].tolist()) == {-1}
    ids = watched.places.ids[watched.ancestor(PlaceKind.STATION)[flow]]
    assert ids.tolist() == [world.place["S1"], world.place["S2"]]
