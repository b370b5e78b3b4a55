"""Requests that claim a refund do so in their lives as in the settlement."""

from datetime import datetime

import pytest

from analytics.settlement.settle import settle_facts
from domain.requests import State
from simulators.law.record_worlds import DALIAN, LIAONING
from simulators.law.record_worlds import season as records
from simulators.law.twins import world_of
from tests.analytics.settlement.lived import POLICIES, course, lived


@pytest.mark.parametrize("policy", [LIAONING, DALIAN])
@pytest.mark.parametrize("seed", [0, 2, 4, 5, 8, 9, 13])
def test_lives_and_settlement_agree_by_which_request_the_refund_is_claimed(
    policy: str, seed: int
) -> None:
    scenario = world_of(policy, seed)
    steps = settle_facts(scenario, POLICIES[policy]).steps
    told = {
        (each["step"], datetime.fromisoformat(each["numbers"]["at"]))
        for each in steps
        if each["step"] in ("claimed", "claimed_late")
    }
    lives = {each.request: each.stages[-1].state for each in lived(scenario)}
    in_time = {State.CLAIMED, State.SERVED, State.MOVED_OUT}
    for code, when in told:
        assert lives[when] in (in_time if code == "claimed" else {State.CLAIMED_LATE})
    by = {when for when, state in lives.items() if state is State.CLAIMED}
    assert not told or {("claimed", when) for when in by} <= told


def test_a_request_made_after_its_season_claims_the_refund_where_the_act_wants_that() -> None:
    after = ["2025-04-30T23:59", "2025-05-01T00:00", "2025-11-01T00:00"]
    scenario = records(LIAONING, requests=["2025-02-01T00:00", *after])
    assert [course(each)[-1][0] for each in lived(scenario)] == [
        "lapsed",
        "claimed",
        "joined",  # it had claimed
    ]
    assert [course(each)[-1][0] for each in lived(scenario | {"policy": "CN-NM-ORDOS"})] == [
        "lapsed"
    ]


def test_a_request_of_the_season_by_which_the_refund_is_claimed_does_not_lapse() -> None:
    """It claims behind a measurement that failed; another one made when it had claimed starts nothing."""
    failed = ["2025-01-05T10:00", "bedroom", "15.000"]
    asked = ["2025-01-10T00:00", "2025-05-02T00:00"]
    scenario = records(LIAONING, acts=[failed], requests=asked)
    assert [course(each)[-1] for each in lived(scenario)] == [
        ("claimed", "01T00:00"),
        ("joined", "02T00:00"),
    ]
    warm = scenario | {"acts": [["2025-01-12T10:00", "bedroom", "20.000"], failed]}
    assert [course(each)[-1][0] for each in lived(warm)] == ["served", "joined"]
