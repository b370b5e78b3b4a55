"""What is owed at most under an outage without an end: each end is settled as if it were recorded."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Claim
from analytics.law.policy import load
from analytics.settlement.open_ends import at_most
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from domain.time import to_us
from simulators.law.open_ends import most
from simulators.law.russia import russia
from tests.analytics.cities import source

RUSSIA, NETHERLANDS = "RU-354", "NL-WW"
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
FIRST = datetime(2025, 1, 31, tzinfo=UTC)  # of local times: the second day is in another month
HOURS = 48


def at(hour: int) -> str:
    return f"{FIRST + timedelta(hours=hour):%Y-%m-%dT%H:%M}"


def two_days(celsius: list[str], **facts: Any) -> dict[str, Any]:
    """Two days of 300.00 with a request, hourly; "" is unknown."""
    bedroom = [[at(h), each] for h, each in enumerate(celsius) if each]
    return {
        "zone": "Europe/Moscow", "season": [at(0), at(HOURS)], "season_fee": "300.00", "interval_min": 30,
        "rooms": {"bedroom": bedroom}, "requests": [at(0)], "measurements": [], "outages": [],
    } | facts  # fmt: skip


def opened(facts: dict[str, Any], since: str, policy: str = RUSSIA) -> Result:
    """With an outage without an end."""
    own = from_facts(facts, policy, load(policy).policy.currency)
    begin = to_us(datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(facts["zone"])))
    spans = [(begin, own.snapshot.season.end_us)]
    snapshot = replace(own.snapshot, open_outages=Ragged.of([spans], 2))
    return settle(snapshot, source(own.columns), load(policy), flush=1).results[0]


def upper(facts: Any) -> Decimal:
    return settle_facts(facts, load(RUSSIA)).upper


def naive(facts: Any) -> Decimal:
    return Decimal(russia({**facts, "acts": facts["measurements"]})["total"])


#: Month fees are 150.00, an hour over and a degree-hour 0.225; from 0:00 to 5:00 rooms may be 3 °C colder.
HANDS = [
    pytest.param(["17.500"] * HOURS, "7.20", id="the-later-the-more: 32 h over 16"),
    pytest.param(["12.500"] * HOURS, "52.66", id="at-once: cold takes more"),
    pytest.param(
        ["17.500"] * 30 + ["15.000"] * 18, "15.30", id="amid: 14 h over 16, then 18 h at 3 degrees"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("celsius", "owed"), HANDS)
def test_the_end_that_pays_the_most_counts(celsius: list[str], owed: str) -> None:
    facts = two_days(celsius)
    found = opened(facts, at(0))
    assert (str(found.upper), found.undetermined) == (owed, True)
    assert most(naive, facts, at(0), 10 * HOUR, MINUTE) == found.upper


def random_days(seed: int) -> tuple[dict[str, Any], str]:
    """Two days of which a part may be unknown, another household's, decided, or have other outages."""
    rng = random.Random(seed)
    celsius, now = [], "20.000"
    for _ in range(HOURS):
        if rng.random() < 0.3:
            now = rng.choice(("20.000", "17.300", "17.000", "15.000", "11.500", "9.000"))
        celsius.append("" if rng.random() < rng.choice((0, 0.2)) else now)
    more: dict[str, Any] = {}
    if rng.random() < 0.5:
        more["outages"] = [[at(26), at(rng.randrange(27, 40))]]
    if rng.random() < 0.5:
        more["fee_spans"] = [{"since": at(24), "state": "sold", "payer": "Li"}]
        more["requests"] = [at(0), at(25)]
    return two_days(celsius, **more), at(rng.randrange(12))


@pytest.mark.compiled
@pytest.mark.parametrize("seed", [pytest.param(seed, id=f"seed-{seed}") for seed in (0, 3, 5)])
def test_no_end_pays_more_and_one_pays_as_much(seed: int) -> None:
    facts, since = random_days(seed)
    assert opened(facts, since).upper == most(upper, facts, since, HOUR, SECOND)


def test_an_outage_apart_from_the_next_may_pay_more_than_one_that_runs_into_it() -> None:
    """Of one outage of 10 h EUR 35.00 was the most; of 4 h, and of 4.5 h behind it, it is 70.00."""
    facts = two_days([]) | {
        "zone": "Europe/Amsterdam", "season": ["2025-01-10T00:00", "2025-01-10T15:00"],
        "requests": [], "outages": [["2025-01-10T10:00", "2025-01-10T14:30"]],
    }  # fmt: skip
    found = opened(facts, "2025-01-10T05:00", NETHERLANDS)
    assert (str(found.total), str(found.upper), found.undetermined) == ("35.00", "70.00", True)


def test_only_claims_that_are_open_come_to_less_and_never_to_less_than_is_sure() -> None:
    def claim(lower: str, upper: str, *open_days: int) -> Claim:
        return Claim(upper=Decimal(upper), lower=Decimal(lower), open_days=open_days)

    claims = claim("2", "9", 1), claim("4", "4"), claim("1", "6", 2)
    found = at_most(claims, Decimal("11.50"))
    assert [str(each.upper) for each in found] == ["6.50", "4", "1"]
    assert at_most(claims, Decimal(19)) == claims
