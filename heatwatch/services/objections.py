"""Objections of residents to what a run says of them: received, upheld by a correction, or dismissed.

An objection is a fact (`objections.csv`): its answer is a correction of that fact with its reason and actor,
so that the history says who answered what. It stops nothing: a run can be approved while one is open, and
`settle review` shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline, objection
from analytics.ledger.drafts import Drafted, by_number, runs
from domain.actor import By
from domain.code import code_among
from domain.errors import Refused, WrongCall
from domain.language import msg, not_known
from domain.recorded import DISMISSED, OPEN, UPHELD
from domain.time import local_day
from domain.tree import Tree
from domain.workdays import WorkDays
from heatwatch.services.objected_runs import before_the_run, no_correction, no_result
from heatwatch.services.recording import record_row
from heatwatch.wiring import World
from store.books.cells import write as cell
from store.books.current import Objection
from store.books.registry import Place
from store.registry.kinds import KIND_OF
from store.registry.rows import Seen

KIND = KIND_OF["objections"]
#: What a version keeps as its source, by its state.
COMMANDS = {
    OPEN: "heatwatch case object",
    UPHELD: "heatwatch case uphold",
    DISMISSED: "heatwatch case dismiss",
}


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection as people see it."""

    household: str  # code
    received: datetime
    run: int
    season: str
    since: datetime | None  # of what it disputes; None: all of it
    until: datetime | None
    text: str
    state: str  # one of `domain.recorded.OBJECTION_STATES`
    correction: int | None  # the run that corrects it
    document: str  # that dismisses it
    limit: Deadline  # the last day to object, as the run's letter says it
    late: bool  # received after it; it is examined all the same
    answer_due: Deadline


def objections(world: World, network: Tree, season: str = "") -> list[Objected]:
    """Those of the company's households about runs that there are, open ones and oldest first."""
    known = {each.run: each for each in runs(world.books, season or None)}
    own = set(network.ids.tolist())
    query = select(Objection, Place.code).join(Place, Place.id == Objection.household_id)
    zone = ZoneInfo(world.config.city.zone)
    with Session(world.books) as session:
        found = [
            _shown(row, code, known[row.run], zone)
            for row, code in session.execute(query)
            if row.run in known and row.household_id in own
        ]
    return sorted(found, key=lambda each: (each.state != OPEN, each.received, each.household))


def receive(
    world: World, network: Tree, household: str, run: int, text: str, received: datetime, by: By,
    span: tuple[datetime | None, datetime | None] = (None, None),
) -> Objected:  # fmt: skip
    """Records an objection to a run's result of a household; one after the limit counts as late.

    A whole minute is that of the one objection in it. Raises WrongCall for a run without this household, for
    an objection that is still to come, or from before the run was drafted, and for a minute with several.
    """
    drafted = by_number(world.books, run)
    household = code_among(household, network.by_code)
    if household not in network.codes:
        raise WrongCall(not_known(msg("household"), household, network.codes[:5]))
    if (fault := no_result(world, household, run)) is not None:
        raise WrongCall(fault)
    if received > by.at:
        at = world.formats.instant(received)
        raise WrongCall(msg("--received {at} is still to come", at=at))
    if (fault := before_the_run(world, drafted, received)) is not None:
        raise WrongCall(fault)
    received = _in_minute(world, network, household, received)
    since, until = span
    row = {"since": since, "until": until, "text": text, "state": OPEN, "run": run}
    _record(world, row | {"household": household, "at": received}, by)
    return _one(world, network, drafted.season, household, received)


def _in_minute(world: World, network: Tree, household: str, received: datetime) -> datetime:
    """When the one of the household that a list shows with this minute was received; of none: the same."""
    own = [each for each in objections(world, network) if each.household == household]
    known = sorted(each.received for each in own if each.received.replace(second=0) == received)
    if len(known) > 1 and received not in known:
        zone = ZoneInfo(world.config.city.zone)
        raise WrongCall(
            msg(
                "{kind} {key}: {n} facts have this time; write it as exactly as one of: {times}",
                kind=KIND.name, key=f"{household} / {received.astimezone(zone):%Y-%m-%dT%H:%M}",
                n=len(known), times=", ".join(each.astimezone(zone).isoformat() for each in known),
            )
        )  # fmt: skip
    return known[0] if len(known) == 1 else received


