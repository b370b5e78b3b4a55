"""Messages gathered from a real broker."""

import pytest

from store.journal.journal import Journal
from tests.ingest import live
from tests.ingest.mqtt.test_worker import journal, publish, reading
from tests.ingest.small import ROOMS, index_of
from tests.servers.process import Server

__all__ = ["journal"]  # fixtures


def test_a_message_too_large_for_the_buffer_makes_it_grow(
    mosquitto: Server, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.mqtt.gather.ROOM", 4096)
    many = b",".join(reading(i) for i in range(2000))
    with live.working(mosquitto.port, journal, index_of(), ROOMS) as worker:
        publish(mosquitto, [("heatwatch/v1/A1", b"[" + many + b"]")])
        live.wait_for(lambda: worker.counts.messages == 1)
    assert journal.counts().readings == 2000
