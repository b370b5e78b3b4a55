"""The city of a day: the same every time, each home and station with its readings."""

from pathlib import Path

import numpy as np

from domain.time import to_us
from heatwatch.bench.city import ONE_DAY, readings_of
from heatwatch.bench.day_city import HOMES, REPORTED, DayCity, make_day


def test_every_room_and_station_reports_and_one_station_stops(tmp_path: Path) -> None:
    city, told = DayCity(2 * HOMES + 1, cold=0.5, silent=0.5), list[int]()
    for name in ("one", "two"):
        make_day(city, tmp_path / name, told.append)
    assert told == [city.households] * 2
    assert city.stations == 3
    series = np.arange(1, city.households + city.stations * len(REPORTED) + 1, dtype=np.int32)
    one, two = (readings_of(tmp_path / name).columns(series, ONE_DAY) for name in ("one", "two"))
    assert one.value.tolist() == two.value.tolist()
    count = np.diff(one.offsets)
    assert 0 < count[: city.households].min() < count[: city.households].max() == 288
    assert set(count[city.households :].tolist()) == {1440}
    flow = one.value[one.offsets[city.households + 2] : one.offsets[city.households + 3]]
    assert np.flatnonzero(flow == 0).tolist() == list(range(480, 600)), "08:00 to 10:00"
    assert to_us(ONE_DAY.since) <= one.at_us.min()
