"""The alerts commands over real episodes."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from alerts.episodes import views
from alerts.messages.codes import number_of
from domain.errors import WrongCall
from heatwatch.cli import alerts as command
from heatwatch.config_tables import CompanyConfig
from tests.alerts.conftest import city
from tests.alerts.episodes.test_views import told
from tests.alerts.world import World

__all__ = ["city", "told"]  # fixtures


class FakeWorld:
    """What the commands ask of the wiring."""

    def __init__(self, world: World) -> None:
        self.books = world.engine
        self.config = self
        self.alerts = world.config
        self.all_companies = (CompanyConfig(code="demo"),)
        self._world = world

    def now(self) -> datetime:
        return self._world.now


@pytest.fixture
def commands(told: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(command, "open_world", lambda _path: FakeWorld(told))
    return told


def test_the_command_lists_as_a_table_and_as_json(
    commands: World, capsys: pytest.CaptureFixture[str]
) -> None:
    command.list_(kind=None, every=True, children=True, config=Path("x"), as_json=True)
    listed = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in listed] == [
        "make_up_leak",
        "low_room_temperature",
        "low_room_temperature",
        "station_outage",
    ]
    command.list_(kind=None, every=False, children=False, config=Path("x"), as_json=False)
    assert "S1" in capsys.readouterr().out


def test_the_command_shows_messages_and_takes_an_acknowledgement(
    commands: World, capsys: pytest.CaptureFixture[str]
) -> None:
    command.messages(limit=5, inhibited=True, config=Path("x"), as_json=True)
    assert len(json.loads(capsys.readouterr().out)) == 3
    open_one = open_code(commands)
    command.ack(open_one, by="Li Wei", config=Path("x"), as_json=True)
    taken = json.loads(capsys.readouterr().out)
    assert (taken["acknowledged_by"], taken["code"]) == ("user:Li Wei", open_one)
    assert taken["acknowledged_at"] == commands.now.isoformat()
    command.messages(limit=5, inhibited=True, config=Path("x"), as_json=False)
    command.ack(f"#{open_one}", by="Li Wei", config=Path("x"), as_json=False)
    assert "Li Wei" in capsys.readouterr().out
    with pytest.raises(WrongCall, match="Li Wei has acknowledged alert"):
        command.ack(open_one, by="Zhang", config=Path("x"), as_json=False)


def test_the_old_command_by_number_still_works_and_names_the_new_one(
    commands: World, capsys: pytest.CaptureFixture[str]
) -> None:
    number = number_of(open_code(commands)) or 0
    command.acknowledge(episode=number, by="Li Wei", config=Path("x"), as_json=True)
    shown = capsys.readouterr()
    assert json.loads(shown.out)["acknowledged_by"] == "user:Li Wei"
    assert f"alerts ack {open_code(commands)}" in shown.err


def open_code(world: World) -> str:
    with Session(world.engine) as session:
        return views.open_episodes(session)[0].code


def test_an_unknown_kind_is_refused_with_those_allowed(commands: World) -> None:
    with pytest.raises(WrongCall, match="'fire' is not known; allowed: station_outage"):
        command.list_(["fire"], every=False, children=False, config=Path("x"), as_json=True)
