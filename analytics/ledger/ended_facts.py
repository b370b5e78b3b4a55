"""Facts that runs took and that were superseded or withdrawn since, and those that came after a run."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, and_, or_, select
from sqlalchemy.orm import Session

from analytics.law.claim_limits import last_claim
from analytics.ledger import frozen_inputs as inputs
from domain.actor import Actor
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, joined, msg
from domain.recorded import SEPARATOR
from domain.time import Span, day_start, local_day
from domain.tree import Tree
from domain.visible import has_words
from store.books.changes import WRITTEN_BY, ChangeRecord, RegistryEdit
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Device, Season, Series
from store.evidence.networks import network_since
from store.evidence.placements import added_placements, ended_placements
from store.evidence.since import Since
from store.evidence.versions import Scope, State, Version, versions
from store.registry.corrections import COUNTED
from store.registry.kinds import KIND_OF
from store.registry.places import tree

#: Of which no settlement takes anything by itself: contracts say what tariffs gave, and an objection
#: that is answered changes no run.
UNUSED = ("tariffs", "objections")

SEASONS, PLACES, DEVICES = "seasons", "places", "devices"  # kinds of the registry
REQUESTS = "requests"
TERMS, CONTRACTS, FEES = "contract_terms", "contracts", "fee_spans"
SHOWN = 5  # of the facts that keep a draft from being approved

STATES = {State.SUPERSEDED: msg("was corrected"), State.WITHDRAWN: msg("was withdrawn")}


@dataclass(frozen=True, slots=True)
class EndedFact:
    """A fact that a run took and that is not current any more."""

    run: int
    season: str
    kind: str
    key: str
    state: State
    ended_at: datetime
    ended_by: Actor
    reason: str

    def said(self, formats: Formats) -> Text:
        """One line for a person."""
        return msg(
            "run {run} of season {season} took a fact that {ended} after it: {kind} {key}; {at}, {by}: {reason}",
            run=self.run, season=self.season, ended=STATES[self.state], kind=self.kind,
            key=formats.with_local(self.key), at=formats.instant(self.ended_at), by=self.ended_by.shown(),
            reason=self.reason,
        )  # fmt: skip


def ended_facts(
    engine: Engine, run: int | None = None, company: int | None = None
) -> list[EndedFact]:
    """Of each approved run (or of this one) the facts about its season that ended after it was drafted.

    With `company`, its place id, only of its own runs.
    """
    query = select(SettlementRun, Season).join(Season, Season.id == SettlementRun.season_id)
    one = SettlementRun.state == APPROVED if run is None else SettlementRun.id == run
    query = query.where(one)
    if company is not None:
        query = query.where(Season.company_id == company)
    with Session(engine) as session:
        runs = session.execute(query.order_by(SettlementRun.id)).all()
        if not runs:
            return []
        places = tree(engine)
        return [
            each
            for settled, season in runs
            for each in _of_run(engine, settled, season, _scope(engine, places, settled, season))
        ]


def _scope(engine: Engine, places: Tree, run: SettlementRun, season: Season) -> Scope:
    """The company's places, and those that left it behind the draft: the run has their facts."""
    return Scope(network_since(engine, places, season.company_id, drafted(run)))


def added_facts(engine: Engine, run: int) -> list[Version]:
    """Current facts about a run's season that were recorded after it was drafted, and that correct none."""
    query = select(SettlementRun, Season).join(Season, Season.id == SettlementRun.season_id)
    with Session(engine) as session:
        made, season = session.execute(query.where(SettlementRun.id == run)).one()
        scope = Scope(tree(engine).within(season.company_id))
        asked_until = asked_until_of(engine, made, season)
        placed = added_placements(engine, scope, ZoneInfo(season.zone), drafted(made))
        return [
            each
            for each in [*versions(engine, scope, recorded_since=drafted(made)), *placed]
            if each.supersedes is None
            and each.kind not in UNUSED
            and concerns(each, season, asked_until)
        ]


