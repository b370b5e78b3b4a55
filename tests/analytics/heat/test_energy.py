"""Consumption of places by their own meters, or by those below them, from books and lake."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from analytics.heat import energy
from analytics.heat.energy import Consumption, consumption, edges_of, whole_days
from analytics.heat.meters import Meters
from analytics.heat.registers import State
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.wiring import World, open_world
from store.registry.places import tree
from tests.heatwatch.metered_city import BELGRADE, SERIES, at, made

SPAN = Span(at("2025-02-01"), at("2025-02-04"))


def counting(since: str, until: str, first: int, each: int) -> dict[object, int | None]:
    begin = at(since)
    hours = (at(until) - begin) // timedelta(hours=1)
    return {begin + timedelta(hours=h): first + each * h for h in range(hours + 1)}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Block 1 gets its meter on 3 February; home 2 has none for three days."""
    series = SERIES.replace(
        "mb1,energy,energy,B1,900,2024-01-01", "mb1,energy,energy,B1,900,2025-02-03"
    )
    registers = {
        "mst": counting("2025-01-31", "2025-02-05", 10**9, 9_000),
        "mb1": counting("2025-02-03", "2025-02-05", 0, 4_000),
        "m1": counting("2025-01-31", "2025-02-05", 0, 2_000),
    }
    found = open_world(made(tmp_path_factory.mktemp("city"), registers, series))  # type: ignore[arg-type]
    yield found
    found.books.dispose()


def used(world: World, code: str, kind: PlaceKind, by: str = "day") -> Consumption:
    network = tree(world.books, PlaceKind.HOUSEHOLD)
    meters = Meters(world.books, world.readings, world.index, network, world.now())
    root = int(network.ids[network.by_code[code]])
    [part] = consumption(meters, root, kind, edges_of(SPAN, BELGRADE, by))
    return part


def test_a_station_is_its_own_meter_whatever_lies_below(world: World) -> None:
    found = used(world, "ST", PlaceKind.STATION)
    assert found.amount.tolist() == [[216_000] * 3]
    assert found.meters.tolist() == found.known.tolist() == [[1, 1, 1]]
    assert found.own.all()


def test_a_sum_with_a_missing_meter_is_unknown_and_says_how_many_are_in_it(world: World) -> None:
    found = used(world, "B2", PlaceKind.BUILDING)
    assert found.amount.tolist() == [[48_000] * 3]
    assert (found.known.tolist(), found.meters.tolist()) == ([[1] * 3], [[2] * 3])
    assert found.state.tolist() == [[State.UNKNOWN] * 3]


def test_a_building_is_its_own_meter_from_the_day_it_has_one(world: World) -> None:
    found = used(world, "B1", PlaceKind.BUILDING)
    assert found.own.tolist() == [[False, False, True]]
    assert found.state.tolist() == [[State.UNKNOWN, State.UNKNOWN, State.MEASURED]]
    assert found.amount[0, 2] == 96_000


def test_a_city_in_pieces_is_the_city(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    network = tree(world.books, PlaceKind.HOUSEHOLD)
    meters = Meters(world.books, world.readings, world.index, network, world.now())
    root, edges = int(network.ids[network.by_code["heat-co"]]), edges_of(SPAN, BELGRADE, "day")
    [whole] = consumption(meters, root, PlaceKind.HOUSEHOLD, edges)
    monkeypatch.setattr(energy, "PART_ROWS", 100)
    parts = list(consumption(meters, root, PlaceKind.HOUSEHOLD, edges))
    assert len(parts) > 1
    for name in ("place", "amount", "known", "meters", "marks"):
        pieces = np.concatenate([getattr(each, name) for each in parts])
        assert pieces.tolist() == getattr(whole, name).tolist()


def test_a_building_whose_homes_are_read_apart_is_their_sum(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = used(world, "B2", PlaceKind.BUILDING)
    monkeypatch.setattr(energy, "PART_ROWS", 100)
    apart = used(world, "B2", PlaceKind.BUILDING)
    assert apart.amount.tolist() == whole.amount.tolist()
    assert apart.known.tolist() == whole.known.tolist()


def test_edges_are_local_midnights_months_or_the_ends() -> None:
    span = Span(at("2025-01-30T12:00"), at("2025-03-02"))
    assert edges_of(span, BELGRADE, "day").size == 32
    assert edges_of(span, BELGRADE, "month").size == 4
    assert edges_of(span, BELGRADE, "period").size == 2
    with pytest.raises(ValueError, match="allowed: day, month, period"):
        edges_of(span, BELGRADE, "week")


def test_a_day_that_is_cut_is_not_whole() -> None:
    span = Span(at("2025-03-29T12:00"), at("2025-04-01"))
    assert whole_days(edges_of(span, BELGRADE, "day"), BELGRADE).tolist() == [False, True, True]
    span = Span(at("2025-03-29"), at("2025-03-29T08:00"))
    assert whole_days(edges_of(span, BELGRADE, "day"), BELGRADE).tolist() == [False]


def test_rooms_have_no_meter(world: World) -> None:
    with pytest.raises(ValueError, match="rooms have no meter"):
        used(world, "ST", PlaceKind.ROOM)
