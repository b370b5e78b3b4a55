"""Energy signature: how much heat a place draws at which outdoor temperature.

Daily mean power is fitted by P = base + slope · max(0, balance − outdoor), the three-parameter change-point model of
heating [1]_. Where too few days are warmer than the bend, or a bend explains no more than a straight line, base
load and balance temperature can't be told from the slope and are left open. Days of which heat or temperature
is not known take no part.

References
----------
.. [1] ASHRAE Guideline 14-2014, annex D; Kissock, Haberl, Claridge, RP-1050 (2002).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Fewer days, or days that differ less, say nothing about a slope. [K]
LEAST_DAYS, LEAST_RANGE = 10, 5.0
#: Days that a bend needs on each of its sides.
LEAST_SIDE = 5
#: Steps in which the balance temperature is looked for. [K]
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Signature:
    """A fit of daily mean power over outdoor temperature."""

    days: int  # that took part
    slope: float  # more power for each kelvin that it is colder [W/K]
    at_zero: float  # power at 0 °C outdoors, by the fit [W]
    base: float | None  # power above the balance temperature; None: these days don't tell [W]
    balance: float | None  # outdoor temperature from which on no heating is needed [°C]
    r2: float  # share of the variance that the fit explains [1]


def signature(outdoor: FloatArray, power: FloatArray) -> Signature | None:
    """The signature of some days; None where they are too few or too much alike.

    Parameters
    ----------
    outdoor : (n,) float64
        Mean outdoor temperature of each day, NaN where it is not known. [°C]
    power : (n,) float64
        Mean power of each day, NaN where it is not known. [W]

    Raises
    ------
    ValueError
        Where the shapes differ.

    Examples
    --------
    >>> outdoor = np.arange(-10.0, 26.0)
    >>> found = signature(outdoor, 2_000.0 + 500.0 * np.maximum(0.0, 15.0 - outdoor))
    >>> round(found.slope), round(found.base), round(found.balance, 1), round(found.r2, 3)
    (500, 2000, 15.0, 1.0)
    """
    if outdoor.shape != power.shape or outdoor.ndim != 1:
        raise ValueError(f"expected two (n,) arrays, got {outdoor.shape} and {power.shape}")
    known = np.isfinite(outdoor) & np.isfinite(power)
    t, p = outdoor[known], power[known]
    if t.size < LEAST_DAYS or np.ptp(t) < LEAST_RANGE:
        return None
    line = _fit(-t, p)
    bent = _bent(t, p)
    if bent is None or not _explains_more(bent[1], line[2], p):
        return Signature(t.size, line[1], line[0], None, None, _r2(line[2], p))
    balance, error, base, slope = bent
    return Signature(
        t.size, slope, base + slope * max(0.0, balance), base, balance, _r2(error, p)
    )  # fmt: skip


def _fit(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    """y over x by least squares: value at 0, slope, and the sum of squares that is left."""
    dx = x - x.mean()
    spread = float(dx @ dx)
    slope = float(dx @ (y - y.mean())) / spread if spread else 0.0
    start = float(y.mean() - slope * x.mean())
    rest = y - start - slope * x
    return start, slope, float(rest @ rest)


def _bent(t: FloatArray, p: FloatArray) -> tuple[float, float, float, float] | None:
    """The best bend: (balance, sum of squares that is left, base, slope); None: no place for one."""
    ordered = np.sort(t)
    least, most = ordered[LEAST_SIDE - 1], ordered[-LEAST_SIDE]
    best: tuple[float, float, float, float] | None = None
    for balance in np.arange(least, most, STEP).tolist():
        base, slope, error = _fit(np.maximum(0.0, balance - t), p)
        if slope > 0 and base >= 0 and (best is None or error < best[1]):
            best = (balance, error, base, slope)
    return best


def _explains_more(bent: float, line: float, p: FloatArray) -> bool:
    """Whether a bend is worth its parameter, by Schwarz's criterion (BIC)."""
    floor = 1e-12 * float(p @ p) + 1e-300  # rounding of a perfect fit
    gain = p.size * np.log((line + floor) / (bent + floor))
    return bool(gain > np.log(p.size))


def _r2(error: float, p: FloatArray) -> float:
    total = float(((p - p.mean()) ** 2).sum())
    return 1.0 - error / total if total else 0.0
