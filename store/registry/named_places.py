"""The places that files of a few facts name, with those above them: no city is read for one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, select

from domain.tree import PlaceKind
from store.registry.kinds import KIND_OF, Kind
from store.registry.read import Sheet

#: Kinds whose rows are judged by their place, those above it, and other facts of the same place.
OF_A_PLACE = frozenset(
    {"requests", "measurements", "refusals", "user_faults", "fee_spans", "outage_decisions"}
)
MOST = 500  # places; of more the registry is read whole


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """Which rows of the books an import needs; all of them where `named` is None."""

    named: frozenset[int] | None  # ids of the places that rows name
    known: frozenset[int] = frozenset()  # those, what lies above them, and the companies

    def rows_of(self, kind: Kind) -> ColumnElement[bool] | None:
        """A WHERE for rows of the kind; None: all."""
        if self.named is None:
            return None
        if kind.name == "places":
            return kind.table.c.id.in_(sorted(self.known))
        return _place_of(kind).in_(sorted(self.named)) if kind.name in OF_A_PLACE else None


ALL = NamedPlaces(None)


def named_places(connection: Connection, sheets: Sequence[Sheet]) -> NamedPlaces:
    """Of sheets whose kinds are all `OF_A_PLACE` and that name few places, every one of which is known.

    One that is not may be meant for another: that is looked for among all.
    """
    if not {sheet.kind.name for sheet in sheets} <= OF_A_PLACE:
        return ALL
    codes = {code for sheet in sheets for code in sheet.columns[sheet.kind.at[sheet.kind.key[0]]]}
    if not codes or len(codes) > MOST:
        return ALL
    places = KIND_OF["places"].table
    found = connection.execute(_chosen(places, places.c.code.in_(sorted(codes)))).all()
    if len(found) < len(codes):
        return ALL
    known = {row.id for row in found}
    above = {row.parent_id for row in found} - {None}
    while above - known:
        known |= above
        rows = connection.execute(_chosen(places, places.c.id.in_(sorted(above)))).all()
        above = {row.parent_id for row in rows} - {None}
    companies = connection.execute(_chosen(places, places.c.kind == PlaceKind.COMPANY.value))
    return NamedPlaces(
        frozenset(row.id for row in found), frozenset(known | {row.id for row in companies})
    )


def _chosen(places: Table, rows: ColumnElement[bool]) -> Select[Any]:
    return select(places.c.id, places.c.parent_id).where(rows)


def _place_of(kind: Kind) -> Column[int]:
    """The column of the place that a fact is of."""
    return kind.table.c[kind.columns[kind.at[kind.key[0]]].kept_as]
