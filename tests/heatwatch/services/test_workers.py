"""Maintenance goes on through what passes."""

import errno
import threading

import pytest

from heatwatch.services.workers import maintenance
from heatwatch.wiring import World
from store.readings.readings import Readings
from tests.heatwatch.supervisor.test_disk_space import FULL_ERRORS, world

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
