"""Leaks by make-up water, against the cases of detection.md 3.1, scaled to a station of 12 m3/h."""

import numpy as np
import pytest

from tests.alerts.world import Bench, Say, every

LEAK = "make_up_leak"
DAY = 24 * 60


def story(make_up: list[tuple[float, float, float]], seed: int = 0, step: float = 1.0) -> list[Say]:
    """(since, until, m3/h) pieces of make-up with 15 % noise, and steady circulation."""
    rng = np.random.default_rng(seed)
    says: list[Say] = []
    for since, until, flow in make_up:
        for key, minute, value in every("S1.makeup", flow, since, until, step):
            says.append(
                (key, minute, round(float((value or 0.0) * np.exp(rng.normal(0, 0.15))), 3))
            )
        says += every("S1.flow", 12.0, since, until, 10)
    return says


def test_a_leak_of_five_percent_of_circulation_alarms_within_two_minutes(bench: Bench) -> None:
    bench.live([*story([(0, 60, 0.05)]), *story([(60, 90, 1.5)])])
    (kind, _, place, minute) = bench.told()[0]
    assert (kind, place) == ("opened", "S1")
    assert minute - 60 <= 2
    assert bench.changes[0].reason == "large"


def test_eight_cubic_metres_an_hour_alarm_without_knowing_circulation(bench: Bench) -> None:
    bench.live([*every("S1.makeup", 0.05, 0, 60, 1), *every("S1.makeup", 8.0, 60, 65, 1)])
    assert bench.told() == [("opened", LEAK, "S1", 61)]


def test_one_large_reading_is_no_leak(bench: Bench) -> None:
    says = every("S1.makeup", 0.05, 0, 60, 1)
    assert bench.live([*says, ("S1.makeup", 60, 20.0), ("S1.makeup", 61, 0.05)]) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_medium_leak_of_seven_cubic_metres_a_day_is_found_within_a_day(
    bench: Bench, seed: int
) -> None:
    bench.live(story([(0, DAY, 0.06), (DAY, 2 * DAY, 0.36)], seed, 3), minutes=DAY)
    (change, *_) = bench.changes
    assert bench.told()[0][:3] == ("opened", LEAK, "S1")
    assert DAY < bench.told()[0][3] < 2 * DAY
    assert change.reason == "beyond_baseline"
    assert change.numbers["lost_m3"] > 2.5


@pytest.mark.parametrize("seed", range(2))
def test_filling_a_building_for_half_an_hour_does_not_alarm(bench: Bench, seed: int) -> None:
    assert (
        bench.live(
            story([(0, DAY, 0.06), (DAY, DAY + 30, 0.45), (DAY + 30, 2 * DAY, 0.06)], seed, 3)
        )
        == []
    )


def test_a_creep_of_one_cubic_metre_a_day_does_not_alarm_at_once(bench: Bench) -> None:
    assert (
        bench.live(story([(0, DAY, 0.06), (DAY, 2 * DAY, 0.06 + 1 / 24)], 0, 3), minutes=DAY) == []
    )


@pytest.mark.parametrize("seed", range(2))
def test_four_days_of_nothing_wrong_give_no_alarm(bench: Bench, seed: int) -> None:
    assert bench.live(story([(0, 4 * DAY, 0.06)], seed, 3), minutes=DAY) == []


def test_fixed_it_clears_after_an_hour_of_usual_make_up(bench: Bench) -> None:
    bench.live([*story([(0, 400, 0.05)]), *story([(400, 500, 1.5)]), *story([(500, 600, 0.05)])])
    opened, cleared = bench.told()
    assert opened[0] == "opened"
    assert cleared[:3] == ("cleared", LEAK, "S1")
    assert 560 <= cleared[3] <= 570
    assert 2.0 < bench.changes[1].numbers["lost_m3"] < 3.0


def test_a_stopped_pump_does_not_make_a_leak_of_the_make_up(bench: Bench) -> None:
    says = [*every("S1.flow", 12.0, 0, 60, 1), *every("S1.flow", 0.0, 60, 120, 1)]
    changes = bench.live([*says, *every("S1.makeup", 0.05, 0, 120, 1)])
    assert [each.kind for each in changes] == ["station_outage"]


def test_a_missing_hour_is_no_leak(bench: Bench) -> None:
    assert bench.live(story([(0, DAY, 0.06), (DAY + 60, 2 * DAY, 0.06)], 0, 3), minutes=DAY) == []
