"""The session that queues before its worker is there."""

import pytest

from domain.errors import ServerMissing
from ingest.config import BrokerConfig
from ingest.mqtt.broker import free_port
from ingest.mqtt.session import prepare
from tests.ingest import live
from tests.servers.process import Server


def broker_at(port: int) -> BrokerConfig:
    return BrokerConfig(port=port)


def test_what_comes_after_it_is_queued_for_the_worker(mosquitto: Server) -> None:
    prepare(broker_at(mosquitto.port), "late", ["rooms/+", "stations/#"])
    live.publish(mosquitto.port, [("rooms/1", b"a"), ("stations/1/2", b"b"), ("other/1", b"c")])
    assert live.drain(mosquitto.port, "late") == 2


def test_a_new_filter_is_added_and_a_long_queue_stays_whole(mosquitto: Server) -> None:
    prepare(broker_at(mosquitto.port), "late", ["rooms/+"])
    live.publish(mosquitto.port, [(f"rooms/{i}", b"x" * 200) for i in range(20_000)])
    prepare(broker_at(mosquitto.port), "late", ["rooms/+", "stations/#"])
    live.publish(mosquitto.port, [("stations/1", b"b")])
    assert live.drain(mosquitto.port, "late") == 20_001


def test_without_a_broker_it_is_a_missing_server() -> None:
    with pytest.raises(ServerMissing, match="MQTT broker"):
        prepare(broker_at(free_port()), "late", ["rooms/+"])
