"""Blocks of 24 h: Tianjin drops the remainder, in Yantai it is open (regulations.md 7.3, T1)."""

from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from simulators.law.refund import settle as naive
from simulators.law.worlds import SEASONS
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, rows

TIANJIN, YANTAI = "CN-TJ-2010", "CN-SD-YANTAI"


def season(policy: str, until: str, **other: Any) -> Scenario:
    """Cold at 15 °C from the 10th at 9:00, asked for and measured then; a day is 20.00."""
    bedroom = rows(("2025-01-10T09:00", until, "15.000"), (until, "2025-01-20T00:00", "24.000"))
    return {
        "id": 0, "policy": policy, "season": list(SEASONS[policy]), "interval_min": 15,
        "season_fee": {TIANJIN: "3020.00", YANTAI: "2720.00"}[policy],
        "rooms": {"bedroom": bedroom}, "room_area": {"bedroom": "50.00"}, "area": "50.00",
        "requests": ["2025-01-10T09:00"], "acts": [["2025-01-10T09:00", "bedroom", "15.000"]],
        "outages": [], "outdoor_excused_days": [],
    } | other  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "until", "total", "upper"),
    [
        (TIANJIN, "2025-01-11T09:00", "0.00", "0.00"),  # not more than 24 h
        (TIANJIN, "2025-01-11T09:15", "10.00", "10.00"),
        (TIANJIN, "2025-01-12T08:00", "10.00", "10.00"),  # T1: 47 h are one day
        (TIANJIN, "2025-01-12T09:00", "20.00", "20.00"),
        (YANTAI, "2025-01-12T09:00", "20.00", "20.00"),
        (YANTAI, "2025-01-12T10:00", "20.00", "30.00"),  # what an hour more pays is open
    ],
)
def test_each_24_hours_are_a_day(policy: str, until: str, total: str, upper: str) -> None:
    scenario = season(policy, until)
    result = settle_facts(scenario, load(policy))
    assert (str(result.total), str(result.upper)) == (total, upper)
    assert result.undetermined is (total != upper)
    assert comparable(answer_of(result)) == comparable(naive(scenario))


def test_what_a_remainder_pays_no_measurement_tells() -> None:
    result = settle_facts(season(YANTAI, "2025-01-12T10:00"), load(YANTAI))
    assert result.reason.code == "remainder_open"
    (told,) = [each for each in result.steps if each["step"] == "block_remainder"]
    assert "a block of 24 h that is not full" in shown(told, "en")


def test_a_blocks_share_is_of_what_an_outage_left_of_each_day() -> None:
    """36 h from the 11th at 0:00: of the blocks' days 15 h of the 10th and 9 h of the 13th are left,
    with 12 h of the 12th."""
    scenario = season(
        TIANJIN, "2025-01-13T09:00", outages=[["2025-01-11T00:00", "2025-01-12T12:00"]]
    )
    result = settle_facts(scenario, load(TIANJIN))
    lines = [(line.kind, str(line.days), str(line.amount)) for line in result.lines]
    assert lines == [
        ("outage", "3/2", "30.00"), ("temperature", "5/8", "6.25"), ("temperature", "7/8", "8.75"),
    ]  # fmt: skip
    assert comparable(answer_of(result)) == comparable(naive(scenario))
