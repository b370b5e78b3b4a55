"""Heat from a volume register and temperatures, from books and lake."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from analytics.heat.energy import Consumption, edges_of
from analytics.heat.meters import Meters
from analytics.heat.registers import State, reasons
from analytics.heat.volume_heat import Pipe, heat_from_volume
from analytics.heat.water import heat_coefficient
from domain.quantity import Role
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.wiring import World, open_world
from store.registry.places import tree
from tests.heatwatch.metered_city import BELGRADE, at, made

SERIES = """v,volume,volume,ST,3600,2024-01-01T00:00:00+01:00,
v,sup,primary_supply_temperature,ST,3600,2024-01-01T00:00:00+01:00,
v,ret,primary_return_temperature,ST,3600,2024-01-01T00:00:00+01:00,
b,volume,volume,B1,3600,2024-01-01T00:00:00+01:00,
b,sup,supply_temperature,B1,3600,2024-01-01T00:00:00+01:00,
b,ret,return_temperature,B1,3600,2024-01-01T00:00:00+01:00,
"""
SPAN = Span(at("2025-02-01"), at("2025-02-03"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The station: 1 m3 an hour, 90 to 40 °C by day one, 70 to 50 °C from then on, silent for ten hours.

    Block 1 has no return temperature on day two, and its return is warmer than its supply before.
    """
    hours = [at("2025-01-31") + timedelta(hours=h) for h in range(24 * 5)]
    second = at("2025-02-02")
    gone = (second + timedelta(hours=4), second + timedelta(hours=14))
    told = [each for each in hours if not gone[0] <= each < gone[1]]
    registers: dict[str, dict[datetime, int | None]] = {
        "v:volume": {each: 1_000 * i for i, each in enumerate(hours)},
        "v:sup": {each: 90_000 if each < second else 70_000 for each in told},
        "v:ret": {each: 40_000 if each < second else 50_000 for each in told},
        "b:volume": {each: 10 * i for i, each in enumerate(hours)},
        "b:sup": dict.fromkeys(hours, 40_000),
        "b:ret": {each: 41_000 for each in hours if each < second},
    }
    found = open_world(made(tmp_path_factory.mktemp("city"), registers, SERIES))
    yield found
    found.books.dispose()


def heat(world: World, kind: PlaceKind, pipe: Pipe) -> Consumption:
    network = tree(world.books, PlaceKind.HOUSEHOLD)
    meters = Meters(world.books, world.readings, world.index, network, world.now(), Role.VOLUME)
    root = int(network.ids[network.by_code["heat-co"]])
    [part] = heat_from_volume(meters, root, kind, edges_of(SPAN, BELGRADE, "day"), pipe)
    return part


@pytest.mark.parametrize("sensor", ["return", "supply"])
def test_each_step_of_the_register_is_multiplied_at_its_own_temperatures(
    world: World, sensor: str
) -> None:
    pipe = Pipe("supply" if sensor == "supply" else "return")
    found = heat(world, PlaceKind.STATION, pipe)
    first = 24 * 50 * heat_coefficient(90, 40, pipe.sensor) * 1000
    assert found.amount[0, 0] == round(first)
    assert found.state[0, 0] == State.MEASURED


def test_steps_without_temperatures_leave_the_day_unknown_with_what_is_known(world: World) -> None:
    found = heat(world, PlaceKind.STATION, Pipe())
    known = (
        15 * 20 * heat_coefficient(70, 50) * 1000
    )  # of ten silent hours one has values that stand
    assert found.state[0, 1] == State.UNKNOWN
    assert found.amount[0, 1] == pytest.approx(known, rel=0.001)
    assert [code for code, _ in reasons(int(found.marks[0, 1]))] == ["temperatures"]


def test_a_warmer_return_counts_nothing_and_is_not_negative(world: World) -> None:
    found = heat(world, PlaceKind.BUILDING, Pipe())
    assert found.amount[0].tolist() == [0, 0]
    assert found.state[0].tolist() == [State.MEASURED, State.UNKNOWN]
