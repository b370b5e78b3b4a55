"""The demo city's own heatwatch.toml: what a person would write, with free ports."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from domain.language import SOURCE_LANGUAGE

#: Says that a folder is a demo's and may be emptied.
MARK = ".heatwatch-demo"

TEMPLATE = """# Written by `heatwatch demo`; everything is beside this file.
[city]
name = "heatwatch demo"
company = "demo"
zone = "Asia/Shanghai"

[store]
journal = "journal.sqlite"
lake = "lake"
books = "books.sqlite"
flush_seconds = {flush_seconds}
compact_seconds = 120.0
{influx}
[broker]
mode = "embedded"
port = {broker_port}
folder = "broker"

[ingest]
client_id = "heatwatch-demo"

[[ingest.feeds]]
name = "rooms"
topic = "heatwatch/v1/{{device}}"
format = "native"

[[ingest.feeds]]
name = "stations"
topic = "scada/{{company}}/{{device}}/telemetry"
format = "mapped"
clock = "server"

[ingest.feeds.mapping]
time = "$.ts"
time_unit = "ms"

[ingest.feeds.mapping.channels]
t_sup = {{ path = "$.data.t_sup", unit = "Cel" }}
t_ret = {{ path = "$.data.t_ret", unit = "Cel" }}
p_sup = {{ path = "$.data.p_sup", unit = "bar" }}
p_ret = {{ path = "$.data.p_ret", unit = "bar" }}
flow = {{ path = "$.data.flow", unit = "m3/h" }}
makeup = {{ path = "$.data.makeup", unit = "m3/h" }}

[alerts]
zone = "Asia/Shanghai"

[[alerts.recipients]]
name = "control-room"
language = "zh"

[[alerts.recipients]]
name = "crew-north"
language = "en"
kinds = ["make_up_leak", "station_outage"]
places = ["S1"]

[alerts.sms]
channel = "in-tray"
group_wait_s = 2.0

[reports]
folder = "reports"
file = ["daily"]
languages = ["zh", "en"]

[console]
host = "127.0.0.1"
port = {console_port}

[display]
language = "{language}"
{clock}"""

INFLUX = """
[store.influx]
url = "{url}"
org = "heat"
bucket = "readings"
poll_seconds = 0.5
"""

CLOCK = """
[clock]
start = {start}
speed = {speed}
started = "clock-started"
"""


class Ports(NamedTuple):
    """Where the demo's servers listen, on loopback."""

    broker: int
    console: int


def write_config(
    folder: Path,
    ports: Ports,
    *,
    influx_url: str | None = None,
    clock: tuple[datetime, float] | None = None,
    flush_seconds: float = 10.0,
    language: str = SOURCE_LANGUAGE,
) -> Path:
    """Writes heatwatch.toml into the demo's folder; `flush_seconds` is the time between flushes [s]."""
    told = ""
    if clock is not None:
        start, speed = clock
        told = CLOCK.format(start=start.isoformat(), speed=speed)
    path = folder / "heatwatch.toml"
    path.write_text(
        TEMPLATE.format(
            flush_seconds=flush_seconds,
            language=language,
            influx=INFLUX.format(url=influx_url) if influx_url else "",
            broker_port=ports.broker,
            console_port=ports.console,
            clock=told,
        ),
        encoding="utf-8",
    )
    return path
