"""The contract of SMS commands, which every command of the list passes."""

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels import sms
from alerts.config import SmsConfig
from alerts.episodes.acknowledge import Declined
from alerts.inbound.command import Order
from alerts.inbound.commands import COMMANDS, commands
from alerts.inbound.handle import REASONS
from alerts.inbound.help_text import WORDS, not_understood, page_wanted
from alerts.inbound.understand import understood
from alerts.messages.texts import answer
from domain.actor import Actor, ActorKind
from domain.language import Text
from store.books.base import Base
from store.books.watch import Episode
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import World, at

Build = Callable[..., World]
LI = Actor(ActorKind.PHONE, "李伟")


def order(session: Session, name: str, minute: int = 5) -> Order:
    """Of the first alert, with the least number where the command has one."""
    number = commands()[name].number
    episode, zone = session.get_one(Episode, 1), ZoneInfo("Asia/Shanghai")
    return Order(session, episode, LI, at(minute), zone, None if number is None else number.least)


def rows(session: Session) -> list[tuple[object, ...]]:
    """Everything that the books hold."""
    session.flush()
    return [
        (table.name, *row)
        for table in Base.metadata.sorted_tables
        for row in session.execute(sa.select(table).order_by(*table.primary_key)).all()
    ]


def said_of(world: World, name: str) -> Text:
    """What is answered when it is done."""
    with Session(world.engine) as session:
        return commands()[name].act(order(session, name))


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
        once = rows(session)
        assert commands()[name].act(order(session, name)) == said
        assert rows(session) == once
    assert said.to("zh") != said.to("en")


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_same_person_sends_again_later_changes_nothing_or_its_answer_says_what(
    city: Build, name: str
) -> None:
    world = city()
    outbox(world)
    with Session(world.engine) as session, session.begin():
        said = commands()[name].act(order(session, name))
        once = rows(session)
        again = commands()[name].act(order(session, name, minute=47))
        assert (rows(session) == once) == (again == said)


def test_the_help_begins_with_acknowledging() -> None:
    assert COMMANDS[0] == "acknowledge"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_form_of_a_command_is_told_whole(name: str, language: str) -> None:
    command, most_parts = commands()[name], SmsConfig().most_parts
    word = next(each for each in command.words if len(each) > 1)
    for text in (word, "?"):
        told = answer(not_understood(text, language, most_parts), language, most_parts)
        assert sms.parts(told) <= most_parts
        assert "..." not in told
    told = answer(not_understood(f"?{word}?", language, most_parts), language, most_parts)
    assert command.shown().to(language) in told
    assert not re.search("[)）] ?[(（]", told), "brackets behind brackets"


@pytest.mark.parametrize("name", COMMANDS)
def test_english_words_of_a_command_are_of_the_characters_that_every_phone_shows(
    city: Build, name: str
) -> None:
    world, command = city(), commands()[name]
    outbox(world)
    said = said_of(world, name).to("en").replace(LI.name, "")
    assert set(command.shown().to("en") + said) <= sms.SAME


def test_the_words_that_ask_for_help_are_no_commands() -> None:
    assert not {word for each in commands().values() for word in each.words} & set(WORDS)
    assert page_wanted(WORDS[0]) == 1


def test_the_user_documents_name_every_command_in_both_languages() -> None:
    text = Path("docs/operations.md").read_text(encoding="utf-8")
    section = text.partition("## Alerts and replies")[2].partition("\n## ")[0]
    for command in commands().values():
        named = [each for each in command.words if each and f"`{each} " in section.casefold()]
        assert any(each.isascii() for each in named), command.name
        assert any(not each.isascii() for each in named), command.name


@pytest.mark.parametrize("name", COMMANDS)
def test_an_alert_that_is_over_is_left_as_it_is(city: Build, name: str) -> None:
    world = city()
    outbox(world)
    with Session(world.engine) as session, session.begin():
        session.get_one(Episode, 1).cleared_at = at(3)
        before = rows(session)
        declined = None
        try:
            commands()[name].act(order(session, name))
        except Declined as found:
            declined = found
        assert declined is None or declined.reason in REASONS
        assert rows(session) == before
