"""The alerts commands over real episodes."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy.orm import Session

from alerts.episodes import views
from alerts.messages.codes import number_of
from domain.errors import WrongCall
from domain.formats import Formats
from heatwatch import output
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


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize(
    ("language", "heads"),
    [
        ("en", ("code", "alert", "place", "over", "explains", "acknowledged")),
        ("zh", ("编号", "告警", "位置", "告警、解除时间", "下属告警", "确认")),
    ],
)
def test_headings_dates_and_words_of_the_list_stay_whole(
    language: str, heads: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_SPOKEN", [language])
    at = datetime(2026, 1, 14, 20, 5, tzinfo=UTC)
    listed = views.EpisodeView(
        id=1, code="1029", kind="low_room_temperature", place_id=3, place="S1-03-B3-0104",
        place_kind="home", name="", name_en="", opened_at=at, opened_by="program:alerts",
        updated_at=at, cleared_at=at, parent_id=None, children=3,
        acknowledged_by="user:Li Wei", acknowledged_at=at, evidence={},
    )  # fmt: skip
    told = io.StringIO()
    formats = Formats(language, ZoneInfo("Asia/Shanghai"))
    Console(file=told, width=width).print(command._episodes([listed], formats))
    text = told.getvalue()
    assert all(len(line) <= width for line in text.splitlines())
    for word in heads:
        assert word in text
    assert text.count("2026-01-15") == 3
    assert "temperature" in text or language == "zh"