def answer(
    world: World, network: Tree, household: str, received: datetime, by: By,
    *, correction: int | None = None, document: str = "",
) -> Objected:  # fmt: skip
    """Upholds an objection by the run that corrects it, or dismisses it by a document; with its reason.

    Raises WrongCall where there is none, it has another answer, the correction is no later approved run of its
    season, and Refused where the registry refuses it.
    """
    household = code_among(household, network.by_code)
    before = _one(world, network, "", household, received)
    _refuse_answered(world, before, correction, document)
    if correction is not None:
        fault = no_correction(world, before.season, before.run, correction)
        if fault is not None:
            raise WrongCall(fault)
    row = {
        "household": household, "at": before.received, "run": before.run, "since": before.since,
        "until": before.until, "text": before.text,
        "state": DISMISSED if correction is None else UPHELD, "correction": correction,
        "document": document,
    }  # fmt: skip
    _record(world, row, by, Seen(_said(before)))
    return _one(world, network, before.season, household, before.received)


def _said(before: Objected) -> dict[str, str]:
    """What an answer rests on, as the file of objections has it."""
    names = ("run", "since", "until", "text", "state", "correction", "document")
    return {name: cell(getattr(before, name)) for name in names}


def _refuse_answered(world: World, before: Objected, correction: int | None, document: str) -> None:
    """WrongCall where it has another answer, with how that is taken back."""
    if before.state == OPEN or (before.correction, before.document) == (correction, document):
        return
    zone = ZoneInfo(world.config.city.zone)
    raise WrongCall(
        msg(
            "the objection of {household} has its answer: {answer}; to answer it otherwise: "
            "heatwatch evidence withdraw {kind} {household} {received} --reason WHY, and record it again "
            "with a reason",
            household=before.household, kind=KIND.name,
            answer=msg("upheld by run {run}", run=before.correction)
            if before.state == UPHELD
            else msg("dismissed by {document}", document=before.document),
            received=f"{before.received.astimezone(zone):%Y-%m-%dT%H:%M:%S}",
        )
    )  # fmt: skip


def limit_to_object(run: Drafted, zone: ZoneInfo) -> Deadline:
    """The last day on which its letter lets a household object."""
    return objection(local_day(run.dated, zone), WorkDays(zone.key))


def _one(world: World, network: Tree, season: str, household: str, received: datetime) -> Objected:
    every = objections(world, network, season)
    own = [each for each in every if each.household == household]
    found = [each for each in own if each.received == received]
    if not found:
        found = _as_shown(own, received, ZoneInfo(world.config.city.zone))
    if len(found) != 1:
        local = world.formats.with_local
        known = [local(f"{each.household} {cell(each.received)}") for each in every]
        wanted = local(f"{household} {cell(received)}")
        raise WrongCall(not_known(msg("objection"), wanted, known[:5]))
    return found[0]


def _as_shown(own: list[Objected], received: datetime, zone: ZoneInfo) -> list[Objected]:
    """Those of the minute that a list shows, or of the second where one is given; of the day where the time is
    a day's begin."""
    wide = timedelta(seconds=1) if received.second else timedelta(minutes=1)
    found = [each for each in own if received <= each.received < received + wide]
    local = received.astimezone(zone)
    if found or (local.hour, local.minute) != (0, 0):
        return found
    return [each for each in own if each.received.astimezone(zone).date() == local.date()]


def _record(world: World, row: Mapping[str, Any], by: By, seen: Seen | None = None) -> None:
    """As if imported: the same rules, history and actor; refused where what was seen has changed."""
    cells = {name: cell(row[name]) for name in KIND.names if row.get(name) is not None}
    report = record_row(world, KIND, cells, by, COMMANDS[row["state"]], seen)
    if report.refused:
        raise Refused(report.refused[0].why)


def _shown(row: Any, household: str, run: Drafted, zone: ZoneInfo) -> Objected:
    limit = limit_to_object(run, zone)
    day = local_day(row.at, zone)
    return Objected(
        household, row.at, row.run, run.season, row.since, row.until, row.text, row.state,
        row.correction, row.document, limit, day > limit.day, objection(day, WorkDays(zone.key)),
    )  # fmt: skip
