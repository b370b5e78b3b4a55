"""What of one household a run took otherwise than the run before it: facts, and columns of its registry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.ledger.changed_registry import ColumnChange, columns_between
from analytics.ledger.ended_facts import UNUSED, asked_until_of, concerns, drafted
from domain.actor import Actor
from domain.recorded import SEPARATOR
from domain.tree import Tree
from store.books.ledger import SettlementRun
from store.books.registry import Season
from store.evidence.placements import added_placements, ended_placements
from store.evidence.since import Since
from store.evidence.versions import Scope, State, Version, scope_of, versions

ADDED = "added"


class FactChange(NamedTuple):
    """What became of one fact between two runs."""

    kind: str  # or kind.column, of what has no versions: places.area_m2
    key: str  # without its household's code, times in UTC
    how: str  # superseded | withdrawn | added
    at: datetime
    by: Actor
    reason: str
    values: tuple[tuple[str, str], ...]  # of what was corrected: before and after, times in UTC


Id = tuple[str, int, datetime]
Find = Callable[[Since], list[Version]]


def facts_between(
    engine: Engine, network: Tree, before: int, run: int, household: str
) -> list[FactChange]:
    """By when they changed; the same whatever is recorded after the later run was drafted."""
    with Session(engine) as session:
        first, later = (session.get_one(SettlementRun, number) for number in (before, run))
        season = session.get_one(Season, later.season_id)
        until = asked_until_of(engine, later, season)
        since = drafted(first), drafted(later)
    scope = scope_of(engine, network, household)
    ended, recorded = _finders(engine, scope, ZoneInfo(season.zone), household)
    gone, new = _between(ended, since), _between(recorded, since)
    later_ended = {_id(each) for each in ended(since[1])}
    stood = [each for each in new if each.ended_at is None or _id(each) in later_ended]
    successor = {(each.kind, each.supersedes): each for each in new if each.supersedes is not None}
    found = [*_ended(gone, successor, household), *_added(stood, household)]
    kept = [own for fact, own in found if fact.kind not in UNUSED and concerns(fact, season, until)]
    columns = columns_between(engine, scope, household, season.code, since)
    kept += [_of_column(each, household) for each in columns]
    return sorted(kept, key=lambda each: (each.at, each.kind, each.key))


def _of_column(each: ColumnChange, household: str) -> FactChange:
    return FactChange(
        f"{each.kind}.{each.column}", "" if each.key == household else each.key,
        State.SUPERSEDED.value, each.at, each.by, each.reason, ((each.before, each.after),),
    )  # fmt: skip


def _finders(engine: Engine, scope: Scope, zone: ZoneInfo, household: str) -> tuple[Find, Find]:
    """What ended, and what was recorded, after a point; of placements those of the household's rooms."""
    network = scope.network
    below = network.ids[network.below(network.by_code[household])]
    codes = {network.code(place) for place in below.tolist()}

    def own(found: Sequence[Version]) -> list[Version]:
        return [each for each in found if each.about in codes]

    def ended(since: Since) -> list[Version]:
        placed = ended_placements(engine, scope, zone, since)
        return [*versions(engine, scope, ended_since=since), *own(placed)]

    def recorded(since: Since) -> list[Version]:
        placed = added_placements(engine, scope, zone, since)
        return [*versions(engine, scope, recorded_since=since, every=True), *own(placed)]

    return ended, recorded


def _between(find: Find, since: tuple[Since, Since]) -> list[Version]:
    """What is found after the first point, and not after the second."""
    after = {_id(each) for each in find(since[1])}
    return [each for each in find(since[0]) if _id(each) not in after]


def _id(each: Version) -> Id:
    return each.kind, each.version, each.recorded_at


Found = Iterator[tuple[Version, FactChange]]


def _ended(
    gone: Sequence[Version], successor: Mapping[tuple[str, int], Version], household: str
) -> Found:
    """Those that stood when the first run was drafted and were corrected or withdrawn."""
    for each in gone:
        if each.ended_at is None or each.ended_by is None:
            continue
        new = each
        while (later := successor.get((new.kind, new.version))) is not None:
            new = later
        values = tuple(
            (old, new.values[name]) for name, old in each.values.items() if old != new.values[name]
        )
        how = (State.SUPERSEDED if new is not each else each.state).value
        yield each, FactChange(
            each.kind, _key(each, household), how, each.ended_at, each.ended_by, each.end_reason,
            values,
        )  # fmt: skip


def _added(stood: Sequence[Version], household: str) -> Found:
    """Those that correct none and that the second run took."""
    for each in stood:
        if each.supersedes is None:
            yield each, FactChange(
                each.kind, _key(each, household), ADDED, each.recorded_at, each.recorded_by,
                each.reason, (),
            )  # fmt: skip


def _key(fact: Version, household: str) -> str:
    parts = [part for part in fact.key.split(SEPARATOR) if part != household]
    return SEPARATOR.join(parts)
