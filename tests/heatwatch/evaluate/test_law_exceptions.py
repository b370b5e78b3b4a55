"""Exceptions are those that policies may name, each told apart from a fault."""

from typing import get_args

import pytest

from analytics.law.policy import load, shipped
from analytics.law.terms import PaysLess
from heatwatch.evaluate.law import evaluate
from heatwatch.evaluate.law_exceptions import EXCEPTIONS, ways_out

LINYI, QINGDAO, TAIAN = "CN-SD-LINYI-2017", "CN-SD-QINGDAO-2017", "CN-SD-TAIAN-2020"


def test_each_name_that_a_policy_may_use_has_a_way_to_take_its_effect_out() -> None:
    assert set(get_args(PaysLess.model_fields["by"].annotation)) == set(EXCEPTIONS)


def test_each_is_tried_alone_then_all_together() -> None:
    assert ways_out([], of_outages=False) == []
    assert ways_out(["late_supplier"], of_outages=False) == [("late_supplier",)]
    both = ["record_inside_gap", "late_supplier"]
    assert ways_out(both, of_outages=False) == [
        ("late_supplier",), ("record_inside_gap",), ("late_supplier", "record_inside_gap"),
    ]  # fmt: skip


def test_what_other_outages_change_only_what_a_text_says_of_outages_explains() -> None:
    named = ["late_supplier", "outage_for_cold"]
    assert ways_out(named, of_outages=True) == [("outage_for_cold",)]
    assert ways_out(named, of_outages=False) == [("late_supplier",)]


@pytest.mark.parametrize(
    ("policy", "seed", "how"),
    [
        (LINYI, 1067, "colder: late_supplier"),
        (LINYI, 1144, "request: late_supplier"),
        (TAIAN, 2635, "request: record_before_request"),
        (QINGDAO, 2638, "request: record_before_request"),
    ],
)
def test_a_season_that_is_paid_less_is_explained_by_the_exception_it_is(
    policy: str, seed: int, how: str
) -> None:
    score = evaluate(load(policy), [seed])
    assert score.wrong == []
    assert dict(score.allowed) == {how: 1}


def test_every_policy_says_its_exceptions_in_both_languages_with_a_clause() -> None:
    for file in shipped():
        named = file.policy.pays_less
        assert len({each.by for each in named}) == len(named)
        assert all(each.zh and each.en and each.clause for each in named)
