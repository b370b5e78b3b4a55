"""The tree against a walk from parent to parent."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tree import PlaceKind, Tree

LEVELS = len(PlaceKind)
#: id, level, parent: two companies, levels left out, ids not in the order of the tree.
ROWS = (
    (3, 0, -1),
    (4, 2, 3),
    (7, 5, 4),
    (8, 6, 7),
    (9, 0, -1),
    (20, 1, 3),
    (21, 2, 20),
    (30, 5, 21),
)


def tree_of(rows: tuple[tuple[int, int, int], ...]) -> Tree:
    ids, kinds, parents = zip(*rows, strict=True) if rows else ((), (), ())
    codes = [f"P{each}" for each in ids]
    return Tree.of(ids, kinds, parents, codes, codes, codes)


@st.composite
def trees(draw: st.DrawFn) -> tuple[tuple[int, int, int], ...]:
    """Up to 20 places; each hangs below any place of a level above, wherever its id is."""
    levels = draw(st.lists(st.integers(0, LEVELS - 1), max_size=20))
    ids = draw(st.permutations(range(1, len(levels) + 1)))
    found = []
    for id_, level in zip(ids, levels, strict=True):
        above = [other for other, at in zip(ids, levels, strict=True) if at < level]
        parent = draw(st.sampled_from(above)) if above and level else -1
        found.append((id_, level, parent))
    return tuple(sorted(found))


def walk(rows: tuple[tuple[int, int, int], ...], place: int) -> list[int]:
    """Ids from a place up to the top."""
    parents = {id_: parent for id_, _, parent in rows}
    path = [place]
    while parents[path[-1]] >= 0:
        path.append(parents[path[-1]])
    return path


@settings(max_examples=80, derandomize=True, deadline=None)
@given(rows=trees())
def test_every_question_agrees_with_a_walk_from_parent_to_parent(
    rows: tuple[tuple[int, int, int], ...],
) -> None:
    tree = tree_of(rows)
    level = {id_: at for id_, at, _ in rows}
    paths = {id_: walk(rows, id_) for id_ in level}
    for row, (id_, _, _) in enumerate(rows):
        assert tree.row(id_) == tree.by_code[f"P{id_}"] == row
        assert tree.path(id_) == paths[id_][::-1]
        assert [int(tree.ids[each]) for each in tree.chain(row)] == paths[id_]
        inside = [other for other in level if id_ in paths[other]]
        assert tree.ids[tree.below(row)].tolist() == inside
        assert tree.within(id_).ids.tolist() == inside
        assert tree.homes(row) == sum(level[each] == PlaceKind.HOUSEHOLD.level for each in inside)
        for kind in PlaceKind:
            assert tree.under(id_, kind).tolist() == [e for e in inside if level[e] == kind.level]
    for kind in PlaceKind:
        mine = {id_: [e for e in paths[id_] if level[e] == kind.level] for id_ in level}
        above = tree.ancestor(kind)
        assert [int(tree.ids[r]) if r >= 0 else -1 for r in above] == [
            each[0] if each else -1 for each in mine.values()
        ]
        assert tree.ids[tree.rows_of(kind)].tolist() == tree.of_kind(kind).tolist()
        assert tree.above(tree.ids, kind).tolist() == [e[0] if e else -1 for e in mine.values()]


def test_a_part_of_the_tree_knows_no_row_of_what_is_above_it() -> None:
    part = tree_of(ROWS).within(20)
    assert part.ids.tolist() == [20, 21, 30]
    assert part.path(30) == [3, 20, 21, 30], "ids above stay known"
    assert part.chain(part.row(30)) == [2, 1, 0]
    assert part.ancestor(PlaceKind.COMPANY).tolist() == [-1, -1, -1]


def test_children_are_those_directly_below() -> None:
    assert tree_of(ROWS).children(3).tolist() == [4, 20]


def test_a_third_language_reads_the_english_name_of_a_place() -> None:
    tree = Tree.of([1], [0], [-1], ["C"], ["供热企业"], ["Heat company"])
    assert [tree.name(1, code) for code in ("zh", "en", "ru")] == [
        "供热企业",
        "Heat company",
        "Heat company",
    ]


def test_a_place_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="place 5 is not in the registry"):
        tree_of(ROWS).row(5)


def test_a_place_is_found_without_a_copy_of_all_ids() -> None:
    ids = range(1, 100_001)
    kinds = [0, *[PlaceKind.HOUSEHOLD.level] * (len(ids) - 1)]
    names = [str(each) for each in ids]
    city = Tree.of(ids, kinds, [-1, *[1] * (len(ids) - 1)], names, names, names)
    tracemalloc.start()
    try:
        assert [city.row(place) for place in (1, 50_000, 100_000)] == [0, 49_999, 99_999]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < city.ids.nbytes / 10


def test_an_empty_tree_answers_too() -> None:
    empty = tree_of(())
    assert empty.ancestor_rows.shape == (0, LEVELS)
    assert (
        empty.of_kind(PlaceKind.STATION).size
        == np.count_nonzero(empty.ancestor(PlaceKind.ROOM))
        == 0
    )


@pytest.mark.parametrize("code", ["", "flat", "Company"])
def test_a_kind_that_is_not_known_is_refused_with_those_there_are(code: str) -> None:
    with pytest.raises(ValueError, match="allowed: company, source, station"):
        PlaceKind.of(code)
