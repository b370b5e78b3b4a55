"""Corrections: a run that keeps what it settled anew, and refers to an approved run for the rest."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Text, cast, insert, select
from sqlalchemy.orm import Session

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger import kept_differences as differences
from analytics.ledger.drafts import (
    BULK,
    Drafted,
    Kept,
    WithRun,
    enter,
    keep_hash,
    kept_of,
    lines_of,
    save_results,
)
from analytics.ledger.recheck import hashed_line
from analytics.settlement.result import Result
from analytics.settlement.result_hashes import SIZE, Digests, content_of, digests_of
from analytics.settlement.result_hashes import VERSION as HASHES
from analytics.settlement.rules import VERSION
from domain.actor import By
from domain.language import msg
from store.books.ledger import DRAFT, SettlementLeftOut, SettlementResult, SettlementRun
from store.books.run_rows import rows_of, run_pages

#: Of so many households by each that may be tried the reasons are looked at.
POOL = 20
KINDS = 200  # results that many households share, at most so many of which may be tried


class Base(NamedTuple):
    """A run that others go on from."""

    run: int
    snapshot: Snapshot  # that it took
    digests: NDArray[np.uint8]  # (n, 32) of its results: `analytics.settlement.result_hashes`
    held: bytes = b""  # of which they are; nothing where the books do not keep it

    @property
    def household(self) -> NDArray[np.int32]:
        """(n,) place ids, increasing."""
        return self.snapshot.household

    def of_snapshot(self, later: Snapshot) -> inputs.Difference:
        """What a later run takes beside what this one took."""
        told = differences.by_values(self.snapshot.written(), later.written())
        return inputs.Difference(self.snapshot.sha256(), told)

    def of_results(self, content: bytes) -> inputs.Difference | None:
        """What the hash of a later run's results covers beside that of this one; None: they are no pair."""
        told = differences.by_rows(self.held, content, SIZE)
        return None if told is None else inputs.Difference(sha256(self.held).hexdigest(), told)


class Restated(NamedTuple):
    """What a correction takes over, and what it found anew."""

    base: Base  # whose results hold for every other household
    snapshot: Snapshot
    policy: PolicyFile
    flush: int
    settled: Sequence[Result]
    last_change: int | None = None  # of the registry, before its facts were taken


def base_of(engine: Engine, run: Drafted, snapshot: Snapshot) -> Base:
    """The run as one to go on from, with the snapshot that it took.

    Raises Unkept where the books do not hold the hashes of its results as they were.
    """
    with Session(engine) as session:
        if run.results_version == HASHES:
            held = inputs.raw(session, inputs.RESULTS, run.results_sha256 or "")
            found = digests_of(held)
        else:  # made before they were kept
            held, found = b"", digests_of(_digests(session, run.run))
    if len(found) != snapshot.household.size:
        raise inputs.Unkept(
            msg(
                "run {run} took {households} households, and the books keep {results} results of it",
                run=run.run, households=snapshot.household.size, results=len(found),
            )
        )  # fmt: skip
    return Base(run.run, snapshot, found, held)


def _digests(session: Session, run: int) -> bytes:
    """Of the results of a run as the books have them, by place id."""
    hashed, result = Digests(), SettlementResult
    query = select(
        result.id, result.total, result.undetermined, result.reason, cast(result.steps, Text)
    )
    for part in run_pages(session, query, run):
        lines = lines_of(session, [row.id for row in part])
        own_lines = [row.id if row.id in lines else 0 for row in part]
        for (number, amount, is_open, reason, steps), alike in groupby(
            zip(own_lines, part, strict=True), lambda pair: (pair[0], *pair[1][1:5])
        ):
            own = [hashed_line(each) for each in lines.get(number, ())]
            codes = [""] * len([*alike])
            hashed.add_written(codes, [str(amount), is_open, reason, own], steps)
    return hashed.content()


def save_restated(engine: Engine, found: Restated, by: By, with_run: WithRun | None = None) -> int:
    """Keeps a correction with what it took, `by` its drafter -> run id. One transaction.

    Its sums and hash are those that the same run from scratch would be kept with, its rows only those
    that were settled; `with_run` is called in the transaction, last.
    """
    snapshot, policy = found.snapshot, found.policy
    run = SettlementRun(
        policy=policy.policy.id, policy_sha256=policy.sha256, snapshot_sha256=snapshot.sha256(),
        flush=found.flush, made_at=by.at, state=DRAFT, households=snapshot.household.size,
        total=Decimal("0.00"), currency=policy.policy.currency, undetermined=0, rules=VERSION,
        last_change=found.last_change, drafted_by=by.actor,
    )  # fmt: skip
    with Session(engine) as session, session.begin():
        enter(session, run, snapshot, policy, found.base.of_snapshot(snapshot))
        _refer(session, run, found)
        hashed = save_results(session, run.id, found.settled)
        digests = _all_digests(found, digests_of(hashed.content()))
        content = content_of(snapshot.code, digests)
        keep_hash(session, run, content, found.base.of_results(content))
        session.flush()
        if with_run is not None:
            with_run(session.connection(), run.id)
        return run.id


