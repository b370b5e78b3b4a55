"""A worker answers a monitoring system, and never with a traceback."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from domain.errors import WrongCall
from heatwatch.metrics.server import OFFSETS, serving
from heatwatch.services.workers import maintenance
from heatwatch.wiring import World
from ingest.mqtt.broker import free_port
from store.server.single_instance import HeldBy
from tests.books import place_books
from tests.heatwatch.diagnosis.towns import world_in
from tests.heatwatch.metrics.scrape import ask, scraped
from tests.ingest import live


class Refused(Collector):
    """As a store whose lock another process took."""

    def collect(self) -> Iterator[Metric]:
        raise HeldBy("process 7 on elsewhere")


def measured(folder: Path) -> tuple[World, int]:
    """A world with metrics, and the port of ingest."""
    port = free_port()
    return world_in(folder, {"[alerts]": f"[metrics]\nport = {port}\n\n[alerts]"}), port


def test_health_is_200_while_well_and_503_with_the_reason(tmp_path: Path) -> None:
    world, port = measured(tmp_path)
    wrong = [""]
    with serving(world, "ingest", lambda: wrong[0]):
        assert ask(port, "/health") == (200, "well\n")
        wrong[0] = "not connected to the broker"
        assert ask(port, "/health") == (503, "not connected to the broker\n")
        assert ask(port, "/") == (404, "allowed: /metrics, /health\n")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_what_a_store_refuses_is_told_and_the_worker_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    world, port = measured(tmp_path)
    with serving(world, "alerts", lambda: "", Refused()):
        asked = port + OFFSETS["alerts"]
        assert ask(asked, "/metrics") == (503, "HeldBy: process 7 on elsewhere\n")
        assert ask(asked, "/health") == (200, "well\n")
    assert capfd.readouterr().err == ""


def test_a_taken_port_is_a_wrong_call_that_names_it(tmp_path: Path) -> None:
    world, port = measured(tmp_path)
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(
            WrongCall, match=rf"metrics\.port: ingest can't answer at 127\.0\.0\.1:{port}"
        ),
        serving(world, "ingest", lambda: ""),
    ):
        pass


def test_without_the_table_nobody_listens(tmp_path: Path) -> None:
    with serving(world_in(tmp_path), "ingest", lambda: "wrong"):
        assert not [each for each in threading.enumerate() if each.name == "metrics"]


def test_a_worker_answers_while_it_works(tmp_path: Path) -> None:
    world, port = measured(tmp_path)
    place_books(tmp_path / "books.sqlite")
    stop = threading.Event()
    worker = threading.Thread(target=maintenance, args=(world, stop))
    worker.start()
    try:
        asked = port + OFFSETS["maintenance"]
        live.wait_for(lambda: bool([t for t in threading.enumerate() if t.name == "metrics"]))
        assert ask(asked, "/health") == (200, "well\n")
        found = scraped(asked)
        assert found["heatwatch_follower_lag_batches{lake}"] == 0
        assert found["heatwatch_lake_flush"] == 0
        assert found[f"heatwatch_disk_free_bytes{{{tmp_path}}}"] > 0
        assert found["heatwatch_process_resident_memory_bytes"] > 1e6
    finally:
        stop.set()
        worker.join()
