"""Settlement runs in the books: drafts with every household's result, lines and steps."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select
from sqlalchemy.orm import Session

from analytics.facts.snapshot import Snapshot
from analytics.law.lines import ZERO, Line
from analytics.law.policy import PolicyFile
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.draft_hash import drafted_sha256
from analytics.settlement.result import Result
from analytics.settlement.result_columns import ResultColumns
from analytics.settlement.result_hashes import VERSION as HASHES
from analytics.settlement.result_hashes import Digests
from analytics.settlement.results import Settlement
from analytics.settlement.rules import VERSION
from domain.actor import Actor, By
from domain.collector import collector_paused
from domain.errors import WrongCall
from domain.language import Text, msg
from store.books.base import WrittenJson
from store.books.bulk import insert_columns, pages
from store.books.ledger import DRAFT, WHAT_IF, SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Place, Season
from store.books.run_rows import rows_of, run_pages

BULK = 5_000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Drafted:
    """A run as kept."""

    run: int
    season: str
    policy: str
    state: str
    made_at: datetime
    flush: int
    households: int
    total: Decimal
    currency: str
    undetermined: int
    policy_sha256: str
    snapshot_sha256: str
    results_sha256: str | None  # None: made before what a settlement took was kept
    drafted_by: Actor
    approved_by: Actor | None
    approved_at: datetime | None
    approval_reason: str
    rules: int | None = None  # version of the rules; None: made before it was kept
    results_version: int | None = None  # of what `results_sha256` covers; None: the first
    last_change: int | None = None  # of the registry that it saw; None: made before it was kept

    @property
    def dated(self) -> datetime:
        """When its sums were decided: approved, else drafted; the date of its letters."""
        return self.approved_at or self.made_at


#: What goes into the books with a run, or not at all: given its transaction and its number.
WithRun = Callable[[Connection, int], object]


@collector_paused()
def save(
    engine: Engine, settlement: Settlement, by: By, state: str = DRAFT,
    with_run: WithRun | None = None, last_change: int | None = None,
) -> int:  # fmt: skip
    """Keeps a settlement with what it took, `by` its drafter -> run id. One transaction.

    `state` is DRAFT, or WHAT_IF under another policy than the season's own; `with_run` is called in
    the transaction, last; `last_change`: of the registry, before its facts were taken.
    """
    policy, snapshot = settlement.policy, settlement.snapshot
    run = SettlementRun(
        policy=policy.policy.id,
        policy_sha256=policy.sha256,
        snapshot_sha256=snapshot.sha256(),
        flush=settlement.flush,
        made_at=by.at,
        state=state,
        households=len(settlement.results),
        total=settlement.total(),
        currency=policy.policy.currency,
        undetermined=settlement.undetermined(),
        rules=VERSION,
        last_change=last_change,
        drafted_by=by.actor,
    )
    with Session(engine) as session, session.begin():
        enter(session, run, snapshot, policy)
        hashed = save_results(session, run.id, settlement.results)
        keep_hash(session, run, hashed.content())
        if with_run is not None:
            session.flush()
            with_run(session.connection(), run.id)
        return run.id


def enter(
    session: Session, run: SettlementRun, snapshot: Snapshot, policy: PolicyFile,
    difference: inputs.Difference | None = None,
) -> None:  # fmt: skip
    """Keeps what a run takes and gives it its number; one at a time of a season.

    `difference`: of the snapshot to one that is kept.
    """
    taken = snapshot.canonical()
    inputs.keep(session, inputs.SNAPSHOT, run.snapshot_sha256, taken, difference)
    inputs.keep(session, inputs.POLICY, run.policy_sha256, policy.raw)
    season = select(Season.id).where(Season.code == snapshot.season.code)
    run.season_id = session.scalars(season.with_for_update()).one()
    session.add(run)
    session.flush()


def keep_hash(
    session: Session, run: SettlementRun, content: bytes,
    difference: inputs.Difference | None = None,
) -> None:  # fmt: skip
    """Keeps the hash of a run's results with what it covers, which a correction of it goes on from, and that of
    its row: nothing of that is written behind it but its approval.

    `difference`: of what it covers to what is kept of another run.
    """
    run.results_version = HASHES
    run.results_sha256 = hashlib.sha256(content).hexdigest()
    inputs.keep(session, inputs.RESULTS, run.results_sha256, content, difference)
    run.drafted_sha256 = drafted_sha256(run)


def save_results(session: Session, run: int, results: Sequence[Result]) -> Digests:
    """Keeps results and lines -> the hash of the results. Steps are made and written once, for both."""
    hashed, link, found = Digests(), session.connection(), ResultColumns.of(results)
    for first in range(0, len(found), BULK):
        end = min(first + BULK, len(found))
        columns = _result_columns(found, first, end)
        texts: dict[str, WrittenJson] = {}  # most are the same
        steps = [texts.setdefault(t, WrittenJson(t)) for t in hashed.add_rows(found, first, end)]
        own = {"run_id": [run] * (end - first), **columns, "steps": steps}
        insert_columns(link, SettlementResult.__table__, own)
    _save_lines(link, run, [own for _, own in sorted(found.own.items()) if own.lines])
    return hashed


def _result_columns(found: ResultColumns, first: int, end: int) -> dict[str, Sequence[Any]]:
    """The columns of rows [first, end) but for their steps."""
    rows: list[tuple[Decimal, bool, str]] = []
    for a, b, shared in found.stretches(first, end):
        if shared is None:
            own = found.own[a]
            rows.append((own.total, own.undetermined, own.reason.code))
        else:
            rows += [(ZERO, False, shared.reason.code)] * (b - a)
    total, undetermined, reason = zip(*rows, strict=True)
    return {
        "household_id": found.household[first:end].tolist(),
        "total": total,
        "undetermined": undetermined,
        "reason": reason,
    }


def _save_lines(link: Connection, run: int, results: Sequence[Result]) -> None:
    owned = [(each.household, line) for each in results for line in each.lines]
    for first in range(0, len(owned), BULK):
        part = owned[first : first + BULK]
        rows = [_columns(line) for _, line in part]
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        ids = _ids(link, run, {household for household, _ in part})
        own = {"result_id": [ids[household] for household, _ in part], **columns}
        insert_columns(link, SettlementLine.__table__, own)


def _ids(link: Connection, run: int, households: Iterable[int]) -> dict[int, int]:
    """Household's place id -> id of its result in the run."""
    query = select(SettlementResult.household_id, SettlementResult.id).where(
        SettlementResult.run_id == run, SettlementResult.household_id.in_([*households])
    )
    return {row.household_id: row.id for row in link.execute(query)}


