"""The network's tree in memory, as arrays: who stands above whom is one lookup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from domain.tree import PlaceKind
from store.books.registry import Place
from store.registry.instants import columns

KINDS: tuple[PlaceKind, ...] = tuple(PlaceKind)


@dataclass(frozen=True)
class Tree:
    """All places, sorted by id (n places); `ancestors` answers every question about the tree."""

    ids: NDArray[np.int32]  # (n,) place ids
    kind: NDArray[np.int8]  # (n,) level, index into `tuple(PlaceKind)`
    parent: NDArray[np.int32]  # (n,) place id, -1 for companies
    ancestors: NDArray[np.int32]  # (n, 7) place id of the ancestor (or itself) of each level, or -1
    codes: tuple[str, ...]
    names: tuple[str, ...]  # Chinese, or as the residents write it; the code where there is none
    names_en: tuple[str, ...]  # English; the Chinese name where there is none

    def row(self, place: int) -> int:
        """Row of a place id; KeyError where there is none."""
        row = int(np.searchsorted(self.ids, place))
        if row == self.ids.size or self.ids[row] != place:
            raise KeyError(f"place {place} is not in the registry")
        return row

    def rows(self, places: NDArray[np.int32]) -> NDArray[np.int64]:
        """Rows of (m,) place ids that are all in the tree."""
        rows: NDArray[np.int64] = np.searchsorted(self.ids, places)
        return rows

    def code(self, place: int) -> str:
        return self.codes[self.row(place)]

    def name(self, place: int, language: str) -> str:
        """The place's name in `zh` or `en`."""
        return (self.names_en if language == "en" else self.names)[self.row(place)]

    def under(self, place: int, kind: PlaceKind) -> NDArray[np.int32]:
        """Ids of all places of a kind within this place (itself too), increasing."""
        level = int(self.kind[self.row(place)])
        within = (self.ancestors[:, level] == place) & (self.kind == kind.level)
        return _ids(self.ids[within])

    def of_kind(self, kind: PlaceKind) -> NDArray[np.int32]:
        """Ids of all places of a kind, increasing."""
        return _ids(self.ids[self.kind == kind.level])

    def above(self, places: NDArray[np.int32], kind: PlaceKind) -> NDArray[np.int32]:
        """(m,) ids of the ancestors of a kind of these places, -1 where there is none."""
        return _ids(self.ancestors[self.rows(places), kind.level])

    def within(self, place: int) -> "Tree":
        """The same of this place and what is below it; its codes and ids stay."""
        level = int(self.kind[self.row(place)])
        rows = np.flatnonzero(self.ancestors[:, level] == place)
        texts = (
            tuple(each[i] for i in rows.tolist())
            for each in (self.codes, self.names, self.names_en)
        )
        return Tree(
            self.ids[rows], self.kind[rows], self.parent[rows], self.ancestors[rows], *texts
        )

    def children(self, place: int) -> NDArray[np.int32]:
        """Ids of the places directly below, increasing."""
        return _ids(self.ids[self.parent == place])

    def path(self, place: int) -> list[int]:
        """Ids from the company down to the place itself."""
        return [int(each) for each in self.ancestors[self.row(place)] if each >= 0]


def _ids(picked: Any) -> NDArray[np.int32]:
    """numpy's stubs forget the type of picked elements."""
    ids: NDArray[np.int32] = picked
    return ids


def tree(engine: Engine) -> Tree:
    """Reads all places of the books."""
    asked = (Place.id, Place.kind, Place.parent_id, Place.code, Place.name, Place.name_en)
    with engine.connect() as connection:
        rows = connection.execute(select(*asked).order_by(Place.id))
        ids, kinds, parents, codes, zh, en = columns(rows, len(asked))
    level_of = {kind.value: kind.level for kind in KINDS}
    own = np.array(ids, dtype=np.int32)
    kind = np.array([level_of[each] for each in kinds], dtype=np.int8)
    parent = np.array([-1 if each is None else each for each in parents], dtype=np.int32)
    named = tuple(name or code for name, code in zip(zh, codes, strict=True))
    english = tuple(name or other for name, other in zip(en, named, strict=True))
    return Tree(own, kind, parent, _ancestors(own, kind, parent), tuple(codes), named, english)


def _ancestors(
    ids: NDArray[np.int32], kind: NDArray[np.int8], parent: NDArray[np.int32]
) -> NDArray[np.int32]:
    """(n, levels): a place takes its parent's row and adds itself; parents are of levels above."""
    table = np.full((ids.size, len(KINDS)), -1, dtype=np.int32)
    for level in range(len(KINDS)):
        rows = np.flatnonzero(kind == level)
        below = rows[parent[rows] >= 0]
        table[below] = table[np.searchsorted(ids, parent[below])]
        table[rows, level] = ids[rows]
    return table


def names(engine: Engine, places: Iterable[int], language: str) -> dict[int, str]:
    """Names by place id in `zh` or `en`; the code where a place has no name."""
    wanted: Sequence[int] = sorted(set(places))
    found: dict[int, str] = {}
    with engine.connect() as connection:
        for start in range(0, len(wanted), 500):
            query = select(Place.id, Place.code, Place.name, Place.name_en)
            query = query.where(Place.id.in_(wanted[start : start + 500]))
            for place, code, zh, en in connection.execute(query):
                found[place] = (en or zh or code) if language == "en" else (zh or code)
    return found
