"""Makes a letter: one household's kept result with the facts and readings that it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from analytics.facts.snapshot import Snapshot
from analytics.law.applied import applied
from analytics.law.calculators import reason
from analytics.law.cold_days.room_standards import more_than_general
from analytics.law.deadlines import due, objection
from analytics.law.policy import PolicyFile
from analytics.law.reasons import PAID, WOULD_BE_PAID
from analytics.ledger.changed_facts import FactChange
from analytics.ledger.differences import differences
from analytics.ledger.drafts import Drafted, Kept
from analytics.ledger.sent_before import SentBeside
from analytics.settlement.request_lives import lives_of
from domain.columns import Columns
from domain.language import Text
from domain.quantity import Quantity
from domain.requests import STATES, Life, State
from domain.time import Span, day_start, from_us, local_day
from domain.workdays import WorkDays
from reports.letters.curve import curve_of
from reports.letters.fees import later_fees
from reports.letters.letter import Asked, Earlier, Facts, Letter, Run
from reports.letters.own_steps import of_their_days
from reports.letters.payers import occupants_of
from reports.letters.unknown import judged_time, unknown_of
from reports.letters.warm_days import summed
from store.books.ledger import WHAT_IF

#: Steps that stand elsewhere on the sheet.
ELSEWHERE = ("policy", "what_if", "line.", "finding", "room_not_measured")
#: Steps that stand where the lines of a refund do, under a law without money.
FINDINGS = ("finding", "room_not_measured")


class Before(NamedTuple):
    """What the approved run before says of a household, and what facts that run did not take so."""

    run: int
    kept: Kept
    facts: Sequence[FactChange] = ()
    data_version: int = 0
    sent: Mapping[str, Decimal] | None = None


class Beside(NamedTuple):
    """What a letter says besides the result: of the run before, and of other seasons."""

    before: Before | None = None  # of the approved run before
    sent: SentBeside | None = None  # for the same days in other seasons
    #: Seasons of the same days that have its contract now, where it left this one since the run before.
    left: Sequence[str] | None = None


NONE = Beside()


@dataclass(frozen=True, slots=True)
class Case:
    """A household's result, and what it was found from."""

    kept: Kept
    policy: PolicyFile
    snapshot: Snapshot  # of this household alone
    columns: Columns
    facts: Facts
    run: Drafted | None
    now: datetime  # of a result that no run kept
    beside: Beside = NONE
    what_if: bool = False  # under another policy than the season's own


def letter(case: Case) -> Letter:
    """The letter of a result: the same for the same run."""
    own = _letter(case)
    if not own.has_left:
        return own
    return replace(own, due=None, curve=None, unknown=(), occupants=(), interpretations=())


def _letter(case: Case) -> Letter:
    season, terms = case.snapshot.season, case.policy.policy
    zone = ZoneInfo(season.zone)
    calendar = WorkDays(season.zone)
    dated = local_day(_dated(case), zone)
    last_day = local_day(from_us(season.until_us - 1), zone)
    steps = case.kept.steps
    lines = [each for each in steps if each["step"].startswith("line.")]
    matters = [*_spans(steps, zone), *_of_facts(case.facts)]
    promised = _promised(steps)
    standard = Quantity.TEMPERATURE.to_ticks(promised or terms.standard.temp)
    more = more_than_general(case.snapshot, terms).tolist()
    lives = _lives(case)
    judged = judged_time(case.snapshot, case.columns, terms, lives)
    told = [each for each in steps if not each["step"].startswith(ELSEWHERE)]
    occupants = occupants_of(case.snapshot, case.columns, terms)
    return Letter(
        season=season.code,
        zone=season.zone,
        first_day=local_day(from_us(season.since_us), zone),
        last_day=last_day,
        dated=dated,
        terms=terms,
        policy_sha256=case.policy.sha256,
        fee=Decimal(case.snapshot.fee[0]),
        fees=later_fees(case.snapshot, zone),
        consent=bool(case.snapshot.consent[0]),
        total=case.kept.total,
        currency=case.snapshot.currency[0],
        undetermined=case.kept.undetermined,
        bounds=_bounds(steps),
        reason=_why(case),
        lines=lines,
        steps=summed(of_their_days(told, occupants)),
        interpretations=applied(
            steps, terms.interpretations, telemetry=bool(case.columns.usable().any())
        ),
        facts=replace(case.facts, requests=tuple(_requests(case, lives))),
        curve=curve_of(case.snapshot, case.columns, standard, matters, more),
        due=None if case.what_if else due(terms.settle, last_day, calendar),
        objection=objection(dated, calendar),
        run=None if case.run is None else _run(case.run),
        rooms={each.code: each for each in case.facts.rooms},
        unknown=unknown_of(case.snapshot, case.columns, terms, judged),
        judged_by=judged.by,
        occupants=occupants,
        earlier=_earlier(case),
        sent_beside=case.beside.sent,
        left=case.beside.left,
        pays=terms.pays(),
        what_if=case.what_if,
        overlay=terms.what_if,
        findings=[each for each in steps if each["step"].startswith(FINDINGS)],
        promised=promised,
        use=next((each for each in steps if each["step"] == "use"), None),
    )


