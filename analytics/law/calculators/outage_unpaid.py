"""`outage_unpaid`: what an outage pays where no clause about it was seen (undetermined), or the act has none."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from analytics.law.calculator import Basis, Claim, Piece, not_charged, taken_by
from analytics.law.dated import WHEN_IT_BEGAN
from analytics.law.lines import total
from analytics.law.outage_decisions import WORDS, Decisions, decisions_of, settled
from analytics.law.outages import (
    NOTHING,
    Outage,
    Spans,
    Taken,
    left_of,
    open_spans_of,
    outage_line,
    outages_of,
    reaches_an_end,
    spans_of,
    without_end,
)
from analytics.law.outages import taken_by as taken_of
from analytics.law.reasons import (
    DAYS_PAID,
    NO_OUTAGE,
    NOT_CHARGED,
    OUTAGE_CLAUSE_NOT_SEEN,
    OUTAGE_NOT_PAID,
    OUTAGE_NOT_REFUNDED,
    OUTAGE_WITHOUT_END,
    Reason,
)
from analytics.law.steps import Step, hours, instant, money, step
from analytics.law.terms import Cited, Row, Table, Terms, stated
from domain.language import Text, msg

UNSEEN = "outage-clause-not-seen"


class OutageUnpaidTable(Cited):
    """How the act's text is known: not whole, or as one that pays nothing for outages."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True
    claimed_as_a_whole: ClassVar[bool] = True
    behind_changes: ClassVar[bool] = False  # it knows no length that could be shorter
    changes_inside: ClassVar[Mapping[str, str]] = {"at": WHEN_IT_BEGAN}
    fixed: ClassVar[Mapping[str, Text]] = {
        "text": msg(
            "says what is known of the act's text, not what the act says; allowed: once the clause was "
            "seen a policy of its own, in force from its day on"
        ),
    }

    #: not_seen: what it pays is undetermined; none: the whole text was read, and it pays nothing
    text: Literal["not_seen", "none"]
    #: inside_season: a late start and an early end are paid by another clause
    at: Literal["any_time", "inside_season"] = "any_time"

    @property
    def unseen(self) -> bool:
        return self.text == "not_seen"

    def leaves_open(self, _lasts: timedelta, at_ends: bool, /) -> bool:
        return self.unseen and not (at_ends and self.at == "inside_season")

    def rows(self) -> Iterator[Row]:
        """What is known of it, as people read it."""
        what = msg("outage") if self.at == "any_time" else msg("outage inside the season")
        pays = msg("clause not seen: undetermined") if self.unseen else msg("pays nothing")
        yield what, pays, self.clause


