"""The demo's tree: as many homes as wanted, each below one building, codes that lead up."""

import pytest

from simulators.plan.layout import BUILDINGS_PER_STATION, STATIONS, lay_out


@pytest.mark.parametrize("households", [60, 61, 2000])
def test_homes_are_spread_evenly_and_their_codes_lead_up(households: int) -> None:
    layout = lay_out(households, both={0, 5})
    assert len(layout.households) == households
    assert len(layout.buildings) == STATIONS * BUILDINGS_PER_STATION
    for home in layout.households:
        building = layout.buildings[home.parent]
        assert home.code.startswith(building.code)
        assert building.code.startswith(layout.stations[building.parent].code)
    sizes = [sum(h.parent == i for h in layout.households) for i in range(len(layout.buildings))]
    assert max(sizes) - min(sizes) <= 1


def test_every_home_has_a_room_with_a_sensor_and_some_have_two() -> None:
    layout = lay_out(100, both={3, 50})
    rooms = [[room.code for room in layout.rooms if room.household == i] for i in range(100)]
    assert [i for i, each in enumerate(rooms) if len(each) == 2] == [3, 50]
    assert all(rooms)
    devices = [room.device for room in layout.rooms]
    assert len(set(devices)) == len(devices)
    assert len({room.code for room in layout.rooms}) == len(layout.rooms)
    assert layout.station_of()[0] == 0
