"""One row of a registry file, recorded by a command: the same rules, history and actor as an import."""

import csv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg, not_known
from domain.recorded import SEPARATOR
from domain.tree import Tree
from heatwatch.services.importing import import_files
from heatwatch.wiring import World
from store.evidence.named import canonical_key, named_key
from store.evidence.recorded import code_in, recorded
from store.evidence.versions import Version, scope_of_codes
from store.registry.kinds import Kind
from store.registry.report import ImportReport
from store.registry.rows import Seen

#: Source of the facts that `heatwatch evidence record` brings.
SOURCE = "heatwatch evidence record"


def record_row(
    world: World, kind: Kind, cells: Mapping[str, str], by: By, source: str,
    seen: Seen | None = None,
) -> ImportReport:  # fmt: skip
    """Imports one row; a column that is not given is empty. `source`: the command that says it.

    `seen`: by what it was made; it is refused where somebody else has changed that meanwhile.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            rows = [kind.names, [cells.get(name, "") for name in kind.names]]
            csv.writer(out).writerows(rows)
        return import_files(world, [path], by=by, source=source, seen=seen)


def record_fact(
    world: World, network: Tree, kind: Kind, cells: Mapping[str, str], by: By
) -> ImportReport:
    """Records a fact, or gives the one of this key other values: columns that are not given stay.

    A time to the minute is that of the one fact in it. Raises WrongCall for a column that the kind does not
    have, for a key that is not whole, and for a minute in which there are several. The row is refused where
    somebody else has changed the fact meanwhile.
    """
    for name in cells:
        if name not in kind.at:
            raise WrongCall(not_known(msg("column of {kind}", kind=kind.name), name, kind.names))
    missing = [
        name
        for name in kind.key
        if not cells.get(name, "").strip() and not kind.columns[kind.at[name]].may_be_empty
    ]
    if missing:
        names = ", ".join(missing)
        raise WrongCall(msg("{kind}: give {names} as well", kind=kind.name, names=names))
    known, is_own = _current(world, network, kind, cells)
    if known is None:
        return record_row(world, kind, cells, by, SOURCE, Seen(None) if is_own else None)
    row = {**known.values, **cells, **_exact(world, kind, known)}
    return record_row(world, kind, row, by, SOURCE, Seen(known.values))


def _exact(world: World, kind: Kind, known: Version) -> dict[str, str]:
    """The time in its key, where there is one, which may have been given to the minute."""
    if known.at is None:
        return {}
    return {kind.key[-1]: known.at.astimezone(ZoneInfo(world.config.city.zone)).isoformat()}


def _current(
    world: World, network: Tree, kind: Kind, cells: Mapping[str, str]
) -> tuple[Version | None, bool]:
    """The fact that stands under this key, its time as exact as it is written; None: none does.

    And whether it is about a place or device of the network: of others none is looked for.
    """
    zone = ZoneInfo(world.config.city.zone)
    parts = [cells.get(name, "").strip() for name in kind.key]
    while not parts[-1]:  # one that may be empty: terms of the season's begin
        parts.pop()
    key = SEPARATOR.join(parts)
    scope = scope_of_codes(
        world.books, network, kind, [code_in(kind, canonical_key(kind, key, zone))]
    )
    own = {each.key: each for each in recorded(world.books, scope, zone, [kind.name])}
    is_own = bool(scope.places or scope.devices)
    return own.get(named_key(kind, key, zone, own.values())), is_own
