"""Settlement and its naive twin, written apart from the same text, on random seasons.

Where they ever differed the text of regulations.md 7.20 decided; the seeds that told stay here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from analytics.law.policy import shipped
from analytics.settlement.settle import settle_facts
from simulators.law import refund as naive_refund
from simulators.law.policies import MATRIX
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of, settled_by_policy
from tests.analytics.facts import Scenario, comparable, facts

#: Those of cold days; `simulators/law/counts.py` has the twins of the others.
POLICIES = {each.policy.id: each for each in shipped() if "day_band" in each.policy.tables}
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
#: (zone, first seed); each takes `EACH` seeds.
EACH = 30
CHUNKS = [(SHANGHAI, first) for first in range(0, 300, EACH)] + [
    (BERLIN, first) for first in range(0, 60, EACH)
]
#: Policies that the worlds above do not draw.
NAMED = (
    "CN-SD-TAIAN-2020", "CN-SD-QINGDAO-2017", "CN-SD-BINZHOU-2016", "CN-SD-HEZE-2017", *MATRIX,
)  # fmt: skip
#: Seasons on which they once differed, with what the text says.
DECIDED = [
    pytest.param(SHANGHAI, 33, id="33-a-stop-lasts-only-inside-the-season"),
    pytest.param(SHANGHAI, 36, id="36-a-request-before-the-season-counts-from-its-start"),
    pytest.param(SHANGHAI, 147, id="147-an-act-while-a-sample-stands-is-a-side-of-the-gap"),
    pytest.param(SHANGHAI, 545, id="545-a-room-of-acts-alone-beside-rooms-with-telemetry"),
    pytest.param(SHANGHAI, 787, id="787-an-act-inside-the-dwellings-gap-though-a-room-is-warm"),
    pytest.param(SHANGHAI, 1158, id="1158-a-request-after-the-season-starts-nothing"),
    pytest.param(BERLIN, 1118, id="1118-acts-inside-an-endless-gap-settle-nothing"),
]


def settled(scenario: Scenario) -> dict[str, Any]:
    """What the kernels pay, in the form of the reference answers."""
    return answer_of(settle_facts(scenario, POLICIES[scenario["policy"]]))


def differing(seasons: Sequence[Scenario]) -> Iterator[Any]:
    """The ids of those that the twin pays otherwise."""
    for season, result in zip(seasons, settled_by_policy(seasons), strict=True):
        if comparable(answer_of(result)) != comparable(naive_refund.settle(season)):
            yield season["id"]


def assert_same(scenario: Scenario) -> None:
    assert comparable(settled(scenario)) == comparable(naive_refund.settle(scenario))


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("zone", "first"),
    [pytest.param(*each, id=f"{each[0]}-{each[1]}..{each[1] + EACH - 1}") for each in CHUNKS],
)
def test_kernels_and_twin_agree_on_random_seasons(zone: str, first: int) -> None:
    seasons = [random_world(seed, zone) for seed in range(first, first + EACH)]
    assert list(differing(seasons)) == []


@pytest.mark.compiled
@pytest.mark.parametrize("policy", NAMED)
@pytest.mark.parametrize("first", [pytest.param(first, id=f"{first}..") for first in (0, 30, 60)])
def test_kernels_and_twin_agree_on_random_seasons_of_a_policy(policy: str, first: int) -> None:
    seasons = [random_world(seed, policy=policy) for seed in range(first, first + EACH)]
    assert list(differing(seasons)) == []


@pytest.mark.parametrize(("zone", "seed"), DECIDED)
def test_what_once_differed_is_decided_by_the_text(zone: str, seed: int) -> None:
    assert_same(random_world(seed, zone))


def test_random_seasons_are_the_same_for_a_seed_and_of_every_kind() -> None:
    worlds = [random_world(seed) for seed in range(60)]
    assert worlds[7] == random_world(7)
    assert {each["policy"] for each in worlds} == set(POLICIES) - set(NAMED)
    assert any(each["outages"] for each in worlds)
    assert {len(each["rooms"]) for each in worlds} == {1, 2, 3}
    assert any(len(each["requests"]) == 0 for each in worlds)
    assert any(each["acts"] for each in worlds)
    assert any(each["refusals"] for each in worlds)
    assert any(each["user_faults"] for each in worlds)
    assert any(not any(each["rooms"].values()) for each in worlds)


def test_behind_a_recovery_in_a_bridged_gap_the_next_spell_begins_at_its_first_sample() -> None:
    """Recovered at 23:29; below again at 0:00 of the 19th: the decision's 18th is no day of a spell."""
    decided = {"since": "2025-01-13T00:00", "until": "2025-01-21T22:00", "outcome": "below"}
    scenario = facts(
        "CN-HA-2018", {"bedroom": [["2025-01-18T22:58", "17.001"]], "living": []}, interval_min=30,
        acts=[["2025-01-18T23:29", "bedroom", "20"], ["2025-01-19T00:00", "living", "16.999"]],
        decisions=[decided | {"basis": "authority", "document": "12", "clause": "art. 33"}],
        standing_consent=True,
    )  # fmt: skip
    assert_same(scenario)
    days = [(each["from"], each["to"]) for each in settled(scenario)["lines"]]
    assert days == [("2025-01-19", "2025-01-21")]


@pytest.mark.parametrize("warm_until", ["03:52", "03:40"])
def test_records_in_a_gap_that_begins_behind_compliance_settle_nothing(warm_until: str) -> None:
    """The unknown before the first record lasts 54 min, or 66: neither is below on both sides."""
    samples = [[f"2025-03-09T{warm_until}", "21"], ["2025-03-11T15:52", "16"]]
    scenario = facts(
        "CN-SD-HEZE-2017", {"living": samples}, interval_min=15, standing_consent=True,
        area="70.00", room_area={"living": "23.33"},
        acts=[["2025-03-09T05:16", "living", "17.999"], ["2025-03-11T15:44", "living", "17.999"]],
    )  # fmt: skip
    assert_same(scenario)
    assert settled(scenario)["undetermined"]
