"""What room sensors say of their room, and when they say nothing."""

import numpy as np

from simulators.city.sensors import heard, place_sensors, read, times_s
from tests.simulators.city.cities import run


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