def _columns(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "first_day": line.first,
        "last_day": line.last,
        "days": str(line.days),
        "share": str(line.share),
        "amount": line.amount,
        "clause": line.clause,
        "room": line.room,
        "payer": line.payer,
    }


def runs(engine: Engine, season: str | None = None) -> list[Drafted]:
    """All runs, of one season where it is named, newest first."""
    query = select(SettlementRun, Season.code).join(Season, Season.id == SettlementRun.season_id)
    if season is not None:
        query = query.where(Season.code == season)
    with Session(engine) as session:
        rows = session.execute(query.order_by(SettlementRun.id.desc())).all()
        return [_drafted(run, code) for run, code in rows]


def _drafted(run: SettlementRun, season: str) -> Drafted:
    return Drafted(
        run.id, season, run.policy, run.state, run.made_at, run.flush, run.households, run.total,
        run.currency, run.undetermined, run.policy_sha256, run.snapshot_sha256, run.results_sha256,
        run.drafted_by, run.approved_by, run.approved_at, run.approval_reason, run.rules,
        run.results_version, run.last_change,
    )  # fmt: skip


def newest(engine: Engine, season: str, run: int | None = None) -> Drafted:
    """The run with this number, else the season's newest that is no what-if; WrongCall: none."""
    found = runs(engine, season)
    if run is not None:
        found = [each for each in found if each.run == run]
    else:
        found = [each for each in found if each.state != WHAT_IF]
    if not found:
        if run is None:
            raise WrongCall(
                msg(
                    "season {season!r} has no run yet; "
                    "make one with: heatwatch settle draft --season {season}",
                    season=season,
                )
            )
        raise WrongCall(
            msg(
                "season {season!r} has no run {run}; "
                "make one with: heatwatch settle draft --season {season}",
                season=season,
                run=run,
            )
        )
    return found[0]