def _why(case: Case) -> Text | str:
    code = case.kept.reason
    if case.what_if and code == PAID.code:
        return WOULD_BE_PAID
    return reason(code).text if code else ""


def _promised(steps: Sequence[dict[str, Any]]) -> Decimal | None:
    """The contract's temperature, where it takes the place of the act's. [Cel]"""
    for each in steps:
        if each["step"] in ("promised", "use") and "celsius" in each["numbers"]:
            return Decimal(each["numbers"]["celsius"])
    return None


def _lives(case: Case) -> list[Life]:
    found = lives_of(case.snapshot, lambda _: case.columns, case.policy.policy)
    return [each for own in found.values() for each in own]


def _requests(case: Case, lives: Sequence[Life]) -> Iterator[Asked]:
    """Each with what it had become when the sum was decided; one of another season without."""
    now = _dated(case)
    of = {each.request: each for each in lives}
    for each in case.facts.requests:
        life = of.get(each.at)
        if life is None:
            yield each
            continue
        ended = life.until if life.until <= now else None
        yield replace(each, became=_became(life, now), due=life.due, came=life.came, ended=ended)


def _became(life: Life, now: datetime) -> tuple[Text, ...]:
    """Its state; of one that ended with the season also why it stood until then."""
    stages = [each for each in life.stages if each.since <= now] or [life.stages[0]]
    before = stages[-2:-1] if stages[-1].state is State.LAPSED else []
    return (*(each.reason for each in before), STATES[stages[-1].state])


def _earlier(case: Case) -> Earlier | None:
    own = case.beside.before
    if own is None:
        return None
    changed = differences(own.kept.lines, case.kept.lines)
    return Earlier(own.run, own.kept.total, changed, own.facts, own.data_version, own.sent)


def _dated(case: Case) -> datetime:
    """When the sum was decided: approved, else drafted, else computed."""
    if case.run is None:
        return case.now
    return case.run.dated


def _run(run: Drafted) -> Run:
    return Run(
        run.run, run.approved_at is not None, run.state == WHAT_IF, run.flush, run.made_at, run.drafted_by,
        run.approved_by, run.approved_at, run.snapshot_sha256, run.results_sha256 or "",
    )  # fmt: skip


def _bounds(steps: Sequence[dict[str, Any]]) -> tuple[Decimal, Decimal] | None:
    """The lower and the upper sum, where part of it is undetermined."""
    for each in steps:
        numbers = each["numbers"]
        if "lower" in numbers and (
            each["step"] == "undetermined" or each["step"].startswith("reason.")
        ):
            return Decimal(numbers["lower"]), Decimal(numbers["upper"])
    return None


def _spans(steps: Sequence[dict[str, Any]], zone: ZoneInfo) -> Iterator[Span]:
    """What lines, days, cold spells and outages of the steps are about."""
    for each in steps:
        numbers = each["numbers"]
        if "first" in numbers and "last" in numbers:
            first, last = (date.fromisoformat(numbers[name]) for name in ("first", "last"))
            yield Span(day_start(first, zone), day_start(last + timedelta(days=1), zone))


def _of_facts(facts: Facts) -> Iterator[Span]:
    moment = timedelta(minutes=1)
    for at in (
        *(each.at for each in facts.requests),
        *(each.at for each in facts.measured),
        *(each.at for each in facts.refused),
    ):
        yield Span(at, at + moment)
    for outage in facts.outages:
        yield Span(outage.since, outage.until or outage.since + moment)
    for fault in facts.faults:
        yield Span(fault.since, fault.until or fault.since + moment)
