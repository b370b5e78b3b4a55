"""Outages that wait for a decision under a policy."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from analytics.law.open_outages import waiting_outages
from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from domain.time import Span
from tests.analytics.amended import amended
from tests.analytics.facts import facts

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
    part = found(Span(since, since + timedelta(hours=hours)))
    assert (part is not None) is waits
    assert found.counts("operator")


def test_a_cause_that_the_act_leaves_out_waits_for_nothing() -> None:
    found = waiting_outages(load("CN-LN-2016-121").policy, SEASON, ZONE)
    assert found is not None
    assert (found.counts("third_party"), found.counts("force_majeure")) == (True, False)
    assert found(Span(INSIDE, INSIDE + timedelta(hours=5)))


def test_under_an_act_whose_clause_was_seen_none_waits() -> None:
    assert waiting_outages(load("CN-HA-2018").policy, SEASON, ZONE) is None


SHORTER = amended("CN-SD-TAIAN-2020", (date(2025, 1, 15), {"outage_elsewhere.continuous_h": '"6"'}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("since", "until", "waits_from"),
    [
        ("2025-01-14T20:00", "2025-01-15T05:59", None),  # 5:59 behind the change
        ("2025-01-14T20:00", "2025-01-15T08:00", "2025-01-15T00:00"),
        ("2025-01-14T08:00", "2025-01-15T08:00", "2025-01-14T08:00"),  # long enough as it began
        ("2025-01-15T20:00", "2025-01-16T06:00", "2025-01-15T20:00"),
        ("2024-11-14T12:00", "2025-01-15T00:00", "2024-11-15T08:00"),  # a late start, in the season
    ],
)
def test_what_lies_behind_a_shorter_length_waits_as_it_is_settled(
    since: str, until: str, waits_from: str | None
) -> None:
    found = waiting_outages(SHORTER.policy, SEASON, ZONE)
    assert found is not None
    part = found(Span(at(since), at(until)))
    assert part == (None if waits_from is None else Span(at(waits_from), at(until)))


@pytest.mark.parametrize("seed", range(40))
def test_of_any_outage_that_waits_which_the_settlement_leaves_open(seed: int) -> None:
    """Its steps say from when; lengths around both limits, begins around the change."""
    rng = Random(seed)
    begin = (
        at("2025-01-13T00:00")
        + timedelta(hours=rng.randrange(24))
        + timedelta(days=rng.randrange(4))
    )
    end = begin + timedelta(hours=rng.choice((5, 6, 7, 12, 23, 24, 25, 40)))
    outage = [f"{each:%Y-%m-%dT%H:%M}" for each in (begin, end)]
    own = facts("CN-SD-TAIAN-2020", {}, outages=[outage])
    result = settle_facts(own, SHORTER)
    law = waiting_outages(SHORTER.policy, Span(*map(at, own["season"])), ZONE)
    assert law is not None
    part = law(Span(*map(at, outage)))
    told = [each for each in result.steps if each["step"] == "outage_by_other_rules"]
    assert [date.fromisoformat(each["numbers"]["first"]) for each in told] == (
        [] if part is None else [part.since.astimezone(ZONE).date()]
    )
    assert result.undetermined == (part is not None)
