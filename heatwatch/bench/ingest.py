"""Ingest side by side with its peers, in one run: messages kept per second, and how fast one is.

*Rate*: one-reading messages of QoS 1 wait in a persistent session of a real Mosquitto; a consumer
connects and takes them all. Measured from its connect to its last acknowledgement: heatwatch with
every message in its journal on the disk, stock paho-mqtt only counting, Telegraf writing a file
(its start included, as it tells nobody when it connects). Rounds are interleaved.

*Latency*: messages published at a steady rate; from just before the publisher's send to just after
the PUBACK of the message's batch left the worker, its commit synced to the disk in between.

*Shapes*: JSON, MessagePack and SenML in the shapes that gateways write, decoded to columns in one process.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from domain.errors import ServerMissing
from domain.language import msg
from heatwatch.bench.consume import CHANNEL, device
from heatwatch.bench.flood import Flood
from heatwatch.bench.shapes import bench_shapes, shapes_table
from heatwatch.bench.telegraf import telegraf_conf
from ingest.config import BrokerConfig
from ingest.mqtt.broker import EmbeddedBroker, free_port

TOPIC = "bench/v1"
DEVICES = 10_000
TIMEOUT_S = 300.0
START = datetime(2026, 11, 1, tzinfo=UTC)

TELEGRAF_TAG = """\
    [[inputs.mqtt_consumer.json_v2.tag]]
      path = "channel"
"""
TELEGRAF_FILE = """\
[[outputs.file]]
  files = ["{out}"]
  data_format = "influx"
