"""Findings of non-compliance, without money: New York City's heat season."""

import random
from dataclasses import replace
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.calculators.non_compliance import Calculator, NonComplianceTable
from analytics.law.findings import found_in, listed
from analytics.law.policy import load, parse
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from domain.errors import WrongCall
from heatwatch.evaluate.law import paid_less
from heatwatch.evaluate.law_city import answer_of, comparable
from simulators.law.changes import PROPERTIES
from simulators.law.findings import NEW_YORK, OTHERS, SEASON, new_york, random_season

FILE = load(NEW_YORK)


def settled(**other: Any) -> Result:
    """A household from 6 am to 10 pm of a cold day, warm but for what is given."""
    hours = [f"2025-01-10T{h:02d}:00" for h in range(6, 22)]
    facts = {
        "zone": "America/New_York", "season": ["2025-01-10T06:00", "2025-01-10T22:00"],
        "interval_min": 60, "rooms": {"bedroom": [[at, "21.000"] for at in hours]},
        "outdoor": [[at, "5.000"] for at in hours], "requests": [], "measurements": [], "outages": [],
    }  # fmt: skip
    return settle_facts(facts | other, FILE)


@pytest.mark.parametrize(
    "ends", [SEASON, *OTHERS], ids=[ends[0][:10] for ends in (SEASON, *OTHERS)]
)
def test_the_calculator_finds_what_its_naive_twin_finds_seeds_0_to_11(
    ends: tuple[str, str],
) -> None:
    finding = 0
    for seed in range(12):
        world = random_season(seed, ends)
        found, expected = answer_of(settle_facts(world, FILE)), new_york(world)
        assert comparable(found) == comparable(expected), seed
        finding += bool(expected["findings"])
    assert finding > 6


def test_a_finding_owes_nothing_and_needs_no_fee() -> None:
    cold = [
        ["2025-01-10T06:00", "21.000"],
        ["2025-01-10T08:00", "18.250"],
        ["2025-01-10T09:30", "21.000"],
    ]
    rest = [[f"2025-01-10T{h:02d}:00", "21.000"] for h in (7, *range(10, 22))]
    result = settled(rooms={"bedroom": sorted(cold + rest)})
    assert (str(result.total), result.lines, result.undetermined) == ("0.00", (), False)
    assert result.reason.code == "non_compliant"
    assert listed(result.steps) == [
        {"room": "bedroom", "clause": "heat season, by day", "since": "2025-01-10T08:00-05:00",
         "until": "2025-01-10T09:30-05:00", "hours": "1.50", "lowest": "18.250"}
    ]  # fmt: skip
    told = [shown(each, "en") for each in result.steps]
    assert any("1.50 h, at the lowest 64.85 °F (18.250 °C)" in each for each in told)
    assert not any("USD" in each or "fee" in each for each in told)


def test_a_colder_room_is_never_fewer_findings_and_never_fewer_hours_seeds_0_to_19() -> None:
    changes = PROPERTIES["colder"]
    tried = 0
    for seed in range(20):
        warm = random_season(seed)
        for change in changes:
            cold = change(warm, random.Random(seed))
            if cold is not None:
                tried += 1
                assert not paid_less(warm, settle_facts(warm, FILE), cold, settle_facts(cold, FILE))
    assert tried > 60


def test_fewer_findings_for_more_cold_would_be_noticed() -> None:
    less, more = settled(), settled(rooms={"bedroom": [["2025-01-10T06:00", "12.000"]]})
    assert found_in(less.steps) is None
    assert paid_less({}, more, {}, less)
    assert not paid_less({}, less, {}, more)


def test_a_household_in_another_currency_or_without_a_contracts_fee_is_settled_all_the_same() -> (
    None
):
    assert settled(currency="CNY").reason.code == "never_below_limit"
    with pytest.raises(WrongCall, match="season_fee"):
        settle_facts(
            {"zone": "Europe/London", "season": ["2025-01-10T06:00", "2025-01-10T22:00"],
             "interval_min": 60, "rooms": {}, "requests": [], "measurements": [], "outages": []},
            load("GB-SUPPLIER-24H"),
        )  # fmt: skip


def test_times_behind_the_present_are_not_judged_while_the_season_runs() -> None:
    own = from_facts(random_season(3), NEW_YORK, "USD", of_money=False)
    season = own.snapshot.season
    now = season.since_us + 36 * 3_600_000_000
    running = replace(own.snapshot, season=replace(season, as_of_us=now))
    result = settle(running, lambda _: own.columns, FILE, flush=0).results[0]
    assert result.undetermined
    assert all(each["until"][:16] <= "2025-01-09T12:00" for each in listed(result.steps))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'below = "68"',
            'below = "20"',
            "limits.below: 20 °F (−6 2/3 °C); allowed: above 0 and below 40",
        ),
        ('degrees = "F"', 'degrees = "C"', "limits.outdoor_below: 55 °C; allowed"),
        ('degrees = "F"', 'degrees = "K"', "degrees"),
        ('"10-01"', '"1 October"', "month and day, e.g. 06-30"),
        ('"05-31"', '"13-32"', "last_day: '13-32' is no day of the year"),
        ('name = "unknown-is-no-finding"', 'name = "half-open"', "unknown-is-no-finding"),
        ('below = "62"', 'below = "62.0001"', "at most three"),
    ],
)
def test_what_makes_no_sense_in_its_table_is_named(old: str, new: str, said: str) -> None:
    raw = FILE.raw.decode()
    assert old in raw
    with pytest.raises(WrongCall) as wrong:
        parse(raw.replace(old, new).encode(), "a.toml")
    assert said in str(wrong.value)


def test_the_policy_says_its_numbers_in_both_scales() -> None:
    rows = [str(value) for _, value, _ in FILE.policy.table(NonComplianceTable).rows()]
    assert rows[1] == "at least 68 °F (20 °C), while it is below 55 °F (12 7/9 °C) outdoors"
    assert rows[2] == "at least 62 °F (16 2/3 °C)"
    assert Calculator.kinds == {}


def test_the_sheet_says_that_the_rule_is_silent_on_outages() -> None:
    """Also of a household of which nothing was measured; one outside the season is none."""
    off = [["2025-01-10T08:00", "2025-01-10T09:30"]]
    given: dict[str, Any]
    for given in ({}, {"rooms": {"bedroom": []}}):
        result = settled(outages=off, **given)
        (told,) = [each for each in result.steps if each["step"] == "outage_not_in_rule"]
        assert shown(told, "en") == (
            "no heat from 2025-01-10 08:00 to 2025-01-10 09:30, 1.50 h: this rule is silent on outages; "
            "the rooms are judged as at any other time"
        )
        without = settled(**given)
        assert answer_of(result) == answer_of(without)
        assert result.reason == without.reason
    outside = settled(outages=[["2025-01-09T08:00", "2025-01-09T09:30"]])
    assert not [each for each in outside.steps if each["step"] == "outage_not_in_rule"]
