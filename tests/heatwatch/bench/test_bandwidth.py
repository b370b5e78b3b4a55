"""Looking through readings with times of their own, beside reading the same memory."""

import pytest

from heatwatch.bench.bandwidth import explicit_times


@pytest.mark.compiled
def test_both_are_measured_over_the_same_bytes() -> None:
    found = explicit_times(50)
    assert min(found["read_gb_s"], found["sift_gb_s"]) > 0
    assert found["of_read"] == pytest.approx(found["sift_gb_s"] / found["read_gb_s"])
