"""A world opens what is used of it, and says what time it is for its city."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.demo.config import Ports, write_config
from heatwatch.wiring import open_world

START = datetime(2026, 1, 15, tzinfo=UTC)


def test_without_a_clock_it_is_the_walls_time(tmp_path: Path) -> None:
    world = open_world(write_config(tmp_path, Ports(1, 2)))
    assert abs(world.now() - datetime.now(UTC)) < timedelta(minutes=1)
    world.start_clock()
    assert [each.name for each in tmp_path.iterdir()] == ["heatwatch.toml"]


def test_a_clock_stands_until_it_is_started_and_then_runs_in_every_process(
    tmp_path: Path,
) -> None:
    path = write_config(tmp_path, Ports(1, 2), clock=(START, 1000.0))
    world = open_world(path)
    assert world.now() == world.now() == START
    world.start_clock()
    started = world.config.clock
    assert started is not None
    before = started.started.read_text("utf-8")
    open_world(path).start_clock()
    assert started.started.read_text("utf-8") == before
    assert open_world(path).now() > START


@pytest.mark.parametrize("content", ["", "soon", "2026-01-15T00:00:00"])
def test_a_clocks_file_that_does_not_say_when_is_refused_by_name(
    tmp_path: Path, content: str
) -> None:
    path = write_config(tmp_path, Ports(1, 2), clock=(START, 1000.0))
    world = open_world(path)
    assert world.config.clock is not None
    world.config.clock.started.write_text(content, "utf-8")
    with pytest.raises(WrongCall, match="clock-started"):
        world.now()


def test_an_influx_without_its_token_is_refused_with_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEATWATCH_INFLUX_TOKEN", raising=False)
    world = open_world(write_config(tmp_path, Ports(1, 2), influx_url="http://127.0.0.1:1"))
    with pytest.raises(WrongCall, match="HEATWATCH_INFLUX_TOKEN"):
        world.check_influx()