def by_number(engine: Engine, run: int) -> Drafted:
    """The run with this number, of any season; WrongCall: none."""
    every = runs(engine)
    found = [each for each in every if each.run == run]
    if not found:
        raise WrongCall(
            msg(
                "run {run} is not in the books; {allowed}",
                run=run,
                allowed=allowed_runs([r.run for r in every]),
            )
        )
    return found[0]


def allowed_runs(numbers: Sequence[int]) -> Text:
    """What a person may name instead, of these numbers with the newest first."""
    if not numbers:
        return msg("there is none yet: heatwatch settle draft --season SEASON makes one")
    more = " ..." if len(numbers) > 10 else ""
    listed = ", ".join(str(number) for number in numbers[:10])
    return msg("allowed: {numbers}{more}", numbers=listed, more=more)


@dataclass(frozen=True, slots=True)
class Kept:
    """One household's result as kept in a run."""

    household: str
    total: Decimal
    undetermined: bool
    reason: str
    steps: Sequence[dict[str, Any]]
    lines: tuple[dict[str, Any], ...]


def kept(engine: Engine, run: int, household: str | None = None) -> Iterator[Kept]:
    """Results of a run with their lines, by household code; of one household where it is named."""
    with Session(engine) as session:
        query = _RESULTS.where(rows_of(session, run))
        if household is not None:
            query = query.where(Place.code == household)
        yield from (each for _, each in _kept(session, pages(session, query, Place.code)))


def kept_by_place(engine: Engine, run: int) -> Iterator[tuple[int, Kept]]:
    """(household's place id, result) of a run by id: codes are the registry's of today."""
    with Session(engine) as session:
        yield from _kept(session, run_pages(session, _RESULTS, run))


def kept_of(session: Session, run: int, households: Collection[int]) -> Iterator[tuple[int, Kept]]:
    """The same of some thousands of households at most."""
    own = _RESULTS.where(rows_of(session, run), SettlementResult.household_id.in_(households))
    return _kept(session, pages(session, own, SettlementResult.household_id))


def told(result: Result) -> Kept:
    """A result as it is kept."""
    lines = tuple(line_body(SettlementLine(**_columns(line))) for line in result.lines)
    steps = list(result.steps)
    return Kept(result.code, result.total, result.undetermined, result.reason.code, steps, lines)


_RESULTS = select(SettlementResult, Place.code).join(
    Place, Place.id == SettlementResult.household_id
)


def _kept(session: Session, parts: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Kept]]:
    """(household's place id, result) of pages of `_RESULTS`, with the lines of its results and no others."""
    for part in parts:
        lines = lines_of(session, [row[0].id for row in part])
        for result, code, _ in part:
            yield (
                result.household_id,
                Kept(
                    code,
                    result.total,
                    result.undetermined,
                    result.reason,
                    result.steps,
                    tuple(lines.get(result.id, ())),
                ),
            )


def lines_of(session: Session, results: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Id of a result -> its lines in their order, of some thousands of results."""
    table = SettlementLine.__table__
    chosen = select(table).where(table.c.result_id.in_(results)).order_by(table.c.id)
    return line_bodies(session, chosen)


def line_bodies(session: Session, chosen: Select[Any]) -> dict[int, list[dict[str, Any]]]:
    """Id of a result -> those of its lines that are chosen, in their order."""
    lines: dict[int, list[dict[str, Any]]] = {}
    for line in session.execute(chosen):
        lines.setdefault(line.result_id, []).append(line_body(line))
    return lines


def line_body(line: SettlementLine | Row[Any]) -> dict[str, Any]:
    """A line as ledger and exports write it: exact numbers as strings; its room and payer where it has them."""
    whose = {"room": line.room, "payer": line.payer}
    return {name: of for name, of in whose.items() if of} | {
        "kind": line.kind,
        "first_day": line.first_day.isoformat(),
        "last_day": line.last_day.isoformat(),
        "days": line.days,
        "share": line.share,
        "amount": str(line.amount),
        "clause": line.clause,
    }
