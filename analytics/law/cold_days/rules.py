"""The numbers of a policy's `day_band` as the settlement kernels take them."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.settlement_episodes import AT_EVIDENCE, AT_RECORD, AT_REQUEST
from analytics.law.bands import Band, bands_up_to
from analytics.law.calculator import ByDay
from analytics.law.cold_days.table import DayBandTable
from analytics.law.reasons import TERMS_MISSING, Reason
from analytics.law.room_limits import owed_temperature
from analytics.law.terms import RoomStandard, Terms
from analytics.law.uses import lacks_for_use, of_contract
from domain.columns import IntArray
from domain.contract_terms import NOTHING, ContractTerms
from domain.quantity import Quantity
from domain.time import HOUR_US

#: What a day is: a local day; a block of 24 h, whose remainder is dropped, or is open.
NATURAL, FLOOR, OPEN_REMAINDER = range(3)
UNITS = {"natural": NATURAL, "block24_floor": FLOOR, "block24": OPEN_REMAINDER}
CLOCKS = {"request": AT_REQUEST, "first_evidence": AT_EVIDENCE, "measurement": AT_RECORD}
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
    clock_at: int  # as kernels.settlement_episodes has it
    block: int  # NATURAL days, or blocks of 24 h
    include_recovery: bool
    limit: int
    shown_only: bool  # no lateness is presumed of a household that nothing shows below
    band_open: bool  # who is late is deemed failing, and the act does not say in which band
    term_open: bool  # lateness is presumed, and the act does not say when somebody is late
    recurs: bool  # a cold that was met in time and recurs is open over the whole time
    retest: bool
    refusal_counts: bool
    mean_days: int  # consecutive days that one measurement is made of; 0: a record is one
    mean_slots: int  # readings of each of them, at least
    mean_hours: tuple[int, int]  # of the local day, both in
    bands: tuple[Band, ...]  # as they are under the promised temperature
    by_use: bool  # the standard is the contract's, as its user is not residential
    own: (
        RoomStandard | None
    )  # of the kind of room that is settled alone, in the general one's place
    worst: int  # index of the share of the lowest band
    later: tuple[tuple[int, "Rules"], ...] = ()  # (day by index, those from then on), by day

    @classmethod
    def by_day(
        cls, terms: Terms, tables: ByDay[DayBandTable], contract: ContractTerms = NOTHING,
        own: RoomStandard | None = None,
    ) -> "Rules":  # fmt: skip
        """As `of`; where the table changes inside the season with those from then on, of the same `shares`."""
        first = cls.of(terms, tables.first, contract, own)
        later = [(day, cls.of(terms, table, contract, own)) for day, table in tables.later]
        shares = tuple(sorted({*first.shares, *(s for _, each in later for s in each.shares)}))
        if not later:
            return first
        told = tuple((day, each._with_shares(shares)) for day, each in later)
        return replace(first._with_shares(shares), later=told)

    def _with_shares(self, shares: tuple[Fraction, ...]) -> "Rules":
        """The same rules, whose indices are of these shares."""
        index = np.array([shares.index(self.shares[i]) for i in self.share], dtype=np.uint8)
        worst = shares.index(self.shares[self.worst])
        return replace(self, shares=shares, share=index, worst=worst)

    def on(self, day: int) -> "Rules":
        """Those of a local day of the season, by index."""
        return next((each for since, each in reversed(self.later) if since <= day), self)

    def least(self, day: IntArray) -> IntArray:
        """(k,) how long a run must be whose clock starts on each day, by index; -1: however short. [µs]"""
        found = np.full(day.size, self.gate + self.gate_open, dtype=np.int64)
        for since, each in self.later:
            found[day >= since] = each.gate + each.gate_open
        return found

    def paid_from(self, begin: IntArray, clock: IntArray, end: IntArray) -> IntArray:
        """(k,) the day, by index, from which a run is paid, of those from `clock` to `end` [µs]: that of its
        clock where it is as long as the value then wants, else the first from which on what is left of it is as
        long as a later one wants; -1: none. `begin`: of each day of the season. [µs]"""
        began = np.searchsorted(begin, clock, side="right") - 1
        found = np.where(end - clock >= self.least(began), began, -1)
        for since, each in self.later:
            left = end - begin[since]
            found[
                (found < 0)
                & (clock < begin[since])
                & (left > 0)
                & (left >= each.gate + each.gate_open)
            ] = since
        return found

    @classmethod
    def of(
        cls, terms: Terms, table: DayBandTable, contract: ContractTerms = NOTHING,
        own: RoomStandard | None = None,
    ) -> "Rules":  # fmt: skip
        """Those of the policy, with what the contract says in its place where the act lets it."""
        promised = owed_temperature(terms.standard, contract, own)
        under = _bands(terms, table, promised, contract)
        if own is not None:
            under = bands_up_to(under, promised)
        bands = sorted(under, key=lambda band: band.high)
        shares = (Fraction(0), *sorted({band.refund for band in bands}))
        limit = (terms.sla.measure_h if terms.sla else None) or 0
        late = table.presumptions.supplier_late in {"lowest_band", "band_open"}
        mean = table.measurement
        return cls(
            Quantity.TEMPERATURE.to_ticks(promised),
            np.array([Quantity.TEMPERATURE.to_ticks(b.high) for b in bands], dtype=np.int64),
            np.array([band.up_to is not None for band in bands]),
            np.array([shares.index(band.refund) for band in bands], dtype=np.uint8),
            shares,
            -1 if table.gate is None else int(table.gate.continuous_h * HOUR_US),
            table.gate is not None and table.gate.op == ">",
            CLOCKS[table.clock.start],
            UNITS[table.day.unit],
            table.day.include_recovery,
            int(limit * HOUR_US) if late else -1,
            table.presumptions.not_shown == "undetermined",
            table.presumptions.supplier_late == "band_open",
            table.presumptions.supplier_late == "term_open",
            table.recurrence is not None,
            table.retest.value == "lowest_record",
            table.presumptions.user_refuses == "compliant",
            0 if mean is None else mean.days,
            0 if mean is None else mean.slots,
            (0, 24) if mean is None else (mean.from_hour, mean.to_hour),
            tuple(bands),
            of_contract(terms, contract),
            own,
            len(shares) - 1,
        )

    def share_at(self, celsius: int) -> int:
        """Index of a temperature's share [0.001 °C]; above all bands: 0."""
        for edge, top_is_in, share in zip(self.edge, self.edge_in, self.share, strict=True):
            if celsius < edge or (top_is_in and celsius == edge):
                return int(share)
        return 0


def lacks(terms: Terms, table: DayBandTable, contract: ContractTerms) -> Reason | None:
    """What the contract does not say, so that its household can't be settled; None: it says all."""
    if (why := lacks_for_use(terms, contract)) is not None:
        return why
    agreed = terms.standard.agreed == "must" and contract.agreed is None
    return TERMS_MISSING if agreed or (table.bands_by_contract and not contract.bands) else None


def _bands(
    terms: Terms, table: DayBandTable, promised: Decimal, contract: ContractTerms
) -> tuple[Band, ...]:
    first = (table.contract_first and contract.bands) or of_contract(terms, contract)
    if not table.bands_by_contract and not first:
        return table.bands_under(promised)
    colder = [below for below, _ in contract.bands[1:]]
    return tuple(
        Band.model_validate(
            {"below": below, "refund": share, "clause": table.clock.clause}
            | ({"from": low} if low is not None else {})
        )
        for (below, share), low in zip(contract.bands, [*colder, None], strict=True)
    )
