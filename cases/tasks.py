"""Tasks of every kind of case: opened, closed by evidence or by a person, and listed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import starmap
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from analytics.law.policy import Policy
from analytics.law.room_limits import rooms_looked_at
from cases.case import Cause, Event, Given, Limit, OfSeason
from cases.finishing import Finished, finished
from cases.kinds import kinds
from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import msg
from domain.requests import Life
from domain.time import Span
from domain.visible import has_words
from store.books.registry import Place
from store.books.watch import CaseTask
from store.registry.places import in_company

#: The policy of a place (by its id) at the instant of a task's cause; None: what any act accepts.
LawOf = Callable[[int, datetime], Policy | None]
ANY_LAW: LawOf = lambda _place, _at: None  # noqa: E731  a value by default


@dataclass(frozen=True, slots=True)
class Task:
    """A task as people see it."""

    id: int
    kind: str  # a name in `cases.kinds.KINDS`
    household: str  # code
    name: str
    address: str
    cause: str  # one of its kind's
    cause_at: datetime
    due_at: datetime | None  # None: the act sets no limit
    clause: str
    opened_by: Actor
    done_at: datetime | None
    done_by: Actor | None
    done_reason: str
    overdue: bool  # not done and past its limit, or done after it


def open_of_season(
    engine: Engine,
    span: Span,
    policy: Policy,
    by: By,
    homes: Collection[int] | None = None,
    lives: Mapping[int, Sequence[Life]] | None = None,
    theirs: Callable[[int, datetime], bool] | None = None,
) -> dict[str, int]:
    """One task for each event of `span`, up to the time of `by`, that has none yet.

    `homes` are the place ids of the season's company; None: all. `theirs` says of a place and an
    instant whether the season's law holds there then; None: it does. `lives` are those of
    its requests; of a household that has none each request is one by itself. Answers with how many,
    by what their causes are counted as.
    """
    counts: dict[str, int] = {}
    season = OfSeason(span, lives or {}, rooms_looked_at(policy.standard))
    with engine.begin() as connection:
        for name, kind in kinds().items():
            limit = kind.limit(policy)
            for cause in kind.of_season:
                counts[cause.counted] = _open(
                    connection, name, cause, season, limit, by, homes, theirs
                )
    return counts


def open_of_run(engine: Engine, run: int, policy: Policy, by: By) -> dict[str, int]:
    """One task for each event of a settlement run that has none yet; how many, as above.

    Its cause is the run, and it is opened at the time of `by`.
    """
    with engine.begin() as connection:
        return open_with_run(connection, run, policy, by)


def open_with_run(connection: Connection, run: int, policy: Policy, by: By) -> dict[str, int]:
    """The same in a transaction, as that which keeps the run."""
    counts: dict[str, int] = {}
    for name, kind in kinds().items():
        limit = kind.limit(policy)
        for cause in kind.of_run:
            counts[cause.counted] = _open(connection, name, cause, run, limit, by)
    return counts


def _open(
    connection: Connection,
    kind: str,
    cause: Cause[Given],
    given: Given,
    limit: Limit | None,
    by: By,
    homes: Collection[int] | None = None,
    theirs: Callable[[int, datetime], bool] | None = None,
) -> int:
    if limit is None:
        return 0
    found = cause.find(connection, given, by.at)
    events = [
        each
        for each in found
        if (homes is None or each.household in homes)
        and (theirs is None or theirs(each.household, each.at))
    ]
    return _write(connection, kind, cause.name, events, limit, by)


def _write(
    connection: Connection, kind: str, cause: str, events: Iterable[Event], limit: Limit, by: By
) -> int:
    events = list(dict.fromkeys(events))
    if not events:
        return 0
    times = [each.at for each in events]
    stated = select(CaseTask.household_id, CaseTask.cause_at).where(
        CaseTask.kind == kind, CaseTask.cause_at.between(min(times), max(times))
    )
    known = {Event(*row) for row in connection.execute(stated)}
    rows = [
        {
            "kind": kind,
            "household_id": each.household,
            "cause": cause,
            "cause_at": each.at,
            "opened_at": by.at,
            "opened_by": by.actor,
            "due_at": None if limit.within is None else each.at + limit.within,
            "clause": limit.clause,
        }
        for each in events
        if each not in known
    ]
    if rows:
        connection.execute(_insert(connection), rows)
    return len(rows)


def _insert(connection: Connection) -> Executable:
    """An insert that leaves a task alone which another process opened in the meantime."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(CaseTask).on_conflict_do_nothing()
    return postgresql.insert(CaseTask).on_conflict_do_nothing()


