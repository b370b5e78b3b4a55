"""The contract of SMS commands, which every command of the list passes."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.episodes.acknowledge import Declined
from alerts.inbound.command import Order
from alerts.inbound.commands import COMMANDS, commands
from alerts.inbound.handle import REASONS
from alerts.inbound.understand import understood
from domain.actor import Actor, ActorKind
from store.books.watch import Episode
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import World, at

Build = Callable[..., World]
LI = Actor(ActorKind.PHONE, "李伟")


def order(session: Session, name: str) -> Order:
    """Of the first alert, with the least number where the command has one."""
    number = commands()[name].number
    episode, zone = session.get_one(Episode, 1), ZoneInfo("Asia/Shanghai")
    return Order(session, episode, LI, at(5), zone, None if number is None else number.least)


def rows(session: Session) -> list[tuple[object, ...]]:
    found = session.execute(sa.select(Episode.__table__)).all()
    return [tuple(each) for each in found]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_word_of_a_command_is_its_own(name: str) -> None:
    command = commands()[name]
    assert command.name == name
    for word in command.words:
        number = "" if command.number is None else f" {command.number.most}"
        for text in (f"{word} 174{number}", f"{word.upper()}174{number}", f"１７４ {word}{number}"):
            found = understood(text)
            assert found is not None
            assert (found[0].name, found[1]) == (name, "174")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_number_has_limits_a_unit_and_an_example_that_is_understood(name: str) -> None:
    command = commands()[name]
    if (number := command.number) is None:
        return
    assert "" not in command.words, "a code and a number alone are one code"
    assert 0 <= number.least < number.most
    for language in ("en", "zh"):
        unit, example = number.unit.to(language), number.example.to(language)
        for text in (example, f"{example} {unit}"):
            found = understood(text)
            assert found is not None, text
            assert found.command is command
            assert number.least <= int(found.given) <= number.most
            assert found.with_unit == (text != example)
        assert example in command.shown().to(language)


@pytest.mark.parametrize("name", COMMANDS)
def test_doing_it_twice_is_doing_it_once_and_says_so(city: Build, name: str) -> None:
    world = city()
    outbox(world)
    with Session(world.engine) as session, session.begin():
        said = commands()[name].act(order(session, name))
        session.flush()
        once = rows(session)
        assert commands()[name].act(order(session, name)) == said
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
        declined = None
        try:
            commands()[name].act(order(session, name))
        except Declined as found:
            declined = found
        assert declined is None or declined.reason in REASONS
        session.flush()
        assert rows(session) == before
