"""Random samples and spans for property tests; times on a grid of minutes, so edges meet."""

from datetime import timedelta

from hypothesis import strategies as st

from domain.time import Span
from tests.analytics.columns import at
from tests.naive import Sample

VALUES = st.sampled_from([None, 13_999, 14_000, 17_250, 17_999, 18_000, 18_001, 21_000])


@st.composite
def sample_lists(draw: st.DrawFn, most: int = 25) -> list[Sample]:
    """Up to `most` rows of one series, steps of 5 to 400 minutes, some rows unusable."""
    minute = draw(st.integers(-300, 60))
    found = []
    for _ in range(draw(st.integers(0, most))):
        found.append(Sample(at(minute), draw(VALUES)))
        minute += draw(st.sampled_from([5, 10, 15, 15, 15, 30, 60, 61, 185, 400]))
    return found


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """A span that may begin before, in or after the samples."""
    since = draw(st.integers(-400, 600))
    return Span(at(since), at(since) + timedelta(minutes=draw(st.integers(1, 1800))))
