"""Heating degree-days: how cold a time was, by the rule that a standard names.

A day whose mean outdoor temperature lies below the limit counts with what its mean lacks to the base. A day of which
too little is known counts nothing and is told; nothing is filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DegreeDayRule:
    """A base and a limit [°C], and who says so."""

    base: float
    limit: float
    source: str


RULES: Mapping[str, DegreeDayRule] = MappingProxyType(
    {
        "HDD18": DegreeDayRule(18.0, 18.0, "GB 50176-2016; JGJ 26-2018"),
        "GTZ20/15": DegreeDayRule(20.0, 15.0, "VDI 4710-2; VDI 3807-1"),
        "HGT15": DegreeDayRule(15.0, 15.0, "VDI 3807-1"),
        "HDD18/15": DegreeDayRule(18.0, 15.0, "Eurostat nrg_chdd"),
    }
)


@dataclass(frozen=True, slots=True)
class DegreeDays:
    """The sum over some days."""

    sum: float  # of the days known [K·d]
    known: int  # days of which the mean is known
    days: int  # all of them
    heating: int  # days known below the limit


def degree_days(outdoor: FloatArray, rule: DegreeDayRule) -> DegreeDays:
    """Degree-days of some days.

    Parameters
    ----------
    outdoor : (n,) float64
        Mean outdoor temperature of each day, NaN where it is not known. [°C]

    Examples
    --------
    >>> degree_days(np.array([-2.0, 15.0, 17.0, np.nan]), RULES["HDD18"])
    DegreeDays(sum=24.0, known=3, days=4, heating=3)
    >>> degree_days(np.array([-2.0, 15.0, 17.0, np.nan]), RULES["GTZ20/15"])
    DegreeDays(sum=22.0, known=3, days=4, heating=1)
    """
    known = np.isfinite(outdoor)
    cold = known & (np.where(known, outdoor, np.inf) < rule.limit)
    return DegreeDays(
        float((rule.base - outdoor[cold]).sum()), int(known.sum()), outdoor.size, int(cold.sum())
    )
