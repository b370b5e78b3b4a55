"""The city is the same whenever it is run again, and its faults do what they say."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import numpy as np
import pytest

from simulators.city.city import City, Record, Size, pump_share
from simulators.city.sensors import heard, place_sensors, read, times_s
from simulators.city.stations import StationBook, leaking, running
from simulators.live.live import LiveMessages
from simulators.plan.plan import HISTORY_OUTAGE, LIVE_OUTAGE, Ending, StationFault
from simulators.world.truth import filling_truth
from tests.simulators.conftest import PRESENT

SIZE = Size(households=240, history_days=21, live_hours=6.0)


@lru_cache
def _run(seed: int) -> tuple[City, Record]:
    city = City(seed, PRESENT, SIZE)
    return city, city.history()


def run(seed: int) -> tuple[City, Record]:
    """A city at the end of its history, to do with as one likes, and the record of it."""
    city, record = _run(seed)
    return deepcopy(city), record


def test_the_same_seed_gives_the_same_city_and_another_seed_another() -> None:
    (one, first), (_, other) = run(3), run(4)
    two = City(3, PRESENT, SIZE)
    again = two.history()
    assert np.array_equal(first.air, again.air)
    assert np.array_equal(first.outdoor, again.outdoor)
    assert not np.array_equal(first.outdoor, other.outdoor)
    assert one.plan == two.plan


def test_the_live_part_goes_on_where_the_history_ends() -> None:
    city, history = run(3)
    live = city.advance(4)
    assert live.start_s == city.present_s == history.start_s + history.steps * 900
    assert np.array_equal(history.air[-1], live.air[0])
    held = [spell.household for spell in city.plan.spells if spell.live]
    assert np.abs(np.diff(np.delete(live.air, held, axis=1), axis=0)).max() < 0.5


def test_going_on_in_one_stride_or_step_by_step_is_the_same() -> None:
    (one, _), (two, _) = run(3), run(3)
    stride = one.advance(8).air
    assert np.array_equal(stride[1:], np.vstack([two.advance(1).air[1:] for _ in range(8)]))


def test_a_history_can_not_run_twice() -> None:
    city, _ = run(3)
    with pytest.raises(ValueError, match="has run already"):
        city.history()


def test_it_is_winter_whatever_the_calendar_says() -> None:
    city = City(3, PRESENT.replace(month=7), SIZE)
    outdoor = city.history().outdoor
    assert -14.0 <= outdoor.min() < outdoor.max() <= 9.0
    assert outdoor.mean() < 3.0


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


def test_sensors_have_grain_noise_and_phase_but_follow_their_room() -> None:
    city, record = run(3)
    sensors = place_sensors(city)
    said = read(sensors, record, np.random.default_rng(1))
    assert not (said % sensors.grain_mc).any()
    assert set(sensors.grain_mc.tolist()) == {10, 100}
    mean = record.air[:-1, sensors.home] + sensors.offset_c
    assert np.abs(said / 1000.0 - mean)[:, ~sensors.careful].max() < 1.5
    at_s = times_s(sensors, record)
    assert np.array_equal(at_s[0] - record.start_s, sensors.phase_s)


def test_a_silent_sensor_says_nothing_while_it_is_silent_and_speaks_before_and_after() -> None:
    city, record = run(3)
    sensors = place_sensors(city)
    at_s = times_s(sensors, record)
    sent = heard(city, sensors, at_s, np.random.default_rng(1))
    fault = next(f for f in city.plan.sensors if f.kind == "silent" and not f.live)
    times = at_s[:, fault.room]
    within = (times >= fault.since_s) & (times < int(fault.until_s or 0))
    assert within.sum() > 20
    assert not sent[within, fault.room].any()
    assert sent[~within, fault.room].mean() > 0.99


def test_live_faults_scale_with_the_live_span() -> None:
    spans = {}
    for hours in (6.0, 12.0):
        city = City(3, PRESENT, replace(SIZE, live_hours=hours))
        stop = next(each for each in city.plan.stops if each.live)
        assert city.layout.stations[stop.station].code == LIVE_OUTAGE
        spans[hours] = (stop.since_s - city.present_s, int(stop.until_s or 0) - stop.since_s)
    assert spans[12.0][0] == 2 * spans[6.0][0]
    assert spans[6.0][1] == pytest.approx(108 * 60, abs=1)
    assert spans[12.0][1] == 3 * 3600


def test_messages_come_in_the_order_of_their_times_and_again_the_same() -> None:
    city, history = run(3)
    lives = [LiveMessages(each, history) for each in (deepcopy(city), city)]
    blocks = [[live.block() for _ in range(2)] for live in lives]
    assert blocks[0] == blocks[1]
    for block in blocks[0]:
        assert [out.at_s for out in block] == sorted(out.at_s for out in block)
