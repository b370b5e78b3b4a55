"""Network and configuration together."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from alerts.columns.watched import load
from alerts.config import AlertsConfig
from alerts.detectors import kinds
from alerts.messages.city import City, pieces
from tests.alerts.world import World

Build = Callable[..., World]


def test_kinds_that_many_stations_share_have_their_groups(city: Build) -> None:
    world = city(sources={"Q1": 3}, homes=1)
    with Session(world.engine) as session:
        made = City.of(load(session), AlertsConfig(zone="Asia/Urumqi"))
    assert made.zone.key == "Asia/Urumqi"
    assert set(made.groups) == {name for name, kind in kinds().items() if kind.causes.together}
    (group,) = made.groups["station_outage"]
    assert len(group.stations) == 3


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (2, [2]), (3, [3]), (7, [3, 3, 1])], ids=str)
def test_pieces_hold_everything_once_and_no_more_than_fits(count: int, sizes: list[int]) -> None:
    items = list(range(count))
    found = list(pieces(items, 3))
    assert [len(each) for each in found] == sizes
    assert [item for each in found for item in each] == items
