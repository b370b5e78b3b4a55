# mypy: disable-error-code="assignment, no-any-return"
"""Binary floats as the shortest decimal that means them, as `ingest.codecs.exact.float_of` has it.

A decimal of d places is m / 10**d; it means x where it lies nearer to x than half the step to the next
float. x * 10**d is taken as the sum of two floats, which is exact (Dekker 1971, "A floating-point
technique for extending the available precision").
"""

import numpy as np
from numba import njit

#: Powers of ten that a float of 64 bits holds exactly.
_TENS = np.array([float(10**k) for k in range(23)])
#: Powers of two from -_HALVINGS on, up to that of the largest number.
_HALVINGS = 140
_TWOS = np.array([2.0**k for k in range(-_HALVINGS, 54)])
#: Smaller and larger ones, and those so near to an edge that a codec must look at it, are not plain.
_LEAST, _BELOW, _MOST = 1e-20, 2.0**53, 1e17
_NEAR = 1e-9
_SPLIT = 134_217_729.0  # 2**27 + 1


@njit(cache=True)
def _rest(x: float, y: float, product: float) -> float:
    """x * y - product exactly, where `product` is x * y rounded."""
    a = _SPLIT * x
    high_x = a - (a - x)
    low_x = x - high_x
    b = _SPLIT * y
    high_y = b - (b - y)
    low_y = y - high_y
    return low_x * low_y - (((product - high_x * high_y) - low_x * high_y) - high_x * low_y)


@njit(cache=True)
def shortest(fraction: int, exponent: int, first: int) -> tuple[int, int]:
    """fraction * 2**exponent, positive -> (mantissa, decimals), decimals -1 where it is not plain.

    `first` is the fraction at which the step between floats doubles. Whole numbers are exact.
    """
    power = exponent + _HALVINGS
    if power < 1 or power >= _TWOS.size:
        return 0, -1
    x = np.float64(fraction) * _TWOS[power]
    if not _LEAST <= x < _BELOW:
        return 0, -1
    half = _TWOS[power - 1]
    for decimals in range(_TENS.size):
        ten = _TENS[decimals]
        product = x * ten
        if product >= _MOST:
            return 0, -1
        near = np.floor(product + 0.5)
        left = (product - near) + _rest(x, ten, product)
        more = np.floor(left + 0.5)
        left -= more
        size = abs(left)
        edge = half * ten
        if size < edge * (1.0 - _NEAR):
            if (size > 0.5 - _NEAR and size != 0.5) or (size > 0.0 and fraction == first):
                return 0, -1
            mantissa: int = np.int64(near) + np.int64(more)
            if size == 0.5 and mantissa & 1:  # two decimals are as near: the even one
                mantissa += 1 if left > 0.0 else -1
            return mantissa, decimals
        if size < edge * (1.0 + _NEAR):
            return 0, -1
    return 0, -1


@njit(cache=True)
def decimal_of(bits: int, size: int) -> tuple[int, int]:
    """A float of 2, 4 or 8 bytes as its bits -> (mantissa, decimals), decimals -1 where it is not plain.

    It has one decimal at least: a float is never a whole number as messages count things.
    """
    places = 52 if size == 8 else (23 if size == 4 else 10)
    width = 8 * size - 1 - places
    biased = (bits >> places) & ((1 << width) - 1)
    first = 1 << places
    fraction = bits & (first - 1)
    if biased == (1 << width) - 1:
        return 0, -1
    if biased == 0:
        return 0, (1 if fraction == 0 else -1)
    mantissa, decimals = shortest(fraction | first, biased - places - (1 << (width - 1)) + 1, first)
    if decimals == 0:
        mantissa *= 10
        decimals = 1
    return (-mantissa if (bits >> (8 * size - 1)) & 1 else mantissa), decimals
