"""Mean outdoor temperature by day, at the nearest mast."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from analytics.heat.energy import edges_of
from analytics.heat.outdoor import masts_of, outdoor_of_places
from domain.time import Span
from heatwatch.wiring import World, open_world
from store.registry.places import tree
from tests.heatwatch.metered_city import BELGRADE, at, made

SERIES = """mast,t,outdoor_temperature,S1,3600,2024-01-01T00:00:00+01:00,
near,t,outdoor_temperature,B1,3600,2024-01-01T00:00:00+01:00,
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two days of both masts; that of the source is silent for most of the second one."""
    hours = [at("2025-02-01") + timedelta(hours=h) for h in range(48)]
    registers = {
        "mast:t": {each: -4_000 + 100 * (i % 2) for i, each in enumerate(hours) if i < 30},
        "near:t": {each: 2_000 + 100 * (i % 2) for i, each in enumerate(hours)},
    }
    found = open_world(made(tmp_path_factory.mktemp("city"), registers, SERIES))
    yield found
    found.books.dispose()


@pytest.mark.parametrize(
    ("place", "expected"),
    [("B1", [2.05, 2.05]), ("H1", [-3.95, np.nan]), ("heat-co", [-3.95, np.nan])],
)
def test_a_place_has_its_own_mast_or_the_next_above_it_or_the_first_below(
    world: World, place: str, expected: list[float]
) -> None:
    network = tree(world.books)
    edges = edges_of(Span(at("2025-02-01"), at("2025-02-03")), BELGRADE, "day")
    root = np.array([network.ids[network.by_code[place]]], dtype=np.int32)
    found = outdoor_of_places(world.index, world.readings, network, root, edges, 0.9)[0]
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def test_without_a_mast_nothing_is_known(world: World) -> None:
    network = tree(world.books)
    edges = edges_of(Span(at("2020-02-01"), at("2020-02-03")), BELGRADE, "day")
    root = np.array([network.ids[network.by_code["B1"]]], dtype=np.int32)
    found = outdoor_of_places(world.index, world.readings, network, root, edges, 0.9)
    assert np.isnan(found).all()


def test_the_place_of_the_mast_that_counts_is_named(world: World) -> None:
    network = tree(world.books)
    ids = np.array([network.ids[network.by_code[c]] for c in ("B1", "H1", "heat-co")], np.int32)
    now, before = Span(at("2025-02-01"), at("2025-02-03")), Span(at("2020-02-01"), at("2020-02-03"))
    found = masts_of(world.index, network, ids, now).tolist()
    assert [network.code(each) for each in found] == ["B1", "S1", "S1"]
    assert masts_of(world.index, network, ids, before).tolist() == [-1, -1, -1]
