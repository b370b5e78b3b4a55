"""Linyi, row "clock start" of 7.20: the first evidence at or after the request, in whatever cold it is."""

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from simulators.law import refund as naive_refund
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, facts, rows

LINYI, WEIFANG = "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021"
WARM = "20.000"
REFUSED = ["2025-01-10T20:00"]  # the supplier came in time, so nobody is late


def paid(scenario: Scenario) -> tuple[str, bool, list[tuple[str, str]]]:
    """Total, flag and days of each line, which the naive twin owes too."""
    answer = answer_of(settle_facts(scenario, load(scenario["policy"])))
    assert comparable(answer) == comparable(naive_refund.settle(scenario))
    days = [(each["from"], each["to"]) for each in answer["lines"]]
    return answer["total"], answer["undetermined"], days


def two_colds(request: str, policy: str = LINYI) -> Scenario:
    """Below until 10:15 of the 10th, the last sample below at 10:00; and again from the 12th on."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", WARM),
        ("2025-01-10T00:00", "2025-01-10T10:15", "17.000"),
        ("2025-01-10T10:15", "2025-01-12T06:00", WARM),
        ("2025-01-12T06:00", "2025-01-14T12:00", "17.000"),
        ("2025-01-14T12:00", "2025-01-15T12:00", WARM),
    )
    return facts(policy, {"bedroom": bedroom}, requests=[request], refusals=REFUSED)


@pytest.mark.parametrize(
    ("request_at", "clock"),
    [
        pytest.param("2025-01-10T10:00", "2025-01-10T10:00", id="at-the-last-sample-of-the-first"),
        pytest.param("2025-01-10T10:01", "2025-01-12T06:00", id="after-it"),
        pytest.param("2025-01-10T10:15", "2025-01-12T06:00", id="while-warm"),
    ],
)
def test_a_cold_in_which_no_sample_follows_the_request_is_no_episode_of_it(
    request_at: str, clock: str
) -> None:
    """The request stands for the next cold either way."""
    assert paid(two_colds(request_at)) == ("8.00", False, [("2025-01-12", "2025-01-13")])
    steps = settle_facts(two_colds(request_at), load(LINYI)).steps
    begins = [step["numbers"]["clock_start"] for step in steps if step["step"] == "episode"]
    assert begins[0] == f"{clock}+08:00"


def test_where_the_clock_starts_at_the_request_the_next_cold_is_paid_as_well() -> None:
    total, undetermined, days = paid(two_colds("2025-01-10T09:01", WEIFANG))
    assert (total, undetermined) == ("40.00", False)
    assert days == [("2025-01-10", "2025-01-10"), ("2025-01-12", "2025-01-14")]


def test_a_request_just_before_a_gap_starts_after_it_whatever_the_gap_was() -> None:
    """In both worlds of the unknown the first evidence is the same, so nothing is open."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", WARM),
        ("2025-01-10T00:00", "2025-01-10T10:15", "17.000"),
        ("2025-01-10T15:00", "2025-01-12T12:00", "17.000"),
        ("2025-01-12T12:00", "2025-01-13T12:00", WARM),
    )
    scenario = facts(
        LINYI,
        {"bedroom": bedroom},
        requests=["2025-01-10T10:07"],
        acts=[["2025-01-10T20:00", "bedroom", "17.000"]],
    )
    assert paid(scenario) == ("8.00", False, [("2025-01-10", "2025-01-11")])
