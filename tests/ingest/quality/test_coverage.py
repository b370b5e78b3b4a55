"""What coverage calls known is what comfort calls known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.heat.comfort import comfort, gaps
from domain.quality import Quality
from domain.time import Span, to_us
from ingest.quality.coverage import coverage
from tests.analytics.columns import at, columns
from tests.analytics.worlds import sample_lists, spans
from tests.naive import US, Sample


@pytest.mark.parametrize("interval_s", [60, 900, 3600, 7200])
def test_a_reading_stands_as_long_for_coverage_as_for_comfort(interval_s: int) -> None:
    span, rows = (
        Span(at(60), at(24 * 60)),
        columns([Sample(at(50), 19_000), Sample(at(300), 17_000)]),
    )
    found = coverage(rows, 0, interval_s, to_us(span.since), to_us(span.until))
    table = comfort(rows, np.array([interval_s]), 18_000, span)
    assert found.known_us == int(table.known_us[0, 0])
    assert found.readings == 1, "the one from before the span only stands in it"


@settings(max_examples=80, derandomize=True, deadline=None)
@given(samples=sample_lists(), span=spans(), interval_s=st.sampled_from([60, 900, 7200]))
def test_coverage_and_comfort_agree_whatever_the_readings_are(
    samples: list[Sample], span: Span, interval_s: int
) -> None:
    rows = columns(samples)
    found = coverage(rows, 0, interval_s, to_us(span.since), to_us(span.until))
    table = comfort(rows, np.array([interval_s]), 18_000, span)
    assert (found.known_us, found.total_us - found.known_us) == (
        int(table.known_us[0, 0]),
        int(table.missing_us[0, 0]),
    )
    [unknown] = gaps(rows, np.array([interval_s]), span)
    assert found.longest_gap_us == max(((b - a) // US for a, b in unknown), default=0)


def test_a_reading_with_a_wrong_clock_ends_nothing_and_a_conflict_ends_the_one_before() -> None:
    rows = columns([Sample(at(0), 19_000), Sample(at(10), 19_000), Sample(at(20), 19_000)])
    for mark, minutes in ((Quality.CLOCK_WRONG, 60), (Quality.CONFLICT, 10 + 30)):
        rows.mark[1] = mark
        found = coverage(rows, 0, 900, to_us(at(0)), to_us(at(50)))
        assert found.known_us == min(minutes, 50) * 60_000_000
        assert (found.readings, found.conflicts + found.unusable) == (3, 1)
