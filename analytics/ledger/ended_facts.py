"""Facts that runs took and that were superseded or withdrawn since, and those that came after a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, joined, msg
from store.books.changes import WRITTEN_BY, ChangeRecord, RegistryEdit
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Season
from store.evidence.placements import ended_placements
from store.evidence.versions import Scope, State, Version, versions
from store.registry.places import tree

#: Of which no settlement takes anything by itself: contracts say what tariffs gave, and an objection
#: that is answered changes no run.
UNUSED = ("tariffs", "objections")

SEASONS = "seasons"  # kind of the registry
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
            key=self.key, at=formats.instant(self.ended_at), by=self.ended_by.shown(),
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
            for each in _of_run(engine, settled, season, Scope(places.within(season.company_id)))
        ]


def added_facts(engine: Engine, run: int) -> list[Version]:
    """Current facts about a run's season that were recorded after it was drafted, and that correct none."""
    query = select(SettlementRun, Season).join(Season, Season.id == SettlementRun.season_id)
    with Session(engine) as session:
        made, season = session.execute(query.where(SettlementRun.id == run)).one()
        scope = Scope(tree(engine).within(season.company_id))
        return [
            each
            for each in versions(engine, scope, recorded_since=made.made_at)
            if each.supersedes is None and each.kind not in UNUSED and _concerns(each, season)
        ]


def refuse_ended(engine: Engine, run: SettlementRun, reason: str) -> None:
    """WrongCall where facts that a draft took have ended since, unless a reason says why it stands.

    What it pays for them would have to be claimed back.
    """
    if reason or not (ended := ended_facts(engine, run.id)):
        return
    facts: list[Text | str] = [
        msg(
            "{kind} {key} {ended} by {by}",
            kind=each.kind, key=each.key, ended=STATES[each.state], by=each.ended_by.shown(),
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
    yield from _edits(engine, run, season)
    placed = ended_placements(engine, scope, ZoneInfo(season.zone), run.made_at)
    for each in [*versions(engine, scope, ended_since=run.made_at), *placed]:
        if each.ended_at is None or each.ended_by is None or each.kind in UNUSED:
            continue
        if each.recorded_at <= run.made_at and _concerns(each, season):
            yield EndedFact(
                run.id, season.code, each.kind, each.key, each.state, each.ended_at, each.ended_by,
                each.end_reason,
            )  # fmt: skip


def _edits(engine: Engine, run: SettlementRun, season: Season) -> Iterator[EndedFact]:
    """Changes of the season itself: its days, zone and policy are no facts with versions."""
    query = (
        select(ChangeRecord)
        .where(
            ChangeRecord.at > run.made_at,
            ChangeRecord.id.in_(
                select(RegistryEdit.change_id).where(
                    RegistryEdit.kind == SEASONS, RegistryEdit.key == season.code,
                    RegistryEdit.column != WRITTEN_BY,
                )
            ),
        )
        .order_by(ChangeRecord.id)
    )  # fmt: skip
    with Session(engine) as session:
        for each in session.scalars(query):
            yield EndedFact(
                run.id, season.code, SEASONS, season.code, State.SUPERSEDED, each.at, each.actor,
                each.reason,
            )  # fmt: skip


def _concerns(fact: Version, season: Season) -> bool:
    """Whether the fact is of the season, or touches it."""
    if fact.at is None:
        return fact.key.split(" / ")[-1] == season.code
    if "until" not in fact.values:
        return season.since <= fact.at < season.until
    until = fact.values["until"]
    ends = datetime.fromisoformat(until) if until else season.until
    return fact.at < season.until and ends > season.since
