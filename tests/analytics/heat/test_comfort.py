"""Comfort: sums by local day, what is missing, the edge of the base, and a real season."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.heat.comfort import cold_episodes, comfort, day_edges, gaps, means
from analytics.heat.standing import standing
from analytics.heat.threads import in_ranges
from analytics.kernels import sums
from domain.columns import Columns
from domain.quality import Quality
from domain.time import HOUR_US, Span, to_us
from tests.analytics.columns import T0, at, columns, every, samples
from tests.shared import shared_folder

BELGRADE = ZoneInfo("Europe/Belgrade")
QUARTER = np.array([900])


def day_of(hours: float) -> Span:
    return Span(T0, T0 + timedelta(hours=hours))


def test_exactly_the_base_is_not_below_it() -> None:
    table = comfort(columns(every(15, 18_000, 0, 60)), QUARTER, 18_000, day_of(1))
    assert (table.below_us.item(), table.deficit.item()) == (0, 0)
    table = comfort(columns(every(15, 17_999, 0, 60)), QUARTER, 18_000, day_of(1))
    assert table.below_us.item() == HOUR_US
    assert table.degree_hours(0) == Fraction(1, 1000)


def test_a_sample_stands_for_twice_its_interval_and_then_nothing_is_known() -> None:
    table = comfort(columns(samples((0, 16_000), (120, 16_000))), QUARTER, 18_000, day_of(3))
    assert table.known_us.item() == HOUR_US  # 30 min each
    assert table.missing_us.item() == 2 * HOUR_US
    assert table.degree_hours(0) == 2


def test_a_sentinel_is_neither_warm_nor_cold_and_ends_what_stood() -> None:
    table = comfort(columns(samples((0, 16_000), (10, None))), QUARTER, 18_000, day_of(1))
    assert table.below_us.item() == HOUR_US // 6
    assert table.missing_us.item() == HOUR_US - HOUR_US // 6


@pytest.mark.parametrize(
    ("mark", "known_min"),
    [
        (Quality.GOOD, 60),
        (Quality.RETAINED, 60),
        (Quality.CLOCK_CORRECTED, 60),
        (Quality.CONFLICT, 45),
        (Quality.DEVICE_ERROR, 45),
        (Quality.OUT_OF_RANGE, 45),
        (Quality.CLOCK_WRONG, 60),
    ],
)
def test_what_a_mark_does_to_the_time_known(mark: Quality, known_min: int) -> None:
    """A wrong clock says nothing about any instant; other bad values end what stood."""
    cols = columns(every(15, 20_000, 0, 60))
    marks = cols.mark.copy()
    marks[2] = mark
    marked = Columns(cols.series, cols.offsets, cols.at_us, cols.value, marks)
    assert comfort(marked, QUARTER, 18_000, day_of(1)).known_us.item() == known_min * 60_000_000


def test_the_last_sample_before_the_span_still_stands_in_it() -> None:
    table = comfort(columns(samples((-20, 16_000))), QUARTER, 18_000, day_of(1))
    assert table.below_us.item() == HOUR_US // 6


def test_no_sample_tells_anything_after_the_end_of_the_span() -> None:
    table = comfort(columns(samples((0, 16_000))), QUARTER, 18_000, Span(T0, at(10)))
    assert table.known_us.item() == HOUR_US // 6


def test_days_of_23_and_25_hours_sum_to_the_same_season() -> None:
    season = Span(
        datetime(2024, 10, 1, tzinfo=BELGRADE).astimezone(UTC),
        datetime(2025, 5, 1, tzinfo=BELGRADE).astimezone(UTC),
    )
    first = int((season.since - T0) / timedelta(minutes=1))
    cols = columns(every(60, 17_123, first, first + 60 * 24 * 215))
    table = comfort(cols, np.array([3600]), 18_000, season, BELGRADE)
    lengths = np.diff(table.edges_us) // HOUR_US
    assert sorted(set(lengths.tolist())) == [23, 24, 25]
    whole = comfort(cols, np.array([3600]), 18_000, season)
    assert table.whole().deficit.tolist() == whole.deficit.tolist()
    assert table.whole().known_us.tolist() == whole.known_us.tolist()
    assert table.whole().missing_us.item() == 0


def test_a_leap_winter_has_its_29_february() -> None:
    span = Span(datetime(2024, 2, 28, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))
    assert day_edges(span, ZoneInfo("UTC")).size == 4


@pytest.mark.parametrize("days", [0, 367])
def test_a_span_of_nothing_or_over_a_year_is_refused(days: int) -> None:
    span = Span(T0, T0 + timedelta(days=days))
    with pytest.raises(ValueError, match="at most 366 days"):
        comfort(columns([]), QUARTER, 18_000, span)


def test_the_coldest_year_possible_does_not_overflow() -> None:
    """-60 Cel against a base of 200 Cel for 366 days."""
    day = 24 * 60
    cols = columns(every(180, -60_000, 0, 366 * day))
    table = comfort(cols, np.array([10_800]), 200_000, Span(T0, at(366 * day)))
    assert table.degree_hours(0) == 260 * 366 * 24


def test_intervals_that_do_not_fit_the_series_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 intervals"):
        comfort(columns([]), np.array([900, 900]), 18_000, day_of(1))


def test_the_kernel_gives_the_same_with_one_thread_and_with_three() -> None:
    story = [every(15, 17_000 + i, i, 5000) for i in range(200)]
    ready = standing(columns(*story), np.full(200, 900))
    edges = np.array([0, to_us(at(1000)), 2**62])
    found = []
    for threads in (1, 3):
        sums_ = [np.zeros((200, 2), dtype=np.int64) for _ in range(3)]
        in_ranges(
            sums.degree_hours, 200, ready.offsets, ready.at_us, ready.value, ready.usable,
            ready.hold_us, 18_000, edges, *sums_, threads=threads,
        )  # fmt: skip
        found.append([each.tolist() for each in sums_])
    assert found[0] == found[1]
    assert all(row[0] > 0 for row in found[0][2])


def test_means_are_weighted_by_time_and_missing_where_too_little_is_known() -> None:
    cols = columns(samples((0, 10_000), (15, 20_000), (60, 30_000)))
    edges = np.array([0, 60, 120, 180]) * 60_000_000 + (
        T0 - datetime(1970, 1, 1, tzinfo=UTC)
    ) // timedelta(microseconds=1)
    found = means(cols, QUARTER, edges)
    assert found.exact(0, 0) == Fraction(10_000 * 15 + 20_000 * 30, 45)
    assert found.exact(0, 2) is None
    assert np.isnan(found.floats(least_known=0.75)[0, 1])
    assert found.floats(least_known=0.75)[0, 0] == pytest.approx(16666.67, abs=0.01)


@pytest.mark.parametrize("edges", [[0], [5, 5], [5, 4]])
def test_edges_that_do_not_increase_are_refused(edges: list[int]) -> None:
    with pytest.raises(ValueError, match="increase strictly"):
        means(columns([]), QUARTER, np.array(edges))


def test_gaps_are_whole_and_include_both_ends() -> None:
    found = gaps(columns(samples((60, 20_000))), QUARTER, day_of(3))[0]
    assert found == [(at(0), at(60)), (at(90), at(180))]


# -- cold runs ---------------------------------------------------------------------------


def test_a_spike_does_not_end_a_cold_run_but_an_hour_of_warmth_does() -> None:
    story = [
        *every(15, 17_000, 0, 120),
        *every(15, 18_000, 120, 165),  # a spike of 45 minutes
        *every(15, 17_000, 165, 300),
        *every(15, 18_000, 300, 360),  # held for exactly an hour
        *every(15, 17_000, 360, 420),
    ]
    found = cold_episodes(columns(story), QUARTER, 18_000, day_of(7))
    assert [(each.since, each.until, each.recovered) for each in found] == [
        (at(0), at(300), True),
        (at(360), at(420), False),
    ]
    assert found[0].below_us == 255 * 60_000_000
    assert found[0].degree_hours == Fraction(255, 60)


def test_one_warm_sample_alone_is_no_recovery_however_long_it_stands() -> None:
    story = [*every(60, 17_000, 0, 300), *samples((300, 18_000)), *every(60, 17_000, 420, 600)]
    found = cold_episodes(columns(story), np.array([3600]), 18_000, day_of(10))
    assert len(found) == 1


def test_an_unknown_stretch_is_told_and_only_a_short_one_is_certain() -> None:
    for gap, certain in ((60, True), (75, False)):
        story = [*every(15, 17_000, 0, 60), *every(15, 17_000, 75 + gap, 300)]
        found = cold_episodes(columns(story), QUARTER, 18_000, day_of(5))
        assert len(found) == 1
        assert found[0].longest_unknown_us == gap * 60_000_000
        assert found[0].certain(900) is certain


# -- a real season -----------------------------------------------------------------------

FLATS = ("37_12", "37_15", "37_2", "37_4", "37_9")


def real_season(name: str) -> tuple[list[datetime], list[str]]:
    path = shared_folder() / "data" / "nis-l4" / "season_2024-25_15min.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["datetime"], row[name]) for row in csv.DictReader(file)]
    times = [
        datetime.fromisoformat(each).replace(tzinfo=BELGRADE).astimezone(UTC) for each, _ in rows
    ]
    return times, [value for _, value in rows]


def series_of(name: str) -> Columns:
    times, texts = real_season(name)
    microseconds = [
        (each - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for each in times
    ]
    steps = [round(Decimal(text) * 1000) if text else 0 for text in texts]
    marks = [Quality.GOOD if text else Quality.MISSING for text in texts]
    return Columns(
        np.array([1], dtype=np.int32),
        np.array([0, len(times)]),
        np.array(microseconds),
        np.array(steps),
        np.array(marks, dtype=np.uint8),
    )


@pytest.mark.parametrize("flat", FLATS)
def test_no_flat_of_the_real_season_was_below_18_for_more_than_two_hours(flat: str) -> None:
    span = Span(
        datetime(2024, 11, 17, 6, tzinfo=BELGRADE).astimezone(UTC),
        datetime(2025, 4, 1, tzinfo=BELGRADE).astimezone(UTC),
    )
    table = comfort(series_of(f"temperature_{flat}"), QUARTER, 18_000, span)
    assert table.below_us.item() <= 2 * HOUR_US
    assert table.known_us.item() + table.missing_us.item() == 3233 * HOUR_US
    assert table.missing_us.item() >= 32 * HOUR_US
    expected = {"37_12": (Fraction(7, 4), Fraction(57, 32)), "37_2": (Fraction(1, 2), None)}
    below, degree_hours = expected.get(flat, (Fraction(0), Fraction(0)))
    assert Fraction(table.below_us.item(), HOUR_US) == below
    if degree_hours is not None:
        assert table.degree_hours(0) == degree_hours
