"""Cause and effect by the tree: which stations can fail together, and what lies above what."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from alerts.columns.topology import groups, nearest_above
from alerts.config import Settings
from alerts.follower.watch import Watch
from domain.quantity import Role
from domain.tree import PlaceKind
from tests.alerts.world import World
from tests.domain.test_tree import ROWS, tree_of

Build = Callable[..., World]


def test_places_above_stations_with_the_same_stations_are_one_group(city: Build) -> None:
    world = city(sources={"Q1": 3}, homes=1)
    with Session(world.engine) as session:
        watched = Watch.blank(session, Settings(world.config)).city.watched
    (group,) = groups(watched, (Role.FLOW, Role.SUPPLY_TEMPERATURE), 0.5)
    assert watched.places.kind[group.row] == PlaceKind.SOURCE.level
    assert (len(group.stations), group.need) == (3, 2)


@pytest.mark.parametrize(
    ("candidates", "nearest"), [((3, 20), 20), ((3,), 3), ((21,), None), ((9, 4), None)]
)
def test_the_nearest_above_is_never_the_place_itself(
    candidates: tuple[int, ...], nearest: int | None
) -> None:
    tree = tree_of(ROWS)
    found = nearest_above(tree, tree.row(21), [tree.row(each) for each in candidates])
    assert found == (None if nearest is None else tree.row(nearest))
