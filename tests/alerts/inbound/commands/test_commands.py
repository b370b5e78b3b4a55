"""The contract of SMS commands, which every command of the list passes."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.episodes.acknowledge import Declined
from alerts.inbound.command import Order
from alerts.inbound.commands import COMMANDS, commands
from alerts.inbound.handle import REASONS, understood
from domain.actor import Actor, ActorKind
from store.books.watch import Episode
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import World, at

Build = Callable[..., World]
LI = Actor(ActorKind.PHONE, "李伟")


def rows(session: Session) -> list[tuple[object, ...]]:
    found = session.execute(sa.select(Episode.__table__)).all()
    return [tuple(each) for each in found]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_word_of_a_command_is_its_own(name: str) -> None:
    command = commands()[name]
    assert command.name == name
    for word in command.words:
        for text in (f"{word} 174", f"{word.upper()}174", f"１７４ {word}"):
            found = understood(text)
            assert found is not None
            assert (found[0].name, found[1]) == (name, "174")


@pytest.mark.parametrize("name", COMMANDS)
def test_doing_it_twice_is_doing_it_once_and_says_so(city: Build, name: str) -> None:
    world = city()
    outbox(world)
    with Session(world.engine) as session, session.begin():
        episode = session.get_one(Episode, 1)
        order = Order(session, episode, LI, at(5), ZoneInfo("Asia/Shanghai"))
        said = commands()[name].act(order)
        session.flush()
        once = rows(session)
        assert commands()[name].act(order) == said
        session.flush()
        assert rows(session) == once
    assert said.to("zh") != said.to("en")


@pytest.mark.parametrize("name", COMMANDS)
def test_an_alert_that_is_over_is_left_as_it_is(city: Build, name: str) -> None:
    world = city()
    outbox(world)
    with Session(world.engine) as session, session.begin():
        session.get_one(Episode, 1).cleared_at = at(3)
        session.flush()
        before = rows(session)
        order = Order(session, session.get_one(Episode, 1), LI, at(5), ZoneInfo("Asia/Shanghai"))
        declined = None
        try:
            commands()[name].act(order)
        except Declined as found:
            declined = found
        assert declined is None or declined.reason in REASONS
        session.flush()
        assert rows(session) == before
