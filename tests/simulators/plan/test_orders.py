"""Faults on command happen where and when they were ordered, or the order is refused clearly."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from domain.errors import WrongCall
from simulators.city.city import City, Size
from simulators.live.live import LiveMessages
from simulators.plan.plan import Ending
from simulators.world.truth import cold_truth, sensor_truth, station_truth
from simulators.world.world import city_of, plan_of
from tests.simulators.conftest import PRESENT

ORDERS = (
    "leak:S1-04:60:120:4",
    "pump-stop:S2-03:30:180",
    "silent-sensor:S1-01-B1-0101-bed:20",
    "wrong-clock:S1-06:15:60",
    "wrong-clock:S1-01-B1-0102-bed:0:30",
)


def city(*orders: str, calm: bool = True) -> City:
    return City(3, PRESENT, Size(240, 21, 6.0, calm, orders))


def warm_home() -> str:
    bare = city()
    return bare.layout.households[bare.plan.endings.index(Ending.WARM)].code


def test_orders_are_the_only_live_faults_of_a_calm_city() -> None:
    home = warm_home()
    made = city(*ORDERS, f"cold-flat:{home}:10:240")
    told = [
        each for each in station_truth(made) + sensor_truth(made) + cold_truth(made) if each["live"]
    ]
    assert sorted((each["kind"], each["place"]) for each in told) == [
        ("cold_flat", home),
        ("make_up_leak", "S1-04"),
        ("silent_sensor", "S1-01-B1-0101-bed"),
        ("station_outage", "S2-03"),
        ("wrong_clock", "S1-01-B1-0102-bed"),
        ("wrong_clock", "S1-06"),
    ]
    stop = next(each for each in made.plan.stops if each.live)
    assert stop.since_s == made.present_s + 1800
    assert stop.until_s == stop.since_s + 180 * 60
    silent = next(each for each in made.plan.sensors if each.live and each.kind == "silent")
    assert silent.until_s is None


def test_a_demo_keeps_its_own_faults_beside_the_ordered() -> None:
    own = [each for each in station_truth(city(calm=False)) if each["live"]]
    more = [each for each in station_truth(city("leak:S1-04:60", calm=False)) if each["live"]]
    assert len(more) == len(own) + 1
    assert next(each for each in more if each["place"] == "S1-04")["m3_h"] == 5.0


def test_what_was_ordered_is_what_the_publisher_will_publish() -> None:
    made = city(*ORDERS)
    again = city_of(plan_of(made))
    assert again.plan == made.plan
    assert again.present == made.present


def test_an_ordered_cold_flat_gets_cold_and_warm_again() -> None:
    home = warm_home()
    made = city(f"cold-flat:{home}:0:180")
    index = [each.code for each in made.layout.households].index(home)
    made.history()
    air = made.advance(40).air[:, index]
    assert air[12] < 16.0
    assert air[-1] > 19.0


def test_an_ordered_pump_stop_shows_in_the_messages_of_its_station() -> None:
    made = city("pump-stop:S2-03:15:15")
    live = LiveMessages(made, made.history(), bad=False)
    topic = "scada/demo/st-S2-03/telemetry"
    flows = [
        [b'"flow":0.0,' in out.payload for out in live.block() if out.topic == topic]
        for _ in range(3)
    ]
    assert not np.any(flows[0])
    assert np.all(flows[1])
    assert not np.any(flows[2])


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("flood:S1-04:60", "kind 'flood' is not known; allowed: leak, pump-stop"),
        ("leak:S1-04", "expected KIND:PLACE:AFTER"),
        ("leak:S1-04:60:10:4:9", "expected KIND:PLACE:AFTER"),
        ("leak:S1-04:soon", "'soon' is not a number from 0"),
        ("leak:S1-04:-5", "'-5' is not a number from 0"),
        ("leak:S9-99:60", "'S9-99' is no station of this city; allowed: S1-01 to S2-06"),
        ("silent-sensor:S1-01:60", "'S1-01' is no room of this city"),
        ("cold-flat:nowhere:60", "'nowhere' is no household"),
        ("wrong-clock:nowhere:60", "'nowhere' is no room"),
    ],
)
def test_an_order_that_can_not_be_done_says_what_is_allowed(order: str, told: str) -> None:
    with pytest.raises(WrongCall) as wrong:
        city(order)
    assert told in str(wrong.value)
    assert order in str(wrong.value)


def test_a_household_whose_ending_is_planned_can_not_be_made_cold_on_command() -> None:
    bare = city()
    home = bare.layout.households[bare.plan.endings.index(Ending.HALF_FEE)].code
    with pytest.raises(WrongCall, match="has a story already"):
        city(f"cold-flat:{home}:5")


def test_live_orders_count_from_the_end_of_the_history(tmp_path: Path) -> None:
    made = city("leak:S1-04:90:30:2")
    leak = next(each for each in made.plan.leaks if each.live)
    assert leak.since_s == int((made.present + timedelta(minutes=90)).timestamp())
