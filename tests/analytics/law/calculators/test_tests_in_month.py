"""Liaoning: failing tests of a calendar month pay daily fees by how many they are."""

import random
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from analytics.law.policy import load, parse
from domain.errors import WrongCall
from simulators.law.record_worlds import DALIAN, LIAONING, random_season, season
from tests.analytics.cities import settled_by_policy
from tests.analytics.facts import Scenario
from tests.analytics.law.calculators.settled import check_twin, settled

#: No reference season shows its lines.
EXAMPLE = (LIAONING, random_season)
POLICIES = pytest.mark.parametrize("policy", [LIAONING, DALIAN])


@POLICIES
@pytest.mark.parametrize("seeds", [range(i, i + 100) for i in (0, 100, 200)], ids=str)
def test_it_agrees_with_its_naive_twin(seeds: range, policy: str) -> None:
    answers = check_twin([random_season(seed, policy) for seed in seeds])
    days = {line["days"] for each in answers for line in each["lines"]}
    assert {"2", "10"} <= days, "the seeds must show what one and two tests pay"


def often(seed: int, policy: str) -> Scenario:
    """Tests every few days of the season, mostly failing."""
    rng = random.Random(seed)
    scenario = season(policy, season_fee=rng.choice(("3020.00", "2999.99")))
    at, until = (datetime.fromisoformat(each) for each in scenario["season"])
    while (at := at + timedelta(days=rng.choice((1, 4, 5, 5, 6, 9)), minutes=1)) < until:
        celsius = rng.choice(("17.999", "17.000", "16.000", "15.999", "13.999", "18.000"))
        scenario["acts"].append([at.isoformat(timespec="minutes"), "bedroom", celsius])
    return scenario


@POLICIES
def test_it_agrees_with_its_twin_on_seasons_of_many_tests_seeds_0_to_59(policy: str) -> None:
    answers = check_twin([often(seed, policy) for seed in range(60)])
    kinds = {line["days"] for each in answers for line in each["lines"]}
    assert {"30", "151"} <= kinds, "months of three tests, and whole seasons"


@POLICIES
def test_another_failing_test_never_pays_less_seeds_0_to_59(policy: str) -> None:
    tried = []
    for seed in range(60):
        rng, fewer = random.Random(seed), often(seed, policy)
        fewer["acts"] = rng.sample(fewer["acts"], rng.randrange(len(fewer["acts"])))
        more = deepcopy(fewer)
        at = datetime.fromisoformat(fewer["season"][0]) + timedelta(
            days=rng.randrange(150), hours=7
        )
        celsius = rng.choice(("17.999", "15.000"))
        more["acts"].append([at.isoformat(timespec="minutes"), "living", celsius])
        tried.append((fewer, more))
    results = [settled_by_policy(each) for each in zip(*tried, strict=True)]
    for seed, (before, after) in enumerate(zip(*results, strict=True)):
        cents = Decimal("0.01") * (len(before.lines) + len(after.lines))
        assert after.total >= before.total - cents, seed


def test_the_season_is_paid_once_three_tests_failed_in_more_than_three_months() -> None:
    days = [
        f"{month}-{day}"
        for month in ("2024-11", "2024-12", "2025-01", "2025-02")
        for day in (10, 15, 20)
    ]
    scenario = season(LIAONING, acts=[[f"{day}T10:00", "bedroom", "17.000"] for day in days])
    assert str(settled(scenario).total) == "1208.00"
    scenario["acts"].pop()
    result = settled(scenario)
    assert str(result.total) == "800.00"  # 3 × 30 and 10 days of 8.00
    told = [each["step"] for each in result.steps]
    assert (told.count("tests_of_month"), told.count("test_failed")) == (4, 11)


def test_without_a_test_or_a_failing_one_the_reason_says_so() -> None:
    assert settled(season(LIAONING)).reason.code == "not_tested"
    warm = season(LIAONING, acts=[["2025-01-05T10:00", "bedroom", "18.000"]])
    assert settled(warm).reason.code == "no_test_failed"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pays_days = 10", "pays_days = 31", "counts: allowed: more tests after fewer"),
        ("tests = 2", "tests = 1", "counts: allowed: more tests after fewer"),
        ('below = "18"', 'below = "17"', "must end below the standard 18"),
        ('from = "16"', 'from = "15"', "between 16 and 15 °C there is a gap or an overlap"),
        ("gap_days = 5", "gap_days = 0", "tests_in_month.gap_days"),
    ],
)
def test_what_can_not_be_is_refused(old: str, new: str, said: str) -> None:
    text = load(LIAONING).raw.decode()
    assert old in text
    with pytest.raises(WrongCall) as wrong:
        parse(text.replace(old, new).encode(), "own.toml")
    assert said in str(wrong.value)
