"""Layers: arrows point down, what follows from others is left out, and few cross."""

import itertools

import pytest

from scripts.layered import crossings, layout, levels, ordered, reduced

DIAMOND = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d")]


def test_an_edge_that_a_longer_way_says_is_left_out() -> None:
    assert reduced(DIAMOND) == [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]


def test_a_node_stands_above_all_that_it_points_to() -> None:
    assert levels(["a", "b", "c", "d", "e"], DIAMOND) == {"d": 0, "e": 0, "b": 1, "c": 1, "a": 2}


def test_a_circle_is_named() -> None:
    with pytest.raises(ValueError, match="a circle among a, b"):
        reduced([("a", "b"), ("b", "a"), ("b", "c")])


def test_crossings_are_counted_and_undone() -> None:
    links = [("a", "y"), ("b", "x"), ("c", "z")]
    assert crossings(["a", "b", "c"], ["x", "y", "z"], links) == 1
    upper, lower = ordered([["a", "b", "c"], ["x", "y", "z"]], links)
    assert crossings(upper, lower, links) == 0


def test_boxes_do_not_overlap_and_arrows_go_from_box_to_box_and_down() -> None:
    sizes = {name: (40.0 + 10 * i, 20.0 + 5 * i) for i, name in enumerate("abcde")}
    edges = [*DIAMOND, ("a", "e")]
    drawing = layout(sizes, edges, gap=10.0, drop=15.0)
    boxes = [(*drawing.corner[name], *sizes[name]) for name in sizes]
    for (x, y, w, h), (u, v, s, t) in itertools.combinations(boxes, 2):
        assert x + w < u or u + s < x or y + h < v or v + t < y
    assert set(drawing.paths) == set(reduced(edges))
    for (start, end), points in drawing.paths.items():
        x, y = drawing.corner[start]
        assert x < points[0][0] < x + sizes[start][0]
        assert points[0][1] == y + sizes[start][1]
        assert points[-1][1] == drawing.corner[end][1]
        assert [y for _, y in points] == sorted(y for _, y in points)
