"""The live publisher against a real Mosquitto: what it counts is what a subscriber gets."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from domain.clock import Clock
from domain.errors import ServerMissing, WrongCall
from simulators.live.live import Out
from simulators.live.publish import Counts, Publisher, Target, publish_world, write_counts
from simulators.world.world import WorldReport
from tests.servers.process import Server
from tests.simulators.live.worlds import blocks

__all__ = ["blocks"]  # fixtures

FILTERS = [("heatwatch/v1/#", 1), ("scada/demo/+/telemetry", 1)]


class Heard:
    """What a subscriber with a lasting session got."""

    def __init__(self) -> None:
        self.messages: Counter[tuple[str, bytes]] = Counter()
        self.subscribed = threading.Event()

    def on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(FILTERS)

    def on_subscribe(self, *_: Any) -> None:
        self.subscribed.set()

    def on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.messages[message.topic, bytes(message.payload)] += 1

    def wait(self, count: int, timeout_s: float = 30.0) -> None:
        end = time.monotonic() + timeout_s
        while len(self.messages) < count and time.monotonic() < end:
            time.sleep(0.02)


@contextmanager
def listening(server: Server) -> Iterator[Heard]:
    heard = Heard()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "listener", clean_session=False)
    client.on_connect = heard.on_connect
    client.on_subscribe = heard.on_subscribe
    client.on_message = heard.on_message
    client.reconnect_delay_set(0.05, 0.2)  # type: ignore[arg-type]
    client.connect(server.host, server.port)
    client.loop_start()
    try:
        assert heard.subscribed.wait(10)
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def test_a_subscriber_gets_what_the_publisher_counted(
    mosquitto: Server, small: WorldReport, tmp_path: Path
) -> None:
    counts_file = tmp_path / "counts.json"
    end = small.present + timedelta(hours=1)
    with listening(mosquitto) as heard:
        counts = publish_world(
            small.folder,
            Target(mosquitto.host, mosquitto.port),
            None,
            until_time=end,
            counts_file=counts_file,
        )
        heard.wait(counts.acknowledged)
    assert counts.done
    assert counts.reconnects == 0
    assert sum(heard.messages.values()) == len(heard.messages) == counts.acknowledged
    assert counts.acknowledged == counts.handed == counts.messages + 12
    assert counts.refused_expected == {"undecodable": 4, "unmapped": 4, "implausible": 4}
    assert counts.messages == sum(each["messages"] for each in counts.feeds.values())
    assert json.loads(counts_file.read_text("utf-8")) == counts.as_json()
    assert counts.sim_time < end.isoformat()
    assert readings_in(heard) == counts.readings


def readings_in(heard: Heard) -> int:
    """Readings in what decodes and is of a known device, without the implausible ones."""
    total = 0
    for topic, payload in heard.messages:
        try:
            told = json.loads(payload)
        except ValueError:
            continue
        if topic.startswith("scada/"):
            total += len(told["data"])
        elif "readings" in told:
            total += len(told["readings"])
        elif not topic.startswith("heatwatch/v1/rs-9") and told["value"] < 1e6:
            total += 1
    return total


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_and_nothing_counted_twice_when_the_broker_is_killed(
    mosquitto: Server, blocks: list[Out], tmp_path: Path, seed: int
) -> None:
    stop = threading.Event()
    publisher = Publisher(Target(mosquitto.host, mosquitto.port), tmp_path / "counts.json")
    publisher.connect(stop)
    with listening(mosquitto) as heard:
        for n, out in enumerate(blocks):
            if n == len(blocks) // 2:
                heard.wait(n - 1000 * seed, timeout_s=5.0)
                time.sleep(4.0)  # autosave each second, and a busy machine is late with it
                mosquitto.kill()
                mosquitto.restart()
            publisher.hand(out, stop)
        counts = publisher.close(whole=True)
        heard.wait(len(blocks))
    assert counts.reconnects >= 1
    assert counts.done
    assert counts.acknowledged == counts.handed == len(blocks)
    assert heard.messages.keys() == {(out.topic, out.payload) for out in blocks}


def test_the_publisher_keeps_to_its_clock_and_stops_when_told(
    mosquitto: Server, small: WorldReport, tmp_path: Path
) -> None:
    begin = datetime.now(UTC)
    shown = small.present + timedelta(minutes=10)
    clock = Clock(wall_start=begin, start=shown, speed=1.0)
    stop, result = threading.Event(), []
    counts_file = tmp_path / "counts.json"

    def work() -> None:
        target = Target(mosquitto.host, mosquitto.port)
        result.append(
            publish_world(small.folder, target, clock, counts_file=counts_file, stop=stop)
        )

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(6.0)
    stop.set()
    thread.join(30)
    (counts,) = result
    last = datetime.fromisoformat(counts.sim_time)
    assert shown - timedelta(seconds=60) < last <= clock.now(datetime.now(UTC))
    assert not counts.done
    assert counts.handed == counts.acknowledged > 100


def test_without_a_broker_the_message_names_it_and_how_to_start_it() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        publisher = Publisher(Target("127.0.0.1", port), None)
        with pytest.raises(ServerMissing, match=f"127.0.0.1:{port}.*start it"):
            publisher.connect(threading.Event(), timeout_s=0.3)


def test_a_folder_without_a_world_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="holds no simulated world"):
        publish_world(tmp_path, Target("127.0.0.1", 1), None)


def test_an_acknowledgement_counts_its_message_once() -> None:
    counts = Counts()
    counts.take(Out(0, "a", b"", 6, "stations"))
    counts.take(Out(0, "b", b"", 1, "rooms"))
    counts.take(Out(0, "c", b"", 0, "rooms", "unmapped"))
    assert (counts.messages, counts.readings, counts.acknowledged) == (2, 7, 3)
    assert counts.feeds["stations"] == {"messages": 1, "readings": 6}
    assert counts.as_json()["bad"] == 1


def test_a_reader_of_the_counts_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    for n in range(50):
        write_counts(path, Counts(messages=n))
        assert json.loads(path.read_text("utf-8"))["messages"] == n
    assert [each.name for each in tmp_path.iterdir()] == ["counts.json"]
