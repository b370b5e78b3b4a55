"""What the meters of a station show of pumps, leaks and fillings."""

from datetime import datetime

import numpy as np

from simulators.city.city import pump_share
from simulators.city.stations import StationBook, leaking, running
from simulators.plan.plan import StationFault
from simulators.world.truth import filling_truth
from tests.simulators.city.cities import run


def test_a_pump_counts_for_the_part_of_a_step_in_which_it_runs() -> None:
    stops = [StationFault(1, 1000, 1450, 0.0, False), StationFault(2, 0, None, 0.0, True)]
    assert pump_share(stops, 3, 900, 1800).tolist() == [1.0, 0.5, 0.0]


def test_a_leak_ramps_up_and_ends_when_it_is_fixed() -> None:
    leak = StationFault(0, 1000, 5000, 6.0, True)
    at_s = np.array([999, 1120, 1240, 4999, 5000])
    assert leaking([leak], 0, at_s).tolist() == [0.0, 3.0, 6.0, 6.0, 0.0]
    assert not leaking([leak], 1, at_s).any()


def test_a_stopped_station_shows_no_flow_no_lift_and_cooling_water() -> None:
    city, record = run(3)
    telemetry = StationBook(city).over(record, np.random.default_rng(0))
    stop = next(each for each in city.plan.stops if not each.live)
    at_s, said = telemetry.stations[stop.station]
    runs, _ = running(city.plan.stops, stop.station, at_s)
    assert not said["flow"][~runs].any()
    assert said["flow"][runs].min() > 0.9 * city.nominal_flow_m3h[stop.station]
    assert np.abs(said["p_sup"] - said["p_ret"])[~runs].max() < 0.1
    assert (said["p_sup"] - said["p_ret"])[runs].min() > 1.0
    assert said["t_sup"][~runs][-1] < 23.0
    assert said["t_sup"][runs].min() > 30.0
    assert (said["t_sup"] > said["t_ret"])[runs].all()


def test_make_up_water_is_small_but_for_leaks_and_fillings() -> None:
    city, record = run(3)
    telemetry = StationBook(city).over(record, np.random.default_rng(0))
    leaky = {leak.station for leak in city.plan.leaks if not leak.live}
    for i, (_, said) in enumerate(telemetry.stations):
        loud = (said["makeup"] > 0.3).mean()
        assert (loud > 0.05) == (i in leaky), f"station {i}"
        assert np.median(said["makeup"]) < 0.12


def test_a_filling_shows_as_much_water_for_as_long_as_the_truth_says() -> None:
    city, record = run(3)
    telemetry = StationBook(city).over(record, np.random.default_rng(0))
    told = [each for each in filling_truth(city) if not each["live"]]
    assert len(told) >= 36
    codes = [station.code for station in city.layout.stations]
    for each in told[:12]:
        at_s, said = telemetry.stations[codes.index(each["place"])]
        since_s = datetime.fromisoformat(each["since"]).timestamp()
        during = (at_s >= since_s) & (at_s < since_s + 1200)
        assert during.sum() == 10
        assert each["m3_h"] < said["makeup"][during].min() < 3 * each["m3_h"]
