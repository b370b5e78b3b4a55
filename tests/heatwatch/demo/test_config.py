"""The demo writes a configuration that heatwatch reads."""

from datetime import UTC, datetime
from pathlib import Path

from heatwatch.config import load
from heatwatch.demo.config import Ports, write_config

START = datetime(2026, 1, 15, tzinfo=UTC)


def test_what_the_demo_writes_is_read_as_it_was_meant(tmp_path: Path) -> None:
    path = write_config(
        tmp_path, Ports(1883, 8081), clock=(START, 60.0), flush_seconds=2.5, language="zh"
    )
    config = load(path)
    assert (config.console.port, config.store.flush_seconds) == (8081, 2.5)
    assert config.display.language == "zh"
    assert 'file = ["daily"]' in path.read_text("utf-8")
    assert config.clock is not None
    assert (config.clock.start, config.clock.speed) == (START, 60.0)


def test_without_clock_and_influx_there_is_none(tmp_path: Path) -> None:
    config = load(write_config(tmp_path, Ports(1883, 8081)))
    assert (config.clock, config.store.influx) == (None, None)


def test_its_influx_is_the_one_that_was_started(tmp_path: Path) -> None:
    path = write_config(tmp_path, Ports(1, 2), influx_url="http://127.0.0.1:8087")
    influx = load(path).store.influx
    assert influx is not None
    assert influx.url == "http://127.0.0.1:8087"
