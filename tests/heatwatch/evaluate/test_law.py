"""What is wrong with a settlement is found on random seasons, and made small."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from analytics.law.policy import PolicyFile, load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate import law
from heatwatch.evaluate.law import evaluate
from simulators.law.twins import TWINS
from tests.analytics.law.cold_days.test_metered import DAILY, season

LINYI, YINCHUAN = "CN-SD-LINYI-2017", "CN-NX-YINCHUAN-2010"


def changed(policy: str, **parts: Any) -> PolicyFile:
    own = load(policy)
    return replace(own, policy=own.policy.model_copy(update=parts))


def test_a_twin_that_says_something_else_is_found_on_the_smallest_season(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def other(world: dict[str, Any]) -> dict[str, Any]:
        answer = TWINS[YINCHUAN](world)
        return answer | {"undetermined": len(world["outages"]) >= 2}

    monkeypatch.setattr(law, "TWINS", {YINCHUAN: other})
    score = evaluate(load(YINCHUAN), range(1, 21))
    assert score.wrong
    assert {each.check for each in score.wrong} == {"twin"}
    (smallest,) = score.wrong[0].worlds
    assert len(smallest["outages"]) == 2
    assert smallest["acts"] == []


def test_what_pays_less_for_more_is_wrong_where_the_policy_names_no_exception() -> None:
    """Of Linyi's presumption against a late supplier: seed 1059, a record within the limit."""
    silent = evaluate(changed(LINYI, pays_less=()), [1059])
    assert [each.check for each in silent.wrong] == ["more_evidence"]
    named = evaluate(load(LINYI), [1059])
    assert named.wrong == []
    assert sum(named.allowed.values()) == 1


def pays_nothing_for_long(facts: dict[str, Any], policy: PolicyFile) -> Result:
    """A settlement that is wrong: of what is more than four days it pays nothing."""
    result = settle_facts(facts, policy)
    long = any(line.days > 4 for line in result.lines)
    return replace(result, lines=(), total=result.total * 0) if long else result


def settled_by(
    wrong: Callable[[dict[str, Any], PolicyFile], Result],
) -> Callable[..., list[Result]]:
    """Whoever is settled together is settled so."""
    return lambda policy, seasons: [wrong(each, policy) for each in seasons]


def test_a_calculator_that_pays_less_for_a_longer_outage_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(law, "settle_facts", pays_nothing_for_long)
    monkeypatch.setattr(law, "settled_together", settled_by(pays_nothing_for_long))
    monkeypatch.setattr(law, "TWINS", {})
    found = {each.check for each in evaluate(load(YINCHUAN), range(1, 61)).wrong}
    assert found == {"more_evidence"}


def test_a_household_that_is_settled_otherwise_among_others_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(law, "settle_facts", pays_nothing_for_long)
    monkeypatch.setattr(law, "TWINS", {})
    found = {each.check for each in evaluate(load(YINCHUAN), range(1, 61)).wrong}
    assert "together" in found, "the city itself is settled rightly"


def test_a_result_that_hangs_on_the_order_of_the_facts_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(facts: dict[str, Any], policy: PolicyFile) -> Result:
        ordered = facts["outages"] == sorted(facts["outages"])
        result = settle_facts(facts, policy)
        return result if ordered else replace(result, undetermined=True)

    monkeypatch.setattr(law, "settle_facts", wrong)
    monkeypatch.setattr(law, "settled_together", settled_by(wrong))
    found = evaluate(load(YINCHUAN), range(1, 21)).wrong
    assert {each.check for each in found} == {"order"}


def test_progress_is_reported_season_by_season() -> None:
    seen: list[tuple[int, int]] = []
    evaluate(load(YINCHUAN), range(1, 6), lambda done, of: seen.append((done, of)))
    assert seen == [(i, 5) for i in range(1, 6)]


def test_a_metered_season_that_prints_less_is_found_though_its_exact_sums_are_the_same() -> None:
    own = season(DAILY)
    result = settle_facts(own, load(own["policy"]))
    nothing = [replace(line, amount=line.amount * 0) for line in result.lines]
    unpaid = replace(result, lines=tuple(nothing), total=result.total * 0)
    assert law.paid_less(own, result, own, unpaid)
    assert not law.paid_less(own, result, own, result)


@pytest.mark.parametrize(
    ("policy", "seed"),
    [
        pytest.param(
            "CN-SD-WEIFANG-2021", 1341, id="1341-a-fault-on-the-last-day-after-its-noon-end"
        ),
        pytest.param("CN-HA-LY-2018", 1030, id="1030-heat-counted-across-a-change-of-who-bears-it"),
    ],
)
def test_seasons_that_were_wrong_once_are_not(policy: str, seed: int) -> None:
    assert evaluate(load(policy), [seed]).wrong == []
