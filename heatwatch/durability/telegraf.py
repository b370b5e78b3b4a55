"""The peer: Telegraf with a persistent session of its own on the same broker, into an InfluxDB."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from influxdb_client.client.influxdb_client import InfluxDBClient

from heatwatch.bench.telegraf import telegraf_conf
from heatwatch.demo.influx import Influx, find_influxd
from heatwatch.services.running import Run
from heatwatch.supervisor.processes import Program
from ingest.mqtt.broker import free_port
from ingest.mqtt.session import prepare

TOKEN = "only-for-this-run"
CLIENT_ID = "durability-telegraf"
FILTER = "heatwatch/v1/+"
#: Its points are counted again until they are the same for so long. [s]
STEADY_S = 6.0

PARSE = """\
    timestamp_path = "time"
    timestamp_format = "rfc3339"
"""
OUTPUT = """\
[[outputs.influxdb_v2]]
  urls = ["{url}"]
  token = "{token}"
  organization = "heat"
  bucket = "readings"
"""

COUNT = """\
from(bucket: "readings") |> range(start: 2000-01-01T00:00:00Z)
  |> filter(fn: (r) => r._field == "value") |> group() |> count()
"""


def find_telegraf() -> str | None:
    """Where the program is; None where it or InfluxDB is not on PATH."""
    return shutil.which("telegraf") if find_influxd() else None


class Telegraf:
    """The running peer."""

    NAME = "telegraf"

    def __init__(self, influx: Influx) -> None:
        self._influx = influx

    def kept(self, timeout_s: float) -> int:
        """Points in InfluxDB, once they are steady or after `timeout_s` [s]."""
        end = time.monotonic() + timeout_s
        found, since = -1, time.monotonic()
        while time.monotonic() < end and time.monotonic() - since < STEADY_S:
            if (now := self._count()) != found:
                found, since = now, time.monotonic()
            time.sleep(0.5)
        return found

    def _count(self) -> int:
        with InfluxDBClient(self._influx.url, TOKEN, org="heat", timeout=60_000) as client:
            tables = client.query_api().query(COUNT)
        return sum(int(record.get_value()) for table in tables for record in table.records)


@contextmanager
def telegraf(program: str, folder: Path, run: Run) -> Iterator[Telegraf]:
    """Starts both; Telegraf is one of the run's children and ends with them."""
    influx = Influx.start(folder / "influx", free_port(), TOKEN)
    try:
        broker, conf = run.config.broker, folder / "telegraf.conf"
        prepare(broker, CLIENT_ID, [FILTER])
        text = telegraf_conf(
            broker.host, broker.port, FILTER, CLIENT_ID,
            OUTPUT.format(url=influx.url, token=TOKEN), PARSE, flush="500ms",
        )  # fmt: skip
        conf.write_text(text, encoding="utf-8")
        run.supervisor.start(Program(Telegraf.NAME, (program, "--config", str(conf))))
        yield Telegraf(influx)
    finally:
        influx.stop()
