"""Scores against an injected truth."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.config import AlertsConfig
from alerts.detectors import DETECTORS
from alerts.episodes.views import EpisodeView
from heatwatch.evaluate.alerts import (
    BEHIND,
    LASTS,
    Injected,
    Score,
    evaluate,
    injected_of,
    wait_times,
)
from tests.alerts.world import at

PARENT = {"demo": None, "Q1": "demo", "S1": "Q1", "S2": "Q1", "S1-H1": "S1", "S1-H1-bed": "S1-H1"}
LASTING = wait_times(AlertsConfig())


def episode(kind: str, place: str, minute: float, **more: Any) -> EpisodeView:
    values: dict[str, Any] = {
        "id": 1, "code": "13", "acknowledged_at": None, "place_id": 1, "place_kind": "", "name": "", "name_en": "", "updated_at": at(minute),
        "cleared_at": None, "parent_id": None, "children": 0, "acknowledged_by": None, "evidence": {}, "opened_by": "program:alerts",
    }  # fmt: skip
    return EpisodeView(kind=kind, place=place, opened_at=at(minute), **{**values, **more})


def score(episodes: list[EpisodeView], injected: list[Injected], kind: str) -> Score:
    return evaluate(episodes, injected, PARENT, at(1000), LASTING)[kind]


def test_a_fault_found_counts_with_its_delay() -> None:
    found = score(
        [episode("make_up_leak", "S1", 103)],
        [Injected("make_up_leak", "S1", at(100), at(300))],
        "make_up_leak",
    )
    assert (found.injected, found.detected, found.missed, found.false) == (1, 1, (), ())
    assert (found.delay_median_min, found.delay_most_min) == (3.0, 3.0)


def test_a_fault_not_found_is_missed_and_an_episode_without_a_fault_is_false() -> None:
    found = score(
        [episode("make_up_leak", "S2", 103)],
        [Injected("make_up_leak", "S1", at(100), None)],
        "make_up_leak",
    )
    assert (found.detected, found.missed, found.false) == (0, ("S1",), ("S2",))


def test_what_is_too_short_or_too_young_to_be_found_is_not_counted() -> None:
    young = [
        Injected("make_up_leak", "S1", at(995), None),
        Injected("make_up_leak", "S1", at(5), at(9)),
    ]
    assert score([], young, "make_up_leak").injected == 0


def test_a_common_cause_above_finds_the_faults_below() -> None:
    stops = [Injected("station_outage", place, at(100), at(300)) for place in ("S1", "S2")]
    found = score([episode("station_outage", "Q1", 112)], stops, "station_outage")
    assert (found.detected, found.false) == (2, ())


def test_cold_homes_below_an_outage_are_not_false_ones() -> None:
    found = score(
        [episode("low_room_temperature", "S1-H1", 500)],
        [Injected("station_outage", "S1", at(100), at(300))],
        "low_room_temperature",
    )
    assert (found.injected, found.episodes, found.false) == (0, 1, ())


def test_the_truth_of_a_simulator_is_read_live_and_by_household() -> None:
    def span(since: float, until: float | None, live: bool = True) -> dict[str, Any]:
        end = None if until is None else at(until).isoformat()
        return {"since": at(since).isoformat(), "until": end, "live": live}

    truth = {
        "faults": [
            {"kind": "make_up_leak", "place": "S1", **span(1, 2)},
            {"kind": "make_up_leak", "place": "S1", **span(1, 2, live=False)},
        ],
        "low_rooms": [
            {"kind": "low_room_temperature", "place": "a", "household": "H", **span(10, 20)},
            {"kind": "low_room_temperature", "place": "b", "household": "H", **span(5, 30)},
            {"kind": "low_room_temperature", "place": "c", "household": "I", **span(5, None)},
        ],
    }
    assert injected_of(truth) == [
        Injected("make_up_leak", "S1", at(1), at(2)),
        Injected("low_room_temperature", "H", at(5), at(30)),
        Injected("low_room_temperature", "I", at(5), None),
    ]


def test_patience_follows_the_limits() -> None:
    assert LASTING["silent_sensor"] == timedelta(minutes=90)
    assert LASTING["low_room_temperature"] == timedelta(minutes=90)
    assert LASTING["station_outage"] == timedelta(minutes=20)
    assert all(each > timedelta(0) for each in LASTING.values())


@pytest.mark.parametrize("named", [BEHIND, LASTS], ids=["behind", "lasts"])
def test_only_kinds_that_there_are_have_their_own(named: dict[str, object]) -> None:
    assert set(named) <= set(DETECTORS)
