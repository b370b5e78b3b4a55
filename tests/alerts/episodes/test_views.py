"""What the console, the summary and the command line ask."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from alerts.episodes import views
from tests.alerts.follower.test_watch import story
from tests.alerts.world import World

Build = Callable[..., World]


@pytest.fixture
def told(city: Build) -> World:
    world = city(station_interval_s=300)
    world.live(world.watch(), story(), ticks=False)
    return world


def test_open_episodes_leave_out_what_another_explains(told: World) -> None:
    with Session(told.engine) as session:
        top = views.open_episodes(session)
        everything = views.open_episodes(session, children=True)
        leaks = views.open_episodes(session, kinds=["make_up_leak"])
    assert [(each.kind, each.place) for each in top] == [("make_up_leak", "S1")]
    assert [each.kind for each in everything] == ["make_up_leak", "low_room_temperature"]
    assert len(leaks) == 1


def test_the_in_tray_has_the_newest_message_first(told: World) -> None:
    with Session(told.engine) as session:
        messages = views.in_tray(session)
    assert [each.kind for each in messages] == [
        "make_up_leak",
        "low_room_temperature",
        "station_outage",
    ]
    assert messages[0].place == "S1"
