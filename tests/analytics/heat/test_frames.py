"""Plain pandas series in, frames out: the same numbers as the naive twin, whatever the order."""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.heat.frames import (
    COMFORT_UNITS,
    COVERAGE_UNITS,
    OUTAGE_UNITS,
    coverage,
    degree_hours,
    outages,
)
from analytics.heat.supply import SupplyRule, Window
from domain.time import Span
from domain.validity import validity_us
from tests import naive
from tests.analytics.columns import every
from tests.analytics.worlds import sample_lists, spans
from tests.naive import US, Sample

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
INTERVALS = st.sampled_from([60, 900, 3600, 7200])


def series_of(samples: list[Sample], scale: int = 1000) -> "pd.Series[Any]":
    """Backwards in time, to show that order does not matter."""
    backwards = samples[::-1]
    times = pd.DatetimeIndex([each.at for each in backwards], tz="UTC")
    values = [np.nan if each.value is None else each.value / scale for each in backwards]
    return pd.Series(values, times, dtype=float)


def hold_of(interval_s: int) -> timedelta:
    return int(validity_us(np.array([interval_s]))[0]) * US


@QUICK
@given(samples=sample_lists(), span=spans(), interval_s=INTERVALS)
def test_degree_hours_and_coverage_agree_with_the_twin(
    samples: list[Sample], span: Span, interval_s: int
) -> None:
    asked: dict[str, Any] = {"since": pd.Timestamp(span.since), "until": pd.Timestamp(span.until)}
    interval = timedelta(seconds=interval_s)
    [found] = degree_hours(series_of(samples), 18, interval, **asked).to_dict("records")
    twin = naive.degree_hours(samples, hold_of(interval_s), 18_000, span)
    hour = timedelta(hours=1)
    assert found["degree_hours"] == pytest.approx(float(twin.degree_hours))
    assert found["hours_below"] == pytest.approx(twin.below / hour)
    assert found["hours_known"] == pytest.approx(twin.known / hour)
    assert found["hours_missing"] == pytest.approx((span.until - span.since - twin.known) / hour)
    [known] = coverage(series_of(samples), interval, **asked).to_dict("records")
    gaps = naive.gaps(samples, hold_of(interval_s), span)
    assert known["hours_known"] == pytest.approx(twin.known / hour)
    assert known["longest_gap_hours"] == pytest.approx(
        max([b - a for a, b in gaps], default=0 * hour) / hour
    )
    inside = [each for each in samples if span.since <= each.at < span.until]
    unusable = sum(each.value is None for each in inside)
    assert (known["readings"], known["unusable"]) == (len(inside), unusable)


@QUICK
@given(flow=sample_lists(), supply=sample_lists(), span=spans(), interval_s=INTERVALS)
def test_outages_agree_with_the_twin(
    flow: list[Sample], supply: list[Sample], span: Span, interval_s: int
) -> None:
    usual = np.percentile([each.value for each in flow if each.value is not None] or [0], 90)
    floor = max(int(int(usual) * 0.98), 1)
    rule = SupplyRule(18_000, 0.98, 30 * 60_000_000)
    found = outages(
        series_of(flow, 1), series_of(supply), timedelta(seconds=interval_s), rule=rule,
        since=pd.Timestamp(span.since), until=pd.Timestamp(span.until), flow_unit="L/h",
    )  # fmt: skip
    twin = naive.outages(
        flow, floor, supply, 18_000, hold_of(interval_s), [], timedelta(hours=1),
        timedelta(minutes=30), span,
    )  # fmt: skip
    rows = zip(found["since"], found["until"], found["ended"], strict=True)
    assert list(rows) == [(each.since, each.until, each.ended) for each in twin]
    assert found["hours_lost"].tolist() == pytest.approx(
        [each.bad / timedelta(hours=1) for each in twin]
    )


def test_days_are_those_of_the_zone_of_the_index() -> None:
    times = pd.date_range(
        "2025-03-29", "2025-03-31", freq="h", tz="Europe/Belgrade", inclusive="left"
    )
    found = degree_hours(pd.Series(17.0, times), 18, freq="D")
    assert found["hours_known"].tolist() == [24.0, 23.0], "clocks go forward on 30 March"
    assert [str(each) for each in found.index] == [
        "2025-03-29 00:00:00+01:00",
        "2025-03-30 00:00:00+01:00",
    ]


