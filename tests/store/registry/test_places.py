"""The tree of places, and what they are called."""

import numpy as np
import pytest
from sqlalchemy import Engine

from domain.tree import PlaceKind
from store.registry.series import (
    tree,
)
from tests.store.registry.indexed import code_of, peopled

__all__ = ["peopled"]  # fixtures


def test_the_tree_knows_who_stands_above_whom(peopled: Engine) -> None:
    places = tree(peopled)
    ids = dict(zip(places.codes, places.ids.tolist(), strict=True))
    assert code_of(places, places.under(ids["S1-01"], PlaceKind.HOUSEHOLD)) == ["H1", "H2"]
    assert code_of(places, places.under(ids["demo"], PlaceKind.STATION)) == ["S1-01", "S1-02"]
    assert places.under(ids["H1"], PlaceKind.HOUSEHOLD).tolist() == [ids["H1"]]
    rooms = np.array([ids["H3-bed"], ids["H1-bed"]], dtype=np.int32)
    assert places.above(rooms, PlaceKind.STATION).tolist() == [ids["S1-02"], ids["S1-01"]]
    assert places.above(rooms, PlaceKind.ZONE).tolist() == [-1, -1]
    assert [places.code(each) for each in places.path(ids["H1-bed"])] == [
        "demo", "S1", "S1-01", "B1", "H1", "H1-bed",
    ]  # fmt: skip
    assert code_of(places, places.children(ids["S1"])) == ["S1-01", "S1-02"]
    with pytest.raises(KeyError, match="place 999"):
        places.row(999)


def test_names_fall_back_to_chinese_and_then_to_the_code(peopled: Engine) -> None:
    places = tree(peopled)
    ids = dict(zip(places.codes, places.ids.tolist(), strict=True))
    wanted = [ids["demo"], ids["S1-02"], ids["S1-01"]]
    assert [places.name(each, "en") for each in wanted] == ["Demo Heat", "二站", "S1-01"]
    assert [places.name(each, "zh") for each in wanted] == ["示范热力", "二站", "S1-01"]
