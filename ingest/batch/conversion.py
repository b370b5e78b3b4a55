"""Units of messages as arithmetic on integers: exact, one rounding, as `domain.unit` has it."""

from fractions import Fraction
from functools import cache
from math import lcm

import numpy as np

from domain.quantity import Quantity
from domain.unit import Unit
from ingest.batch.table import QUANTITIES
from ingest.kernels.frames import Ints

#: UCUM codes, in the order of the numbers that kernels have for them.
UNITS: tuple[str, ...] = tuple(sorted(set(Unit.spellings().values())))
#: How a number becomes ticks: not at all, by a power of ten, by a fraction and an offset.
OTHER, POWER, FRACTION = range(3)


@cache
def conversions() -> Ints:
    """(units, quantities, 4) as `ingest.kernels.resolve` takes them."""
    rows = [[_how(Unit.of(code), quantity) for quantity in QUANTITIES] for code in UNITS]
    return np.array(rows, dtype=np.int64)


def _how(unit: Unit, quantity: Quantity) -> tuple[int, int, int, int]:
    if unit.quantity != quantity.code:
        return OTHER, 0, 0, 0
    resolution = Fraction(quantity.value.resolution)
    factor, offset = unit.factor / resolution, unit.offset / resolution
    power = _power(factor)
    if not offset and power is not None:
        return POWER, power, 0, 0
    below = lcm(factor.denominator, offset.denominator)
    return FRACTION, int(factor * below), below, int(offset * below)


def _power(factor: Fraction) -> int | None:
    """The power of ten that a factor is, None where it is none."""
    return next((k for k in range(-12, 19) if factor == Fraction(10) ** k), None)
