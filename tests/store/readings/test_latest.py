"""The newest value is the one of the newest event time."""

from datetime import datetime, timedelta

import pytest

from domain.quality import Quality
from domain.time import to_us
from store.readings.readings import Readings
from tests.store.batches import NOW, START, keep, row, table
from tests.store.readings.kept import CITY, readings

__all__ = ["readings"]  # fixtures


def test_latest_is_newest_by_event_time_whatever_came_last(readings: Readings) -> None:
    keep(readings.journal, [row(1, 10, 100), row(2, 10, None)])
    readings.flush(NOW)
    assert readings.latest(CITY).series.tolist() == [1, 2]
    keep(readings.journal, [row(1, 5, 50), row(1, 9, 90), row(2, 9, 90)])
    keep(readings.journal, [row(1, 8000, 7, Quality.CLOCK_WRONG), row(3, 1, 10)])
    readings.import_table(table([row(4, 700, 40), row(1, 2, 20)]), NOW)
    latest = readings.latest(CITY)
    assert latest.series.tolist() == [1, 2, 3, 4]
    assert latest.value.tolist() == [100, 0, 10, 40]
    assert latest.mark.tolist() == [0, Quality.MISSING, 0, 0]
    assert latest.at_us[0] == to_us(START + timedelta(hours=10))


def hour(of: int) -> datetime:
    return START + timedelta(hours=of)


def test_a_reading_from_the_future_is_not_the_newest_before_its_time(readings: Readings) -> None:
    keep(readings.journal, [row(1, 10, 100), row(1, 33, 330), row(1, 34, 340)])
    readings.flush(NOW)
    keep(readings.journal, [row(1, 11, 110), row(2, 35, 350)])
    seen = [
        (at, readings.latest(CITY, hour(at)).series.tolist(), readings.latest(CITY, hour(at)).value)
        for at in (11, 32, 33, 34, 35, 11)
    ]
    assert [(at, series, value.tolist()) for at, series, value in seen] == [
        (11, [1], [110]),
        (32, [1], [110]),
        (33, [1], [330]),
        (34, [1], [340]),
        (35, [1, 2], [340, 350]),
        (11, [1], [110]),
    ]
    keep(readings.journal, [row(1, 12, 120)])
    assert readings.latest(CITY, hour(12)).value.tolist() == [120]
    assert readings.latest(CITY).value.tolist() == [340, 350]


def test_moments_a_little_apart_are_no_new_look_at_the_lake(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(readings.journal, [row(1, 10, 100)])
    readings.flush(NOW)
    readings.latest(CITY, hour(11))
    monkeypatch.setattr(readings.lake, "snapshot", None)
    assert readings.latest(CITY, hour(11) - timedelta(seconds=2)).value.tolist() == [100]
    with pytest.raises(TypeError):
        readings.latest(CITY, hour(10))