def test_a_value_from_before_the_period_counts_where_it_still_stands() -> None:
    found = degree_hours(
        pd.Series([17.0], pd.DatetimeIndex(["2026-01-10T00:00Z"])), 18, "1h",
        since="2026-01-10T01:00", until="2026-01-10T03:00",
    )  # fmt: skip
    assert found[["hours_known", "hours_missing"]].iloc[0].tolist() == [1.0, 1.0]


def test_two_values_for_one_time_are_one_where_they_are_equal_and_else_unknown() -> None:
    times = pd.DatetimeIndex(["2026-01-10T00:00Z"] * 2 + ["2026-01-10T00:30Z"])
    for twice, known in (([17.0, 17.0], 1.0), ([17.0, 17.5], 0.5), ([17.0, np.nan], 1.0)):
        found = coverage(pd.Series([*twice, 20.0], times), "15min", until="2026-01-10T01:00")
        assert found["hours_known"].iloc[0] == known


def test_a_value_that_cannot_be_is_unknown() -> None:
    times = pd.date_range("2026-01-10", periods=3, freq="15min", tz="UTC")
    for wrong in (1e300, -1010.0, np.inf):
        found = degree_hours(pd.Series([17.0, wrong, 17.0], times), 18)
        assert found["degree_hours"].iloc[0] == 0.5


def test_the_interval_is_the_middle_distance_where_none_is_given() -> None:
    times = pd.DatetimeIndex(
        ["2026-01-10T00:00Z", "2026-01-10T01:00Z", "2026-01-10T02:00Z", "2026-01-10T09:00Z"]
    )
    assert degree_hours(pd.Series(17.0, times))["hours_known"].iloc[0] == 1 + 1 + 2 + 1


def test_units_stand_in_the_frame() -> None:
    series = series_of(every(15, 17_000, 0, 600))
    units = {
        "comfort": degree_hours(series).attrs["units"],
        "coverage": coverage(series).attrs["units"],
        "outages": outages(supply=series).attrs["units"],
    }
    assert units == {"comfort": COMFORT_UNITS, "coverage": COVERAGE_UNITS, "outages": OUTAGE_UNITS}
    assert list(degree_hours(series)) == list(COMFORT_UNITS)
    assert list(coverage(series)) == list(COVERAGE_UNITS)


def test_heat_that_is_off_by_schedule_is_no_outage() -> None:
    series = series_of(every(15, 20_000, 0, 600))
    assert len(outages(supply=series)) == 1
    rule = SupplyRule(windows=[Window.of("00:00-12:00")])
    assert outages(supply=series, rule=rule).empty


@pytest.mark.parametrize(
    ("series", "options", "said"),
    [
        (pd.Series([1.0]), {}, "times with a zone"),
        (pd.Series([1.0], pd.DatetimeIndex(["2026-01-10"])), {}, "tz_localize"),
        (pd.Series([1.0], pd.DatetimeIndex(["2026-01-10T00:00Z"])), {}, "give `interval`"),
        (series_of([]), {"interval": "15min"}, "give `since` and `until`"),
        (series_of(every(15, 1, 0, 60)), {"interval": "0s"}, "must be positive"),
        (series_of(every(15, 1, 0, 60)), {"until": "2020-01-01"}, "before it begins"),
        (series_of(every(15, 1, 0, 60)), {"base": float("nan")}, "base = nan"),
        (series_of(every(15, 1, 0, 60)), {"base": 1e9}, "no temperature"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_cannot_be_asked_is_refused_with_a_hint(
    series: "pd.Series[Any]", options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        degree_hours(series, **options)


def test_an_empty_period_has_no_coverage() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        coverage(series_of(every(15, 1, 0, 60)), until=every(15, 1, 0, 60)[0].at.isoformat())


def test_days_of_a_fixed_offset_are_those_of_the_offset() -> None:
    times = pd.date_range("2026-01-10T20:00+08:00", periods=8, freq="h")
    found = degree_hours(pd.Series(17.0, times), freq="D")
    assert found["hours_known"].tolist() == [4.0, 4.0]


def test_outages_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="got neither"):
        outages()
