"""Listening to a real broker leaves nothing behind there and takes nothing from anybody."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from domain.errors import ServerMissing
from ingest.config import BrokerConfig
from ingest.connect.listen import listen
from ingest.connect.seen import Seen
from ingest.mqtt.broker import free_port
from tests.servers.process import Server


@contextmanager
def publishing(port: int) -> Iterator[None]:
    """Two devices that go on sending."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.publish("plant/S0/kept", b"5", qos=1, retain=True)
    stop = threading.Event()

    def send() -> None:
        while not stop.wait(0.02):
            for code in ("S1", "S2"):
                client.publish(f"plant/{code}/t", b"21.5", qos=1)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        stop.set()
        sender.join()
        client.loop_stop()
        client.disconnect()


def test_it_hears_what_comes_and_ends_when_it_is_enough(mosquitto: Server) -> None:
    heard: list[Seen] = []

    def take(message: Seen) -> bool:
        heard.append(message)
        return len({each.topic for each in heard}) == 3

    ticks: list[int] = []
    with publishing(mosquitto.port):
        broker = BrokerConfig(mode="external", port=mosquitto.port)
        listen(broker, ["plant/#"], 60, take, lambda: ticks.append(1))
    assert {each.topic for each in heard} == {"plant/S0/kept", "plant/S1/t", "plant/S2/t"}
    assert ticks


def test_it_ends_when_the_time_is_over_though_nothing_comes(mosquitto: Server) -> None:
    heard: list[Seen] = []
    broker = BrokerConfig(mode="external", port=mosquitto.port)

    def take(message: Seen) -> bool:
        heard.append(message)
        return False

    listen(broker, ["plant/#"], 0.5, take)
    assert heard == []


def test_a_broker_that_is_not_there_is_named() -> None:
    port = free_port()
    with pytest.raises(ServerMissing, match=f"127.0.0.1:{port}"):
        listen(BrokerConfig(mode="external", port=port), ["#"], 1, lambda _: True)
