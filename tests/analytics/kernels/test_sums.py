"""Each kernel against its naive twin, and what must hold whatever the samples are."""

from datetime import timedelta
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.heat.comfort import comfort, gaps, means
from domain.time import HOUR_US, Span, to_us
from tests import naive
from tests.analytics.columns import at, columns
from tests.analytics.twins import INTERVALS, QUICK, hold_of
from tests.analytics.worlds import sample_lists, spans
from tests.naive import US, Sample


@QUICK
@given(series=st.lists(sample_lists(), min_size=1, max_size=3), span=spans(), interval_s=INTERVALS)
def test_degree_hours_agree_with_the_twin(
    series: list[list[Sample]], span: Span, interval_s: int
) -> None:
    table = comfort(columns(*series), np.full(len(series), interval_s), 18_000, span)
    for row, samples in enumerate(series):
        twin = naive.degree_hours(samples, hold_of(interval_s), 18_000, span)
        assert int(table.known_us[row, 0]) * US == twin.known
        assert int(table.below_us[row, 0]) * US == twin.below
        assert table.degree_hours(row) == twin.degree_hours
        assert int(table.missing_us[row, 0]) * US == span.until - span.since - twin.known


@QUICK
@given(samples=sample_lists(), span=spans(), interval_s=INTERVALS)
def test_means_and_gaps_agree_with_the_twin(
    samples: list[Sample], span: Span, interval_s: int
) -> None:
    cols, interval = columns(samples), np.array([interval_s])
    edges = np.array([to_us(span.since), to_us(span.until)])
    known, mean = naive.mean(samples, hold_of(interval_s), span)
    found = means(cols, interval, edges)
    assert int(found.known_us[0, 0]) * US == known
    assert found.exact(0, 0) == (mean if known else None)
    assert gaps(cols, interval, span)[0] == naive.gaps(samples, hold_of(interval_s), span)


@QUICK
@given(samples=sample_lists(), span=spans(), part=st.fractions(0, 1), interval_s=INTERVALS)
def test_a_span_cut_at_any_instant_sums_to_the_whole(
    samples: list[Sample], span: Span, part: Fraction, interval_s: int
) -> None:
    middle = span.since + timedelta(microseconds=int(part * ((span.until - span.since) // US)))
    if middle in (span.since, span.until):
        return
    cols, interval = columns(samples), np.array([interval_s])
    whole = comfort(cols, interval, 18_000, span)
    left = comfort(cols, interval, 18_000, Span(span.since, middle))
    right = comfort(cols, interval, 18_000, Span(middle, span.until))
    for name in ("known_us", "below_us", "deficit", "missing_us"):
        halves = getattr(left, name) + getattr(right, name)
        assert np.array_equal(halves, getattr(whole, name)), name


@QUICK
@given(samples=sample_lists(), span=spans(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_readings_came_changes_nothing(
    samples: list[Sample], span: Span, order: object
) -> None:
    shuffled = list(samples)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    tables = [comfort(columns(each), np.array([900]), 18_000, span) for each in (samples, shuffled)]
    assert tables[0].deficit.tolist() == tables[1].deficit.tolist()


@QUICK
@given(samples=sample_lists(), span=spans(), interval_s=INTERVALS)
def test_missing_is_neither_warm_nor_cold(
    samples: list[Sample], span: Span, interval_s: int
) -> None:
    """Below at a base over every value is exactly what is known; nothing of it is missing."""
    table = comfort(columns(samples), np.array([interval_s]), 30_000, span)
    assert table.below_us.tolist() == table.known_us.tolist()
    length = (span.until - span.since) // US
    assert int(table.known_us[0, 0] + table.missing_us[0, 0]) == length
    unknown = sum(
        (e - b for b, e in gaps(columns(samples), np.array([interval_s]), span)[0]), timedelta(0)
    )
    assert int(table.missing_us[0, 0]) * US == unknown


def test_hour_of_the_kernels_is_an_hour() -> None:
    assert timedelta(hours=1) == HOUR_US * US
    assert at(60) - at(0) == timedelta(hours=1)
