"""A configuration of its own, with nothing started."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from heatwatch.demo.config import Ports, write_config
from heatwatch.diagnosis.finding import Check, Finding
from heatwatch.wiring import World, open_world
from ingest.mqtt.broker import free_port

NOTHING: Mapping[str, str] = MappingProxyType({})


def world_in(folder: Path, changes: Mapping[str, str] = NOTHING, port: int | None = None) -> World:
    """The demo's configuration with the broker's port and some lines changed: old -> new text."""
    folder.mkdir(exist_ok=True)
    path = write_config(folder, Ports(port or free_port(), 1), influx_url=None, flush_seconds=0.3)
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return open_world(path)


def states(check: Check, world: World) -> dict[str, str]:
    return {str(each.what): each.state.value for each in check(world)}


def lines(found: Iterator[Finding]) -> list[str]:
    return [f"{each.what}: {each.state.value}: {each.found}: {each.advice}" for each in found]
