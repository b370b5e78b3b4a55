"""Under every policy: colder never pays less, more of the same evidence never pays less, a request,
a consent or letting the crew in never costs; order of input and who stands beside change no byte.

Sums are compared in exact shares of the daily fee. Seasons of every kind (rooms, gaps, records,
requests, refusals, faults of users) go through `heatwatch.evaluate.law`, where a policy's text may
break one only as its `pays_less` says; those with standing consent and one room without gaps and
records are held to it without exception.
"""

import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import pytest

from analytics.law.policy import PolicyFile, load, shipped
from analytics.settlement.result import Result
from heatwatch.evaluate.law import evaluate, paid_less
from heatwatch.evaluate.law_city import settled_together
from heatwatch.evaluate.law_exceptions import EXCEPTIONS, Comparison
from simulators.law import record_worlds as counts
from simulators.law.changes import PROPERTIES
from simulators.law.findings import NEW_YORK
from simulators.law.findings import random_season as new_york_season
from simulators.law.kinds import of_rooms
from simulators.law.twins import TWINS
from tests.analytics.facts import Scenario
from tests.analytics.seasons import COLD, SEASONS, WARM, ZONES, random_season

T = TypeVar("T")
#: Many settlements: the kernels under them run as plain Python on the reference seasons and the twins.
pytestmark = pytest.mark.compiled

POLICIES = [each.policy.id for each in shipped()]
LUOYANG = "CN-HA-LY-2018"
#: What a policy's text says of outages that may pay less, as its `pays_less` names it.
OF_OUTAGES = {"outage_for_cold", "outages_grow_together", "text_for_decision"}


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


def settled(policy: PolicyFile, scenarios: Sequence[Scenario]) -> Sequence[Result]:
    """Each as `settle_facts`, for a household with standing consent; on no day is cold excused."""
    alike = {"standing_consent": True, "outdoor_excused_days": []}
    return settled_together(policy, [{**each, **alike} for each in scenarios])


def worse(policy: PolicyFile, tried: Sequence[tuple[Scenario, Scenario]]) -> list[int]:
    """Which of these seasons, (before, after), is paid less after its change; all are one city."""
    results = iter(settled(policy, [each for both in tried for each in both]))
    return [
        i
        for i, (before, after) in enumerate(tried)
        if paid_less(before, next(results), after, next(results))
    ]


def drawn(words: str, count: int, choices: Sequence[T]) -> Iterator[tuple[int, T]]:
    """Numbers of random seasons, each with one of the choices."""
    rng = random.Random(f"{words} 20261126")
    for _ in range(count):
        yield rng.randrange(10_001), rng.choice(choices)


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
def test_colder_never_pays_less_seed_20261126(policy: str) -> None:
    tried = []
    for number, by in drawn(f"colder {policy}", 60, ("0.001", "0.5", "2", "4")):
        warm = season_of(number, policy)
        cold = deepcopy(warm)
        for name, samples in warm["rooms"].items():
            cold["rooms"][name] = [[at, str(Decimal(value) - Decimal(by))] for at, value in samples]
        cold["acts"] = [[at, room, str(Decimal(v) - Decimal(by))] for at, room, v in warm["acts"]]
        tried.append((warm, cold))
    wrong = worse(load(policy), tried)
    assert [tried[i] for i in wrong] == []


@pytest.mark.parametrize("policy", POLICIES)
def test_a_longer_outage_never_pays_less_seed_20261126(policy: str) -> None:
    tried = []
    for number, minutes in drawn(f"longer {policy}", 60, (1, 60, 600, 3000)):
        short = season_of(number, policy)
        if not short["outages"]:
            short["outages"] = [["2025-01-10T06:00", "2025-01-11T05:30"]]
        long = deepcopy(short)
        chosen = random.Random(number).randrange(len(short["outages"]))
        end = datetime.fromisoformat(short["outages"][chosen][1]) + timedelta(minutes=minutes)
        long["outages"][chosen][1] = end.isoformat(timespec="minutes")
        pair = Comparison(load(policy), short, long)
        for named in {each.by for each in pair.policy.policy.pays_less} & OF_OUTAGES:
            pair = EXCEPTIONS[named](pair)
        tried.append((pair.before, pair.after))
    wrong = worse(load(policy), tried)
    assert [tried[i] for i in wrong] == []


def test_a_failing_test_more_never_pays_less_seed_20261126() -> None:
    """A failing record more, at the end of a day: one earlier on a day that failed anyway moves the
    instant that the 30 × 24 h run from, as regulations.md 7.20 has it, and may cost a month."""
    tried = []
    for number, day in drawn("failing", 200, range(181)):
        fewer = counts.random_season(number, counts.ORDOS)
        at = datetime.fromisoformat(fewer["season"][0]) + timedelta(days=day, hours=23, minutes=59)
        more = deepcopy(fewer)
        more["acts"].append([at.isoformat(timespec="minutes"), "bedroom", "15.000"])
        tried.append((fewer, more))
    wrong = worse(load(counts.ORDOS), tried)
    assert [tried[i] for i in wrong] == []


def test_every_policy_that_ships_is_held_to_it() -> None:
    assert {*SEASONS, *ZONES, *counts.SEASONS, NEW_YORK} >= set(POLICIES)
    assert set(TWINS) >= set(POLICIES), "each has a naive twin"
