"""Ingest's numbers are those of its journal, and its health that of its session."""

from pathlib import Path

from prometheus_client import CollectorRegistry

from heatwatch.metrics.session import IngestMetrics
from store.journal.journal import Journal
from tests.ingest import live
from tests.ingest.small import ROOMS, index_of
from tests.servers.process import Server


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
