"""How long a sample stands in settlement: an unusable reading of its series ends it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.cold_days.samples import samples_of
from domain.columns import Columns
from domain.quality import Quality
from tests.analytics.facts import facts
from tests.analytics.settlement.test_settle import us

HENAN = "CN-HA-2018"
GOOD, CLOCK = Quality.GOOD, Quality.CLOCK_WRONG
Row = tuple[str, int, Quality]  # hh:mm of 10 January, 0.001 °C, mark


def columns(*series: Sequence[Row]) -> Columns:
    """Series 1, 2, ... with their rows."""
    rows = [row for each in series for row in each]
    return Columns(
        np.arange(1, len(series) + 1, dtype=np.int32),
        np.concatenate([[0], np.cumsum([len(each) for each in series])]).astype(np.int64),
        np.array([us(f"2025-01-10T{at}") for at, _, _ in rows], dtype=np.int64),
        np.array([value for _, value, _ in rows], dtype=np.int64),
        np.array([int(mark) for _, _, mark in rows], dtype=np.uint8),
    )


def stood(given: Columns, acts: Sequence[Sequence[str]] = ()) -> list[tuple[str, str, int]]:
    """(from, until, value) of the samples of the one room."""
    snapshot = from_facts(facts(HENAN, {"bedroom": []}, acts=acts), HENAN).snapshot
    series = Ragged.of([[(i + 1, 900) for i in range(given.series.size)]], 2)
    found = samples_of(replace(snapshot, series=series), given)

    def clock(at: int) -> str:
        minutes = (at - us("2025-01-10T00:00")) // 60_000_000
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    return [
        (clock(int(found.at[i])), clock(int(found.until[i])), int(found.value[i]))
        for i in range(int(found.size[0]))
    ]


@pytest.mark.parametrize("mark", [Quality.DEVICE_ERROR, Quality.MISSING, Quality.CONFLICT])
def test_a_sentinel_a_null_and_a_conflict_end_what_was_said_before(mark: Quality) -> None:
    given = columns([("10:00", 17_000, GOOD), ("10:15", 0, mark), ("10:30", 17_000, GOOD)])
    assert stood(given) == [("10:00", "10:15", 17_000), ("10:30", "11:00", 17_000)]


def test_a_reading_whose_time_is_unknown_ends_nothing() -> None:
    given = columns([("10:00", 17_000, GOOD), ("10:15", 0, CLOCK), ("10:40", 17_000, GOOD)])
    assert stood(given) == [("10:00", "10:30", 17_000), ("10:40", "11:10", 17_000)]


def test_another_series_of_the_room_and_a_signed_act_stand_on() -> None:
    bad = Quality.DEVICE_ERROR
    first = [("10:00", 17_000, GOOD), ("10:20", 0, bad)]
    second = [("10:10", 16_000, GOOD), ("10:50", 0, bad)]
    assert stood(columns(first, second)) == [
        ("10:00", "10:10", 17_000),
        ("10:10", "10:40", 16_000),
    ]
    acts = [["2025-01-10T10:05", "bedroom", "17.500"]]
    assert stood(columns(first), acts) == [("10:00", "10:05", 17_000), ("10:05", "10:35", 17_500)]


def test_a_sample_that_stood_when_the_season_began_is_ended_before_it() -> None:
    given = columns([("00:00", 17_000, GOOD), ("00:10", 0, Quality.MISSING)])
    at = np.array([us("2024-11-14T23:40"), us("2024-11-14T23:50")], dtype=np.int64)
    assert stood(replace(given, at_us=at)) == []
