"""The network's tree: company > source > station > zone > building > household > room."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.code import code_among
from domain.language import msg, not_known


class PlaceKind(Enum):
    """Levels of the tree, top down; a place's parent is of a level above it."""

    COMPANY = "company"
    SOURCE = "source"
    STATION = "station"
    ZONE = "zone"
    BUILDING = "building"
    HOUSEHOLD = "household"
    ROOM = "room"

    @property
    def level(self) -> int:
        return list(PlaceKind).index(self)

    @classmethod
    def of(cls, code: str) -> "PlaceKind":
        """The kind with this code; ValueError names what is allowed."""
        try:
            return cls(code)
        except ValueError:
            kinds = [each.value for each in cls]
            raise ValueError(not_known(msg("place kind"), code, kinds)) from None


class RoomUse(Enum):
    """What a room is for; the acts cover bedrooms and living rooms (Henan art. 26)."""

    BEDROOM = "bedroom"
    LIVING = "living"
    KITCHEN = "kitchen"
    BATHROOM = "bathroom"
    OTHER = "other"


CORNER = "corner"  # beside its use: a room with two outer walls (RU-354)
COVERED_ROOMS = frozenset({RoomUse.BEDROOM, RoomUse.LIVING})


def place_name(code: str, own: str, english: str, language: str, *, plain: bool = False) -> str:
    """What a place is called: by its own name in Chinese, else by its English one where it has one.

    `plain`: for readers of other languages only in ASCII, as in an SMS that must stay short; the
    code where there is no such name.

    >>> [place_name("S1", "一号站", "One", language) for language in ("zh", "en", "ru")]
    ['一号站', 'One', 'One']
    >>> place_name("S1", "一号站", "", "en"), place_name("S1", "一号站", "", "en", plain=True)
    ('一号站', 'S1')
    """
    wanted = (own,) if language == "zh" else (english, own)
    strict = plain and language != "zh"
    return next((name for name in wanted if name and (name.isascii() or not strict)), code)


