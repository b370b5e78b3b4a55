"""The city is the same whenever it is run again, and its faults do what they say."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from simulators.city.city import City
from simulators.live.live import LiveMessages
from simulators.plan.plan import LIVE_OUTAGE
from tests.simulators.city.cities import SIZE, run
from tests.simulators.conftest import PRESENT


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


def test_it_is_winter_whatever_the_calendar_says() -> None:
    city = City(3, PRESENT.replace(month=7), SIZE)
    outdoor = city.history().outdoor
    assert -14.0 <= outdoor.min() < outdoor.max() <= 9.0
    assert outdoor.mean() < 3.0


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
