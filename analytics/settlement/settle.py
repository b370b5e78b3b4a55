"""Settlement: a pure function of (readings as of a flush, snapshot, policy).

Facts of the whole city to refund lines with their steps. Same inputs, same bytes: kernels run
in parallel over households only, and money is exact until each line's one rounding.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.checked import checked
from analytics.facts.facts_file import Facts, from_facts
from analytics.facts.placements import as_placed
from analytics.facts.snapshot import Snapshot
from analytics.law import reasons
from analytics.law.calculator import Basis, Calculator, Claim, Piece, Source
from analytics.law.calculators import calculator
from analytics.law.lines import ZERO, total
from analytics.law.noted_outages import counted, none_counts
from analytics.law.policy import Policy, PolicyFile
from analytics.law.reasons import Reason
from analytics.law.steps import MadeWhenRead, Step
from analytics.settlement.explain import Case, Explainer
from analytics.settlement.payers import apart, claims_of
from analytics.settlement.reading import limit_of, read
from analytics.settlement.recorded_steps import finding_clauses
from analytics.settlement.results import Result, Settlement
from domain.collector import collector_paused
from domain.columns import Columns
from domain.errors import WrongCall
from domain.language import msg

Progress = Callable[[int, int], None]

#: Readings of one piece of the city, two of which are in memory: changes no result.
PIECE_READINGS = 8_000_000


@collector_paused()
def settle(
    snapshot: Snapshot,
    columns_of: Source,
    policy: PolicyFile,
    *,
    flush: int,
    excused: Sequence[date] = (),
    progress: Progress | None = None,
    trial: bool = False,
) -> Settlement:
    """Every household's refund for the season, as of the snapshot's `as_of`.

    Parameters
    ----------
    columns_of : called once a piece of the city with increasing series ids; gives what was kept of
        them in `snapshot.read_span`, which is judged here by the snapshot's rules
    flush : number of the flush that `columns_of` reads as of; kept with the run
    excused : local days excused beside those the outdoor series excuse (18c)
    trial : nothing is kept or owed, and sheets say so where the policy's text is not confirmed
    progress : called with (households done, households) after each piece

    Raises WrongCall where the policy was not in force in the season (7.20), or contracts are in
    another currency than the policy.
    """
    basis = Basis(
        counted(snapshot, policy.policy),
        policy.policy,
        checked(snapshot, columns_of),
        excused,
        trial,
    )
    _refuse_not_in_force(basis)
    if policy.policy.pays():
        _refuse_other_currency(policy.policy, snapshot.currency)
    calculators = [calculator(n)(basis, table) for n, table in policy.policy.tables.items()]
    writer = _Writer(basis, calculators)
    results: list[Result | None] = [None] * snapshot.household.size
    done = 0
    for rows, piece in _pieces(basis, calculators):
        claims = _claims(basis, calculators, piece)
        for i, row in enumerate(rows.tolist()):
            results[row] = writer.result(row, piece.fee[i], claims[i])
        done += rows.size
        if progress is not None:
            progress(done, snapshot.household.size)
    found = tuple(each for each in results if each is not None)
    return Settlement(snapshot, policy, flush, found)


def settle_facts(facts: Mapping[str, Any], policy: PolicyFile) -> Result:
    """One household's result from facts in a file (`refund try`)."""
    law = policy.policy
    own = from_facts(facts, law.id, law.currency, of_money=law.pays())
    return settle_one(own, policy)


def settle_one(own: Facts, policy: PolicyFile) -> Result:
    """As `settle_facts`, of facts that were read: they may be settled under other policies of this id."""
    run = settle(
        own.snapshot, lambda _: own.columns, policy, flush=0, excused=own.excused_days, trial=True
    )
    return run.results[0]


