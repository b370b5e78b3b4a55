"""What can't be true is unknown when it is read, whenever it was stored and whatever span is asked."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from domain.columns import Columns
from domain.plausible import all_of, rule
from domain.quality import Quality
from domain.quantity import Role
from domain.time import HOUR_US, MINUTE_US, Span, from_us, to_us
from store.readings.plausible import judged, plausible
from tests import naive_plausible
from tests.naive_plausible import Row
from tests.shared import shared_folder
from tests.store.batches import NOW
from tests.store.readings.kept import opened
from tests.tiny import Row as Kept
from tests.tiny import table

ROOM = Role.ROOM_TEMPERATURE
SAID = {
    Quality.GOOD: "good", Quality.MISSING: "unusable", Quality.OUT_OF_RANGE: "out_of_range",
    Quality.UNCHANGED: "unchanged", Quality.JUMPED: "jumped",
}  # fmt: skip


def columns(rows: Sequence[Row | None]) -> Columns:
    """One series; a None is a row without a value a minute after the one before."""
    at: list[int] = []
    value: list[int] = []
    mark: list[Quality] = []
    for row in rows:
        at.append(at[-1] + MINUTE_US if row is None else row[0])
        value.append(0 if row is None else row[1])
        mark.append(Quality.MISSING if row is None else Quality.GOOD)
    return Columns(
        np.array([1], np.int32), np.array([0, len(rows)], np.int64), np.array(at, np.int64),
        np.array(value, np.int64), np.array(mark, np.uint8),
    )  # fmt: skip


def said(rows: Sequence[Row | None], role: Role = ROOM) -> list[str]:
    return [SAID[Quality(int(each))] for each in judged(columns(rows), all_of(role, 1)).mark]


def every(minutes: int, *values: int, since: int = 0) -> list[Row]:
    return [(since + i * minutes * MINUTE_US, value) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("celsius", "expected"),
    [(-30_000, "good"), (-30_001, "out_of_range"), (60_000, "good"), (60_001, "out_of_range")],
)
def test_a_room_is_measured_between_minus_30_and_60_degrees(celsius: int, expected: str) -> None:
    assert said([(0, celsius)]) == [expected]


@pytest.mark.parametrize(
    ("celsius", "hours", "expected"),
    [
        (18_700, 48, "good"), (18_700, 49, "unchanged"),
        (18_500, 72, "good"), (18_500, 73, "unchanged"),
        (18_000, 168, "good"), (18_000, 169, "unchanged"),
    ],
)  # fmt: skip
def test_a_value_stands_as_long_as_its_own_resolution_allows(
    celsius: int, hours: int, expected: str
) -> None:
    assert said(every(60, *[celsius] * (hours + 1))) == [expected] * (hours + 1)


def test_a_sensor_of_half_degrees_that_is_declared_may_show_a_whole_degree_for_three_days_only() -> (
    None
):
    four_days = columns(every(60, *[18_000] * 97))
    declared = all_of(ROOM, 1)
    declared = type(declared)((rule(ROOM, step=100),), declared.which)
    assert set(judged(four_days, all_of(ROOM, 1)).mark) == {Quality.GOOD}
    assert set(judged(four_days, declared).mark) == {Quality.UNCHANGED}


def test_values_before_and_after_a_long_silence_are_not_one_run() -> None:
    assert set(
        said([*every(60, *[18_700] * 40), *every(60, *[18_700] * 40, since=46 * HOUR_US)])
    ) == {"good"}


def test_what_jumps_up_and_back_is_unknown_and_the_room_around_it_is_not() -> None:
    rows = every(15, *[15_000] * 8, *[45_000] * 7, *[15_100] * 8)
    assert said(rows) == ["good"] * 8 + ["jumped"] * 7 + ["good"] * 8


@pytest.mark.parametrize(
    "values",
    [
        [15_000] * 4 + [25_000] * 4 + [15_000] * 4,
        [15_000] * 4 + [45_000] * 4,
        [15_000, 24_000, 33_000, 42_000, 33_000, 24_000, 15_000],
    ],
    ids=["ten-kelvin", "that-stays", "in-steps"],
)
def test_what_a_room_might_do_stays(values: list[int]) -> None:
    assert set(said(every(15, *values))) == {"good"}


def test_an_hour_and_a_half_between_two_readings_is_no_jump() -> None:
    assert set(said(every(90, 15_000, 45_000, 15_000))) == {"good"}


def world(seed: int) -> list[Row | None]:
    """Days of a room with runs of one value, silences, spikes and values out of all bounds."""
    random = np.random.default_rng(seed)
    rows: list[Row | None] = []
    at, value = 0, 18_300
    while at < 20 * 24 * HOUR_US:
        kind = random.choice(4, p=[0.9, 0.04, 0.03, 0.03])
        count = int(random.integers(1, 60)) if kind else int(random.integers(1, 6))
        if kind == 1:  # still
            count, value = (
                int(random.integers(30, 260)),
                int(random.choice([18_700, 18_500, 18_000])),
            )
        high = int(random.choice([0, 12_000, 27_000, 55_000, -60_000])) if kind == 2 else 0
        for _ in range(count):
            at += int(random.choice([15, 60, 90])) * MINUTE_US
            if random.random() < 0.02 and rows:
                rows.append(None)
                at += 2 * MINUTE_US
                continue
            value += 0 if kind == 1 else int(random.integers(-2, 3)) * 100
            rows.append((at, value + high))
        at += int(random.choice([0, 0, 0, 7])) * HOUR_US
    return rows


def test_one_wrong_reading_does_not_let_a_longer_wrong_stretch_stand() -> None:
    """The level between both was shorter than the stretch, and hid it."""
    warm, dead = [21_000, 21_100], [0] * 32
    rows = every(15, *warm * 100, 0, *warm * 12, *dead, *warm * 100)
    causes = said(rows)
    assert causes == naive_plausible.judged(rows, rule(ROOM))
    assert [rows[i][1] for i, each in enumerate(causes) if each == "jumped"] == [0] * 33


@pytest.mark.parametrize("seed", range(30))
def test_what_is_left_of_a_judgement_has_no_jump_more(seed: int) -> None:
    rows = world(seed)
    left = [None if cause == "jumped" else row for row, cause in zip(rows, said(rows), strict=True)]
    assert "jumped" not in naive_plausible.judged(left, rule(ROOM))


@pytest.mark.parametrize("seed", range(30))
def test_the_kernel_agrees_with_its_naive_twin(seed: int) -> None:
    rows = world(seed)
    assert said(rows) == naive_plausible.judged(rows, rule(ROOM))


def test_the_worlds_of_the_twin_hold_every_cause() -> None:
    causes = [cause for seed in range(30) for cause in said(world(seed))]
    assert set(causes) == {"good", "unusable", "out_of_range", "unchanged", "jumped"}


SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_of_a_reading_does_not_depend_on_the_span_that_is_read(
    tmp_path: Path, seed: int
) -> None:
    readings = opened(tmp_path)
    shift = to_us(SINCE)
    rows: list[Kept] = [
        (1, from_us(shift + row[0]), row[1]) for row in world(seed) if row is not None
    ]
    readings.import_table(table(rows), NOW)
    one = np.array([1], dtype=np.int32)
    year = Span(SINCE, SINCE + timedelta(days=60))
    whole = plausible(readings, one, year, all_of(ROOM, 1))
    assert whole.at_us.size == len(rows)
    random = np.random.default_rng(seed)
    for hours in (1, 6, 24, 24, 100, 300, 500):
        since = SINCE + timedelta(hours=int(random.integers(0, 480)))
        span = Span(since, since + timedelta(hours=hours))
        part, expected = plausible(readings, one, span, all_of(ROOM, 1)), whole.within(span)
        assert part.at_us.tolist() == expected.at_us.tolist()
        assert part.mark.tolist() == expected.mark.tolist(), f"{span.since} and {hours} h"


def test_series_with_and_without_doubt_come_back_in_their_order(tmp_path: Path) -> None:
    readings = opened(tmp_path)
    hours = [SINCE + timedelta(hours=i) for i in range(24 * 9)]
    rows: list[Kept] = [(1, at, 20_000 + i % 7) for i, at in enumerate(hours)]
    rows += [(2, at, 18_700) for at in hours]
    rows += [(3, at, 70_500 + i % 3) for i, at in enumerate(hours)]
    readings.import_table(table(rows), NOW)
    day = Span(SINCE + timedelta(days=4), SINCE + timedelta(days=5))
    found = plausible(readings, np.array([3, 1, 2], np.int32), day, all_of(ROOM, 3))
    assert [set(found.of(series)[2].tolist()) for series in (1, 2, 3)] == [
        {Quality.GOOD}, {Quality.UNCHANGED}, {Quality.OUT_OF_RANGE},
    ]  # fmt: skip
    assert [found.of(series)[0].size for series in (1, 2, 3)] == [24, 24, 24]


def test_of_109_000_readings_of_real_rooms_none_is_called_impossible() -> None:
    by_probe: dict[str, list[Row]] = {}
    with gzip.open(shared_folder() / "data/nis-l4/rooms_raw_2024-25.csv.gz", "rt") as file:
        next(file)
        for line in file:
            at, probe, name, celsius, *_ = line.split(",")
            if celsius:
                row = (
                    to_us(datetime.fromisoformat(at).replace(tzinfo=UTC)),
                    round(1000 * float(celsius)),
                )
                by_probe.setdefault(f"{probe} {name}", []).append(row)
    counted = 0
    for rows in by_probe.values():
        for step in (1, 100, 500, 1000):  # as it came, and as coarser sensors would show it
            coarse = [(at, value // step * step) for at, value in sorted(set(rows))]
            causes = said(coarse)
            assert set(causes) == {"good"}, f"{step}: {causes.count('unchanged')}"
            counted += len(causes)
    assert counted > 400_000
