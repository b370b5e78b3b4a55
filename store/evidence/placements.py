"""Placements of sensors with what they were before, as facts are shown.

A placement is a row of the registry, and its earlier versions are in the records of the changes that
found it with other values. Readings are filed anew by the one that is current. One that is withdrawn
ends where it began: the row stays, and no reading is its.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, or_, select, update

from domain.errors import WrongCall
from domain.language import msg
from domain.recorded import SEPARATOR
from store.books.cells import write as cell
from store.books.changes import WRITTEN_BY, ChangeRecord, RegistryEdit
from store.books.registry import Device, Place, Series
from store.evidence.since import Since
from store.evidence.versions import MOST_IN_A_QUERY, Scope, State, Version
from store.registry.corrections import SAYS
from store.registry.kinds import KIND_OF
from store.registry.values import instant_in

KIND = KIND_OF["series"]
MOST_DEVICES = 50  # of which edits are looked up by name
Key = tuple[str, str, datetime]  # device, channel, begin


def placements(
    engine: Engine,
    scope: Scope,
    zone: tzinfo,
    *,
    known_at: datetime | None = None,
    every: bool = False,
) -> list[Version]:
    """Of sensors that are or were at the places of a scope, by key and time of recording.

    Current ones; `every`: earlier versions, too; `known_at`: those that stood at that instant of
    recording. `zone`: of times that were imported without an offset.
    """
    found = [each for each, _ in _every(engine, scope, zone)]
    if known_at is not None:
        found = [
            each
            for each in found
            if each.recorded_at <= known_at and (each.ended_at is None or each.ended_at > known_at)
        ]
    elif not every:
        found = [each for each in found if each.state is State.CURRENT]
    return found


def _every(engine: Engine, scope: Scope, zone: tzinfo) -> list[tuple[Version, int | None]]:
    """Every version, each with the number of the change that ended it, by key and time of recording."""
    with engine.connect() as link:
        rows = _rows(link, scope)
        edits = _edits(link, {row.device for row in rows}, zone)
        changes = _changes(link, rows, edits)
    found = [
        each
        for row in rows
        for each in _versions(row, edits.get((row.device, row.channel, row.since), {}), changes)
        if each[0].about in scope.network.by_code  # another company's room is not shown
    ]
    return sorted(found, key=lambda each: (each[0].key, each[0].recorded_at, each[0].version))


def _rows(link: Connection, scope: Scope) -> list[Row[Any]]:
    """Current placements of the scope, and those that were at its places by an earlier version."""
    query: Select[*tuple[Any, ...]] = (
        select(
            Series.id, Device.code.label("device"), Series.channel, Series.role,
            Place.code.label("place"), Series.interval_s, Series.since, Series.until,
            Series.change_id,
        )
        .join(Device, Device.id == Series.device_id)
        .join(Place, Place.id == Series.place_id)
    )  # fmt: skip
    if scope.devices is not None:
        return _some(link, query, Series.device_id, scope.devices)
    own = scope.network.ids.tolist() if scope.places is None else scope.places
    here = _some(link, query, Series.place_id, own)
    moved = _moved_from(link, {scope.network.code(place) for place in own})
    known = {row.id for row in here}
    return here + [row for row in _some(link, query, Device.code, moved) if row.id not in known]


def _some(
    link: Connection, query: Select[*tuple[Any, ...]], column: Any, values: Collection[Any]
) -> list[Row[Any]]:
    """The rows of these values, however many there are."""
    if len(values) <= MOST_IN_A_QUERY:
        return [*link.execute(query.where(column.in_(values)))]
    wanted = {*values}
    marked = query.add_columns(column.label("wanted"))
    return [row for row in link.execute(marked) if row.wanted in wanted]


def _moved_from(link: Connection, codes: Collection[str]) -> set[str]:
    """Devices of which a placement was at one of these places before it was corrected."""
    edit = RegistryEdit
    query: Select[*tuple[Any, ...]] = select(edit.key, edit.before).where(
        edit.kind == KIND.name, edit.column == "place"
    )
    return {row.key.rsplit(SEPARATOR, 2)[0] for row in _some(link, query, edit.before, codes)}


def _edits(
    link: Connection, devices: Collection[str], zone: tzinfo
) -> Mapping[Key, Mapping[int, Mapping[str, str]]]:
    """Key -> change -> column -> the value before it."""
    edit = RegistryEdit
    query = select(edit.change_id, edit.key, edit.column, edit.before).where(edit.kind == KIND.name)
    if len(devices) <= MOST_DEVICES:
        named = [edit.key.startswith(code + SEPARATOR, autoescape=True) for code in devices]
        query = query.where(or_(False, *named))
    found: defaultdict[Key, defaultdict[int, dict[str, str]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for change, text, column, before in link.execute(query):
        with suppress(ValueError):  # the key of no placement: nobody here wrote it
            device, channel, since = text.rsplit(SEPARATOR, 2)
            found[device, channel, instant_in(since, zone)][change][column] = before
    return found


def _source(files: Sequence[str]) -> str:
    """The files that placements come from: those of their kind, else all, as a workbook."""
    own = [each for each in files if Path(each).stem.lower() == KIND.name]
    return ", ".join(own or files)


@dataclass(frozen=True, slots=True)
class _Change:
    number: int
    at: datetime
    by: Any
    reason: str
    files: str


def _changes(
    link: Connection,
    rows: Collection[Row[Any]],
    edits: Mapping[Key, Mapping[int, Mapping[str, str]]],
) -> Mapping[int, _Change]:
    """The records that wrote the versions."""
    wanted = {row.change_id for row in rows}
    for changes in edits.values():
        wanted |= {
            *changes,
            *(int(each[WRITTEN_BY]) for each in changes.values() if WRITTEN_BY in each),
        }
    record = ChangeRecord
    query = select(record.id, record.at, record.actor, record.reason, record.files)
    if len(wanted) <= MOST_IN_A_QUERY:
        query = query.where(record.id.in_(wanted))
    return {
        number: _Change(number, at, by, reason, _source([each["file"] for each in files]))
        for number, at, by, reason, files in link.execute(query)
    }


def _versions(
    row: Row[Any],
    edits: Mapping[int, Mapping[str, str]],
    changes: Mapping[int, _Change],
) -> Iterator[tuple[Version, int | None]]:
    """The current version of a placement, and each before it, with the change that ended it."""
    values = {
        "role": row.role, "place": row.place,
        "interval_s": str(row.interval_s), "until": cell(row.until),
    }  # fmt: skip
    written, ended, withdrawn = row.change_id, None, False
    for change in [*sorted(edits, reverse=True), None]:
        began, over = changes[written], values["until"] == cell(row.since)
        if not over:
            version = Version(
                kind=KIND.name, key=SEPARATOR.join([row.device, row.channel, cell(row.since)]),
                about=values["place"], at=row.since, values=dict(values),
                state=_state(ended, withdrawn), version=written,
                supersedes=None, source=began.files, recorded_at=began.at, recorded_by=began.by,
                reason=began.reason, ended_at=None if ended is None else ended.at,
                ended_by=None if ended is None else ended.by,
                end_reason="" if ended is None else ended.reason,
            )  # fmt: skip
            yield version, None if ended is None else ended.number
        if change is None:
            return
        before = dict(edits[change])
        ended, written = changes[change], int(before.pop(WRITTEN_BY, written))
        values |= {name: text for name, text in before.items() if name in values}
        withdrawn = over


def _state(ended: _Change | None, withdrawn: bool) -> State:
    if ended is None:
        return State.CURRENT
    return State.WITHDRAWN if withdrawn else State.SUPERSEDED


def ended_placements(engine: Engine, scope: Scope, zone: tzinfo, after: Since) -> list[Version]:
    """Versions that stood at a point, and of which a later change says otherwise up to its instant.

    An end that is put to a placement later than the instant says nothing else of what lay before it.
    """
    edit = RegistryEdit
    query = select(edit.key).join(ChangeRecord, ChangeRecord.id == edit.change_id)
    query = query.where(edit.kind == KIND.name, edit.column.in_((*SAYS, "until")), after.later())
    with engine.connect() as link:
        codes = {key.rsplit(SEPARATOR, 2)[0] for key in link.scalars(query)}
        if not codes:
            return []
        devices = select(Device.id, Device.code)
        if len(codes) <= MOST_IN_A_QUERY:
            devices = devices.where(Device.code.in_(codes))
        ids = {number for number, code in link.execute(devices) if code in codes}
    every = _every(engine, Scope(scope.network, (), (), ids), zone)
    following = [*(each for each, _ in every[1:]), None]
    return [
        each
        for (each, change), later in zip(every, following, strict=True)
        if _ended_after(each, change, after)
        and _says_otherwise(each, later if later and later.key == each.key else None, after.at)
    ]


def added_placements(engine: Engine, scope: Scope, zone: tzinfo, after: Since) -> list[Version]:
    """Current ones that a change after a point brought, and that begin before its instant.

    One that another version of stood at the point is a correction: `ended_placements`.
    """
    with engine.connect() as link:
        ids = {*link.scalars(select(Series.device_id).where(Series.change_id.in_(after.changes())))}
    if not ids:
        return []
    every = _every(engine, Scope(scope.network, (), (), ids), zone)
    known = {each.key for each, change in every if _stood(each, change, after)}
    return [
        each
        for each, _ in every
        if each.state is State.CURRENT
        and each.key not in known
        and each.at is not None
        and each.at < after.at
    ]


def _ended_after(version: Version, change: int | None, after: Since) -> bool:
    """Whether it stood at the point, and a change ended it afterwards."""
    return change is not None and _stood(version, change, after)


def _stood(version: Version, change: int | None, point: Since) -> bool:
    """Whether it was recorded by the point, and no change had ended it."""
    if point.is_before(version.version, version.recorded_at):
        return False
    return change is None or version.ended_at is None or point.is_before(change, version.ended_at)


def _says_otherwise(version: Version, later: Version | None, up_to: datetime) -> bool:
    if version.at is None or version.at >= up_to:
        return False
    if version.state is State.WITHDRAWN or later is None:
        return True
    untils = (each.values["until"] for each in (version, later))
    ends = [datetime.fromisoformat(each) for each in untils if each]
    other = any(version.values[name] != later.values[name] for name in SAYS)
    return other or min(ends, default=up_to) < up_to


def withdraw_placements(link: Connection, chosen: Collection[Version], change: int) -> None:
    """Ends them where they began, so that no reading is theirs; the record of the change has what was.

    The row stays: readings are filed under its number, and may be another placement's by a correction.
    """
    for each in chosen:
        device, channel, since = each.key.rsplit(SEPARATOR, 2)
        named = select(Device.id).where(Device.code == device).scalar_subquery()
        row = Series.device_id == named, Series.channel == channel, Series.since == each.at
        before = link.execute(select(Series.change_id, Series.until).where(*row)).one()
        if before.change_id != each.version or cell(before.until) != each.values["until"]:
            raise changed_meanwhile(each)
        edits = (
            ("until", each.values["until"], since),
            (WRITTEN_BY, str(before.change_id), str(change)),
        )
        link.execute(insert(RegistryEdit), [
            {
                "change_id": change, "kind": KIND.name, "key": each.key, "column": column,
                "before": was, "after": now,
            }
            for column, was, now in edits
        ])  # fmt: skip
        link.execute(update(Series).where(*row).values(until=each.at, change_id=change))


def changed_meanwhile(version: Version) -> WrongCall:
    """What somebody is answered who ends what another one has just changed."""
    return WrongCall(
        msg(
            "{kind} {key}: was changed by somebody else just now; try again",
            kind=version.kind, key=version.key,
        )
    )  # fmt: skip
