"""Prepares a demo city: the simulator writes files, the ordinary commands read them in."""

import json
import secrets
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from domain.language import Text, msg
from heatwatch.config import set_influx_token
from heatwatch.demo.config import Ports, write_config
from heatwatch.demo.influx import Influx, find_influxd
from heatwatch.demo.options import Options
from heatwatch.output import formats, spoken_language
from heatwatch.services.running import free_console_port
from heatwatch.supervisor.processes import heatwatch_command
from ingest.mqtt.broker import free_port
from simulators.city.city import Size
from simulators.world.world import HISTORY, MAPPING, TRUTH, WorldReport, write_world

COUNTS = "published.json"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A demo city that is ready to run."""

    options: Options
    world: WorldReport
    influx: Influx | None
    ports: Ports
    config: Path

    @property
    def truth(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.world.folder / TRUTH).read_text(encoding="utf-8"))
        return loaded

    @property
    def counts_file(self) -> Path:
        return self.options.folder / COUNTS

    def published(self) -> dict[str, Any]:
        """What the publisher counted, once it has ended."""
        loaded: dict[str, Any] = json.loads(self.counts_file.read_text(encoding="utf-8"))
        return loaded


def prepare(options: Options, say: Callable[[Text], None]) -> Prepared:
    """World, configuration, registry and history; everything beside `heatwatch.toml`."""
    folder = options.folder
    present = datetime.now(UTC) - timedelta(hours=options.live_hours)
    say(
        msg(
            "simulating a city of {n} households and three weeks of its winter",
            n=options.households,
        )
    )
    size = Size(households=options.households, live_hours=options.live_hours)
    world = write_world(folder / "world", present, options.seed, size)
    ports = Ports(free_port(), free_console_port(options.port))
    influx = start_influx(options, say)
    try:
        config = _read_in(options, world, ports, influx, say)
    except BaseException:
        if influx:
            influx.stop()
        raise
    return Prepared(options, world, influx, ports, config)


def _read_in(
    options: Options,
    world: WorldReport,
    ports: Ports,
    influx: Influx | None,
    say: Callable[[Text], None],
) -> Path:
    """Registry and history through the ordinary commands; the configuration's path."""
    config = write_config(
        options.folder,
        ports,
        influx_url=influx.url if influx else None,
        language=spoken_language(),
    )
    command(["registry", "import", str(world.folder)], config)
    say(msg("importing {n} readings of history", n=formats().number(world.readings)))
    mapping = str(world.folder / MAPPING)
    history = str(world.folder / HISTORY)
    command(["readings", "import", "--mapping", mapping, "--feed", "history", history], config)
    return config


def set_clock(prepared: Prepared) -> None:
    """The city's clock stands at the end of the history; the publisher lets it run."""
    clock = (prepared.world.present, prepared.options.speed)
    url = prepared.influx.url if prepared.influx else None
    write_config(
        prepared.options.folder,
        prepared.ports,
        influx_url=url,
        clock=clock,
        language=spoken_language(),
    )


def start_influx(options: Options, say: Callable[[Text], None]) -> Influx | None:
    """An InfluxDB of the demo's own, where its program is installed."""
    if not options.influx or find_influxd() is None:
        return None
    say(msg("starting InfluxDB for the mirror"))
    influx = Influx.start(options.folder / "influx", free_port(), secrets.token_hex(16))
    set_influx_token(influx.token)
    return influx


def command(arguments: list[str], config: Path) -> Any:
    """One of our own commands, as a person would call it; its errors reach the terminal."""
    done = subprocess.run(
        [*heatwatch_command(*arguments), "--config", str(config), "--json"],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.returncode)  # it has said why on stderr
    return json.loads(done.stdout)
