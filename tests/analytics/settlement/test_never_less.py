"""Under every policy: colder never pays less, more of the same evidence never pays less, a request,
a consent or letting the crew in never costs; order of input and who stands beside change no byte.

Sums are compared in exact shares of the daily fee. Seasons of every kind (rooms, gaps, records,
requests, refusals, faults of users) go through `heatwatch.evaluate.law`, where a policy's text may
break one only as its `pays_less` says; those with standing consent and one room without gaps and
records are held to it without exception.
"""

import random
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from analytics.facts.facts_file import from_facts
from analytics.law.policy import PolicyFile, load, shipped
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from heatwatch.evaluate.law import evaluate, paid_less
from heatwatch.evaluate.law_exceptions import EXCEPTIONS, Comparison
from simulators.law import record_worlds as counts
from simulators.law.changes import PROPERTIES
from simulators.law.findings import NEW_YORK
from simulators.law.findings import random_season as new_york_season
from simulators.law.kinds import of_rooms
from simulators.law.twins import TWINS
from tests.analytics.facts import Scenario
from tests.analytics.seasons import COLD, SEASONS, WARM, ZONES, random_season

#: Many settlements: the kernels under them run as plain Python on the reference seasons and the twins.
pytestmark = pytest.mark.compiled

POLICIES = [each.policy.id for each in shipped()]
LUOYANG = "CN-HA-LY-2018"
SEEDS = st.integers(0, 10_000)
#: What a policy's text says of outages that may pay less, as its `pays_less` names it.
OF_OUTAGES = {"outage_for_cold", "outages_grow_together"}


def season_of(number: int, policy: str) -> Scenario:
    """A random season with whatever this policy's calculators look at."""
    if policy in counts.SEASONS:
        return counts.random_season(number, policy)
    if policy == NEW_YORK:
        return new_york_season(number)
    rng = random.Random(number)
    scenario = random_season(number, policy)
    at, samples = datetime.fromisoformat(scenario["season"][0]), []
    for _ in range(rng.randrange(2, 12)):
        celsius = rng.choice((*COLD, *COLD, *WARM))
        for _ in range(rng.choice((1, 2, 4, 24, 47, 48, 49, 100))):
            samples.append([at.isoformat(timespec="minutes"), celsius])
            at += timedelta(hours=1)
    samples.append([at.isoformat(timespec="minutes"), "30.000"])
    samples.append([(at + timedelta(hours=1)).isoformat(timespec="minutes"), "30.000"])
    rooms = {"bedroom": samples}
    areas = {"room_area": {"bedroom": "15.50"}}
    alone = {"rooms": rooms, "acts": [], "requests": [], "interval_min": 60}
    return of_rooms(scenario | areas | alone)


def settled(scenario: Scenario, policy: PolicyFile | None = None) -> Result:
    """As `settle_facts`, for a household with standing consent; `policy` None: the season's."""
    policy = policy or load(scenario["policy"])
    own = from_facts(scenario, policy.policy.id, policy.policy.currency)
    snapshot = replace(own.snapshot, consent=np.array([True]))
    return settle(snapshot, lambda _: own.columns, policy, flush=0).results[0]


@pytest.mark.parametrize("policy", POLICIES)
def test_what_no_text_may_break_holds_but_where_the_policy_says_so_seeds_1_to_20(
    policy: str,
) -> None:
    score = evaluate(load(policy), range(1, 21))
    assert score.wrong == []
    assert score.compared["twin"] == score.compared["order"] == score.compared["together"] == 20
    read = {"meter"} if policy != LUOYANG else set()  # no other settles by what a meter counted
    tried = PROPERTIES.keys() - read
    assert all(score.compared[name] >= 5 for name in tried), "the seeds must show them"


@pytest.mark.parametrize("policy", POLICIES)
@seed(20261126)
@settings(max_examples=60, deadline=None, database=None)
@given(number=SEEDS, by=st.sampled_from(("0.001", "0.5", "2", "4")))
def test_colder_never_pays_less_seed_20261126(policy: str, number: int, by: str) -> None:
    warm = season_of(number, policy)
    cold = deepcopy(warm)
    for name, samples in warm["rooms"].items():
        cold["rooms"][name] = [[at, str(Decimal(value) - Decimal(by))] for at, value in samples]
    cold["acts"] = [[at, room, str(Decimal(v) - Decimal(by))] for at, room, v in warm["acts"]]
    assert not paid_less(warm, settled(warm), cold, settled(cold))


@pytest.mark.parametrize("policy", POLICIES)
@seed(20261126)
@settings(max_examples=60, deadline=None, database=None)
@given(number=SEEDS, minutes=st.sampled_from((1, 60, 600, 3000)))
def test_a_longer_outage_never_pays_less_seed_20261126(
    policy: str, number: int, minutes: int
) -> None:
    short = season_of(number, policy)
    if not short["outages"]:
        short["outages"] = [["2025-01-10T06:00", "2025-01-11T05:30"]]
    long = deepcopy(short)
    chosen = random.Random(number).randrange(len(short["outages"]))
    end = datetime.fromisoformat(short["outages"][chosen][1]) + timedelta(minutes=minutes)
    long["outages"][chosen][1] = end.isoformat(timespec="minutes")
    tried = Comparison(load(policy), short, long)
    for named in {each.by for each in tried.policy.policy.pays_less} & OF_OUTAGES:
        tried = EXCEPTIONS[named](tried)
    file, before, after = tried.policy, tried.before, tried.after
    assert not paid_less(before, settled(before, file), after, settled(after, file))


@seed(20261126)
@settings(max_examples=200, deadline=None, database=None)
@given(number=SEEDS, day=st.integers(0, 180))
def test_a_failing_test_more_never_pays_less_seed_20261126(number: int, day: int) -> None:
    """A failing record more, at the end of a day: one earlier on a day that failed anyway moves the
    instant that the 30 × 24 h run from, as regulations.md 7.20 has it, and may cost a month."""
    fewer = counts.random_season(number, counts.ORDOS)
    at = datetime.fromisoformat(fewer["season"][0]) + timedelta(days=day, hours=23, minutes=59)
    more = deepcopy(fewer)
    more["acts"].append([at.isoformat(timespec="minutes"), "bedroom", "15.000"])
    assert not paid_less(fewer, settled(fewer), more, settled(more))


def test_every_policy_that_ships_is_held_to_it() -> None:
    assert {*SEASONS, *ZONES, *counts.SEASONS, NEW_YORK} >= set(POLICIES)
    assert set(TWINS) >= set(POLICIES), "each has a naive twin"