def drafted(run: SettlementRun) -> Since:
    """Where the registry stood when a run took its facts."""
    return Since(run.made_at, run.last_change)


def refuse_ended(engine: Engine, run: SettlementRun, reason: str) -> None:
    """WrongCall where facts that a draft took have ended since, unless a reason says why it stands.

    What it pays for them would have to be claimed back.
    """
    if has_words(reason) or not (ended := ended_facts(engine, run.id)):
        return
    with Session(engine) as session:
        season = session.get_one(Season, run.season_id)
        local = Formats("en", ZoneInfo(season.zone)).with_local
    facts: list[Text | str] = [
        msg(
            "{kind} {key} {ended} by {by}",
            kind=each.kind, key=local(each.key), ended=STATES[each.state], by=each.ended_by.shown(),
        )
        for each in ended[:SHOWN]
    ]  # fmt: skip
    if len(ended) > SHOWN:
        facts.append(msg("and {n} more", n=len(ended) - SHOWN))
    raise WrongCall(
        msg(
            "run {run} took facts that ended since it was drafted: {facts}; allowed: a new draft "
            "(heatwatch settle draft), or --reason with why this one is approved as it is",
            run=run.id, facts=joined("; ", facts),
        )
    )  # fmt: skip


def _of_run(
    engine: Engine, run: SettlementRun, season: Season, scope: Scope
) -> Iterator[EndedFact]:
    yield from _edits(engine, run, season, scope)
    placed = ended_placements(engine, scope, ZoneInfo(season.zone), drafted(run))
    asked_until = asked_until_of(engine, run, season)
    brought = {
        (each.kind, each.supersedes)
        for each in versions(engine, scope, recorded_since=drafted(run))
        if each.supersedes is not None and concerns(each, season, asked_until)
    }  # into the season, by a correction
    for each in [*versions(engine, scope, ended_since=drafted(run)), *placed]:
        if each.ended_at is None or each.ended_by is None or each.kind in UNUSED:
            continue
        if concerns(each, season, asked_until) or (each.kind, each.version) in brought:
            yield EndedFact(
                run.id, season.code, each.kind, each.key, each.state, each.ended_at, each.ended_by,
                each.end_reason,
            )  # fmt: skip
    yield from _cut(engine, run, season, scope)


def _cut(engine: Engine, run: SettlementRun, season: Season, scope: Scope) -> Iterator[EndedFact]:
    """Terms and payers that end at a day since, as others were recorded from there on.

    The run took them for what comes behind that day, too; no change of their own says so.
    """
    named = set()
    for taken_up in (_cut_terms, _cut_fees):
        for kind, key, new in taken_up(engine, run, season, scope):
            if (kind, key) not in named:
                named.add((kind, key))
                yield EndedFact(
                    run.id, season.code, kind, key, State.SUPERSEDED, new.recorded_at,
                    new.recorded_by, new.reason,
                )  # fmt: skip


Cut = Iterator[tuple[str, str, Version]]  # kind and key of what ends, and the row that is new


def _cut_terms(engine: Engine, run: SettlementRun, season: Season, scope: Scope) -> Cut:
    for new, before in _taken_up(engine, run, season, scope, TERMS):
        if before or new.values["season_fee"] or new.values["area_m2"]:
            yield *_ends(new, before, season), new
        # else the contract said nothing else


def _cut_fees(engine: Engine, run: SettlementRun, season: Season, scope: Scope) -> Cut:
    rows = [*_taken_up(engine, run, season, scope, FEES)]
    contracts = {each.key for each in versions(engine, scope, [CONTRACTS])} if rows else set()
    for new, before in rows:
        if before or _contract_of(new, season) in contracts:  # else no home of the run
            yield *_ends(new, before, season), new


