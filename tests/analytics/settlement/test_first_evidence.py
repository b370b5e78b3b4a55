"""Linyi, row "clock start" of 7.20: the first evidence at or after the request, in whatever cold it is."""

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from tests import naive_refund
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, facts, rows

LINYI, WEIFANG = "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021"
WARM = "20.000"
MEASURED_WARM = ["2025-01-11T10:00", "bedroom", "18.500"]  # in time, so nobody is late


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
    return facts(policy, {"bedroom": bedroom}, requests=[request], acts=[MEASURED_WARM])


@pytest.mark.parametrize(
    ("request_at", "total", "days"),
    [
        pytest.param("2025-01-10T10:00", "0.00", [], id="at-the-last-sample-it-is-used-up"),
        pytest.param(
            "2025-01-10T10:01", "8.00", [("2025-01-12", "2025-01-13")], id="after-it-it-waits"
        ),
        pytest.param("2025-01-10T10:15", "8.00", [("2025-01-12", "2025-01-13")], id="while-warm"),
    ],
)
def test_a_request_that_no_sample_below_follows_waits_for_the_next_cold(
    request_at: str, total: str, days: list[tuple[str, str]]
) -> None:
    assert paid(two_colds(request_at)) == (total, False, days)


def test_where_the_clock_starts_at_the_request_the_cold_it_was_made_in_uses_it_up() -> None:
    total, undetermined, _ = paid(two_colds("2025-01-10T10:01", WEIFANG))
    assert (total, undetermined) == ("10.00", False)


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


def test_days_of_one_episode_are_one_line_whichever_world_pays_less() -> None:
    """Both worlds pay a fifth for the 7th; for the 8th only one, the other presumes a late supplier."""
    bedroom = rows(
        ("2025-01-05T00:00", "2025-01-05T17:00", WARM),
        ("2025-01-05T17:00", "2025-01-06T12:00", "17.000"),
        ("2025-01-06T15:30", "2025-01-09T18:30", "17.000"),
        ("2025-01-09T18:30", "2025-01-10T18:30", WARM),
    )
    scenario = facts(
        LINYI,
        {"bedroom": bedroom},
        requests=["2025-01-05T13:00", "2025-01-07T09:00"],
        acts=[["2025-01-06T06:30", "bedroom", "13.999"]],
        season_fee="1999.99",
    )
    days = [("2025-01-05", "2025-01-05"), ("2025-01-07", "2025-01-08")]
    assert paid(scenario) == ("9.16", True, days), "3.05 and 6.11, not three times 3.05"
