"""Balance of a station against its buildings, from books and lake."""

from datetime import datetime, timedelta
from pathlib import Path

from analytics.heat.balance import Balance, balance
from analytics.heat.energy import edges_of
from analytics.heat.meters import Meters
from analytics.heat.registers import State
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.wiring import open_world
from store.registry.places import tree
from tests.heatwatch.metered_city import BELGRADE, Registers, at, made

SPAN = Span(at("2025-02-01"), at("2025-02-04"))


def counting(each: int, until: str = "2025-02-05") -> dict[datetime, int | None]:
    begin = at("2025-01-31")
    return {
        begin + timedelta(hours=h): each * h
        for h in range(round((at(until) - begin) / timedelta(hours=1)) + 1)
    }


def found(folder: Path, registers: Registers) -> Balance:
    world = open_world(made(folder, registers))
    network = tree(world.books, PlaceKind.HOUSEHOLD)
    meters = Meters(world.books, world.readings, world.index, network, world.now())
    root = int(network.ids[network.by_code["heat-co"]])
    told = balance(meters, root, edges_of(SPAN, BELGRADE, "day"))
    world.books.dispose()
    return told


def test_what_is_lost_is_what_the_buildings_did_not_use(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        {
            "mst": counting(9_000),
            "mb1": counting(4_000),
            "m1": counting(2_000),
            "m2": counting(2_000),
        },
    )
    assert told.supplied.tolist() == [[216_000] * 3]
    assert told.used.tolist() == [[192_000] * 3]
    assert told.loss.tolist() == [[24_000] * 3]
    assert told.determined.all()
    assert told.meters.tolist() == [[3] * 3]  # block 1, and the two homes of block 2


def test_with_a_meter_missing_the_loss_is_undetermined(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        {
            "mst": counting(9_000),
            "mb1": counting(4_000),
            "m1": counting(2_000),
            "m2": counting(2_000, until="2025-02-02"),
        },
    )
    assert told.determined.tolist() == [[True, False, False]]
    assert told.used_state.tolist() == [[State.MEASURED, State.UNKNOWN, State.UNKNOWN]]
    assert told.known.tolist() == [[3, 2, 2]]


def test_a_station_that_says_nothing_is_undetermined_too(tmp_path: Path) -> None:
    told = found(tmp_path, {"mb1": counting(4_000), "m1": counting(2_000), "m2": counting(2_000)})
    assert told.used_state.tolist() == [[State.MEASURED] * 3]
    assert not told.determined.any()