class Calculator:
    """But for what a decision settles it pays and takes nothing: cold is settled as if there were no outage.

    Shown as open is the fee of the time, the shares of its days: a decision may set more.
    """

    Table: ClassVar[type[Table]] = OutageUnpaidTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NO_OUTAGE, DAYS_PAID, OUTAGE_NOT_PAID, OUTAGE_CLAUSE_NOT_SEEN, OUTAGE_NOT_REFUNDED,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = WORDS
    interpretations: ClassVar[tuple[str, ...]] = (UNSEEN,)
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageUnpaidTable) -> None:
        self._basis = basis
        self._tables = basis.by_day(table)
        self._known: dict[tuple[Fraction, Spans, Spans, Decisions, Taken], Claim] = {}
        self._season = basis.snapshot.season.since_us, basis.snapshot.season.end_us
        self.unseen = table.unseen
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageUnpaidTable) -> Iterator[Text]:
        yield from stated(terms, "text", UNSEEN, table.unseen)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        """Homes that had the same outages and pay the same fee are judged once."""
        claims = [NOTHING] * piece.part.household.size
        ended, without = dict(spans_of(piece.part.outages)), open_spans_of(piece.part)
        for i in sorted({*ended, *without}):
            taken = tuple(taken_by(before[i]).items())
            decisions = decisions_of(piece.part, i)
            key = piece.fee[i], ended.get(i, ()), without.get(i, ()), decisions, taken
            if key not in self._known:
                self._known[key] = self._claim(*key, closed=bool(not_charged(before[i])))
            claims[i] = self._known[key]
        return claims

    def _claim(
        self, fee: Fraction, ended: Spans, without: Spans, decisions: Decisions, taken: Taken,
        *, closed: bool,
    ) -> Claim:  # fmt: skip
        """Of outages without a known end a decision makes nothing sure: it says what part of the fee they
        refund, and not how long they lasted."""
        since = {start for start, _ in without}
        every = self._judged(
            fee, tuple(merged([*ended, *without], HELD_US)), since, decisions, taken, closed=closed
        )
        if not without:
            return every
        sure = self._judged(fee, ended, set(), decisions, taken, closed=closed)
        if every.lines == sure.lines:  # no decision is about those without an end
            return every
        unended = outages_of(without, *self._season, self._basis.days)
        told = (each for each in every.steps or () if each["step"] != "outage_decided")
        ended_told = (each for each in sure.steps or () if each["step"] == "outage_decided")
        ends = [without_end(self._basis, self.clause, span) for span in without]
        return every._replace(
            lines=sure.lines, lower=total(sure.lines), taken=sure.taken, reason=None,
            open_days=tuple(sorted({*every.open_days, *taken_of(unended)})),
            waits_for=every.waits_for or OUTAGE_WITHOUT_END, steps=(*ended_told, *told, *ends),
        )  # fmt: skip

    def _judged(
        self, fee: Fraction, spans: Spans, since: set[int], decisions: Decisions, taken: Taken,
        *, closed: bool,
    ) -> Claim:  # fmt: skip
        """Of these outages, as if all of them had ended there; those without an end began at `since` [µs]."""
        days = self._basis.days
        every = outages_of(spans, *self._season, days)
        own = [each for each in every if self._is_about(each)]
        charged = left_of(own, dict(taken), days)
        if not charged:
            return Claim(reason=(NOT_CHARGED if closed else DAYS_PAID) if own else NO_OUTAGE)
        decided = settled(self._basis, fee, charged, decisions)
        left, lines = decided.rest, [*decided.lines]
        if not left:
            why = None if lines else OUTAGE_NOT_REFUNDED
            return Claim.decided(lines, reason=why, taken=decided.taken, steps=decided.steps)
        if not self.unseen:
            steps = (*decided.steps, *(self._pays_nothing(each) for each in left))
            why = None if lines else OUTAGE_NOT_PAID
            return Claim.decided(lines, reason=why, taken=decided.taken, steps=steps)
        open_lines = [
            outage_line(self._basis, fee, each, Fraction(1), self._of(each).clause) for each in left
        ]
        if self._basis.unseen_paid:
            taken_if_paid = taken_of(left)
            for d, seconds in decided.taken.items():
                taken_if_paid[d] = taken_if_paid.get(d, 0) + seconds
            return Claim.decided([*lines, *open_lines], taken=taken_if_paid, steps=())
        told = [
            self._unseen(each, line.amount, ended=not any(_holds(each, at) for at in since))
            for each, line in zip(left, open_lines, strict=True)
        ]
        sure = total(lines)
        return Claim(
            tuple(lines), sure + total(open_lines), sure, tuple(sorted(taken_of(left))),
            taken=decided.taken, waits_for=OUTAGE_CLAUSE_NOT_SEEN, steps=(*decided.steps, *told),
        )  # fmt: skip

    def _is_about(self, outage: Outage) -> bool:
        return self._of(outage).at == "any_time" or not reaches_an_end(self._basis, outage)

    def _of(self, outage: Outage) -> OutageUnpaidTable:
        """The table that was in force when it began."""
        return self._tables.on(outage.began(self._basis.days))

    def _unseen(self, outage: Outage, most: Decimal, *, ended: bool) -> Step:
        """That the sum is open, what settles it, and what it comes to as the fee of its time."""
        facts = {"most": money(most, self._basis.terms.currency), **self._facts(outage)}
        text = (
            msg(
                "no heat from {since} to {until}, {lasts} h: undetermined, as the act's clause on "
                "outages was not seen; a recorded decision with document and clause settles it. The "
                "fee of this time: {most}",
                **facts,
            )
            if ended
            else msg(
                "no heat from {since} without a recorded end, known to last until {until} at most: "
                "undetermined, as the act's clause on outages was not seen; a recorded decision with "
                "document and clause settles it. The fee of this time: {most}",
                **facts,
            )
        )
        return self._step("outage_clause_not_seen", outage, text, most=str(most))

    def _pays_nothing(self, outage: Outage) -> Step:
        text = msg(
            "no heat from {since} to {until}, {lasts} h: this act pays nothing for outages",
            **self._facts(outage),
        )
        return self._step("outage_not_paid", outage, text)

    def _facts(self, outage: Outage) -> dict[str, object]:
        at = self._basis.at
        since, until = instant(at(outage.since_us)), instant(at(outage.until_us))
        return {"since": since, "until": until, "lasts": hours(outage.lasts_us)}

    def _step(self, code: str, outage: Outage, text: Text, **numbers: object) -> Step:
        since, until = self._basis.at(outage.since_us), self._basis.at(outage.until_us)
        lasts = hours(outage.lasts_us)
        return step(
            code, self._of(outage).clause, text, since=since, until=until, hours=lasts, **numbers
        )


def _holds(outage: Outage, at: int) -> bool:
    return outage.since_us <= at < outage.until_us
