"""Ingest's numbers are those of its journal, and its health that of its session."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry

from domain.actor import program
from heatwatch.metrics.session import IngestMetrics
from ingest.config import FeedConfig
from ingest.mqtt.delivery import Delivery
from ingest.mqtt.uplink_days import EVERY
from store.journal.journal import Journal
from tests.books import new_books
from tests.ingest import live
from tests.ingest.small import ROOMS, index_of
from tests.servers.process import Server

UPLINK = "application/7/device/0018b20000001a2b/event/up"


def uplink(counter: int) -> bytes:
    about = {"devEui": "0018b20000001a2b"}
    return json.dumps({"deviceInfo": about, "devAddr": "00a1", "fCnt": counter}).encode()


def test_what_came_in_is_counted_and_a_broker_that_went_is_told(
    tmp_path: Path, mosquitto: Server
) -> None:
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    with live.working(mosquitto.port, journal, index_of(), ROOMS) as worker:
        metrics = IngestMetrics(worker, journal)
        good = b'{"channel":"t","value":20,"at":"2026-01-12T06:00:00Z"}'
        live.publish(mosquitto.port, [("heatwatch/v1/A1", good), ("heatwatch/v1/A1", b"no JSON")])
        live.wait_for(lambda: worker.counts.messages == 2)
        registry = CollectorRegistry()
        registry.register(metrics)
        value = registry.get_sample_value
        assert value("heatwatch_messages_total") == 2
        assert value("heatwatch_readings_total") == 1
        assert value("heatwatch_refused_total", {"reason": "undecodable"}) == 1
        assert value("heatwatch_session_up") == 1
        assert value("heatwatch_last_commit_timestamp_seconds") > 1e9  # type: ignore[operator]
        assert metrics.health() == ""
        mosquitto.kill()
        live.wait_for(lambda: metrics.health() == "not connected to the broker")
        assert value("heatwatch_session_up") == 0
        mosquitto.start()
        live.wait_for(lambda: metrics.health() == "")
    journal.close()


def test_uplinks_that_came_and_that_were_sent_are_counted_by_feed(
    tmp_path: Path, mosquitto: Server
) -> None:
    """A worker that ended before they were in the books; the next one counts on."""
    lora = FeedConfig(name="lora", topic="application/#", format="chirpstack")
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    books, now = new_books(tmp_path / "books.db"), datetime.now(UTC)

    def heard(*counters: int, delivery: Delivery | None) -> dict[str, float | None]:
        with live.working(
            mosquitto.port, journal, index_of(), lora, now=lambda: now, delivery=delivery
        ) as worker:
            live.publish(mosquitto.port, [(UPLINK, uplink(each)) for each in counters])
            live.wait_for(lambda: worker.counts.messages == len(counters))
            if delivery is not None:
                delivery.settle(now + EVERY)
                delivery._writer.submit(lambda: None).result()
            registry = CollectorRegistry()
            registry.register(IngestMetrics(worker, journal))
            names = ("heatwatch_uplinks_received_total", "heatwatch_uplinks_sent_total")
            return {n: registry.get_sample_value(n, {"feed": "lora"}) for n in names}

    assert set(heard(3, 5, 6, delivery=None).values()) == {None}
    with closing(Delivery(books, "tested", "b:1883", program("ingest"))) as delivery:
        assert list(heard(7, 9, 8, 20, delivery=delivery).values()) == [7, 18]
    journal.close()
    books.dispose()
