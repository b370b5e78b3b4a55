"""`day_band`: a cold day pays its band's share of the day's fee, once the gate is passed."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from analytics.facts.changed_terms import every_terms
from analytics.facts.recorded import Decided
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_days import BY_CAUSE, EPISODE, EXCLUDED, EXCUSED, LO, MADE
from analytics.kernels.settlement_episodes import CLOCK, END, FAULT, HOW
from analytics.law.calculator import Basis, Claim, Piece, Seconds, taken_by
from analytics.law.cold_days.basic_fee import net_of_basic, open_where_touched
from analytics.law.cold_days.blocks import BlockBuilder
from analytics.law.cold_days.counted import asked, came_to, requests_inside
from analytics.law.cold_days.decided import TakenAs, decided_days, decision_steps, taken_as
from analytics.law.cold_days.findings import Findings, find
from analytics.law.cold_days.lines import ColdLineBuilder, ColdLines
from analytics.law.cold_days.metered import MeteredLineBuilder, metered_of, registers
from analytics.law.cold_days.outdoor import excused_days
from analytics.law.cold_days.room_decisions import decisions_of_rooms
from analytics.law.cold_days.rooms import of_rooms, rooms_alone, shares
from analytics.law.cold_days.rules import NATURAL, Rules, lacks
from analytics.law.cold_days.samples import below_at_all
from analytics.law.cold_days.steps import Case, ColdExplainer
from analytics.law.cold_days.table import DayBandTable
from analytics.law.noted_outages import excused_days as days_excused
from analytics.law.reasons import (
    BASIC_FEE_MISSING,
    NO_HEAT_COUNTED,
    NO_PAID_DAY,
    NO_REQUEST,
    TERMS_MISSING,
    USER_FAULT,
    Reason,
)
from analytics.law.room_limits import owed_temperature
from analytics.law.steps import MadeWhenRead, Step
from analytics.law.terms import RoomStandard, Table, Terms
from analytics.law.uses import open_season
from domain.columns import Columns
from domain.contract_terms import ContractTerms, rules_of, terms_of
from domain.language import Text, msg
from domain.quantity import Quantity

NOTHING_KNOWN = Reason("nothing_known", msg("neither telemetry nor a measurement record"))
NEVER_BELOW = Reason("never_below", msg("never known below the standard"))
NOT_AFTER_REQUEST = Reason(
    "not_below_after_request", msg("not below the standard at or after the request")
)
GATE_MISSED = Reason("gate_missed", msg("not below the standard for long enough in one run"))
EXCLUDED_DAYS = Reason("excluded_days", msg("all days fall into the excluded days of the season"))
OUTDOOR_EXCUSED = Reason(
    "outdoor_excused", msg("it was colder outdoors than the design temperature")
)
EXCUSED_BY_CAUSE = Reason(
    "excused_by_cause", msg("an outage of a cause that the act excuses was on these days")
)
USER_REFUSED = Reason("user_refused", msg("the user refused the measurement: compliant that day"))
#: What most homes of a city claim.
NOTHING = {reason: Claim(reason=reason) for reason in (NO_REQUEST, NOTHING_KNOWN, NEVER_BELOW)}


class Calculator:
    """Kernels run for households that asked and were below at all; for the others a word suffices."""

    Table: ClassVar[type[Table]] = DayBandTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NO_REQUEST, NOTHING_KNOWN, NEVER_BELOW, NOT_AFTER_REQUEST, GATE_MISSED, USER_FAULT,
        EXCLUDED_DAYS, OUTDOOR_EXCUSED, EXCUSED_BY_CAUSE, USER_REFUSED, NO_HEAT_COUNTED,
        NO_PAID_DAY,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = {"temperature": msg("low temperature")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "clock-from-request", "clock-from-first-evidence", "clock-from-measurement",
        "agreed-temperature", "numbers-of-the-contract", "non-residential-by-contract",
        "net-of-basic-fee", "metered-pays-its-heat", "metered-pays-basic-fee-and-heat",
        "blocks-of-24-hours",
        "remainder-is-dropped", "remainder-is-open", "presumption-without-a-term",
        "presumption-without-a-band",
        "recurrence-is-open", "recovery-day-not-paid",
        "recovery-day-paid", "compliance-held-60-minutes", "record-else-lowest-hour",
        "gate-is-condition", "five-days-each-end", "unknown-pays-the-smaller",
        "request-stands-until-measured", "records-of-a-day-are-a-visit",
        "short-days-take-whole-hours", "fault-days-cut-the-episode", "retest-on-another-day",
        "late-unless-measured-or-refused", "refusal-day-is-compliant",
        "records-alone-until-one-passes", "records-alone-are-thirty-minutes",
        "lines-join-equal-days", "each-room-alone", "mean-of-days-is-the-measurement",
    )  # fmt: skip

    def __init__(self, basis: Basis, table: DayBandTable) -> None:
        self._basis = basis
        self._table = table
        promised = [
            owed_temperature(basis.terms.standard, terms_of(each))
            for each in every_terms(basis.snapshot)
        ]
        own = [each.temp for each in basis.terms.standard.own]
        self.standard = Quantity.TEMPERATURE.to_ticks(max([*promised, *own]))  # none is owed more
        self._closed = _closed_days(basis, table)
        self._judges: dict[str, _Judge] = {}
        self.clause = self.request_clause = table.clock.clause

    @staticmethod
    def against(terms: Terms, table: DayBandTable) -> Iterator[Text]:
        return table.against(terms)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return asked(snapshot)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        """Households whose contracts say the same of refunds are judged together."""
        if not any(piece.part.terms):
            return self._under("").claims(piece, before)
        terms = [rules_of(each) for each in piece.part.terms]
        claims = [NOTHING[NO_REQUEST]] * len(terms)
        for kept in sorted(set(terms)):
            rows = np.array([i for i, own in enumerate(terms) if own == kept], dtype=np.int64)
            fees = [piece.fee[i] for i in rows.tolist()]
            part = Piece(piece.part.of(rows), piece.columns, fees)
            own = self._under(kept).claims(part, [before[i] for i in rows.tolist()])
            for i, claim in zip(rows.tolist(), own, strict=True):
                claims[i] = claim
        return claims

    def _under(self, kept: str) -> "_Judge":
        if kept not in self._judges:
            own = terms_of(kept)
            self._judges[kept] = _Judge(self._basis, self._table, self._closed, own)
        return self._judges[kept]


class _Judge:
    """Judges households whose contracts say the same."""

    def __init__(
        self, basis: Basis, table: DayBandTable, closed: NDArray[np.uint8], contract: ContractTerms,
        own: RoomStandard | None = None,
    ) -> None:  # fmt: skip
        self._basis = basis
        self._table = table
        self._contract = contract
        self._closed = closed
        self._of_kinds: dict[str, _Judge] = {}
        self._lacking = lacks(basis.terms, table, contract)
        self._without_basic = table.fee == "net_of_basic" and contract.basic_fee is None
        metered = table.by_meter and contract.metered
        self._without_price = metered and contract.heat_price is None
        if self._lacking is not None:
            return
        self._rules = rules = Rules.by_day(basis.terms, basis.by_day(table), contract, own)
        self._line_builder = ColdLineBuilder(basis, table, rules)
        self._by_heat = (
            MeteredLineBuilder(basis, table, rules) if metered and not self._without_price else None
        )
        self._blocks = None if rules.block == NATURAL else BlockBuilder(basis, table, rules, closed)
        self._explainer = ColdExplainer(basis, table, rules, self._blocks)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        if self._lacking is not None:
            return [
                open_season(self._basis, piece.fee[i], before[i], self._lacking)
                if own
                else NOTHING[NO_REQUEST]
                for i, own in enumerate(asked(piece.part).tolist())
            ]
        came = came_to(piece.part)
        if self._table.fee == "net_of_basic":
            return self._net(piece, before, came)
        if self._table.by_room:
            return self._rooms(piece, before, came)
        found = self._claims(piece, before, came)
        if self._without_price:
            return [open_where_touched(self._basis, each, TERMS_MISSING) for each in found]
        return found

    def _net(self, piece: Piece, before: Sequence[Sequence[Claim]], came: Ragged) -> list[Claim]:
        """Shares of the fee without its basic part (7.11d)."""
        basic = Fraction(self._contract.basic_fee or 0)
        fees = [max(Fraction(0), fee - basic) for fee in piece.fee]
        found = self._claims(piece._replace(fee=fees), before, came)
        if self._without_basic:
            return [open_where_touched(self._basis, each, BASIC_FEE_MISSING) for each in found]
        return [
            net_of_basic(self._basis, fee, min(basic, fee), claim)
            for fee, claim in zip(piece.fee, found, strict=True)
        ]

    def _rooms(self, piece: Piece, before: Sequence[Sequence[Claim]], came: Ragged) -> list[Claim]:
        alone, owner = rooms_alone(piece)
        part = decisions_of_rooms(
            self._basis, alone.part, owner.tolist(), piece.columns, self._rules
        )
        alone = alone._replace(part=part)
        of_homes = shares(piece.part)
        parts = [each for home in of_homes for each in home]
        fees = [
            fee * (1 if part is None else part.of_fee())
            for fee, part in zip(alone.fee, parts, strict=True)
        ]
        each_before = [before[i] for i in owner.tolist()]
        found = self._by_kind(alone._replace(fee=fees), each_before, came.take(owner))
        rooms = iter(zip(parts, found, strict=True))
        return [
            of_rooms(self._basis, fee, [next(rooms) for _ in home])
            if home
            else NOTHING[NOTHING_KNOWN]
            for fee, home in zip(piece.fee, of_homes, strict=True)
        ]

    def _by_kind(
        self, alone: Piece, before: Sequence[Sequence[Claim]], came: Ragged
    ) -> list[Claim]:
        """Rooms of a kind with a standard of its own are judged by it (`terms.Standard.of`)."""
        standard, kinds = self._basis.terms.standard, alone.part.room_kind
        if not kinds or not standard.own or not self._contract.residential:
            return self._claims(alone, before, came)
        found = [NOTHING[NO_REQUEST]] * len(kinds)
        for kind in sorted(set(kinds)):
            rows = np.array([i for i, each in enumerate(kinds) if each == kind], dtype=np.int64)
            fees = [alone.fee[i] for i in rows.tolist()]
            part = Piece(alone.part.of(rows), alone.columns, fees)
            judge = self._of_kind(kind)
            own = judge._claims(part, [before[i] for i in rows.tolist()], came.take(rows))
            for i, claim in zip(rows.tolist(), own, strict=True):
                found[i] = claim
        return found

    def _of_kind(self, kind: str) -> "_Judge":
        if kind not in self._of_kinds:
            own = self._basis.terms.standard.of(kind)
            self._of_kinds[kind] = (
                self
                if own is None
                else _Judge(self._basis, self._table, self._closed, self._contract, own)
            )
        return self._of_kinds[kind]

    def _claims(self, piece: Piece, before: Sequence[Sequence[Claim]], came: Ragged) -> list[Claim]:
        own = np.flatnonzero(asked(piece.part))
        claims = [NOTHING[NO_REQUEST]] * piece.part.household.size
        part = piece.part if own.size == len(claims) else piece.part.of(own)
        if own.size == 0:
            return claims
        below, telemetry = below_at_all(part, piece.columns, self._rules)
        # Without telemetry a request is enough: what no record tells is not warm time (7.20).
        judged = below | (~telemetry & (requests_inside(part).count() > 0))
        known = telemetry | (_records(part) > 0)
        cold = np.flatnonzero(judged)
        never, unknown = NOTHING[NEVER_BELOW], NOTHING[NOTHING_KNOWN]
        warm = np.flatnonzero(~judged)
        for i, any_known in zip(own[warm].tolist(), known[warm].tolist(), strict=True):
            claims[i] = never if any_known else unknown
        if cold.size:
            found = find(
                part.of(cold), piece.columns, self._rules, self._basis.days, self._closed,
                telemetry[cold], came.take(own[cold]),
            )  # fmt: skip
            self._excuse(found)
            meters = None if self._by_heat is None else registers(self._basis, found.snapshot)
            for k, i in enumerate(own[cold].tolist()):
                claims[i] = self._claim(found, k, piece.fee[i], taken_by(before[i]), meters)
        return claims

    def _excuse(self, found: Findings) -> None:
        """Days of outages that excuse by their cause pay nothing, whatever is known or not of them."""
        excused = days_excused(found.snapshot, self._basis.terms, self._basis.days)
        if excused is not None:
            home, day = np.nonzero(excused)
            paid = found.day[home, :, day]  # (k, 2, 4)
            paid[paid[:, :, EPISODE] > 0, LO:EPISODE] = (0, 0, BY_CAUSE)
            found.day[home, :, day] = paid
            found.value[home, :, day] = np.nan

    def _claim(
        self, found: Findings, k: int, fee: Fraction, taken: Mapping[int, Seconds],
        meters: Columns | None,
    ) -> Claim:  # fmt: skip
        decided = decided_days(self._basis, found.snapshot, k, found.samples, self._rules.standard)
        outcomes = taken_as(self._rules, decided)
        drawn = self._drawn(found, k, fee, taken, outcomes, meters)
        blocks = self._blocks if drawn.open_days else None
        settled = drawn.lines or drawn.open_days
        told = partial(
            self._steps, Case(k, found, drawn.open_days), decided, drawn.settled, drawn.steps
        )
        return Claim(
            drawn.lines,
            drawn.upper,
            drawn.lower,
            drawn.open_days,
            bool(drawn.open_days) and drawn.waits_for is None and found.only_ahead(k),
            None if settled else drawn.nothing or self._why_nothing(found, k),
            drawn.taken,
            steps=MadeWhenRead(told, partial(told, to_write=True)),
            waits_for=drawn.waits_for if blocks is None else blocks.open_by_text(found, k),
        )

    def _drawn(
        self, found: Findings, k: int, fee: Fraction, taken: Mapping[int, Seconds],
        outcomes: Mapping[int, TakenAs], meters: Columns | None,
    ) -> ColdLines:  # fmt: skip
        if self._blocks is not None:
            return self._blocks.draw(fee, taken, found, k, outcomes)
        if self._by_heat is None or meters is None:
            return self._line_builder.draw(fee, taken, found.day[k], outcomes)
        meter = metered_of(self._basis, found.snapshot, k, meters, fee, self._contract)
        return self._by_heat.draw(taken, found.day[k], meter, outcomes)

    def _steps(
        self, case: Case, decided: dict[int, Decided], settled: Sequence[int],
        counted: Sequence[Step], *, to_write: bool = False,
    ) -> Iterator[Any]:  # fmt: skip
        yield from self._explainer.steps(case, to_write=to_write)
        yield from counted
        yield from decision_steps(self._basis, decided, settled)

    def _why_nothing(self, found: Findings, k: int) -> Reason:
        """Why a household that was cold and asked gets nothing."""
        count = found.episode_count[k]
        if not count.any():
            return NOT_AFTER_REQUEST
        codes = set(found.day[k, :, :, MADE].ravel().tolist())
        for code, reason in (
            (made.USER_FAULT, USER_FAULT),
            (made.EXCLUDED, EXCLUDED_DAYS),
            (made.EXCUSED, OUTDOOR_EXCUSED),
            (made.BY_CAUSE, EXCUSED_BY_CAUSE),
            (made.REFUSED, USER_REFUSED),
            (made.PASSED, NEVER_BELOW),
        ):
            if code in codes:
                return reason
        rows = found.rows(k, 0)
        begin = self._basis.days.start_us
        if (self._rules.paid_from(begin, rows[:, CLOCK], rows[:, END]) >= 0).any():
            return NO_PAID_DAY
        return USER_FAULT if (rows[:, HOW] == FAULT).any() else GATE_MISSED


def _closed_days(basis: Basis, table: DayBandTable) -> NDArray[np.uint8]:
    """(d,) which days pay nothing for temperature: 0, EXCLUDED (7.7) or EXCUSED (18c)."""
    days = basis.days
    closed = np.zeros(len(days.days), dtype=np.uint8)
    if basis.terms.has_outdoor_condition():
        closed[excused_days(basis.snapshot, basis.columns_of, days)] = EXCUSED
        closed[[i for i, day in enumerate(days.days) if day in basis.excused]] = EXCUSED
    if table.exclude is not None:
        closed[: table.exclude.after_start] = EXCLUDED
        closed[max(0, closed.size - table.exclude.before_end) :] = EXCLUDED
    return closed


def _records(part: Snapshot) -> NDArray[np.int64]:
    """(n,) measurement records of each household."""
    return np.diff(part.measurements.offsets[part.rooms.offsets])