def _refuse_other_currency(policy: Policy, contracts: Iterable[str]) -> None:
    """WrongCall where a contract is in another currency than the policy's."""
    found = {policy.currency, *contracts}
    if len(found) > 1:
        raise WrongCall(
            msg(
                "policy {id} and contracts of the season in {currencies}; allowed: one currency, the "
                "policy's: {own}",
                id=policy.id, currencies=", ".join(sorted(found)), own=policy.currency,
            )
        )  # fmt: skip


def _refuse_not_in_force(basis: Basis) -> None:
    """WrongCall where the season is not wholly within the policy's time in force (7.20, last row)."""
    force, days = basis.terms.in_force, basis.days.days
    early = force.since is not None and days[0] < force.since
    if early or (force.until is not None and days[-1] >= force.until):
        raise WrongCall(
            msg(
                "policy {id} is in force{since}{until}; season {code} runs {first} to {last}",
                id=basis.terms.id,
                since=msg(" since {day}", day=force.since) if force.since else "",
                until=msg(" until {day}", day=force.until) if force.until else "",
                code=basis.snapshot.season.code,
                first=days[0],
                last=days[-1],
            )
        )


def _claims(
    basis: Basis, calculators: Sequence[Calculator], piece: Piece
) -> list[tuple[Claim, ...]]:
    """(n,) what each calculator finds for each household, in the order of working."""
    by = apart(basis, piece)
    if by is not None:
        return claims_of(basis, calculators, by)
    found: list[tuple[Claim, ...]] = [()] * piece.part.household.size
    for each in calculators:
        own = each.claims(piece, found)
        found = [(*before, claim) for before, claim in zip(found, own, strict=True)]
    return found


class _Rows(NamedTuple):
    """Some households of the snapshot, as calculators are given them."""

    rows: NDArray[np.int64]
    piece: Piece


def _pieces(basis: Basis, calculators: Sequence[Calculator]) -> Iterator[_Rows]:
    """First the households that need no readings, then the others with theirs."""
    snapshot = basis.snapshot
    reads = np.zeros(snapshot.household.size, dtype=np.bool_)
    for each in calculators:
        reads |= each.reads(snapshot)
    limit = limit_of(calculators, snapshot)
    fees = {text: Fraction(text) for text in set(snapshot.fee)}  # few differ

    def piece(rows: NDArray[np.int64], columns_of: Source) -> _Rows:
        part = snapshot.of(rows)
        placed, columns = as_placed(part, read(part, columns_of, limit))
        return _Rows(rows, Piece(placed, columns, [fees[fee] for fee in part.fee]))

    silent = np.flatnonzero(~reads)
    if silent.size:
        yield piece(silent, _no_readings)
    cuts = _cut(snapshot, np.flatnonzero(reads))
    yield from _read_ahead(lambda rows: piece(rows, basis.columns_of), cuts)


def _no_readings(_series: NDArray[np.int32]) -> Columns:
    none = np.array([], dtype=np.int64)
    start = np.zeros(1, dtype=np.int64)
    return Columns(none.astype(np.int32), start, none, none, none.astype(np.uint8))


