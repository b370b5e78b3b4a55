"""Settlement: a pure function of (readings as of a flush, snapshot, policy).

Facts of the whole city to refund lines with their steps. Same inputs, same bytes: kernels run
in parallel over households only, and money is exact until each line's one rounding.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
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
from analytics.law.calculator import Basis, Calculator, Claim, OfUnseenClause, Piece, Source
from analytics.law.calculators import calculator
from analytics.law.cold_days.room_standards import covered
from analytics.law.in_force import not_for_season
from analytics.law.noted_outages import counted
from analytics.law.policy import Policy, PolicyFile
from analytics.law.record_hours import at_open_hours
from analytics.settlement.new_terms import claims_by_terms
from analytics.settlement.open_ends import Judge, within_ends, within_the_fee
from analytics.settlement.payers import apart, claims_of
from analytics.settlement.reading import limit_of, read
from analytics.settlement.result import Result
from analytics.settlement.results import Settlement
from analytics.settlement.writer import Writer
from analytics.settlement.written_steps import StepsFile
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
    write_steps: bool = False,
) -> Settlement:
    """Every household's refund for the season, as of the snapshot's `as_of`.

    Parameters
    ----------
    columns_of : called once a piece of the city with increasing series ids; gives what was kept of
        them in `snapshot.read_span`, which is judged here by the snapshot's rules
    flush : number of the flush that `columns_of` reads as of; kept with the run
    excused : local days excused beside those the outdoor series excuse (18c)
    trial : nothing is kept or owed, and sheets say so where the policy's text is not confirmed
    write_steps : the steps of judged households are made while the next piece is read, not when they
        are read: for a run that is kept, which needs them all
    progress : called with (households done, households) after each piece

    Raises WrongCall where the policy was not in force in the season (7.20), or contracts are in
    another currency than the policy.
    """
    policy = policy.in_season(snapshot.season.span, snapshot.season.zone)
    evidence, closed = at_open_hours(snapshot, policy.policy)
    basis = Basis(
        counted(covered(evidence, policy.policy), policy.policy),
        policy.policy,
        checked(snapshot, columns_of),
        excused,
        trial,
        policy.policy.what_if,
        closed=closed,
    )
    _refuse_not_in_force(basis, policy.policy)
    if policy.policy.pays():
        _refuse_other_currency(policy.policy, snapshot.currency)
    calculators = [calculator(n)(basis, table) for n, table in policy.policy.tables.items()]
    judge = partial(_claims, basis, calculators)
    most = _supposing(basis, policy.policy) or judge
    writer = Writer(basis, calculators, StepsFile() if write_steps else None)
    done = 0
    for rows, piece in _pieces(basis, calculators):
        found = within_ends(basis, calculators, piece, judge(piece), most)
        if most is not judge:
            found = within_the_fee(piece, found, most)
        writer.write(rows, piece.fee, found)
        done += rows.size
        if progress is not None:
            progress(done, snapshot.household.size)
    return Settlement(snapshot, policy, flush, writer.results())


def _supposing(basis: Basis, policy: Policy) -> Judge | None:
    """Judges as if clauses that were not seen paid the fee of an outage's time; None: there are none."""
    own = replace(basis, unseen_paid=True)
    calculators = [calculator(n)(own, table) for n, table in policy.tables.items()]
    unseen = any(isinstance(each, OfUnseenClause) and each.unseen for each in calculators)
    return partial(_claims, own, calculators) if unseen else None


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


def _refuse_not_in_force(basis: Basis, policy: Policy) -> None:
    """WrongCall where the season is not wholly within the policy's time in force (7.20, last row), or a
    value changes in it of which nothing says what that means."""
    days = basis.days.days
    fault = not_for_season(policy, basis.snapshot.season.code, days[0], days[-1])
    if fault is not None:
        raise WrongCall(fault)


def _claims(
    basis: Basis, calculators: Sequence[Calculator], piece: Piece
) -> list[tuple[Claim, ...]]:
    """(n,) what each calculator finds for each household, in the order of working."""
    by = apart(basis, piece)
    if by is not None:
        return claims_of(basis, calculators, by)
    found: list[tuple[Claim, ...]] = [()] * piece.part.household.size
    for each in calculators:
        found = _behind(found, claims_by_terms(basis, each, piece, found))
    return found


def _behind(found: list[tuple[Claim, ...]], own: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    """(n,) each household's claims with its next; of the same claims one tuple is made, for all."""
    made: dict[tuple[int, int], tuple[Claim, ...]] = {}
    joined: list[tuple[Claim, ...]] = []
    for earlier, claim in zip(found, own, strict=True):
        key = id(earlier), id(claim)
        if key not in made:
            made[key] = (*earlier, claim)
        joined.append(made[key])
    return joined


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
