"""Maintenance goes on through what passes."""

import errno
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heatwatch.services.workers import ingest, maintenance
from heatwatch.wiring import World, open_world
from store.journal.refused_message import RefusedMessage
from store.readings.readings import Readings
from tests.heatwatch.supervisor.test_disk_space import FULL_ERRORS, world
from tests.ingest import live
from tests.store.batches import NOW, batch, hours, keep

__all__ = ["world"]  # fixtures


@pytest.mark.parametrize("error", FULL_ERRORS, ids=lambda error: type(error).__name__)
def test_maintenance_says_it_once_and_goes_on_when_there_is_room(
    world: World,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries, stop, flush = [0], threading.Event(), Readings.flush

    def full_four_times(readings: Readings, now: object) -> object:
        tries[0] += 1
        if tries[0] < 5:
            raise error
        stop.set()
        return flush(readings, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Readings, "flush", full_four_times)
    maintenance(world, stop)
    lines = [
        record.getMessage() for record in caplog.records if "maintenance" in record.getMessage()
    ]
    assert len(lines) == 2, lines
    assert "no space left" in lines[0]
    assert "make room" in lines[0]
    assert lines[1] == "maintenance: there is room again"


def test_another_fault_of_maintenance_is_not_taken_for_a_full_disk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_readings: Readings, _now: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Readings, "flush", broken)
    with pytest.raises(OSError, match="Input/output"):
        maintenance(world, threading.Event())


def test_what_ingest_writes_to_a_new_journal_reaches_the_lake(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first numbers were those that the lake had already, and no flush took them."""
    for first in range(3):
        keep(world.journal, hours(1, first=first))
    rows = world.readings.flush(NOW).last_batch
    world.journal.close()
    for path in Path(world.config.store.journal).parent.glob("journal.sqlite*"):
        if path.is_file():
            path.rename(path.with_name(f"old-{path.name}"))
    again = open_world(world.path)

    def one_batch(_worker: object, _stop: threading.Event) -> None:
        keep(again.journal, hours(1, first=5))

    monkeypatch.setattr("ingest.mqtt.worker.IngestWorker.run", one_batch)
    ingest(again, threading.Event())
    assert again.readings.flush(NOW).last_batch == rows + 1


def test_maintenance_keeps_refused_messages_within_their_bounds(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    old = datetime.now(UTC) - timedelta(days=world.config.ingest.refused_days + 1)
    one = RefusedMessage("rooms", "t", b"noise", "undecodable", "x", old)
    new = replace(one, received_at=datetime.now(UTC))
    world.journal.append(batch([]), messages=2, now=NOW, refused=[one, new])
    stop = threading.Event()
    worker = threading.Thread(target=maintenance, args=(world, stop))
    worker.start()
    live.wait_for(lambda: [*world.journal.refused()] == [new])
    stop.set()
    worker.join()
    assert (
        "1 refused messages are deleted, 1 of them open: ingest.refused_days = 400" in caplog.text
    )