@dataclass(frozen=True)
class Tree:
    """All places, sorted by id (n places); `ancestors` answers every question about the tree.

    Asked by place id, or, for work over all places at once, by row.
    """

    ids: NDArray[np.int32]  # (n,) place ids
    kind: NDArray[np.int8]  # (n,) level, index into `tuple(PlaceKind)`
    parent: NDArray[np.int32]  # (n,) place id, -1 for companies
    ancestors: NDArray[np.int32]  # (n, 7) place id of the ancestor (or itself) of each level, or -1
    codes: tuple[str, ...]
    names: tuple[str, ...]  # Chinese, or as the residents write it; the code where there is none
    names_en: tuple[str, ...]  # English; the Chinese name where there is none

    @classmethod
    def of(
        cls,
        ids: Sequence[int],
        kinds: Sequence[int],
        parents: Sequence[int],
        codes: Sequence[str],
        names: Sequence[str],
        names_en: Sequence[str],
    ) -> "Tree":
        """From rows by increasing id: levels of the kinds, and ids of the parents, -1 at the top.

        >>> city = Tree.of([1, 2, 5], [0, 1, 2], [-1, 1, 2], "abc", "abc", "abc")
        >>> city.path(5), city.chain(2), city.under(1, PlaceKind.STATION).tolist()
        ([1, 2, 5], [2, 1, 0], [5])
        """
        own, kind = np.array(ids, dtype=np.int32), np.array(kinds, dtype=np.int8)
        parent = np.array(parents, dtype=np.int32)
        above = _ancestors(own, kind, parent)
        return cls(own, kind, parent, above, tuple(codes), tuple(names), tuple(names_en))

    def row(self, place: int) -> int:
        """Row of a place id; KeyError where there is none."""
        row = bisect_left(self.ids, place)  # searchsorted would copy all ids to the type of `place`
        if row == self.ids.size or self.ids[row] != place:
            raise KeyError(f"place {place} is not in the registry")
        return row

    def rows(self, places: NDArray[np.int32]) -> NDArray[np.int64]:
        """Rows of (m,) place ids that are all in the tree."""
        rows: NDArray[np.int64] = np.searchsorted(self.ids, places)
        return rows

    def code(self, place: int) -> str:
        return self.codes[self.row(place)]

    def codes_of(self, places: NDArray[np.int32]) -> Iterator[str]:
        """Codes of (m,) place ids that are all in the tree."""
        return map(self.codes.__getitem__, self.rows(places).tolist())

    def name(self, place: int, language: str) -> str:
        """What the place is called in this language."""
        row = self.row(place)
        return place_name(self.codes[row], self.names[row], self.names_en[row], language)

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
        return self.some(np.flatnonzero(self.ancestors[:, level] == place))

    def holding(self, places: NDArray[np.int32]) -> "Tree":
        """The same of these place ids and what is above them.

        >>> city = Tree.of([1, 2, 3, 5], [0, 1, 1, 2], [-1, 1, 1, 2], "abcd", "abcd", "abcd")
        >>> city.holding(np.array([5], dtype=np.int32)).codes
        ('a', 'b', 'd')
        """
        return self.some(np.flatnonzero(np.isin(self.ids, self.ancestors[self.rows(places)])))

    def some(self, rows: NDArray[np.int64]) -> "Tree":
        """The same of (m,) rows, increasing."""
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

    def company(self, place: int) -> str:
        """Code of the company that the place belongs to."""
        return self.code(self.path(place)[0])

    def path(self, place: int) -> list[int]:
        """Ids from the company down to the place itself."""
        return [int(each) for each in self.ancestors[self.row(place)] if each >= 0]

    @cached_property
    def ancestor_rows(self) -> NDArray[np.int32]:
        """(n, levels) row of the ancestor (or itself) of each level, or -1."""
        rows = np.minimum(np.searchsorted(self.ids, self.ancestors), max(self.ids.size - 1, 0))
        known = self.ids[rows] == self.ancestors if self.ids.size else rows > 0
        return np.where(known, rows, -1).astype(np.int32)

    @cached_property
    def by_code(self) -> dict[str, int]:
        """Row of each code."""
        return {code: row for row, code in enumerate(self.codes)}

    def row_of(self, code: str) -> int | None:
        """Row of the code that somebody writes, in whatever width; None where there is none."""
        return self.by_code.get(code_among(code, self.by_code))

    def chain(self, row: int) -> list[int]:
        """Rows from this place up to the top, this one first."""
        return [each for each in self.ancestor_rows[row].tolist()[::-1] if each >= 0]

    def ancestor(self, kind: PlaceKind) -> NDArray[np.int32]:
        """(n,) row of the place of this kind at or above each place, -1 where there is none."""
        return _ids(self.ancestor_rows[:, kind.level])

    def rows_of(self, kind: PlaceKind) -> NDArray[np.int32]:
        """Rows of the places of a kind."""
        return np.flatnonzero(self.kind == kind.level).astype(np.int32)

    def below(self, row: int) -> NDArray[np.bool_]:
        """(n,) whether a place is this one or below it."""
        same: NDArray[np.bool_] = self.ancestor_rows[:, int(self.kind[row])] == row
        return same

    def homes(self, row: int) -> int:
        """Households at or below a place."""
        return int(np.sum(self.below(row) & (self.kind == PlaceKind.HOUSEHOLD.level)))


def _ids(picked: Any) -> NDArray[np.int32]:
    """numpy's stubs forget the type of picked elements."""
    ids: NDArray[np.int32] = picked
    return ids


def _ancestors(
    ids: NDArray[np.int32], kind: NDArray[np.int8], parent: NDArray[np.int32]
) -> NDArray[np.int32]:
    """(n, levels): a place takes its parent's row and adds itself; parents are of levels above."""
    table = np.full((ids.size, len(PlaceKind)), -1, dtype=np.int32)
    for level in range(len(PlaceKind)):
        rows = np.flatnonzero(kind == level)
        below = rows[parent[rows] >= 0]
        table[below] = table[np.searchsorted(ids, parent[below])]
        table[rows, level] = ids[rows]
    return table
