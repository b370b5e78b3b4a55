"""Numbers as ticks of a resolution: exact, ties to even, and refused where they don't fit."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest

from ingest.kernels.resolve import scale

MOST = 2**62


@pytest.mark.parametrize("exponent", [0, 1, 3, 6])
def test_ticks_are_those_of_decimal_arithmetic(exponent: int) -> None:
    numbers = [(m, d) for m in (0, 5, 15, 25, 12345, -5, -15, -12345, 10**17) for d in range(8)]
    mantissa = np.array([m for m, _ in numbers], dtype=np.int64)
    decimals = np.array([d for _, d in numbers], dtype=np.int64)
    ticks, held = np.zeros(len(numbers), dtype=np.int64), np.ones(len(numbers), dtype=np.uint8)
    scale(mantissa, decimals, exponent, ticks, held)
    for (m, d), tick, fits in zip(numbers, ticks.tolist(), held.tolist(), strict=True):
        exact = (Decimal(m).scaleb(exponent - d)).quantize(Decimal(1), ROUND_HALF_EVEN)
        assert fits == (abs(exact) <= MOST)
        assert not fits or tick == exact


def test_a_number_that_is_none_is_left_alone() -> None:
    ticks, held = np.array([7], dtype=np.int64), np.zeros(1, dtype=np.uint8)
    scale(np.array([5], dtype=np.int64), np.array([0], dtype=np.int64), 3, ticks, held)
    assert (ticks.tolist(), held.tolist()) == ([7], [0])
