"""Exceptions are those that policies may name, each told apart from a fault."""

from dataclasses import replace
from typing import get_args

import pytest

from analytics.law.policy import PolicyFile, load, shipped
from analytics.law.terms import PaysLess
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law import evaluate, exception_of
from heatwatch.evaluate.law_exceptions import EXCEPTIONS, Comparison, presumed_days, ways_out
from tests.analytics.settlement.test_late_supplier import linyi

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


def only(policy: str, name: str) -> PolicyFile:
    """The policy with one of its exceptions alone."""
    file = load(policy)
    named = tuple(each for each in file.policy.pays_less if each.by == name)
    return replace(file, policy=file.policy.model_copy(update={"pays_less": named}))


@pytest.mark.parametrize(("cut", "by"), [(1, "late_supplier"), (0, ""), (2, "")])
def test_a_presumption_explains_only_the_days_that_it_paid(cut: int, by: str) -> None:
    """Of three lines the middle one was presumed: a fault that loses another is told apart."""
    season = linyi(made=[["2025-01-13T12:00", "bedroom", "17.000"]])
    found = settle_facts(season, load(LINYI))
    assert [str(line.share) for line in found.lines] == ["1/5", "1", "1/5"]
    assert {each.day for each in presumed_days(found)} == {11, 12}
    left = tuple(line for i, line in enumerate(found.lines) if i != cut)
    tried = Comparison(only(LINYI, "late_supplier"), season, season)
    assert exception_of("colder", tried, found, replace(found, lines=left)) == by


@pytest.mark.parametrize(
    ("asked", "consent", "left"),
    [
        (["08", "10", "20"], False, ["07", "12", "16", "21"]),  # what the new request brings in
        (["10", "15", "20"], False, ["07", "09", "12", "21"]),
        (["10", "20"], True, ["21"]),  # a consent asks for all before the last request
        (["10", "20"], False, ["07", "09", "12", "16", "21"]),
    ],
)
def test_only_records_that_an_earlier_request_brings_in_are_left_out(
    asked: list[str], *, consent: bool, left: list[str]
) -> None:
    acts = [[f"2025-01-{day}T00:00", "bedroom", "17.0"] for day in ("07", "09", "12", "16", "21")]
    before = {"requests": [f"2025-01-{day}T00:00" for day in ("10", "20")], "acts": acts}
    after = {"requests": [f"2025-01-{day}T00:00" for day in asked], "acts": acts}
    tried = Comparison(load(TAIAN), before, after | {"standing_consent": consent})
    found = EXCEPTIONS["record_before_request"](tried)
    days = [[at[8:10] for at, *_ in each["acts"]] for each in (found.before, found.after)]
    assert days == [left, left]


def test_every_policy_says_its_exceptions_in_both_languages_with_a_clause() -> None:
    for file in shipped():
        named = file.policy.pays_less
        assert len({each.by for each in named}) == len(named)
        assert all(each.zh and each.en and each.clause for each in named)
