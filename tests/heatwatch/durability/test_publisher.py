"""A publisher that goes on through whatever happens to its broker."""

import json
import time
from datetime import datetime, timedelta

import numpy as np

from heatwatch.bench.city import SINCE
from heatwatch.durability.publisher import Publisher, message
from tests.ingest import live
from tests.servers.process import Server


def test_a_message_tells_its_number_by_device_and_time() -> None:
    topic, payload = message(1203, devices=500)
    told = json.loads(payload)
    assert topic == "heatwatch/v1/D000203"
    assert datetime.fromisoformat(told["time"]) == SINCE + timedelta(seconds=2)


def test_what_a_killed_broker_did_not_acknowledge_is_sent_again(mosquitto: Server) -> None:
    publisher = Publisher(mosquitto.host, mosquitto.port, devices=10, rate=500)
    publisher.start()
    live.wait_for(lambda: publisher.sent > 200)
    mosquitto.kill()
    time.sleep(0.3)
    mosquitto.start()
    before = publisher.sent
    live.wait_for(lambda: publisher.sent > before + 200)
    publisher.end()
    live.wait_for(lambda: publisher.waiting == 0)
    publisher.close()
    assert np.isfinite(publisher.acknowledged_at).all()
    assert publisher.acknowledged_at.size == publisher.sent


def test_what_nobody_acknowledged_is_not_promised() -> None:
    publisher = Publisher("127.0.0.1", 1, devices=10, rate=500)
    publisher.sent = 3
    publisher._acknowledged.append((1, 5.0))
    assert publisher.acknowledged_at.tolist() == [np.inf, 5.0, np.inf]
