"""Who has taken an alert on: the first one, once, while it goes on."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from alerts.episodes.acknowledge import Declined, acknowledge, alert_of
from alerts.messages.codes import code_of
from domain.actor import program, user
from store.books.watch import Episode
from tests.alerts.world import World, at

Build = Callable[..., World]
ZONE = ZoneInfo("Asia/Shanghai")
LI, WANG = user("li"), user("wang")


def opened(session: Session, world: World) -> Episode:
    episode = Episode(
        kind="make_up_leak", place_id=world.place["S1"], opened_at=at(0), updated_at=at(0),
        evidence={}, opened_by=program("alerts"),
    )  # fmt: skip
    session.add(episode)
    session.flush()
    return episode


def test_the_first_one_has_it_and_a_second_one_is_told_who(city: Build) -> None:
    world = city()
    with Session(world.engine) as session:
        episode = opened(session, world)
        acknowledge(session, episode, LI, at(5), ZONE)
        acknowledge(session, episode, LI, at(6), ZONE)
        assert (episode.acknowledged_by, episode.acknowledged_at) == (LI, at(5))
        with pytest.raises(Declined, match="li has acknowledged") as declined:
            acknowledge(session, episode, WANG, at(7), ZONE)
        assert declined.value.reason == "taken"
        assert episode.acknowledged_by == LI


def test_one_that_is_over_is_not_acknowledged(city: Build) -> None:
    world = city()
    with Session(world.engine) as session:
        episode = opened(session, world)
        episode.cleared_at = at(3)
        with pytest.raises(Declined, match="is over since") as declined:
            acknowledge(session, episode, LI, at(5), ZONE)
        assert (declined.value.reason, episode.acknowledged_by) == ("over", None)


def test_an_alert_is_found_by_its_code_and_a_slip_finds_none(city: Build) -> None:
    world = city()
    with Session(world.engine) as session:
        episode = opened(session, world)
        assert alert_of(session, f"# {code_of(episode.id)}") is episode
        for code in ("", "99", code_of(episode.id + 1)):
            with pytest.raises(Declined) as declined:
                alert_of(session, code)
            assert declined.value.reason == "unknown_code"
