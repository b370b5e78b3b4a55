"""A season's days and a policy's numbers as the settlement kernels take them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.law.policy import Policy
from analytics.settlement.snapshot import SeasonFacts
from domain.columns import IntArray
from domain.quantity import Quantity
from domain.time import HOUR_US, SECOND_US, local_days, to_us

BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """The season's local civil days (d days)."""

    days: tuple[date, ...]
    start_us: IntArray  # (d + 1,) first instants of the days, whole days
    inside_s: IntArray  # (d,) seconds of the day inside the season
    length_s: IntArray  # (d,) seconds of the whole day: 23, 24 or 25 h

    @classmethod
    def of(cls, season: SeasonFacts) -> "SeasonDays":
        zone = ZoneInfo(season.zone)
        found = list(local_days(season.span, zone))
        edges = [to_us(span.since) for _, span in found] + [to_us(found[-1][1].until)]
        start = np.array(edges, dtype=np.int64)
        inside = np.minimum(start[1:], season.until_us) - np.maximum(start[:-1], season.since_us)
        return cls(
            tuple(day for day, _ in found), start, inside // SECOND_US, np.diff(start) // SECOND_US
        )

    def count(self) -> Fraction:
        """How many days the season has, a part of a day as its part (7.11, 7.20)."""
        return sum(
            (Fraction(int(a), int(b)) for a, b in zip(self.inside_s, self.length_s, strict=True)),
            Fraction(0),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy as the kernels take it: µs, 0.001 °C, indices of ascending shares."""

    standard: int
    edge: IntArray  # (b,) ascending tops of the bands
    edge_in: BoolArray  # (b,) whether the top itself is in
    share: ByteArray  # (b,) index into `shares`
    shares: tuple[Fraction, ...]  # ascending, shares[0] is 0
    gate: int
    gate_open: bool
    by_evidence: bool
    include_recovery: bool
    limit: int
    retest: bool
    refusal_counts: bool

    @classmethod
    def of(cls, policy: Policy) -> "Rules":
        bands = sorted(policy.bands, key=lambda band: band.high)
        shares = (Fraction(0), *sorted({band.refund for band in bands}))
        late = policy.presumptions.supplier_late == "lowest_band"
        return cls(
            Quantity.TEMPERATURE.to_ticks(policy.standard.temp),
            np.array([Quantity.TEMPERATURE.to_ticks(b.high) for b in bands], dtype=np.int64),
            np.array([band.up_to is not None for band in bands]),
            np.array([shares.index(band.refund) for band in bands], dtype=np.uint8),
            shares,
            -1 if policy.gate is None else int(policy.gate.continuous_h * HOUR_US),
            policy.gate is not None and policy.gate.op == ">",
            policy.clock.start == "first_evidence",
            policy.day.include_recovery,
            int((policy.sla.measure_h or 0) * HOUR_US) if late else -1,
            policy.retest.value == "lowest_act",
            policy.presumptions.user_refuses == "compliant",
        )
