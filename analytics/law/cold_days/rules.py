"""The numbers of a policy's `day_band` as the settlement kernels take them."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from analytics.law.cold_days.table import DayBandTable
from analytics.law.terms import Terms
from domain.columns import IntArray
from domain.quantity import Quantity
from domain.time import HOUR_US

BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Rules:
    """A table as the kernels take it: µs, 0.001 °C, indices of ascending shares."""

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
    mean_days: int  # consecutive days that one measurement is made of; 0: a record is one
    mean_slots: int  # readings of each of them, at least
    mean_hours: tuple[int, int]  # of the local day, both in

    @classmethod
    def of(cls, terms: Terms, table: DayBandTable) -> "Rules":
        bands = sorted(table.bands, key=lambda band: band.high)
        shares = (Fraction(0), *sorted({band.refund for band in bands}))
        limit = (terms.sla.measure_h if terms.sla else None) or 0
        late = table.presumptions.supplier_late == "lowest_band"
        mean = table.measurement
        return cls(
            Quantity.TEMPERATURE.to_ticks(terms.standard.temp),
            np.array([Quantity.TEMPERATURE.to_ticks(b.high) for b in bands], dtype=np.int64),
            np.array([band.up_to is not None for band in bands]),
            np.array([shares.index(band.refund) for band in bands], dtype=np.uint8),
            shares,
            -1 if table.gate is None else int(table.gate.continuous_h * HOUR_US),
            table.gate is not None and table.gate.op == ">",
            table.clock.start == "first_evidence",
            table.day.include_recovery,
            int(limit * HOUR_US) if late else -1,
            table.retest.value == "lowest_record",
            table.presumptions.user_refuses == "compliant",
            0 if mean is None else mean.days,
            0 if mean is None else mean.slots,
            (0, 24) if mean is None else (mean.from_hour, mean.to_hour),
        )
