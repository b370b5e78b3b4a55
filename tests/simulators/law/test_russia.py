"""The naive twin of Russia's Decree 354 by hand, and of days that nobody was charged for."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import answer_of, comparable
from simulators.law.russia import judged, russia
from simulators.law.twins import world_of

RUSSIA = "RU-354"


def january(**facts: Any) -> dict[str, Any]:
    cold = [[f"2025-01-{d:02d}T{h:02d}:00", "15"] for d in (5, 6) for h in range(24)]
    return {
        "zone": "Europe/Moscow", "season": ["2025-01-01T00:00", "2025-02-01T00:00"],
        "season_fee": "3000.00", "interval_min": 30, "rooms": {"bedroom": cold}, "acts": [],
        "requests": ["2025-01-02T00:00"], "outages": [],
    } | facts  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "closed", "total"),
    [
        pytest.param({}, (), "513.00", id="38-hours-of-day-at-3-degrees"),
        pytest.param({}, (date(2025, 1, 6),), "256.50", id="a-day-not-charged"),
        pytest.param(
            {"user_faults": [["2025-01-05T23:59", "2025-01-06T00:01"]]}, (), "0.00", id="a-fault"
        ),
        pytest.param({"acts": [["2025-01-04T12:00", "bedroom", "18"]]}, (), "0.00", id="served"),
        pytest.param(
            {"requests": [], "outages": [["2025-01-10T00:00", "2025-01-11T12:00"]]},
            (), "90.00", id="36-hours",
        ),
        pytest.param(
            {"requests": [], "outages": [["2025-01-10T00:00", "2025-01-11T12:00"]]},
            (date(2025, 1, 11),), "36.00", id="24-of-them-charged",
        ),
    ],
)  # fmt: skip
def test_the_twin_counts_hours_and_degree_hours_of_charged_days(
    facts: dict[str, Any], closed: tuple[date, ...], total: str
) -> None:
    own = january(**facts)
    if "outages" in facts:
        warm = [[f"2025-01-{d:02d}T{h:02d}:00", "20"] for d in (10, 11) for h in range(24)]
        own = own | {"rooms": {"bedroom": warm}, "interval_min": 60}
    assert judged(own, set(closed))["total"] == total


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(690, id="690-a-gap-lasts-only-inside-the-season"),
        pytest.param(911, id="911-two-gaps-at-the-seasons-end"),
        pytest.param(1789, id="1789-a-reading-stood-until-the-season-began"),
        pytest.param(1814, id="1814-a-record-on-a-day-of-a-fault-sets-no-limit-of-an-outage"),
    ],
)
def test_what_once_differed_is_decided_by_the_text(seed: int) -> None:
    world = world_of(RUSSIA, seed)
    assert comparable(answer_of(settle_facts(world, load(RUSSIA)))) == comparable(russia(world))


def test_settlement_and_twin_agree_where_days_were_not_charged_seeds_300_to_311() -> None:
    wrong, paying = [], 0
    for seed in range(300, 312):
        world, rng = world_of(RUSSIA, seed), Random(seed)
        told = sorted(at for rows in world["rooms"].values() for at, _ in rows)
        begin = date.fromisoformat(rng.choice(told or ["2024-12-01"])[:10])
        end = begin + timedelta(days=rng.choice((1, 2, 40)))
        pause = {"since": f"{begin}T00:00", "until": f"{end}T00:00", "state": "paused"}
        paused = world | {"fee_spans": [pause]}
        found = answer_of(settle_facts(paused, load(RUSSIA)))
        paying += bool(found["lines"])
        if comparable(found) != comparable(russia(paused)):
            wrong.append(seed)
    assert wrong == []
    assert paying >= 3


def test_unknown_time_that_comes_to_no_cent_either_way_is_decided() -> None:
    """Below by a thousandth of a degree for the last hour of the season, of which nothing is known."""
    world = january(
        rooms={"bedroom": []}, acts=[["2025-01-30T08:00", "bedroom", "17.999"]],
        requests=["2025-01-31T23:00"],
    )  # fmt: skip
    found = answer_of(settle_facts(world, load(RUSSIA)))
    assert comparable(found) == comparable(russia(world))
    assert (found["total"], found["undetermined"]) == ("0.00", False)