def close_by_evidence(
    engine: Engine, by: By, company: int | None = None, law_of: LawOf = ANY_LAW
) -> dict[str, int]:
    """Tasks with evidence since their cause are done at its instant; how many, by kind.

    Evidence counts up to the time of `by`, who closes them, and as the law of each task's home asks.
    `company`: place id; None: of all.
    """
    counts = dict.fromkeys(kinds(), 0)
    for kind in counts:
        waiting = CaseTask.kind == kind, CaseTask.done_at.is_(None), _of(company)
        with engine.begin() as connection:
            done = _done(connection, kind, waiting, by.at, law_of)
            if done:
                counts[kind] = finished(
                    connection, starmap(Finished, sorted(done.items())), by.actor
                )
    return counts


def _done(
    connection: Connection,
    kind: str,
    which: Collection[ColumnElement[bool]],
    now: datetime,
    law_of: LawOf,
) -> dict[int, datetime]:
    """{task: its first evidence since its cause, up to `now`}, of the tasks that have any."""
    query = select(CaseTask.id, CaseTask.household_id, CaseTask.cause_at).where(*which)
    laws: list[tuple[Policy | None, list[tuple[int, int, datetime]]]] = []
    for task, home, cause_at in connection.execute(query):
        law = law_of(home, cause_at)
        own = next((tasks for known, tasks in laws if known is law), None)
        if own is None:
            laws.append((law, own := []))
        own.append((task, home, cause_at))
    homes = select(CaseTask.household_id).where(*which)
    return {
        task: first
        for law, own in laws
        for task, first in _evident(kinds()[kind].evidence(connection, homes, law), own, now)
    }


def _evident(
    evidence: Iterable[Event], tasks: Iterable[tuple[int, int, datetime]], now: datetime
) -> Iterator[tuple[int, datetime]]:
    """(task, its first evidence since its cause) of those (task, place, cause) that have any."""
    seen: defaultdict[int, list[Event]] = defaultdict(list)
    for each in evidence:
        if each.at <= now:
            seen[each.household].append(each)
    for task, home, cause_at in tasks:
        times = [
            each.at
            for each in seen.get(home, ())
            if each.at >= cause_at and each.answers in (None, cause_at)
        ]
        if times:
            yield task, min(times)


def finish(
    engine: Engine, task: int, by: By, company: int | None = None, law_of: LawOf = ANY_LAW
) -> bool:
    """Marks a task as done by somebody at an instant; False where there is no such open task.

    WrongCall where `by` gives no reason and nothing in the books shows that it was done, as the law of
    the task's home asks: what would not close it by itself does not either when a person says so.
    """
    mine = CaseTask.id == task, CaseTask.done_at.is_(None), _of(company)
    with engine.begin() as connection:
        kind = connection.execute(select(CaseTask.kind).where(*mine)).scalar()
        if kind is None:
            return False
        if not has_words(by.reason):
            _refuse_without_evidence(connection, task, kind, by.at, law_of)
        mark = update(CaseTask).where(*mine)
        done = mark.values(done_at=by.at, done_by=by.actor, done_reason=by.reason)
        return connection.execute(done).rowcount == 1


def _refuse_without_evidence(
    connection: Connection, task: int, kind: str, now: datetime, law_of: LawOf
) -> None:
    if kind not in kinds():
        raise WrongCall(
            msg(
                "task {task} is of a kind that is not known any more: say why it is done with --reason",
                task=task,
            )
        )
    if not _done(connection, kind, [CaseTask.id == task], now, law_of):
        raise WrongCall(kinds()[kind].lacking(task))


def tasks(
    engine: Engine, now: datetime, company: int | None = None, *, every: bool = False
) -> list[Task]:
    """Open tasks by their limit, the most urgent first, those without one last; done ones too where `every`."""
    columns = (
        CaseTask.id, CaseTask.kind, Place.code, Place.name, Place.address,
        CaseTask.cause, CaseTask.cause_at, CaseTask.due_at,
        CaseTask.clause, CaseTask.opened_by,
        CaseTask.done_at, CaseTask.done_by, CaseTask.done_reason,
    )  # fmt: skip
    query = select(*columns).join(Place, Place.id == CaseTask.household_id)
    query = query.where(_of(company))
    if not every:
        query = query.where(CaseTask.done_at.is_(None))
    with engine.connect() as connection:
        found = connection.execute(
            query.order_by(CaseTask.due_at.is_(None), CaseTask.due_at, Place.code)
        )
        rows: list[Any] = list(found)
    names = [each.name for each in fields(Task)][: len(columns)]
    return [
        Task(
            **dict(zip(names, row, strict=True)),
            overdue=row.due_at is not None and (row.done_at or now) > row.due_at,
        )
        for row in rows
    ]


def _of(company: int | None) -> ColumnElement[bool]:
    """Tasks of this company's households; None: of all companies."""
    return true() if company is None else in_company(CaseTask.household_id, company)
