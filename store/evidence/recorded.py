"""Facts and placements of sensors alike: by place or device, by key, and what a wrong key is answered with."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, tzinfo

from sqlalchemy import Engine, select

from domain.code import plain_code
from domain.errors import WrongCall
from domain.language import msg, not_known
from domain.nearest import AMONG_KEYS, alike
from domain.recorded import SEPARATOR
from domain.time import Span, written_time
from domain.tree import Tree
from store.books.registry import Season
from store.evidence.placements import KIND as PLACEMENTS
from store.evidence.placements import placements
from store.evidence.valid import valid
from store.evidence.versions import (
    FACTS,
    Scope,
    Version,
    about_of,
    device_codes,
    scope_of_codes,
    some_scope,
    versions,
)
from store.registry.kinds import KINDS, Kind
from store.registry.values import instant_in

#: What people record: facts, and placements, which are rows of the registry with their earlier values.
RECORDED: tuple[Kind, ...] = tuple(
    kind for kind in KINDS if kind.is_fact or kind.name == PLACEMENTS.name
)
RECORDED_OF = {kind.name: kind for kind in RECORDED}
_ORDER = {kind.name: i for i, kind in enumerate(RECORDED)}


def recorded_kind(name: str) -> Kind:
    """The kind of this name; WrongCall names those there are."""
    if name not in RECORDED_OF:
        raise WrongCall(not_known(msg("kind of fact"), name, RECORDED_OF))
    return RECORDED_OF[name]


def recorded(
    engine: Engine,
    scope: Scope,
    zone: tzinfo,
    kinds: Collection[str] = (),
    *,
    known_at: datetime | None = None,
    every: bool = False,
    valid_at: datetime | None = None,
) -> list[Version]:
    """As `versions`, with placements; `zone`: of times that were imported without an offset.

    `valid_at`: only those that hold at that instant (`valid`), by the seasons of today; not with `every`.
    """
    facts = [each.name for each in FACTS if not kinds or each.name in kinds]
    found = versions(engine, scope, facts, known_at=known_at, every=every) if facts else []
    if not kinds or PLACEMENTS.name in kinds:
        found += placements(engine, scope, zone, known_at=known_at, every=every)
    if valid_at is not None:
        found = valid(found, valid_at, zone, _seasons(engine))
    return sorted(found, key=lambda each: _ORDER[each.kind])


def _seasons(engine: Engine) -> dict[str, Span]:
    with engine.connect() as link:
        rows = link.execute(select(Season.code, Season.since, Season.until))
        return {row.code: Span(row.since, row.until) for row in rows}


def code_in(kind: Kind, key: str) -> str:
    """The code that a key begins with: of a place, a device or, of a tariff, its own."""
    return key.rsplit(SEPARATOR, len(kind.key) - 1)[0].strip()


class ByMinute:
    """Facts by kind, code and the minute in their key, so that one is found without a look at all of its code."""

    def __init__(self, found: Iterable[Version], zone: tzinfo) -> None:
        """`zone`: of times that people write without an offset."""
        self._zone = zone
        self._own: dict[tuple[str, str, datetime | None], list[Version]] = defaultdict(list)
        for each in found:
            minute = None if each.at is None else _minute(each.at)
            self._own[each.kind, code_in(RECORDED_OF[each.kind], each.key), minute].append(each)

    def like(self, kind: Kind, key: str) -> list[Version]:
        """Those that a key may name, as a person writes it: of its minute, and those without a time."""
        text = key.rpartition(SEPARATOR)[2].strip()
        try:
            at = written_time(text)
        except ValueError:
            minutes: set[datetime] = set()
        else:  # a local time may come twice
            local = (at.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
            minutes = {_minute(each) for each in ([at] if at.tzinfo else local)}
        code = code_in(kind, key)
        codes = {code, plain_code(code)}
        own = (self._own.get((kind.name, each, m), ()) for each in codes for m in (None, *minutes))
        return [each for some in own for each in some]


def _minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def near_keys(
    engine: Engine, network: Tree, kind: Kind, key: str, zone: tzinfo, most: int
) -> list[str]:
    """Keys on record that may have been meant: of the same code, of one like it, else a few.

    As people write them, with times local to the zone.
    """
    code = code_in(kind, key)
    known = _codes(engine, network, kind)
    for codes in ([code], alike(code, known, AMONG_KEYS)):
        scope = scope_of_codes(engine, network, kind, codes)
        if found := recorded(engine, scope, zone, [kind.name]):
            own = {each.key: written_key(each, zone) for each in found}
            first = alike(key, own, most=most)  # what is most like it
            return [own[each] for each in dict.fromkeys([*first, *own])][:most]
    some = some_scope(engine, network, kind, most)
    return [written_key(each, zone) for each in recorded(engine, some, zone, [kind.name])][:most]


def written_key(version: Version, zone: tzinfo) -> str:
    """Its key as a person writes it: its time local, with an offset only where it would be another."""
    if version.at is None:
        return version.key
    local = version.at.astimezone(zone)
    text = local.replace(tzinfo=None).isoformat(
        timespec="auto" if local.second or local.microsecond else "minutes"
    )
    try:
        same = instant_in(text, zone) == version.at
    except ValueError:  # an hour that comes twice
        same = False
    return SEPARATOR.join([*version.key.split(SEPARATOR)[:-1], text if same else local.isoformat()])


def _codes(engine: Engine, network: Tree, kind: Kind) -> Collection[str]:
    about = about_of(kind)
    if about is not None and about.refers == "places":
        return network.codes
    if about is not None:
        return device_codes(engine, network)
    with engine.connect() as link:
        return link.scalars(select(kind.table.c.code).where(kind.current)).all()