"""

Say = Callable[[str], None]


def bench_ingest(
    say: Say, *, messages: int = 100_000, rounds: int = 3, rate: int = 1700, seconds: float = 10.0
) -> dict[str, Any]:
    """Rates of all consumers and the latency of ours; ServerMissing without a Mosquitto.

    The latency is that of `rate` messages a second for `seconds` [s].
    """
    with (
        tempfile.TemporaryDirectory(prefix="heatwatch-bench-") as folder,
        _broker(folder) as config,
    ):
        consumers = {"heatwatch": _python("heatwatch"), "paho-mqtt, only counting": _python("paho")}
        telegraf = shutil.which("telegraf")
        if telegraf is not None:
            consumers["Telegraf into a file"] = _telegraf(telegraf)
        rates: dict[str, list[float]] = {name: [] for name in consumers}
        for number in range(rounds):
            for name, consume in consumers.items():
                say(f"round {number + 1} of {rounds}: {name}")
                rates[name].append(_drain(config, consume, Path(folder), messages))
        say(f"latency at {rate} messages a second for {seconds:g} s")
        latency = _latency(config, Path(folder), rate, seconds)
    shapes = bench_shapes(say, messages // 2, rounds)
    return _answer(messages, rates, latency, telegraf is None) | {"shapes": shapes}


def _answer(
    messages: int, rates: dict[str, list[float]], latency: dict[str, Any], no_telegraf: bool
) -> dict[str, Any]:
    medians = {name: statistics.median(found) for name, found in rates.items()}
    own = medians["heatwatch"]
    answer: dict[str, Any] = {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "messages": messages,
        "rates": [
            {
                "consumer": name,
                "median_per_s": round(medians[name]),
                "rounds_per_s": [round(rate) for rate in found],
                "heatwatch_is_times": round(own / medians[name], 2),
            }
            for name, found in rates.items()
        ],
        "latency": latency,
        "notes": [],
    }
    if no_telegraf:
        answer["notes"].append("Telegraf is not on PATH: not compared")
    return answer


@contextmanager
def _broker(folder: str) -> Iterator[BrokerConfig]:
    config = BrokerConfig(port=free_port(), folder=Path(folder) / "broker")
    with EmbeddedBroker(config):
        yield config


# -- one round ---------------------------------------------------------------------------------

#: (broker, client id, folder, messages) -> seconds
Consumer = Callable[[BrokerConfig, str, Path, int], float]


def _drain(config: BrokerConfig, consume: Consumer, folder: Path, messages: int) -> float:
    """Messages per second of one consumer that finds its queue full."""
    client_id = f"bench-{time.monotonic_ns()}"
    _session(config, client_id, keep=True)
    flood = Flood(config.host, config.port)
    flood.publish(_messages(messages))
    flood.finish()
    with tempfile.TemporaryDirectory(dir=folder) as own:
        taken = consume(config, client_id, Path(own), messages)
    _session(config, client_id, keep=False)
    return messages / taken


def _messages(count: int) -> Iterator[tuple[bytes, bytes]]:
    for i in range(count):
        at = (START + timedelta(seconds=i // DEVICES)).isoformat().encode()
        value = b"%d.%02d" % (18 + i % 7, i % 100)
        yield _topic(i), b'{"channel":"%s","time":"%s","value":%s}' % (CHANNEL.encode(), at, value)


def _topic(i: int) -> bytes:
    return f"{TOPIC}/{device(i % DEVICES)}".encode()


def _session(config: BrokerConfig, client_id: str, *, keep: bool) -> None:
    """Makes a subscribed persistent session, or removes it."""
    import threading

    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=not keep)
    ready = threading.Event()

    def connected(*_: object) -> None:
        if keep:
            client.subscribe(TOPIC + "/+", 1)
        else:
            ready.set()

    client.on_connect = connected
    client.on_subscribe = lambda *_: ready.set()
    client.connect(config.host, config.port)
    client.loop_start()
    if not ready.wait(TIMEOUT_S):
        raise ServerMissing(
            msg("the broker of the benchmark"), msg("look for what else uses the machine")
        )
    client.disconnect()
    client.loop_stop()


def _python(kind: str) -> Consumer:
    def consume(config: BrokerConfig, client_id: str, folder: Path, messages: int) -> float:
        with _child(config, kind, client_id, folder, messages) as child:
            answer = _result(child)
        if answer["messages"] != messages:
            raise RuntimeError(f"{kind} took {answer['messages']} of {messages} messages")
        return float(answer["seconds"])

    return consume


@contextmanager
def _child(
    config: BrokerConfig, kind: str, client_id: str, folder: Path, messages: int, **more: Any
) -> Iterator["subprocess.Popen[str]"]:
    """A consumer's process, ready to connect."""
    job = {
        "kind": kind, "host": config.host, "port": config.port, "client_id": client_id,
        "topic": TOPIC, "folder": str(folder), "messages": messages, "devices": DEVICES, **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "heatwatch.bench.consume", json.dumps(job)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            if child.stdout is None or child.stdout.readline() != "ready\n":
                raise RuntimeError(f"the consumer {kind} did not start")
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def _result(child: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _ = child.communicate(timeout=TIMEOUT_S)
    answer: dict[str, Any] = json.loads(out.splitlines()[-1])
    return answer


def _telegraf(program: str) -> Consumer:
    def consume(config: BrokerConfig, client_id: str, folder: Path, messages: int) -> float:
        out, conf = folder / "out.lp", folder / "telegraf.conf"
        text = telegraf_conf(
            config.host, config.port, f"{TOPIC}/+", client_id, TELEGRAF_FILE.format(out=out), TELEGRAF_TAG
        )  # fmt: skip
        conf.write_text(text, encoding="utf-8")
        start = time.monotonic()
        with subprocess.Popen([program, "--config", str(conf), "--quiet"]) as child:
            try:
                _wait_for_lines(out, messages, start + TIMEOUT_S)
                return time.monotonic() - start
            finally:
                child.terminate()

    return consume


def _wait_for_lines(out: Path, lines: int, end: float) -> None:
    counted = 0
    while not out.exists():
        time.sleep(0.01)
    with out.open("rb") as file:
        while counted < lines:
            if time.monotonic() > end:
                raise RuntimeError(f"Telegraf wrote {counted} of {lines} lines")
            counted += file.read().count(b"\n")
            time.sleep(0.01)


# -- latency -----------------------------------------------------------------------------------


def _latency(config: BrokerConfig, folder: Path, rate: int, seconds: float) -> dict[str, Any]:
    """Publish to acknowledged [ms] at a steady rate."""
    client_id = "bench-latency"
    messages = int(rate * seconds)
    _session(config, client_id, keep=True)
    with _child(config, "heatwatch", client_id, folder, messages, latency=True) as child:
        time.sleep(1.0)
        flood = Flood(config.host, config.port)
        behind = _publish_steadily(flood, messages, rate)
        flood.finish()
        answer = _result(child)
    names = ("p50_ms", "p99_ms", "max_ms")
    found = {name: round(answer[name], 1) for name in names}
    return {
        "rate_per_s": rate,
        "messages": answer["messages"],
        "publisher_behind_ms": behind,
        **found,
    }


def _publish_steadily(flood: Flood, messages: int, rate: int) -> float:
    """One message each 1/rate s, stamped just before its send; how late the last one was [ms]."""
    start = time.monotonic()
    for i in range(messages):
        due = start + i / rate
        while (wait := due - time.monotonic()) > 0:
            time.sleep(wait)
        at = time.time_ns() // 1000
        whole, micros = divmod(at, 1_000_000)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
        payload = f'{{"channel":"{CHANNEL}","time":"{stamp}.{micros:06d}Z","value":20.5}}'
        flood.publish_one(_topic(i), payload.encode())
    return round((time.monotonic() - start - messages / rate) * 1000, 1)


def table(answer: dict[str, Any]) -> Any:
    """For a terminal."""
    from rich.console import Group

    from heatwatch.output import grid

    title = (
        f"{answer['messages']:,} one-reading messages from a full queue, {answer['cores']} cores"
    )
    columns = ["consumer", "messages/s, median", "rounds", "heatwatch is ... times"]
    rows = [
        [
            each["consumer"],
            each["median_per_s"],
            " ".join(map(str, each["rounds_per_s"])),
            each["heatwatch_is_times"],
        ]
        for each in answer["rates"]
    ]
    late = answer["latency"]
    names = [("p50", "p50_ms"), ("p99", "p99_ms"), ("max", "max_ms")]
    latency = grid(
        f"Publish to acknowledged at {late['rate_per_s']} messages/s",
        ["", "ms"],
        [[name, late[key]] for name, key in names],
    )
    shapes = shapes_table(answer["shapes"])
    return Group(grid(title, columns, rows), latency, shapes, *answer["notes"])
