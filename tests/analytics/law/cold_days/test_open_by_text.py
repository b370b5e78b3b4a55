"""What Tianjin's text names without a term: open up to its most, until a decision settles it."""

import random
from typing import Any

import pytest

from analytics.law.cold_days.open_by_text import Recurrence, between
from analytics.law.policy import load, parse
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law.refund import settle as naive
from simulators.law.twins import world_of
from tests.analytics.cities import answer_of, settled_by_policy
from tests.analytics.facts import Scenario, comparable, rows
from tests.analytics.law.cold_days.test_blocks import TIANJIN, season
from tests.analytics.law.cold_days.test_decided import decision

#: Cold for six hours, measured; and again two days later for a day and a half, measured.
SHORT = ("2025-01-10T09:00", "2025-01-10T15:00", "15.000")
LONG = ("2025-01-12T09:00", "2025-01-13T21:00", "15.000")


def again(**other: Any) -> Scenario:
    bedroom = rows(
        SHORT, (SHORT[1], LONG[0], "24.000"), LONG, (LONG[1], "2025-01-15T00:00", "24.000")
    )
    acts = [[SHORT[0], "bedroom", "15.000"], [LONG[0], "bedroom", "15.000"]]
    return season(TIANJIN, "2025-01-14T00:00", rooms={"bedroom": bedroom}, acts=acts, **other)


def one(scenario: Scenario, *decisions: dict[str, str]) -> Result:
    own = {**scenario, "decisions": list(decisions)}
    result = settle_facts(own, load(TIANJIN))
    assert comparable(answer_of(result)) == comparable(naive(own))
    return result


def sums(result: Result) -> tuple[str, str, bool]:
    return str(result.total), str(result.upper), result.undetermined


def test_a_cold_that_recurs_is_open_over_the_whole_days_from_the_first_measurement() -> None:
    """Three whole days from the 10th at 9:00: one pays, two are open."""
    result = one(again())
    assert (*sums(result), result.reason.code) == ("10.00", "30.00", True, "recurrence_open")
    (told,) = [each for each in result.steps if each["step"] == "recurrence_open"]
    assert "at most 50% of a day's fee" in shown(told, "en")


@pytest.mark.parametrize(
    ("outcome", "more", "total"),
    [
        ("below", {"temperature": "15.0"}, "30.00"),
        ("below", {}, "14.00"),  # nothing says how cold: the lowest share
        ("below", {"temperature": "11.0"}, "30.00"),  # no more than the coldest of them
        ("compliant", {}, "10.00"),
    ],
)
def test_a_decision_says_whether_all_the_time_pays(
    outcome: str, more: dict[str, str], total: str
) -> None:
    decided = decision("2025-01-10T00:00", "2025-01-16T00:00", outcome, **more)
    assert sums(one(again(), decided)) == (total, total, False)


def test_days_of_a_users_fault_take_no_part_in_what_recurs() -> None:
    fault = [["2025-01-11T08:00", "2025-01-11T08:30"]]
    assert sums(one(again(user_faults=fault))) == ("10.00", "20.00", True)


def test_a_cold_that_nobody_measured_again_recurs_for_nobody() -> None:
    first = [[SHORT[0], "bedroom", "15.000"]]
    result = one(again() | {"acts": first})
    assert sums(result) == ("0.00", "10.00", True), "what its readings show of the second"
    assert "recurrence_open" not in {each["step"] for each in result.steps}


@pytest.mark.parametrize(
    ("came", "upper"),
    [({}, "40.00"), ({"refusals": ["2025-01-11T09:00"]}, "20.00")],
    ids=["nobody", "refused"],
)
def test_a_request_that_nobody_measures_is_open_up_to_all(came: dict[str, Any], upper: str) -> None:
    result = one(season(TIANJIN, "2025-01-12T09:00", acts=[], **came))
    assert sums(result) == ("0.00", upper, True)
    told = [each for each in result.steps if each["step"] == "presumption_open"]
    assert bool(told) is (not came)


@pytest.mark.parametrize(
    ("basis", "more", "total"),
    [
        ("presumption", {}, "40.00"),
        ("presumption", {"temperature": "17.5"}, "20.00"),  # its readings say 15 °C
        ("authority", {}, "20.00"),
    ],
)
def test_only_the_presumption_itself_pays_all(basis: str, more: dict[str, str], total: str) -> None:
    decided = decision("2025-01-10T00:00", "2025-01-16T00:00", "below", basis=basis, **more)
    result = one(season(TIANJIN, "2025-01-12T09:00", acts=[]), decided)
    assert sums(result) == (total, total, False)


@pytest.mark.compiled
def test_settlement_and_naive_twin_agree_under_decisions_seeds_0_to_69() -> None:
    rng, settled = random.Random("decisions of Tianjin"), 0
    worlds, tried = [world_of(TIANJIN, seed) for seed in range(70)], []
    for world, found in zip(worlds, settled_by_policy(worlds), strict=True):
        if not found.undetermined:
            continue
        outcome = rng.choice(("below", "below", "compliant"))
        basis, celsius = rng.choice(("authority", "presumption")), rng.choice(("", "17.0", "11.0"))
        more = {"temperature": celsius} if celsius and outcome == "below" else {}
        since, until = world["season"]
        decided = decision(since, until, outcome, basis=basis, **more)
        tried.append({**world, "decisions": [decided]})
    for world, found in zip(tried, settled_by_policy(tried), strict=True):
        assert comparable(answer_of(found)) == comparable(naive(world)), world["id"]
        settled += not found.undetermined
    assert settled >= 20


def test_the_time_between_is_what_no_block_pays() -> None:
    recurs = Recurrence(0, 100, 1)
    assert list(between(recurs, [(20, 40), (30, 50), (90, 130)])) == [(0, 20), (50, 90)]
    assert list(between(recurs, [(120, 150)])) == [(0, 100)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('supplier_late = "term_open"', 'supplier_late = "none"', "presumption-without-a-term"),
        ("[day_band.recurrence]\nclause", "[day_band.measurement]\nclause", "measurement.days"),
        ('unit = "block24_floor"', 'unit = "block24"', "'term_open' and recurrence go with"),
    ],
)
def test_what_is_open_by_the_text_must_fit_the_rest(old: str, new: str, said: str) -> None:
    raw = load(TIANJIN).raw.decode()
    assert old in raw
    with pytest.raises(WrongCall, match=said):
        parse(raw.replace(old, new).encode(), "mine.toml")
