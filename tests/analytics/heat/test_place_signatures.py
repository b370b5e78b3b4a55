"""Signatures of places from their meters and masts: only measured days take part."""

import math
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.heat.energy import edges_of
from analytics.heat.meters import Meters
from analytics.heat.place_signatures import signatures
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.wiring import open_world
from store.registry.places import tree
from tests.heatwatch.metered_city import BELGRADE, SERIES, at, made

MAST = "mast,t,outdoor_temperature,S1,3600,2024-01-01T00:00:00+01:00,\n"
DAYS = 40


def weather(day: int) -> int:
    """Of a day: -8 to 8 °C. [0.001 °C]"""
    return round(8_000 * math.sin(day / 5))


def test_a_block_of_half_a_kilowatt_a_kelvin_is_found_and_a_gap_takes_no_part(
    tmp_path: Path,
) -> None:
    begin = at("2025-01-01")
    hours = [begin + timedelta(hours=h) for h in range(DAYS * 24 + 1)]
    register, wh = {}, 0
    for i, each in enumerate(hours):
        register[each] = wh
        wh += 500 * (20_000 - weather(i // 24)) // 1000
    silent = (begin + timedelta(days=5, hours=3), begin + timedelta(days=7, hours=3))
    registers: dict[str, dict[datetime, int | None]] = {
        "mast:t": {each: weather(i // 24) for i, each in enumerate(hours)},
        "mb1": {
            each: value for each, value in register.items() if not silent[0] < each < silent[1]
        },
    }
    world = open_world(made(tmp_path, registers, SERIES + MAST))
    network = tree(world.books)
    meters = Meters(world.books, world.readings, world.index, network, world.now())
    edges = edges_of(Span(begin, begin + timedelta(days=DAYS)), BELGRADE, "day")
    root = int(network.ids[network.by_code["ST"]])
    found = dict(signatures(meters, root, PlaceKind.BUILDING, edges, 0.9, BELGRADE))
    world.books.dispose()
    fit = found[int(network.ids[network.by_code["B1"]])]
    assert fit is not None
    assert fit.days == DAYS - 3
    assert fit.slope == pytest.approx(500, rel=0.01)
    assert fit.at_zero == pytest.approx(10_000, rel=0.01)
    assert found[int(network.ids[network.by_code["B2"]])] is None
