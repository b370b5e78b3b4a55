"""Random seasons inside which an act is amended, against the twin that is told of it."""

from typing import Any

import pytest

from heatwatch.evaluate import law_amended
from heatwatch.evaluate.law_amended import OF_ONE_DAY, evaluate_amended
from simulators.law.amendments import AMENDMENTS
from simulators.law.twins import TWINS

YINCHUAN = "CN-NX-YINCHUAN-2010"


def test_seasons_are_amended_and_their_twin_is_told() -> None:
    done: list[tuple[int, int]] = []
    seeds = range(1, OF_ONE_DAY + 6)
    score = evaluate_amended(YINCHUAN, seeds, lambda *each: done.append(each))
    assert (score.worlds, score.twin, score.wrong) == (len(seeds), True, [])
    assert score.compared["twin"] == score.compared["together"] == len(seeds)
    assert done == [(OF_ONE_DAY, len(seeds)), (len(seeds), len(seeds))]


def test_a_twin_that_is_not_told_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    def untold(world: dict[str, Any], *_: object) -> dict[str, Any]:
        return world

    monkeypatch.setattr(law_amended, "for_twin", untold)
    wrong = evaluate_amended(YINCHUAN, range(1, 2 * OF_ONE_DAY)).wrong
    assert {each.check for each in wrong} == {"twin"}


def test_every_amended_policy_has_a_twin() -> None:
    assert {*AMENDMENTS} <= {*TWINS}


@pytest.mark.parametrize("policy", ["CN-SD-LINYI-2017", "CN-SD-HEZE-2017"])
def test_an_exception_of_the_act_explains_what_is_paid_less_behind_its_amendment_too(
    policy: str,
) -> None:
    """Seed 2: a record within the limit takes away what was presumed against a late supplier."""
    score = evaluate_amended(policy, range(1, 3))
    assert score.wrong == []
    assert sum(score.allowed.values())
