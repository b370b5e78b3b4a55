"""The network's tree as the books have it, and whose a place is."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, case, func, or_, outerjoin, select, true
from sqlalchemy.orm import aliased

from domain.code import plain_code
from domain.tree import PlaceKind, Tree
from store.books.columns import read_columns
from store.books.registry import Place

__all__ = ["Tree", "above_homes", "in_company", "of_company", "place_code", "tree", "tree_of"]

LEVEL = case({kind.value: kind.level for kind in PlaceKind}, value=Place.kind)
PARENT = func.coalesce(Place.parent_id, -1)
#: Households of which what is above them is looked up; of more all places are read.
FEW = 5_000


def tree(engine: Engine, lowest: PlaceKind = PlaceKind.ROOM) -> Tree:
    """Reads all places of the books; `lowest`: down to those of this kind."""
    with engine.connect() as connection:
        return tree_of(connection, lowest=lowest)


def place_code(engine: Engine, text: str) -> str:
    """The code of a place that somebody writes, in whatever width; in plain form where the books have neither."""
    plain = plain_code(text)
    if plain == text:
        return text
    with engine.connect() as connection:
        return connection.scalar(select(Place.code).where(Place.code == text)) or plain


def tree_of(
    connection: Connection, only: Iterable[int] | None = None, *, lowest: PlaceKind = PlaceKind.ROOM
) -> Tree:
    """The same over a connection that is open already; `only`: of these and what is above them."""
    query = select(Place.id, LEVEL, PARENT, Place.code, Place.name, Place.name_en)
    if lowest is not PlaceKind.ROOM:
        query = query.where(lowest.level >= LEVEL)
    if only is not None:
        query = query.where(Place.id.in_(_with_above(connection, only)))
    ids, kinds, parents, codes, zh, en = read_columns(connection, query.order_by(Place.id))
    named = tuple(name or code for name, code in zip(zh, codes, strict=True))
    return Tree.of(
        ids,
        kinds,
        parents,
        codes,
        named,
        tuple(name or other for name, other in zip(en, named, strict=True)),
    )


def above_homes(connection: Connection, homes: NDArray[np.int32]) -> NDArray[np.int32]:
    """(n, levels) ids of households and what is above them by level, -1 where there is nothing."""
    query = select(Place.id, LEVEL, PARENT).where(Place.kind != PlaceKind.ROOM.value)
    if homes.size <= FEW:
        query = query.where(Place.id.in_(_with_above(connection, homes.tolist())))
    ids, kinds, parents = read_columns(connection, query.order_by(Place.id))
    network = Tree.of(ids, kinds, parents, (), (), ())
    above: NDArray[np.int32] = network.ancestors[network.rows(homes)]
    return above


def _with_above(connection: Connection, places: Iterable[int]) -> set[int]:
    found: set[int] = set()
    wanted = set(places)
    while wanted:
        found |= wanted
        above = select(Place.parent_id).where(Place.id.in_(wanted), Place.parent_id.is_not(None))
        wanted = {each for each in connection.scalars(above) if each is not None} - found
    return found


def in_company(place: Any, company: int) -> ColumnElement[bool]:
    """Whether the place of this column is the company or below it, for a query's WHERE."""
    levels = [aliased(Place) for _ in PlaceKind]
    first = levels[0]
    query = select(first.id).where(first.id == place, or_(*(each.id == company for each in levels)))
    joined: Any = first
    for lower, upper in pairwise(levels):
        joined = outerjoin(joined, upper, upper.id == lower.parent_id)
    return query.select_from(joined).correlate_except(*levels).exists()


def of_company(engine: Engine, company: str, place: Any) -> ColumnElement[bool]:
    """The same by the company's code; nothing is its own where the registry has no such company."""
    code_and_id = select(Place.code, Place.id).where(Place.kind == PlaceKind.COMPANY.value)
    with engine.connect() as connection:
        ids = {row.code: row.id for row in connection.execute(code_and_id)}
    if set(ids) == {company}:
        return true()  # spares half a million homes the way up
    return in_company(place, ids.get(company, -1))
