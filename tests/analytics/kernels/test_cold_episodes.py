"""Cold episodes against their naive twin."""

from datetime import timedelta

import numpy as np
from hypothesis import given

from analytics.heat.comfort import cold_episodes
from domain.time import Span
from tests import naive
from tests.analytics.columns import columns
from tests.analytics.twins import INTERVALS, QUICK, hold_of
from tests.analytics.worlds import sample_lists, spans
from tests.naive import US, Sample


@QUICK
@given(samples=sample_lists(), span=spans(), interval_s=INTERVALS)
def test_cold_episodes_agree_with_the_twin(
    samples: list[Sample], span: Span, interval_s: int
) -> None:
    found = cold_episodes(columns(samples), np.array([interval_s]), 18_000, span)
    twin = naive.cold_episodes(samples, hold_of(interval_s), 18_000, timedelta(hours=1), span)
    assert [
        naive.Run(
            each.since, each.until, each.recovered, each.below_us * US, each.unknown_us * US,
            each.longest_unknown_us * US, timedelta(0), each.degree_hours, each.lowest,
        )
        for each in found
    ] == twin  # fmt: skip
