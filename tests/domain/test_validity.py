"""How long a value stands, against its twin."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.time import Span, to_us
from domain.validity import (
    MOST_US,
    bridge_us,
    is_fresh,
    known_pieces,
    longest_gap_us,
    validity_us,
    with_lead,
)
from tests import naive
from tests.analytics.columns import at, columns
from tests.analytics.worlds import sample_lists, spans
from tests.naive import US, Sample


def test_a_value_stands_twice_its_interval_within_half_an_hour_and_three_hours() -> None:
    stands = validity_us(np.array([1, 60, 900, 901, 3600, 5400, 86_400])) / 60_000_000
    assert stands.tolist() == pytest.approx([30, 30, 30, 1802 / 60, 120, 180, 180])


def test_an_interval_of_nothing_is_refused() -> None:
    for interval in (0, -1):
        with pytest.raises(ValueError, match=f"must be positive, got {interval} s"):
            validity_us(np.array([900, interval]))


def test_an_unknown_stretch_of_an_hour_or_two_intervals_is_bridged() -> None:
    assert (bridge_us(np.array([60, 1800, 1801])) // 1_000_000).tolist() == [3600, 3600, 3602]


def test_a_newest_value_is_fresh_for_three_intervals() -> None:
    assert is_fresh(timedelta(seconds=2700), 900)
    assert not is_fresh(timedelta(seconds=2701), 900)


def test_no_value_from_before_the_lead_reaches_into_the_span() -> None:
    span = Span(at(600), at(700))
    assert (to_us(span.since) - to_us(with_lead(span).since), with_lead(span).until) == (
        MOST_US,
        span.until,
    )


@settings(max_examples=60, derandomize=True, deadline=None)
@given(samples=sample_lists(), span=spans(), interval_s=st.sampled_from([60, 900, 3600, 7200]))
def test_known_pieces_and_the_longest_gap_agree_with_the_twin(
    samples: list[Sample], span: Span, interval_s: int
) -> None:
    stands_us = int(validity_us(np.array([interval_s]))[0])
    rows = columns(samples)
    since_us, until_us = to_us(span.since), to_us(span.until)
    begins, ends = known_pieces(rows.at_us, rows.usable(), stands_us, since_us, until_us)
    gaps = naive.gaps(samples, stands_us * US, span)
    assert int((ends - begins).sum()) == until_us - since_us - sum((b - a) // US for a, b in gaps)
    longest = max(((b - a) // US for a, b in gaps), default=0)
    assert longest_gap_us(begins, ends, since_us, until_us) == longest