def _cut(snapshot: Snapshot, rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Households in pieces of about `PIECE_READINGS`, neighbours by series id together."""
    if rows.size == 0:
        return
    seconds = (snapshot.season.end_us - snapshot.season.since_us) // 1_000_000
    ids, interval = snapshot.series.columns
    per_series = np.concatenate([[0], np.cumsum(seconds // np.maximum(interval, 1) + 1)])
    room_start = snapshot.series.offsets[snapshot.rooms.offsets]
    weight = (per_series[room_start[1:]] - per_series[room_start[:-1]])[rows]
    first = np.append(ids, 0)[np.minimum(room_start[:-1][rows], ids.size)]
    order = np.argsort(first, kind="stable")
    piece = np.cumsum(weight[order]) // PIECE_READINGS
    for part in np.split(order, np.flatnonzero(np.diff(piece)) + 1):
        yield np.sort(rows[part])


def _read_ahead(
    read: Callable[[NDArray[np.int64]], _Rows], cuts: Iterator[NDArray[np.int64]]
) -> Iterator[_Rows]:
    """Reads the next piece while one is settled: two are in memory at once."""
    first, second = next(cuts, None), next(cuts, None)
    if first is None:
        return
    if second is None:  # nothing to read ahead
        yield read(first)
        return
    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(read, first)
        for rows in chain([second], cuts):
            before, ahead = ahead, reader.submit(read, rows)
            yield before.result()
        yield ahead.result()


def _told_apart(claim: Claim) -> Claim:
    """Where an outage is on record that pays nothing, not that none is."""
    if claim.reason != reasons.NO_OUTAGE:
        return claim
    return claim._replace(reason=reasons.OUTAGE_LEFT_OUT, steps=claim.steps or ())


class _Shared(NamedTuple):
    """What households with the same reasons have in common."""

    reason: Reason
    steps: tuple[Step, ...]
    why: list[Reason | None]  # kept alive, so that each id is one reason's


class _Writer:
    """Puts the claims of a household together as its result."""

    def __init__(self, basis: Basis, calculators: Sequence[Calculator]) -> None:
        self._snapshot = basis.snapshot
        self._days = basis.days.days
        self._explainer = Explainer(basis, calculators)
        self._clauses = [each.clause for each in calculators]
        self._left_out = none_counts(basis.snapshot, basis.terms)
        self._short: dict[tuple[int, ...], _Shared] = {}  # by the ids of what its `why` holds

    def result(self, row: int, fee: Fraction, claims: Sequence[Claim]) -> Result:
        if self._left_out[row]:
            claims = [_told_apart(each) for each in claims]
        if not any(claim.steps is not None or claim.lines or claim.open_days for claim in claims):
            return self._unjudged(row, claims)
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
            MadeWhenRead(partial(self._explainer.steps, case)),
            self._days[open_days[0]] if open_days else None,
        )

    def _unjudged(self, row: int, claims: Sequence[Claim]) -> Result:
        """Most homes of a city: they share why they get nothing, and the few steps that say so."""
        why = [claim.reason for claim in claims]
        shared = self._short.get(tuple(map(id, why)))
        if shared is None:
            reason, clause = _reason(claims, ZERO, self._clauses)
            shared = _Shared(reason, tuple(self._explainer.short(reason, clause)), why)
            self._short[tuple(map(id, why))] = shared
        snapshot = self._snapshot
        return Result(
            int(snapshot.household[row]), snapshot.code[row], snapshot.currency[row], ZERO, False, ZERO, ZERO,
            shared.reason, (), shared.steps,
        )  # fmt: skip


def _reason(claims: Sequence[Claim], owed: Decimal, clauses: Sequence[str]) -> tuple[Reason, str]:
    """Open before paid before nothing; of several whys that of the last that had facts to judge.

    With the clauses it rests on, of the calculators (`clauses`: of each) or lines that made it.
    """
    own = list(zip(claims, clauses, strict=True))
    open_claims = [claim for claim in claims if claim.open_days]
    if open_claims:
        ahead = all(claim.ahead for claim in open_claims)
        made = [clause for claim, clause in own if claim.open_days or claim.lines]
        waits = [claim.waits_for for claim in open_claims]
        if waits[0] is not None and all(each == waits[0] for each in waits):
            return waits[0], _joined(made)
        return reasons.STILL_COLD if ahead else reasons.UNDETERMINED, _joined(made)
    if owed > 0:
        return reasons.PAID, _joined(line.clause for claim in claims for line in claim.lines)
    found = [(claim.reason, clause) for claim, clause in own if claim.reason is not None]
    strong = [each for each in found if not each[0].weak]
    return (strong or found or [(reasons.NO_FEE, _joined(clauses))])[-1]


def _joined(clauses: Iterable[str]) -> str:
    """Each clause once, as a policy writes several."""
    return "; ".join(dict.fromkeys(part for each in clauses for part in each.split("; ")))