def _refer(session: Session, run: SettlementRun, found: Restated) -> None:
    """The sums of the run, and from which one it takes over whose results."""
    before = session.get_one(SettlementRun, found.base.run)
    anew = {each.household for each in found.settled}
    gone = np.setdiff1d(found.base.household, found.snapshot.household).tolist()
    old, old_open = _sums(session, found.base.run, [*anew, *gone])
    new = sum((each.total for each in found.settled), Decimal("0.00"))
    run.total = before.total - old + new
    run.undetermined = before.undetermined - old_open + sum(e.undetermined for e in found.settled)
    if len(anew) == run.households:
        return  # nothing is taken over
    run.base_id = before.id
    rows = [{"run_id": run.id, "household_id": each} for each in gone]
    if rows:
        session.execute(insert(SettlementLeftOut), rows)


def _sums(session: Session, run: int, households: Sequence[int]) -> tuple[Decimal, int]:
    """What some households of a run come to, and how many of them are undetermined."""
    result, mine = SettlementResult, rows_of(session, run)
    total, undetermined = Decimal("0.00"), 0
    for first in range(0, len(households), BULK):
        part = result.household_id.in_(households[first : first + BULK])
        for amount, is_open in session.execute(
            select(result.total, result.undetermined).where(mine, part)
        ):
            total += amount
            undetermined += is_open
    return total, undetermined


def _all_digests(found: Restated, anew: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(n, 32) in the order of the snapshot: those of the base, and `anew` of what was settled."""
    household, base = found.snapshot.household, found.base
    digests = np.zeros((household.size, anew.shape[1]), dtype=np.uint8)
    _, here, there = np.intersect1d(
        household, base.household, assume_unique=True, return_indices=True
    )
    digests[here] = base.digests[there]
    settled = np.array([each.household for each in found.settled], dtype=np.int32)
    digests[np.searchsorted(household, settled)] = anew
    return digests


def sample(engine: Engine, base: Base, unchanged: NDArray[np.int32], size: int) -> dict[int, Kept]:
    """Households to try whether this heatwatch comes to what a run was kept with.

    Up to `size` of the `unchanged` (place ids, increasing), of as many reasons as are found among those
    that lie beside the changed ones, whose readings are read anyway, and of as many of the
    results that several households share.
    """
    nearest = _nearest(base, unchanged)
    kind = base.digests[nearest].view(np.uint64)[:, 0]
    _, first, count = np.unique(kind, return_index=True, return_counts=True)
    shared = np.sort(first[count > 1])[:KINDS]
    pool = np.concatenate([nearest[shared], nearest[: POOL * size]])
    places = dict.fromkeys(base.household[pool].tolist())
    result = SettlementResult
    query = select(result.household_id, result.reason).where(result.household_id.in_([*places]))
    with Session(engine) as session:
        rows = session.execute(query.where(rows_of(session, base.run)))
        reasons = {row.household_id: row.reason for row in rows}
        chosen = _by_turns(places, reasons, size)
        return dict(kept_of(session, base.run, chosen))


def _nearest(base: Base, unchanged: NDArray[np.int32]) -> NDArray[np.int64]:
    """(m,) rows in the base of the unchanged ones, those beside others first."""
    rows = np.searchsorted(base.household, unchanged)
    others = np.ones(base.household.size, dtype=np.bool_)
    others[rows] = False
    edges = np.concatenate(
        [[-base.household.size], np.flatnonzero(others), [2 * base.household.size]]
    )
    behind = np.searchsorted(edges, rows)
    distance = np.minimum(rows - edges[behind - 1], edges[behind] - rows)
    found: NDArray[np.int64] = rows[np.argsort(distance, kind="stable")]
    return found


def _by_turns(places: Collection[int], reasons: dict[int, str], size: int) -> list[int]:
    """Up to `size` places, in turns one of each reason."""
    by_reason: dict[str, list[int]] = {}
    for place in places:
        if place in reasons:
            by_reason.setdefault(reasons[place], []).append(place)
    turns = [each for i in range(size) for mine in by_reason.values() for each in mine[i : i + 1]]
    return turns[:size]
