"""A decision settles what is undetermined, says so on the sheet, and changes no day that was decided."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law import refund as naive_refund
from simulators.law.decided import about_each_room, random_decisions
from simulators.law.season import Season
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of, settled_by_policy
from tests.analytics.facts import Scenario, comparable, facts, rows

HENAN, LINYI, YANTAI = "CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-YANTAI"
TAIAN, TIANJIN = "CN-SD-TAIAN-2020", "CN-TJ-2010"


def decision(since: str, until: str, outcome: str, **more: str) -> dict[str, str]:
    return {
        "since": since, "until": until, "outcome": outcome, "basis": "authority",
        "document": "Decision 12/2025", "clause": "art. 33", **more,
    }  # fmt: skip


def gap(policy: str = HENAN) -> Scenario:
    """Cold from the 10th, unknown from the 11th 6:00 to the 13th, cold again to the 15th."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
        ("2025-01-10T00:00", "2025-01-11T06:00", "17.000"),
        ("2025-01-13T00:00", "2025-01-14T12:00", "17.000"),
        ("2025-01-14T12:00", "2025-01-16T00:00", "20.000"),
    )
    return facts(policy, {"bedroom": bedroom}, requests=["2025-01-10T06:00"])


def one(scenario: Scenario, *decisions: dict[str, str]) -> Result:
    return settle_facts({**scenario, "decisions": list(decisions)}, load(scenario["policy"]))


def kernels(scenario: Scenario, *decisions: dict[str, str]) -> dict[str, Any]:
    return answer_of(one(scenario, *decisions))


def twin(scenario: Scenario, *decisions: dict[str, str]) -> dict[str, Any]:
    return naive_refund.settle({**scenario, "decisions": list(decisions)})


BOTH = pytest.mark.parametrize("settled", [kernels, twin])
WHOLE = ("2025-01-09T00:00", "2025-01-17T00:00")


@BOTH
def test_undetermined_days_count_as_decided(settled: Any) -> None:
    without = one(gap())
    assert without.undetermined
    below = settled(gap(), decision(*WHOLE, "below"))
    compliant = settled(gap(), decision(*WHOLE, "compliant"))
    assert (below["undetermined"], compliant["undetermined"]) == (False, False)
    assert below["total"] == "40.00", "four days at half: nothing says that the 12th was colder"
    assert without.lower < without.upper == Decimal("50.00")
    assert compliant["total"] == str(without.lower)


@BOTH
def test_below_pays_the_lowest_band_that_it_can_mean_or_that_of_the_temperature_decided(
    settled: Any,
) -> None:
    """It took the upper sum: a full day's fee for a day of which nothing but "below" is known."""
    day = ("2025-01-12T00:00", "2025-01-13T00:00")
    without = Decimal(settled(gap(TAIAN))["total"])

    def more(**told: str) -> Decimal:
        return Decimal(settled(gap(TAIAN), decision(*day, "below", **told))["total"]) - without

    assert more() == Decimal("6.00"), "30 % of 20.00"
    assert more(temperature="17.999") == Decimal("6.00")
    assert more(temperature="15") == Decimal("10.00")
    assert more(temperature="13.999") == Decimal("20.00")
    assert more(temperature="21") == Decimal("6.00"), "not below: no more than the word says"


@BOTH
def test_blocks_of_24_hours_are_decided_too(settled: Any) -> None:
    """Decisions had no effect where an act counts blocks: 10 January stayed open at 20 to 30."""
    bedroom = rows(
        ("2025-01-10T00:00", "2025-01-11T05:00", "15.000"),
        ("2025-01-11T12:00", "2025-01-13T00:00", "15.000"),
        ("2025-01-13T00:00", "2025-01-16T00:00", "24.000"),
    )
    scenario = facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T00:00"]) | {
        "policy": YANTAI,
    }
    assert settled(scenario)["undetermined"]
    below = settled(scenario, decision(*WHOLE, "below"))
    compliant = settled(scenario, decision(*WHOLE, "compliant"))
    assert (below["total"], below["undetermined"]) == ("30.00", False)
    assert (compliant["total"], compliant["undetermined"]) == ("20.00", False)
    some = settled(scenario, decision("2025-01-12T00:00", "2025-01-13T00:00", "below"))
    assert some["undetermined"], "the 11th is not decided"


def two_rooms(living: list[list[str]]) -> Scenario:
    bedroom = rows(
        ("2025-01-10T00:00", "2025-01-11T05:00", "15.000"),
        ("2025-01-11T12:00", "2025-01-13T00:00", "15.000"),
        ("2025-01-13T00:00", "2025-01-16T00:00", "24.000"),
    )
    both = {"bedroom": bedroom, "living": living}
    return facts(HENAN, both, requests=["2025-01-10T00:00"])


@BOTH
def test_a_rooms_decision_leaves_what_another_room_made_open(settled: Any) -> None:
    """That the living room, known to be warm, was below settled the bedroom's gap."""
    warm = two_rooms(rows(("2025-01-10T00:00", "2025-01-16T00:00", "21.000")))
    without = settled(warm)
    assert without["undetermined"]
    assert settled(warm, decision(*WHOLE, "below", room="living")) == without
    assert not settled(warm, decision(*WHOLE, "below", room="bedroom"))["undetermined"]
    assert settled(warm, decision(*WHOLE, "compliant", room="living")) == without
    silent = two_rooms(rows(("2025-01-13T00:00", "2025-01-16T00:00", "21.000")))
    living = settled(silent, decision(*WHOLE, "below", room="living"))
    assert living["undetermined"], "on the 10th and 12th the bedroom is below, whatever it was"
    assert living["total"] != settled(silent)["total"]


