"""Corrections: a run of which most results are those of an approved run, kept like any other."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Engine, Table, Text, cast, delete, insert, literal, select
from sqlalchemy.orm import Session, aliased

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile
from analytics.ledger.drafts import (
    BULK,
    DRAFT,
    Kept,
    WithRun,
    enter,
    line_bodies,
    lines_of,
    save_results,
)
from analytics.ledger.recheck import hashed_line
from analytics.settlement.result import Result
from analytics.settlement.results import ResultsHash
from analytics.settlement.rules import VERSION
from domain.actor import By
from store.books.bulk import pages
from store.books.ledger import SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Place

#: Steps that are parsed once: most homes of a city have the same few.
SAME_STEPS = 64


class Restated(NamedTuple):
    """What a correction takes over, and what it found anew."""

    base: int  # the run whose results hold for every other household
    snapshot: Snapshot
    policy: PolicyFile
    flush: int
    settled: Sequence[Result]
    last_change: int | None = None  # of the registry, before its facts were taken


def save_restated(engine: Engine, found: Restated, by: By, with_run: WithRun | None = None) -> int:
    """Keeps a correction with what it took, `by` its drafter -> run id. One transaction.

    Its rows, sums and hash are those that the same run from scratch would be kept with; `with_run` is
    called in the transaction, last.
    """
    snapshot, policy = found.snapshot, found.policy
    run = SettlementRun(
        policy=policy.policy.id, policy_sha256=policy.sha256, snapshot_sha256=snapshot.sha256(),
        flush=found.flush, made_at=by.at, state=DRAFT, households=0, total=Decimal(0),
        currency=policy.policy.currency, undetermined=0, rules=VERSION,
        last_change=found.last_change, drafted_by=by.actor,
    )  # fmt: skip
    with Session(engine) as session, session.begin():
        enter(session, run, snapshot, policy)
        _take_over(session, found, run.id)
        save_results(session, run.id, found.settled)
        _sum_up(session, run, snapshot)
        if with_run is not None:
            session.flush()
            with_run(session.connection(), run.id)
        return run.id


def _take_over(session: Session, found: Restated, run: int) -> None:
    """Copies results and lines of the base, but for households that were settled or are gone."""
    before = select(SettlementResult.household_id).where(SettlementResult.run_id == found.base)
    gone = set(session.scalars(before)) - set(found.snapshot.household.tolist())
    result, line = _table(SettlementResult), _table(SettlementLine)
    names = [each.name for each in result.c if each.name not in {"id", "run_id"}]
    mine = select(literal(run), *(result.c[name] for name in names))
    session.execute(
        insert(result).from_select(
            ["run_id", *names], mine.where(result.c.run_id == found.base).order_by(result.c.id)
        )
    )
    anew = sorted({each.household for each in found.settled} | gone)
    for first in range(0, len(anew), BULK):
        part = result.c.household_id.in_(anew[first : first + BULK])
        session.execute(delete(result).where(result.c.run_id == run, part))
    old, new = result.alias("old"), result.alias("new")
    names = [each.name for each in line.c if each.name not in {"id", "result_id"}]
    lines = (
        select(new.c.id, *(line.c[name] for name in names))
        .join(old, old.c.id == line.c.result_id)
        .join(new, (new.c.household_id == old.c.household_id) & (new.c.run_id == run))
        .where(old.c.run_id == found.base)
        .order_by(line.c.id)
    )
    session.execute(insert(line).from_select(["result_id", *names], lines))


def _table(model: type[SettlementResult] | type[SettlementLine]) -> Table:
    table: Table = model.__table__  # type: ignore[assignment]
    return table


def _sum_up(session: Session, run: SettlementRun, snapshot: Snapshot) -> None:
    """What the run comes to, and the hash of its results in the order of the snapshot."""
    codes = dict(zip(snapshot.household.tolist(), snapshot.code, strict=True))
    hashed, total, count, undetermined = ResultsHash(), Decimal("0.00"), 0, 0
    result = _table(SettlementResult).c
    query = select(
        result.id, result.total, result.undetermined, result.reason, cast(result.steps, Text)
    ).where(result.run_id == run.id)
    for part in pages(session, query, result.household_id):
        lines = _lines_between(session, run.id, part[0].household_id, part[-1].household_id)
        own_lines = [row.id if row.id in lines else 0 for row in part]
        for (number, amount, is_open, reason, steps), alike in groupby(
            zip(own_lines, part, strict=True), lambda pair: (pair[0], *pair[1][1:5])
        ):
            places = [row.household_id for _, row in alike]
            own = [hashed_line(each) for each in lines.get(number, ())]
            rest = [str(amount), is_open, reason, own]
            hashed.add_written([codes[each] for each in places], rest, steps)
            total += amount * len(places)
            undetermined += is_open * len(places)
        count += len(part)
    run.total, run.households, run.undetermined = total, count, undetermined
    run.results_sha256 = hashed.hexdigest()


def _lines_between(
    session: Session, run: int, first: int, last: int
) -> dict[int, list[dict[str, Any]]]:
    """Id of a result -> its lines in their order, of the households from `first` to `last`."""
    line, result = _table(SettlementLine), _table(SettlementResult)
    chosen = (
        select(line)
        .join(result, result.c.id == line.c.result_id)
        .where(result.c.run_id == run, result.c.household_id.between(first, last))
    )
    return line_bodies(session, chosen.order_by(line.c.id))


def kept_in(
    session: Session, run: int, households: Collection[int] | None = None
) -> Iterator[tuple[int, Kept]]:
    """(household's place id, result) by place id, of a run as this session sees it.

    Of some households only where they are given. Equal steps are one object.
    """
    of_home, parsed = aliased(SettlementResult), lru_cache(SAME_STEPS)(_parsed)
    query = (
        select(
            of_home.household_id, of_home.id, of_home.total, of_home.undetermined, of_home.reason,
            cast(of_home.steps, Text), Place.code,
        )
        .join(Place, Place.id == of_home.household_id)
        .where(of_home.run_id == run)
    )  # fmt: skip
    if households is not None:
        query = query.where(of_home.household_id.in_(households))
    for part in pages(session, query, of_home.household_id):
        lines = lines_of(session, [row.id for row in part])
        for place, number, total, undetermined, reason, steps, code, _ in part:
            own = tuple(lines.get(number, ()))
            yield place, Kept(code, total, undetermined, reason, parsed(steps), own)


def _parsed(written: str) -> Sequence[dict[str, Any]]:
    return tuple(json.loads(written))


def sample(engine: Engine, run: int, size: int, wanted: Callable[[int], bool]) -> dict[int, Kept]:
    """Households to try whether this heatwatch comes to what a run was kept with.

    Up to `size` of those that are `wanted`, of as many reasons as there are.
    """
    query = select(SettlementResult.household_id, SettlementResult.reason).where(
        SettlementResult.run_id == run
    )
    by_reason: dict[str, list[int]] = {}
    with Session(engine) as session:
        for part in pages(session, query, SettlementResult.household_id):
            for household, reason, _ in part:
                mine = by_reason.setdefault(reason, [])
                if len(mine) < size and wanted(household):
                    mine.append(household)
        turns = [
            each for i in range(size) for mine in by_reason.values() for each in mine[i : i + 1]
        ]
        return dict(kept_in(session, run, turns[:size]))
