"""A decision settles what is undetermined, says so on the sheet, and changes no day that was decided."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law import refund as naive_refund
from simulators.law.season import Season
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, facts, rows

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"


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
    assert below["total"] == str(without.upper)
    assert compliant["total"] == str(without.lower)


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
    for name, value in (("document", " "), ("clause", ""), ("outcome", "warm"), ("basis", "me")):
        with pytest.raises(WrongCall, match=f"decisions.{name}"):
            one(gap(), decision(*WHOLE, "below") | {name: value})


def random_decisions(scenario: Scenario, seed: int) -> list[dict[str, str]]:
    rng = random.Random(f"{seed} decisions")
    times = sorted(row[0] for found in scenario["rooms"].values() for row in found)
    at = datetime.fromisoformat(times[0] if times else scenario["season"][0])
    found = []
    for _ in range(rng.choice((1, 1, 2))):
        at += timedelta(hours=rng.randrange(1, 48))
        until = at + timedelta(hours=rng.choice((1, 24, 60, 200)))
        since, ends = (each.isoformat(timespec="minutes") for each in (at, until))
        found.append(decision(since, ends, rng.choice(("below", "compliant"))))
        at = until + timedelta(days=1)
    return found


def paid_by_day(result: Result) -> dict[date, set[tuple[str, str]]]:
    found: dict[date, set[tuple[str, str]]] = {}
    for line in result.lines:
        for i in range((line.last - line.first).days + 1):
            day = line.first + timedelta(days=i)
            found.setdefault(day, set()).add((line.kind, str(line.share)))
    return found


@pytest.mark.compiled
def test_kernels_and_twin_agree_and_days_that_were_decided_stay_as_they_were() -> None:
    wrong, settled = [], 0
    for seed in range(150):
        scenario = random_world(seed)
        decisions = random_decisions(scenario, seed)
        if comparable(kernels(scenario, *decisions)) != comparable(twin(scenario, *decisions)):
            wrong.append(seed)
        before, after = one(scenario), one(scenario, *decisions)
        if not before.undetermined:
            assert after == before, seed
            continue
        touched = {
            day
            for each in decisions
            for day in Season(scenario).days_touched([(each["since"], each["until"])])
        }
        was, now = paid_by_day(before), paid_by_day(after)
        assert {d: was.get(d) for d in {*was, *now} - touched} == {
            d: now.get(d) for d in {*was, *now} - touched
        }, seed
        settled += before.undetermined and not after.undetermined
        assert before.lower <= after.total <= before.upper or scenario["policy"] == LINYI, seed
    assert wrong == []
    assert settled > 3
