"""The history of a city before it is watched."""

import numpy as np
import pytest

from simulators.plan.plan import HISTORY_OUTAGE, Ending
from tests.simulators.city.cities import run


def test_a_history_can_not_run_twice() -> None:
    city, _ = run(3)
    with pytest.raises(ValueError, match="has run already"):
        city.history()


def test_homes_of_the_station_that_stood_cool_and_the_others_do_not() -> None:
    city, record = run(3)
    stop = next(each for each in city.plan.stops if not each.live)
    first = (stop.since_s - record.start_s) // 900
    last = (int(stop.until_s or 0) - record.start_s) // 900
    plain = np.array([e in {Ending.WARM, Ending.OUTAGE_ONLY} for e in city.plan.endings])
    there = plain & (city.homes.station == stop.station)
    elsewhere = plain & (city.homes.station != stop.station)
    fell = record.air[first] - record.air[last]
    assert city.layout.stations[stop.station].code == HISTORY_OUTAGE
    assert fell[there].min() > 3.0
    assert np.abs(fell[elsewhere]).max() < 1.5


def test_warm_homes_stay_above_the_standard_through_the_history() -> None:
    city, record = run(3)
    warm = {Ending.WARM, Ending.WARM_REQUEST, Ending.WARM_CONSENT}
    chosen = np.array([ending in warm for ending in city.plan.endings])
    assert record.air[:, chosen].min() > 18.35
