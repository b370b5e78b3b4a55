"""What the registry says of a household's places, devices and season otherwise than it did for a run before.

These have no versions: what a column was stands in the records of the changes that found it with another value.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, and_, not_, or_, select

from domain.actor import Actor
from store.books.changes import WRITTEN_BY, ChangeRecord, RegistryEdit
from store.books.registry import Device, Series
from store.evidence.since import Since
from store.evidence.versions import Scope
from store.registry.corrections import COUNTED

PLACES, DEVICES, SEASONS = "places", "devices", "seasons"


class ColumnChange(NamedTuple):
    """A column of a row that sums go by, before and after all changes between two points."""

    kind: str
    key: str  # the row's code
    column: str
    before: str
    after: str
    at: datetime  # of the last change, as the two that follow
    by: Actor
    reason: str


def columns_between(
    engine: Engine, scope: Scope, household: str, season: str, since: tuple[Since, Since]
) -> Iterator[ColumnChange]:
    """Of the household, its rooms, what they are below and their devices, and of the season: by kind, key, column.

    After the first point, and not after the second. What was changed back is none.
    """
    codes, below = _of_home(scope, household)
    edit, record = RegistryEdit, ChangeRecord
    named = [
        and_(edit.kind == PLACES, edit.column.in_(COUNTED[PLACES]), edit.key.in_(codes)),
        and_(edit.kind == SEASONS, edit.column != WRITTEN_BY, edit.key == season),
        and_(
            edit.kind == DEVICES, edit.column.in_(COUNTED[DEVICES]),
            edit.key.in_(
                select(Device.code)
                .join(Series, Series.device_id == Device.id)
                .where(Series.place_id.in_(below))
            ),
        ),
    ]  # fmt: skip
    query = (
        select(edit.kind, edit.key, edit.column, edit.before, edit.after)
        .add_columns(record.at, record.actor, record.reason)
        .join(record, edit.change_id == record.id)
        .where(since[0].later(), not_(since[1].later()), or_(*named))
        .order_by(edit.kind, edit.key, edit.column, record.id, edit.id)
    )
    found: dict[tuple[str, str, str], ColumnChange] = {}
    with engine.connect() as link:
        for kind, key, column, before, after, at, by, reason in link.execute(query):
            first = found.get((kind, key, column))
            was = before if first is None else first.before
            found[kind, key, column] = ColumnChange(kind, key, column, was, after, at, by, reason)
    yield from (each for each in found.values() if each.before != each.after)


def _of_home(scope: Scope, household: str) -> tuple[Collection[str], Collection[int]]:
    """Codes of a home, what it is below and its rooms; ids of itself and its rooms."""
    network = scope.network
    row = network.by_code[household]
    below = network.ids[network.below(row)].tolist()
    path = network.path(int(network.ids[row]))
    return {network.code(place) for place in {*path, *below}}, below