@BOTH
def test_of_several_decisions_on_a_day_the_coldest_below_holds(settled: Any) -> None:
    day = ("2025-01-12T00:00", "2025-01-13T00:00")
    made = [
        decision(*day, "compliant"), decision(*day, "below"),
        decision(*day, "below", room="bedroom", temperature="15"),
    ]  # fmt: skip
    alone = settled(gap(TAIAN), made[2])
    for order in (made, made[::-1]):
        assert settled(gap(TAIAN), *order) == alone


@BOTH
def test_a_decision_about_some_days_leaves_the_others_undetermined(settled: Any) -> None:
    part = settled(gap(LINYI), decision("2025-01-11T00:00", "2025-01-12T00:00", "below"))
    assert part["undetermined"]


def test_the_sheet_names_the_decision_its_document_and_clause() -> None:
    made = one(gap(), decision(*WHOLE, "below", basis="agreement"))
    (told,) = [each for each in made.steps if each["step"] == "decision"]
    assert told["clause"] == "art. 33"
    assert "agreement of the parties (Decision 12/2025)" in shown(told, "en")
    assert "below the standard" in shown(told, "en")


def test_a_decision_where_nothing_is_undetermined_is_not_on_the_sheet() -> None:
    bedroom = rows(("2025-01-09T00:00", "2025-01-16T00:00", "17.000"))
    scenario = facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T06:00"])
    warm = one(
        {**scenario, "season": ["2024-11-15T00:00", "2025-01-15T00:00"]},
        decision("2025-01-01T00:00", "2025-01-12T00:00", "compliant"),
    )
    assert not [each for each in warm.steps if each["step"] == "decision"]


def test_a_decision_without_document_or_clause_or_of_a_word_that_is_none_is_refused() -> None:
    wrong = (
        ("document", " "), ("clause", ""), ("outcome", "warm"), ("basis", "me"),
        ("temperature", "291"), ("temperature", "cold"), ("temperature", "NaN"),
    )  # fmt: skip
    for name, value in wrong:
        with pytest.raises(WrongCall, match=f"decisions.{name}"):
            one(gap(), decision(*WHOLE, "below") | {name: value})


def test_a_temperature_of_what_was_compliant_is_refused() -> None:
    with pytest.raises(WrongCall, match=r"decisions.temperature: 20; allowed: .* outcome below"):
        one(gap(), decision(*WHOLE, "compliant", temperature="20"))


def test_the_sheet_says_the_temperature_decided() -> None:
    made = one(gap(), decision(*WHOLE, "below", temperature="15.5"))
    (told,) = [each for each in made.steps if each["step"] == "decision"]
    assert shown(told, "en").endswith("count as below the standard, 15.5 °C")


def paid_by_day(result: Result) -> dict[date, set[tuple[str, str]]]:
    found: dict[date, set[tuple[str, str]]] = {}
    for line in result.lines:
        for i in range((line.last - line.first).days + 1):
            day = line.first + timedelta(days=i)
            found.setdefault(day, set()).add((line.kind, str(line.share)))
    return found


def before_and_after(
    scenarios: Sequence[Scenario], told: Sequence[Sequence[dict[str, str]]]
) -> tuple[list[Result], list[Result]]:
    """Results without and with the decisions on each, which are the same household of two cities."""
    decided = [
        {**scenario, "decisions": list(own)} for scenario, own in zip(scenarios, told, strict=True)
    ]
    return settled_by_policy(scenarios), settled_by_policy(decided)


@pytest.mark.compiled
@pytest.mark.parametrize("policy", [YANTAI, TIANJIN, "CN-SD-QINGDAO-2017"])
def test_kernels_and_twin_agree_on_decisions_about_blocks_and_rooms(policy: str) -> None:
    scenarios, told = [random_world(seed, policy=policy) for seed in range(80)], []
    for seed, scenario in enumerate(scenarios):
        decisions = random_decisions(scenario)
        told.append(about_each_room(decisions, scenario) if seed % 2 else decisions)
    before, after = before_and_after(scenarios, told)
    twins = [twin(scenario, *own) for scenario, own in zip(scenarios, told, strict=True)]
    assert [comparable(answer_of(each)) for each in after] == [comparable(each) for each in twins]
    pairs = zip(before, after, strict=True)
    assert sum(was.undetermined and not now.undetermined for was, now in pairs) >= 3


@pytest.mark.compiled
def test_kernels_and_twin_agree_and_days_that_were_decided_stay_as_they_were() -> None:
    scenarios = [random_world(seed) for seed in range(150)]
    told = [random_decisions(scenario) for scenario in scenarios]
    results = zip(*before_and_after(scenarios, told), strict=True)
    wrong, settled = [], 0
    for seed, (before, after) in enumerate(results):
        scenario, decisions = scenarios[seed], told[seed]
        if comparable(answer_of(after)) != comparable(twin(scenario, *decisions)):
            wrong.append(seed)
        if not before.undetermined:
            assert after == before, seed
            continue
        season = Season(scenario)
        touched = {
            day
            for each in decisions
            for day in season.days_touched([(each["since"], each["until"])])
        }
        was, now = paid_by_day(before), paid_by_day(after)
        assert {d: was.get(d) for d in {*was, *now} - touched} == {
            d: now.get(d) for d in {*was, *now} - touched
        }, seed
        settled += before.undetermined and not after.undetermined
        assert before.lower <= after.total <= before.upper or scenario["policy"] == LINYI, seed
    assert wrong == []
    assert settled > 3
