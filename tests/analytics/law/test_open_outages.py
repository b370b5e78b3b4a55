"""Outages that wait for a decision under a policy."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.law.open_outages import waiting_outages
from analytics.law.policy import load
from domain.time import Span
from tests.analytics.amended import amended

SEASON = Span(datetime(2024, 11, 15, tzinfo=UTC), datetime(2025, 3, 16, tzinfo=UTC))
ZONE = ZoneInfo("Asia/Shanghai")
INSIDE = datetime(2025, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "since", "hours", "waits"),
    [
        ("CN-SD-YANTAI", INSIDE, 1, True),
        ("CN-SD-YANTAI", SEASON.since - timedelta(hours=2), 2, False),  # before the season
        ("CN-SD-TAIAN-2020", INSIDE, 23, False),
        ("CN-SD-TAIAN-2020", INSIDE, 24, True),
        ("CN-SD-TAIAN-2020", SEASON.since, 1, True),  # wrong season dates, however short
        ("CN-SD-TAIAN-2020", SEASON.until - timedelta(hours=1), 1, True),
        ("CN-SD-TAIAN-2020", SEASON.until - timedelta(hours=2), 1, False),
        ("CN-HL-HARBIN-pre2021", INSIDE, 1, True),
        ("CN-HL-HARBIN-pre2021", SEASON.since, 1, False),  # a late start is paid
    ],
)
def test_those_of_which_no_clause_was_seen_wait(
    policy: str, since: datetime, hours: int, waits: bool
) -> None:
    found = waiting_outages(load(policy).policy, SEASON, ZONE)
    assert found is not None
    assert found(Span(since, since + timedelta(hours=hours))) is waits
    assert found.counts("operator")


def test_a_cause_that_the_act_leaves_out_waits_for_nothing() -> None:
    found = waiting_outages(load("CN-LN-2016-121").policy, SEASON, ZONE)
    assert found is not None
    assert (found.counts("third_party"), found.counts("force_majeure")) == (True, False)
    assert found(Span(INSIDE, INSIDE + timedelta(hours=5)))


def test_under_an_act_whose_clause_was_seen_none_waits() -> None:
    assert waiting_outages(load("CN-HA-2018").policy, SEASON, ZONE) is None


def test_the_limit_that_holds_on_the_day_on_which_it_began_counts() -> None:
    day = date(2025, 1, 15)
    file = amended("CN-SD-TAIAN-2020", (day, {"outage_elsewhere.continuous_h": '"6"'}))
    found = waiting_outages(file.policy, SEASON, ZONE)
    assert found is not None
    before, after = (datetime(2025, 1, each, 20, tzinfo=ZONE) for each in (14, 15))
    ten = timedelta(hours=10)
    assert [found(Span(at, at + ten)) for at in (before, after)] == [False, True]
