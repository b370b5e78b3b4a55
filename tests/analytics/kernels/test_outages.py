"""Outages against their naive twin."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.heat.outages import outages
from domain.time import Span
from tests import naive
from tests.analytics.columns import columns
from tests.analytics.twins import INTERVALS, QUICK, hold_of
from tests.analytics.worlds import sample_lists, spans
from tests.naive import US, Sample

UTC_ZONE = ZoneInfo("UTC")


@QUICK
@given(
    flow=sample_lists(),
    supply=sample_lists(),
    span=spans(),
    interval_s=INTERVALS,
    least_min=st.sampled_from([0, 15, 60]),
    off=st.booleans(),
)
def test_outages_agree_with_the_twin(
    flow: list[Sample], supply: list[Sample], span: Span, interval_s: int, least_min: int, off: bool
) -> None:
    from analytics.heat.supply import SupplyRule, Window

    windows = [Window.of("03:00-05:00"), Window.of("22:00-01:30")] if off else []
    found = outages(
        columns(flow), columns(supply), np.array([interval_s]), span, UTC_ZONE,
        SupplyRule(18_000, least_us=least_min * 60_000_000, windows=windows),
        flow_floor=np.array([17_000]),
    )  # fmt: skip
    twin = naive.outages(
        flow, 17_000, supply, 18_000, hold_of(interval_s),
        [each for window in windows for each in window.spans(span, UTC_ZONE)],
        timedelta(hours=1), timedelta(minutes=least_min), span,
    )  # fmt: skip
    assert [
        (e.since, e.until, e.ended, e.lost_us * US, e.unknown_us * US,
         e.longest_unknown_us * US, e.scheduled_us * US)
        for e in found
    ] == [(r.since, r.until, r.ended, r.bad, r.unknown, r.longest_unknown, r.scheduled) for r in twin]  # fmt: skip
