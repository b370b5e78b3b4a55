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
from store.evidence.named import canonical_key
from store.evidence.recorded import code_in, recorded
from store.evidence.versions import scope_of_codes
from store.registry.kinds import Kind
from store.registry.report import ImportReport

#: Source of the facts that `heatwatch evidence record` brings.
SOURCE = "heatwatch evidence record"


def record_row(
    world: World, kind: Kind, cells: Mapping[str, str], by: By, source: str
) -> ImportReport:
    """Imports one row; a column that is not given is empty. `source`: the command that says it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            rows = [kind.names, [cells.get(name, "") for name in kind.names]]
            csv.writer(out).writerows(rows)
        return import_files(world, [path], by=by, source=source)


def record_fact(
    world: World, network: Tree, kind: Kind, cells: Mapping[str, str], by: By
) -> ImportReport:
    """Records a fact, or gives the one of this key other values: columns that are not given stay.

    Raises WrongCall for a column that the kind does not have and for a key that is not whole.
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
    known = _current(world, network, kind, cells)
    return record_row(world, kind, {**known, **cells}, by, SOURCE)


def _current(
    world: World, network: Tree, kind: Kind, cells: Mapping[str, str]
) -> Mapping[str, str]:
    """The columns of the fact that stands under this key; none: nothing."""
    zone = ZoneInfo(world.config.city.zone)
    parts = [cells.get(name, "").strip() for name in kind.key]
    while not parts[-1]:  # one that may be empty: terms of the season's begin
        parts.pop()
    key = canonical_key(kind, SEPARATOR.join(parts), zone)
    scope = scope_of_codes(world.books, network, kind, [code_in(kind, key)])
    return next(
        (
            each.values
            for each in recorded(world.books, scope, zone, [kind.name])
            if each.key == key
        ),
        {},
    )
