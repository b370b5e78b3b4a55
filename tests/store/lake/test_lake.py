"""The lake's contract: a local folder and a real S3 server."""

import os
from datetime import timedelta

import pytest

from store.journal.journal import Flush
from store.lake import compact as lake_compact
from store.lake import lake
from store.lake.lake import Lake
from store.lake.place import LakePlace
from store.readings.readings import Readings
from tests.store.batches import NOW, hours
from tests.store.lake.lakes import Place, counted, flushed, place, readings

__all__ = ["place", "readings"]  # fixtures


def test_a_flush_is_one_commit_and_tells_its_number_batch_and_time(
    readings: Readings, place: Place
) -> None:
    version = readings.lake.snapshot().version
    flush = flushed(readings, hours(3, 1), hours(3, 2), hours(2, 1, first=3))
    assert flush == Flush(1, 3, NOW)
    assert readings.lake.snapshot().version == version + 1
    assert Lake.open(*place).last_flush() == flush
    assert counted(readings) == 8


def test_a_flush_without_news_commits_nothing(readings: Readings) -> None:
    assert readings.flush(NOW) == Flush(0, 0, None)
    first = flushed(readings, hours(3))
    version = readings.lake.snapshot().version
    assert readings.flush(NOW + timedelta(hours=1)) == first
    assert readings.lake.snapshot().version == version


def test_a_batch_of_refused_messages_alone_moves_the_lake_on(readings: Readings) -> None:
    assert flushed(readings, []) == Flush(1, 1, NOW)
    assert flushed(readings, hours(1)) == Flush(2, 2, NOW)
    assert counted(readings) == 1


def test_the_log_stays_short_and_the_state_survives_it(
    readings: Readings, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_compact, "LOG_KEPT", 5)
    for first in range(12):
        flushed(readings, hours(1, first=first))
        lake_compact.tidy(readings.lake)
    assert readings.lake.place.last_checkpoint() >= 10
    again = Lake.open(*place)
    assert again.last_flush() == Flush(12, 12, NOW)
    assert again.snapshot().rows == 12


def test_locks_of_a_lake_on_s3_are_not_those_of_another_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a folder that both may write, the second user could not open the first one's file."""
    place = LakePlace("s3://bucket/lake", {})
    ours = lake._locks_of(place)
    monkeypatch.setattr(os, "getuid", lambda: 65_534)
    assert ours.parent == lake._locks_of(place).parent
    assert ours != lake._locks_of(place)
