"""Puts the claims of households together as their results."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analytics.law import reasons
from analytics.law.calculator import Basis, Calculator, Claim
from analytics.law.lines import ZERO, total
from analytics.law.noted_outages import none_counts
from analytics.law.reasons import Reason
from analytics.law.steps import MadeWhenRead, Step
from analytics.law.waiting import waiting
from analytics.settlement.explain import Case, Explainer
from analytics.settlement.recorded_steps import finding_clauses
from analytics.settlement.result import Result
from analytics.settlement.result_columns import OWN, ResultColumns, Shared
from analytics.settlement.written_steps import StepsFile


class Writer:
    """Results of a run, piece by piece."""

    def __init__(
        self, basis: Basis, calculators: Sequence[Calculator], steps: StepsFile | None = None
    ) -> None:
        """Steps are written into the file where one is given, else made when they are read."""
        self._file = steps
        self._snapshot = basis.snapshot
        self._days = basis.days.days
        self._explainer = Explainer(basis, calculators)
        self._clauses = [each.clause for each in calculators]
        self._left_out = none_counts(basis.snapshot, basis.terms)
        self._closed = None if basis.closed is None else basis.closed.rows.count() > 0
        self._alike = np.full(basis.snapshot.household.size, OWN, dtype=np.int64)
        self._own: dict[int, Result] = {}
        self._shared: list[Shared] = []
        self._kinds: dict[tuple[Reason | None, ...], int] = {}  # by the reasons of the claims

    def write(
        self, rows: NDArray[np.int64], fee: Sequence[Fraction], claims: Sequence[tuple[Claim, ...]]
    ) -> None:
        """Of rows (n,) of the snapshot; the households that share their claims share their result."""
        if self._left_out[rows].any():
            claims = [self._told(row, own) for row, own in zip(rows.tolist(), claims, strict=True)]
        known = {mark: self._kind(each) for mark, each in {id(c): c for c in claims}.items()}
        kinds = np.array([known[id(each)] for each in claims], dtype=np.int64)
        if self._closed is not None:  # their sheets name the records that do not count
            kinds[self._closed[rows]] = OWN
        self._alike[rows] = kinds
        for i in np.flatnonzero(kinds == OWN).tolist():
            row = int(rows[i])
            self._own[row] = self._result(row, fee[i], claims[i])

    def results(self) -> ResultColumns:
        snapshot = self._snapshot
        return ResultColumns(
            snapshot.household,
            snapshot.code,
            snapshot.currency,
            self._alike,
            self._shared,
            self._own,
        )

    def _told(self, row: int, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        return tuple(map(_told_apart, claims)) if self._left_out[row] else claims

    def _kind(self, claims: Sequence[Claim]) -> int:
        """Which of the shared results these claims come to; OWN where something was judged."""
        if any(claim.steps is not None or claim.lines or claim.open_days for claim in claims):
            return OWN
        why = tuple(claim.reason for claim in claims)
        if why not in self._kinds:
            reason, clause = _reason(claims, ZERO, self._clauses)
            self._kinds[why] = len(self._shared)
            self._shared.append(Shared(reason, tuple(self._explainer.short(reason, clause))))
        return self._kinds[why]

    def _result(self, row: int, fee: Fraction, claims: Sequence[Claim]) -> Result:
        snapshot = self._snapshot
        lines = tuple(line for claim in claims for line in claim.lines)
        owed = total(lines)
        open_days = sorted({day for claim in claims for day in claim.open_days})
        reason, clause = _reason(claims, owed, self._clauses)
        if reason.code == reasons.USER_FAULT.code and snapshot.recorded:
            clause = _joined(finding_clauses(snapshot.recorded[row])) or clause
        upper = sum((claim.upper for claim in claims), ZERO)
        lower = sum((claim.lower for claim in claims), ZERO)
        case = Case(row, fee, claims, lines, open_days, owed, upper, lower, reason, clause)
        return Result(
            int(snapshot.household[row]),
            snapshot.code[row],
            snapshot.currency[row],
            owed,
            bool(open_days),
            upper,
            lower,
            reason,
            lines,
            self._steps(case),
            self._days[open_days[0]] if open_days else None,
        )

    def _steps(self, case: Case) -> Iterable[Step]:
        told = self._explainer.steps
        made = MadeWhenRead(partial(told, case), partial(told, case, to_write=True))
        return made if self._file is None else self._file.write(made)


def _told_apart(claim: Claim) -> Claim:
    """Where an outage is on record that pays nothing, not that none is."""
    if claim.reason != reasons.NO_OUTAGE:
        return claim
    return claim._replace(reason=reasons.OUTAGE_LEFT_OUT, steps=claim.steps or ())


def _reason(claims: Sequence[Claim], owed: Decimal, clauses: Sequence[str]) -> tuple[Reason, str]:
    """Open before paid before nothing; of several whys that of the last that had facts to judge, and
    of several that something waits for that with the most at stake.

    With the clauses it rests on, of the calculators (`clauses`: of each) or lines that made it.
    """
    own = list(zip(claims, clauses, strict=True))
    open_claims = [claim for claim in claims if claim.open_days]
    if open_claims:
        ahead = all(claim.ahead for claim in open_claims)
        made = [clause for claim, clause in own if claim.open_days or claim.lines]
        waits = [each for claim in open_claims for each in waiting(claim)]
        if all(each.why is not None for each in waits):  # no measurement could tell it
            most = max(waits, key=lambda each: each.stake)
            return most.why or reasons.UNDETERMINED, _joined(made)
        return reasons.STILL_COLD if ahead else reasons.UNDETERMINED, _joined(made)
    if owed > 0:
        return reasons.PAID, _joined(line.clause for claim in claims for line in claim.lines)
    found = [(claim.reason, clause) for claim, clause in own if claim.reason is not None]
    strong = [each for each in found if not each[0].weak]
    return (strong or found or [(reasons.NO_FEE, _joined(clauses))])[-1]


def _joined(clauses: Iterable[str]) -> str:
    """Each clause once, as a policy writes several."""
    return "; ".join(dict.fromkeys(part for each in clauses for part in each.split("; ")))
