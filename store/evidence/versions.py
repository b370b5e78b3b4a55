"""Every version of a fact as people read it: what it says, who recorded it, what ended it and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select

from domain.actor import Actor
from domain.errors import WrongCall
from domain.language import Text, msg
from domain.nearest import alike
from domain.recorded import SEPARATOR
from domain.tree import Tree
from store.books.cells import write as cell
from store.books.changes import ChangeRecord
from store.books.registry import Device, Season, Series
from store.evidence.since import Since
from store.registry.kinds import KINDS, Column, Kind

#: Kinds whose facts are about all households below their place.
OF_ALL_BELOW = frozenset({"outages", "outage_decisions"})
FACTS: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind.is_fact)
MOST_IN_A_QUERY = 500


class _Own:
    """The places of a network, to be looked up."""

    def __init__(self, network: Tree) -> None:
        self._network = network

    def __contains__(self, place: object) -> bool:
        return self.get(place) != ""

    def get(self, place: Any, default: str = "") -> str:
        """Code of a place; the default where it is not of the network."""
        try:
            return self._network.code(place)
        except KeyError:
            return default


Codes = Mapping[int, str] | _Own  # by id


class State(Enum):
    """What became of a version."""

    CURRENT = "current"
    SUPERSEDED = "superseded"  # by a correction, which names it
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one fact."""

    kind: str
    key: str  # as `evidence withdraw` takes it, times in UTC
    about: str  # code of its place or device; "": of neither, as a tariff
    at: datetime | None  # the instant in its key, where there is one
    values: dict[str, str]  # the columns beside the key, as a registry file has them
    state: State
    version: int  # its number among those of its kind
    supersedes: int | None
    source: str  # file and row, or document
    recorded_at: datetime
    recorded_by: Actor
    reason: str
    ended_at: datetime | None
    ended_by: Actor | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts are wanted."""

    network: Tree  # the company's places
    places: Collection[int] | None = None  # place ids; None: all of the network
    above: Collection[int] = ()  # places whose outages reach those, too
    devices: Collection[int] | None = None  # device ids; None: those that are or were at its places
    codes: Collection[str] | None = (
        None  # of facts about neither; None: all, where `places` is None
    )


def scope_of(engine: Engine, network: Tree, code: str) -> Scope:
    """A place with what is below it (and outages above it), or a device; "": all of the company.

    Raises WrongCall for a code that is neither.
    """
    if not code:
        return Scope(network)
    row = network.row_of(code)
    if row is not None:
        path = network.path(int(network.ids[row]))
        below = network.ids[network.below(row)]
        return Scope(network, {int(each) for each in below}, {*path[:-1]})
    with engine.connect() as link:
        chosen = _devices(link, network, [code])
        if not chosen:
            others = _devices(link, network).values()
            raise WrongCall(_unknown(code, [*network.codes, *others]))
    return Scope(network, (), (), set(chosen))


def scope_of_codes(engine: Engine, network: Tree, kind: Kind, codes: Collection[str]) -> Scope:
    """What facts of a kind are about whose keys begin with these codes; those of nobody are left out."""
    about = about_of(kind)
    if about is None:
        return Scope(network, codes=codes)
    if about.refers == "places":
        rows = {network.row_of(code) for code in codes} - {None}
        return Scope(network, {int(network.ids[row]) for row in rows})
    with engine.connect() as link:
        return Scope(network, (), (), set(_devices(link, network, codes)))


def some_scope(engine: Engine, network: Tree, kind: Kind, most: int) -> Scope:
    """Places or devices that have current facts of a kind, a few; of neither: all."""
    about = about_of(kind)
    if about is None:
        return Scope(network)
    column, own = kind.table.c[about.kept_as], _Own(network)
    query = select(column).where(kind.current).distinct().limit(MOST_IN_A_QUERY)
    with engine.connect() as link:
        if about.refers == "places":
            return Scope(network, {place for place in link.scalars(query) if place in own})
        devices = _devices(link, network)
        chosen = [each for each in link.scalars(query) if each in devices][:most]
        return Scope(network, (), (), set(chosen))


def device_codes(engine: Engine, network: Tree) -> list[str]:
    """Codes of devices that are or were at a place of the network, or at none."""
    with engine.connect() as link:
        return [*_devices(link, network).values()]


def _devices(
    link: Connection, network: Tree, codes: Collection[str] | None = None
) -> dict[int, str]:
    """Id and code of devices with these codes, or all, that are or were at a place, or at none."""
    query = select(Device.id, Device.code, Series.place_id).join(Series, isouter=True)
    if codes is not None and len(codes) <= MOST_IN_A_QUERY:
        query = query.where(Device.code.in_(codes))
    own, wanted = _Own(network), None if codes is None else set(codes)
    return {
        number: name
        for number, name, place in link.execute(query)
        if (place is None or place in own) and (wanted is None or name in wanted)
    }


def _unknown(code: str, codes: Sequence[str]) -> Text:
    near = alike(code, codes) or sorted(codes)[:3]
    return msg(
        "{code!r} is no place or device of the company; allowed: a code such as {near}",
        code=code, near=", ".join(near) or msg("none yet"),
    )  # fmt: skip


def versions(
    engine: Engine,
    scope: Scope,
    kinds: Collection[str] = (),
    *,
    known_at: datetime | None = None,
    ended_since: Since | None = None,
    recorded_since: Since | None = None,
    every: bool = False,
) -> list[Version]:
    """Versions of facts by kind, place and time of recording.

    Current ones; `every`: ended ones, too; `known_at`: those that stood at that instant of
    recording; `ended_since`: those that stood at it and ended after; `recorded_since`: only those
    that were recorded after it. `kinds`: names of kinds; empty: all.
    """
    with engine.connect() as link:
        found = [
            each
            for kind in FACTS
            if not kinds or kind.name in kinds
            for each in _of_kind(link, kind, scope, known_at, ended_since, recorded_since, every)
        ]
    order = {kind.name: i for i, kind in enumerate(FACTS)}
    return sorted(found, key=lambda v: (order[v.kind], v.about, v.key, v.recorded_at, v.version))


def _of_kind(
    link: Connection,
    kind: Kind,
    scope: Scope,
    known_at: datetime | None,
    ended_since: Since | None,
    recorded_since: Since | None,
    every: bool,
) -> Iterator[Version]:
    began, ended = ChangeRecord.__table__.alias("began"), ChangeRecord.__table__.alias("ended")
    table = kind.table
    query = (
        select(
            table, began.c.at.label("began_at"), began.c.actor.label("began_by"),
            began.c.reason.label("why"), ended.c.at.label("ended_at"),
            ended.c.actor.label("ended_by"), ended.c.reason.label("end_why"),
        )
        .join(began, began.c.id == table.c.change_id)
        .outerjoin(ended, ended.c.id == table.c.ended_id)
    )  # fmt: skip
    about = about_of(kind)
    wanted = _wanted(link, kind, scope)
    if about is None:
        if scope.codes is not None:
            query = query.where(table.c.code.in_(scope.codes))
        elif scope.places is not None:
            return
    elif wanted is not None:
        if not wanted:
            return
        if len(wanted) <= MOST_IN_A_QUERY:
            query = query.where(table.c[about.kept_as].in_(wanted))
    if known_at is not None:
        query = query.where(
            began.c.at <= known_at, or_(ended.c.at.is_(None), ended.c.at > known_at)
        )
    elif ended_since is not None:
        later = ended_since.changes()
        query = query.where(table.c.ended_id.in_(later), table.c.change_id.not_in(later))
    elif not every:
        query = query.where(kind.current)
    if recorded_since is not None:
        query = query.where(table.c.change_id.in_(recorded_since.changes()))
    rows = link.execute(query).all()
    if about is not None:
        inside = _Own(scope.network) if wanted is None else wanted
        rows = [row for row in rows if row._mapping[about.kept_as] in inside]
    elif rows:
        foreign = _others_tariffs(link, scope)
        rows = [row for row in rows if row._mapping["code"] not in foreign]
    codes = _codes(link, kind, scope, rows)
    superseded = _superseded(link, kind, rows) if known_at is None else set()
    for row in rows:
        yield _version(kind, row, codes, row.id in superseded, known_at)


def _superseded(link: Connection, kind: Kind, rows: Sequence[Row[Any]]) -> set[int]:
    """Those of the rows that a later version names; current ones have none."""
    ended = [row.id for row in rows if row.ended_at is not None]
    column = kind.table.c.supersedes_id
    found: set[int] = set()
    for first in range(0, len(ended), MOST_IN_A_QUERY):
        some = ended[first : first + MOST_IN_A_QUERY]
        found.update(link.scalars(select(column).where(column.in_(some))))
    return found


def about_of(kind: Kind) -> Column | None:
    """The column that names the place or device which a kind of fact is about."""
    return next((each for each in kind.columns if each.refers in {"places", "devices"}), None)


def _wanted(link: Connection, kind: Kind, scope: Scope) -> Collection[int] | None:
    """Ids that the kind's facts must be about; None: those of the network."""
    about = about_of(kind)
    own = None if scope.places is None else set(scope.places)
    if about is not None and about.refers == "devices":
        if scope.devices is not None:
            return scope.devices
        placed, inside = select(Series.device_id, Series.place_id).distinct(), own
        if own is not None and len(own) <= MOST_IN_A_QUERY:
            placed = placed.where(Series.place_id.in_(own))
        there = _Own(scope.network) if inside is None else inside
        return {device for device, place in link.execute(placed) if place in there}
    return own | set(scope.above) if own is not None and kind.name in OF_ALL_BELOW else own