def _taken_up(
    engine: Engine, run: SettlementRun, season: Season, scope: Scope, kind: str
) -> Iterator[tuple[Version, Version | None]]:
    """(new row, the newest that stood and begins before it) of rows that were recorded since and correct none."""
    later = versions(engine, scope, [kind], recorded_since=drafted(run))
    later = [each for each in later if concerns(each, season, season.until)]
    new = [each for each in later if each.supersedes is None]
    if not new:
        return
    numbers = {each.version for each in later}
    stood: dict[str, list[Version]] = defaultdict(list)
    for each in versions(engine, scope, [kind]):
        if each.version not in numbers and concerns(each, season, season.until):
            stood[each.about].append(each)
    for each in new:
        own = [old for old in stood[each.about] if _begin(old, season) < _begin(each, season)]
        yield each, max(own, key=lambda old: _begin(old, season), default=None)


def _ends(new: Version, before: Version | None, season: Season) -> tuple[str, str]:
    return (before.kind, before.key) if before else (CONTRACTS, _contract_of(new, season))


def _contract_of(fact: Version, season: Season) -> str:
    return SEPARATOR.join([fact.about, season.code])


def _begin(terms: Version, season: Season) -> datetime:
    return terms.at or season.since


def asked_until_of(engine: Engine, run: SettlementRun, season: Season) -> datetime:
    """Up to when requests count for the run: an act may take those that claim a refund afterwards."""
    try:
        terms = inputs.policy(engine, run.policy_sha256).policy
    except inputs.Unkept:
        return season.until
    found = last_claim(terms, season.until, season.zone)
    return season.until if found is None else found[1]


def _edits(engine: Engine, run: SettlementRun, season: Season, scope: Scope) -> Iterator[EndedFact]:
    """Changes of what has no versions: the season's own, and what money goes by of places and devices."""
    edit, record = RegistryEdit, ChangeRecord
    named = [and_(edit.kind == kind, edit.column.in_(COUNTED[kind])) for kind in (PLACES, DEVICES)]
    named.append(and_(edit.kind == SEASONS, edit.key == season.code, edit.column != WRITTEN_BY))
    query = (
        select(record.id, record.at, record.actor, record.reason, edit.kind, edit.key)
        .join(edit, edit.change_id == record.id)
        .where(drafted(run).later(), or_(*named))
        .distinct()
        .order_by(record.id, edit.kind, edit.key)
    )
    with Session(engine) as session:
        rows = session.execute(query).all()
    own = _devices(engine, scope) if any(row.kind == DEVICES for row in rows) else frozenset()
    for row in rows:
        if (row.kind == PLACES and row.key not in scope.network.by_code) or (
            row.kind == DEVICES and row.key not in own
        ):
            continue
        yield EndedFact(
            run.id, season.code, row.kind, row.key, State.SUPERSEDED, row.at, row.actor, row.reason
        )


def _devices(engine: Engine, scope: Scope) -> frozenset[str]:
    """Codes of the devices that measure at places of the scope."""
    query = select(Device.code, Series.place_id).join(Series, Series.device_id == Device.id)
    with Session(engine) as session:
        inside = {*scope.network.ids.tolist()}
        return frozenset(row.code for row in session.execute(query) if row.place_id in inside)


def concerns(fact: Version, season: Season, asked_until: datetime) -> bool:
    """Whether the fact is of the season, or touches it; requests count up to an instant of their own."""
    if fact.at is None or "season" in KIND_OF[fact.kind].key:
        parts = dict(zip(KIND_OF[fact.kind].key, fact.key.split(SEPARATOR), strict=False))
        return parts.get("season") == season.code
    touched = _days(season)
    if "until" not in fact.values:
        last = max(touched.until, asked_until) if fact.kind == REQUESTS else touched.until
        return touched.since <= fact.at < last
    if fact.kind == FEES:  # one that ended before the season says who lives there in it
        return fact.at < season.until
    until = fact.values["until"]
    ends = datetime.fromisoformat(until) if until else touched.until
    return fact.at < touched.until and ends > touched.since


def _days(season: Season) -> Span:
    """The local days that a season touches, whole, as runs take them."""
    zone = ZoneInfo(season.zone)
    last = local_day(season.until - timedelta(microseconds=1), zone)
    first = day_start(local_day(season.since, zone), zone)
    return Span(first, day_start(last + timedelta(days=1), zone))
