"""Outages that wait for a decision under a policy."""

from datetime import UTC, datetime, timedelta

import pytest

from analytics.law.open_outages import waiting_outages
from analytics.law.policy import load
from domain.time import Span

SEASON = Span(datetime(2024, 11, 15, tzinfo=UTC), datetime(2025, 3, 16, tzinfo=UTC))
INSIDE = datetime(2025, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "since", "hours", "waits"),
    [
        ("CN-SD-YANTAI", INSIDE, 1, True),
        ("CN-SD-YANTAI", SEASON.since - timedelta(hours=2), 2, False),  # before the season
        ("CN-SD-TAIAN-2020", INSIDE, 23, False),
        ("CN-SD-TAIAN-2020", INSIDE, 24, True),
        ("CN-HL-HARBIN-pre2021", INSIDE, 1, True),
        ("CN-HL-HARBIN-pre2021", SEASON.since, 1, False),  # a late start is paid
    ],
)
def test_those_of_which_no_clause_was_seen_wait(
    policy: str, since: datetime, hours: int, waits: bool
) -> None:
    found = waiting_outages(load(policy).policy, SEASON)
    assert found is not None
    assert found(Span(since, since + timedelta(hours=hours)), "operator") is waits


def test_a_cause_that_the_act_leaves_out_waits_for_nothing() -> None:
    found = waiting_outages(load("CN-LN-2016-121").policy, SEASON)
    assert found is not None
    span = Span(INSIDE, INSIDE + timedelta(hours=5))
    assert (found(span, "third_party"), found(span, "force_majeure")) == (True, False)


def test_under_an_act_whose_clause_was_seen_none_waits() -> None:
    assert waiting_outages(load("CN-HA-2018").policy, SEASON) is None