def _codes(
    link: Connection, kind: Kind, scope: Scope, rows: Sequence[Row[Any]]
) -> dict[str, Codes]:
    """Codes by id of what the rows refer to."""
    found: dict[str, Codes] = {"places": _Own(scope.network)}
    for column in kind.columns:
        if not column.refers or column.refers == "places":
            continue
        table = next(each.table for each in KINDS if each.name == column.refers)
        ids = {row._mapping[column.kept_as] for row in rows} - {None}
        query = select(table.c.id, table.c.code)
        if len(ids) <= MOST_IN_A_QUERY:
            query = query.where(table.c.id.in_(ids))
        found[column.refers] = {row.id: row.code for row in link.execute(query)} if ids else {}
    return found


def _others_tariffs(link: Connection, scope: Scope) -> frozenset[str]:
    """Codes of tariffs that only contracts of other companies name."""
    by_name = {kind.name: kind.table for kind in KINDS}
    tariff, contract = by_name["tariffs"], by_name["contracts"]
    query = select(tariff.c.code, Season.company_id).distinct()
    query = query.join(contract, contract.c.tariff_id == tariff.c.id)
    if scope.codes is not None:
        query = query.where(tariff.c.code.in_(scope.codes))
    rows = link.execute(query.join(Season, Season.id == contract.c.season_id)).all()
    own = _Own(scope.network)
    ours = {code for code, company in rows if company in own}
    return frozenset(code for code, _ in rows) - ours


def _version(
    kind: Kind, row: Row[Any], codes: Mapping[str, Codes], superseded: bool,
    known_at: datetime | None,
) -> Version:  # fmt: skip
    raw = row._mapping
    shown = {
        column.name: codes[column.refers].get(raw[column.kept_as], "")
        if column.refers
        else cell(raw[column.kept_as])
        for column in kind.columns
    }
    about = about_of(kind)
    instants = [raw[name] for name in kind.key if name in {"at", "since"}]
    key = [shown[name] for name in kind.key]
    ended = row.ended_at is not None and known_at is None
    state = (State.SUPERSEDED if superseded else State.WITHDRAWN) if ended else State.CURRENT
    return Version(
        kind=kind.name,
        key=SEPARATOR.join(key if key[-1] else key[:-1]),
        about="" if about is None else shown[about.name],
        at=next(iter(instants), None),
        values={name: text for name, text in shown.items() if name not in kind.key},
        state=state,
        version=row.id,
        supersedes=row.supersedes_id,
        source=row.source,
        recorded_at=row.began_at,
        recorded_by=row.began_by,
        reason=row.why,
        ended_at=row.ended_at if ended else None,
        ended_by=row.ended_by if ended else None,
        end_reason=(row.end_why or "") if ended else "",
    )
