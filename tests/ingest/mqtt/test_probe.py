"""The broker itself says what it has seen no PUBACK for."""

import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from ingest.config import BrokerConfig
from ingest.mqtt.probe import unacknowledged
from tests.servers.process import Server


def test_messages_of_a_session_count_until_they_are_acknowledged(mosquitto: Server) -> None:
    config = BrokerConfig(mode="external", host=mosquitto.host, port=mosquitto.port)
    worker = mqtt.Client(CallbackAPIVersion.VERSION2, "worker", clean_session=False)
    worker.connect(config.host, config.port)
    worker.loop_start()
    subscribed = threading.Event()
    worker.on_subscribe = lambda *_: subscribed.set()
    worker.subscribe("heat/#", qos=1)
    assert subscribed.wait(5)
    worker.disconnect()
    worker.loop_stop()
    publisher = mqtt.Client(CallbackAPIVersion.VERSION2, "publisher")
    publisher.connect(config.host, config.port)
    publisher.loop_start()
    for number in range(7):
        publisher.publish("heat/1", str(number), qos=1).wait_for_publish(5)
    publisher.disconnect()
    publisher.loop_stop()
    assert unacknowledged(config, "worker", quiet_s=0.5) == 7
    assert unacknowledged(config, "worker", quiet_s=0.5) == 7, "counting acknowledges nothing"
    assert unacknowledged(config, "somebody else", quiet_s=0.5) == 0
