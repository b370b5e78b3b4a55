"""The registers that places have had: joined where only their row changed, and bounded by what their place can draw."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from analytics.heat.energy import Consumption, consumption, edges_of
from analytics.heat.meters import Meters
from analytics.heat.registers import State, reasons
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.wiring import open_world
from store.registry.importing import import_registry
from store.registry.places import tree
from tests.actors import WHEN
from tests.actors import at as by
from tests.heatwatch.metered_city import BELGRADE, PLACES, SERIES, at, made

SPAN = Span(at("2025-02-01"), at("2025-02-04"))


def hourly(each: int, since: str = "2025-01-31") -> dict[datetime, int | None]:
    begin = at(since)
    return {begin + timedelta(hours=h): each * h for h in range(24 * 6)}


def used(path: Path, code: str) -> Consumption:
    world = open_world(path)
    network = tree(world.books, PlaceKind.HOUSEHOLD)
    meters = Meters(world.books, world.readings, world.index, network, world.now())
    root = int(network.ids[network.by_code[code]])
    [found] = consumption(meters, root, PlaceKind.HOUSEHOLD, edges_of(SPAN, BELGRADE, "day"))
    world.books.dispose()
    return found


def why(found: Consumption) -> list[list[str]]:
    return [[code for code, _ in reasons(each)] for each in found.marks[0].tolist()]


def test_a_register_whose_row_changes_goes_on_without_a_loss(tmp_path: Path) -> None:
    noon = "2025-02-02T12:30:00+01:00"
    series = f"m1,energy,energy,H1,900,2024-01-01T00:00:00+01:00,{noon}\nm1,energy,energy,H1,3600,{noon},\n"
    found = used(made(tmp_path, {"m1": hourly(1_000)}, series), "H1")
    assert found.amount.tolist() == [[24_000] * 3]
    assert why(found) == [[], [], []]


def test_another_meter_is_an_exchange(tmp_path: Path) -> None:
    noon = "2025-02-02T12:00:00+01:00"
    series = f"old,energy,energy,H1,3600,2024-01-01T00:00:00+01:00,{noon}\nnew,energy,energy,H1,3600,{noon},\n"
    told = {when: wh for when, wh in hourly(1_000).items() if when < at("2025-02-02T12:00")}
    registers = {"old": told, "new": hourly(1_000, "2025-02-02T12:00")}
    found = used(made(tmp_path, registers, series), "H1")
    assert found.amount.tolist() == [[24_000, 23_000, 24_000]]
    assert found.state.tolist() == [[State.MEASURED] * 3]
    assert why(found) == [[], ["exchanged"], []]


def test_readings_filed_under_an_earlier_placement_count_where_the_meter_was(
    tmp_path: Path,
) -> None:
    path = made(tmp_path, {"m1": hourly(1_000)}, SERIES)
    moved = "2025-02-02T00:00:00+01:00"
    rows = f"m1,energy,energy,H1,900,2024-01-01T00:00:00+01:00,{moved}\nm1,energy,energy,H2,900,{moved},\n"
    rows += f"m2,energy,energy,H2,900,2024-01-01T00:00:00+01:00,{moved}\n"
    (tmp_path / "late").mkdir()
    file = tmp_path / "late" / "series.csv"
    file.write_text("device,channel,role,place,interval_s,since,until\n" + rows, encoding="utf-8")
    world = open_world(path)
    assert import_registry(world.books, [file], by=by(WHEN, reason="moved")).refused == ()
    world.books.dispose()
    found = used(path, "H2")
    assert found.amount.tolist()[0][1:] == [24_000, 24_000]
    assert found.state.tolist()[0][1:] == [State.MEASURED] * 2


def test_a_school_draws_what_its_area_can(tmp_path: Path) -> None:
    registers = {"m1": hourly(100_000)}
    (tmp_path / "home").mkdir()
    home = used(made(tmp_path / "home", registers), "H1")
    assert home.state.tolist() == [[State.UNKNOWN] * 3]
    assert why(home)[0] == ["leapt"]
    (tmp_path / "school").mkdir()
    places = PLACES.replace("H1,household,B2,甲,Home 1,,80,", "H1,household,B2,学校,School,,2000,")
    school = used(made(tmp_path / "school", registers, places=places), "H1")
    assert school.amount.tolist() == [[2_400_000] * 3]
    assert np.all(school.state == State.MEASURED)
