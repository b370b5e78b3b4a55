"""Weather is the same whoever asks, winter at its season, and dark at night."""

import numpy as np

from simulators.physics.weather import HOUR_S, Weather, autoregressive

START = 1_765_000_800


def test_an_instant_has_one_weather_in_whatever_order_it_is_asked() -> None:
    weather = Weather.draw(7, START, 10)
    at = START + np.arange(0, 240 * HOUR_S, 977, dtype=np.float64)
    shuffled = np.random.default_rng(1).permutation(at)
    once = dict(zip(shuffled.tolist(), weather.outdoor_c(shuffled).tolist(), strict=True))
    assert [once[t] for t in at.tolist()] == weather.outdoor_c(at).tolist()
    assert Weather.draw(8, START, 10).hourly_c.tolist() != weather.hourly_c.tolist()


def test_it_is_winter_and_stays_within_its_bounds() -> None:
    weather = Weather.draw(7, START, 60)
    assert -6.0 < weather.hourly_c.mean() < 2.0
    assert weather.hourly_c.min() >= -14.0
    assert weather.hourly_c.max() <= 9.0


def test_the_sun_shines_by_day_only() -> None:
    weather = Weather.draw(7, START, 3)
    at = START + np.arange(0, 72 * HOUR_S, 600, dtype=np.float64)
    sun, local_h = weather.sun_w_m2(at), ((at + 8 * HOUR_S) / HOUR_S) % 24
    assert sun.max() > 1.0
    assert np.all(sun[(local_h < 7.5) | (local_h > 17)] == 0.0)


def test_the_memory_of_a_walk_is_as_long_as_it_says() -> None:
    walk = autoregressive(np.random.default_rng(3), 100_000, 0.9, 2.0)
    assert abs(walk.std() - 2.0) < 0.1
    assert abs(np.corrcoef(walk[1:], walk[:-1])[0, 1] - 0.9) < 0.01
