"""An act of which no clause on outages was seen: open up to the fee of their time, and never silently 0."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.law.lines import ZERO
from analytics.law.policy import PolicyFile, load, parse, shipped
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from heatwatch.evaluate.law_city import answer_of, comparable, settled_together
from simulators.law.record_worlds import with_ends
from simulators.law.refund import settle as naive
from simulators.law.worlds import random_world
from tests.analytics.amended import amended, for_twin
from tests.analytics.cities import decided_season
from tests.analytics.facts import facts
from tests.analytics.settlement.owing import at, owed, spells
from tests.analytics.settlement.test_open_ends import opened

DAY = date(2025, 1, 15)
YANTAI, HARBIN = "CN-SD-YANTAI", "CN-HL-HARBIN-pre2021"
#: It pays what a decision says.
EXAMPLE = ("CN-HL-2021", decided_season)


def scenario_of(until: str, *, cold: bool = False) -> dict[str, Any]:
    """Without heat from 6:00 of the 10th; 20.00 a day."""
    spell = [("10T00:00", "12T00:00")] if cold else []
    found = facts(
        "CN-SD-TAIAN-2020", {"bedroom": spells(*spell)}, requests=at("10T00:00"),
        outages=[at("10T06:00", until)],
    )  # fmt: skip
    return found | {"policy": YANTAI}


def with_outage(until: str, *, cold: bool = False, policy: PolicyFile | None = None) -> Result:
    scenario = scenario_of(until, cold=cold)
    if policy is None:
        owed(scenario)  # the twin says the same
    return settle_facts(scenario, policy or load(YANTAI))


def reads_whole() -> PolicyFile:
    """The same act, had all of its text been read."""
    text = load(YANTAI).raw.decode().replace('id = "CN-SD-YANTAI"', 'id = "X-READ"')
    text = text.replace('text = "not_seen"', 'text = "none"')
    at = text.index('[[interpretations]]\nname = "outage-clause-not-seen"')
    rest = text.index("[[interpretations]]", at + 1)
    return parse((text[:at] + text[rest:]).encode(), "read.toml")


@pytest.mark.parametrize("until", ["10T06:01", "11T06:00"])
def test_an_outage_is_undetermined_however_short_up_to_the_fee_of_its_time(until: str) -> None:
    result = with_outage(until)
    minutes = {"10T06:01": 1, "11T06:00": 1440}[until]
    most = Decimal(2420) / 121 * minutes / 1440
    assert (result.undetermined, result.total, result.lower) == (True, ZERO, ZERO)
    assert result.upper == round(most, 2)
    assert result.reason.code == "outage_clause_not_seen"
    assert str(result.open_since) == "2025-01-10"
    codes = [each["step"] for each in result.steps]
    assert "outage_clause_not_seen" in codes
    assert "undetermined" not in codes, "no measurement could tell it"


def test_cold_is_paid_as_ever_and_both_come_to_at_most_what_a_day_leaves() -> None:
    result = with_outage("11T06:00", cold=True)
    assert result.total == Decimal("8.00")  # twice a fifth
    # 18 h of the 10th and 6 of the 11th, and a fifth of the day's rest: 15 + 1 + 5 + 3
    assert (result.lower, result.upper) == (Decimal("8.00"), Decimal("24.00"))


def test_the_sheet_says_so_in_both_languages_with_what_settles_it() -> None:
    steps = with_outage("11T06:00").steps
    (own,) = [each for each in steps if each["step"] == "outage_clause_not_seen"]
    assert own["clause"] == "烟台市供热管理办法"
    assert shown(own, "zh") == (
        "2025-01-10 06:00 至 2025-01-11 06:00 停热 24.00 小时：待定，未见该规定的停热条款；"
        "由登记的决定（注明文件和条款）确定。停热时间所对应的采暖费：20.00 元"
    )
    english = shown(own, "en")
    assert "the act's clause on outages was not seen" in english
    assert "a recorded decision with document and clause settles it" in english


@pytest.mark.parametrize(
    ("back", "reason"), [("10T06:01", "remainder_open"), ("11T07:00", "outage_clause_not_seen")]
)
def test_of_two_things_that_no_measurement_settles_the_reason_is_the_larger(
    back: str, reason: str
) -> None:
    spell = spells(("10T00:00", "12T12:00"), celsius="13.000")  # 12 h of a block are open, too
    scenario = scenario_of(back) | {"rooms": {"bedroom": spell}}
    owed(scenario)
    result = settle_facts(scenario, load(YANTAI))
    assert result.reason.code == reason, "a measurement was asked for, which settles neither"


def test_an_outage_without_an_end_is_open_up_to_what_is_known_of_it() -> None:
    result = opened(
        {**scenario_of("10T06:00"), "outages": [], "zone": "Asia/Shanghai"},
        "2025-01-20T00:00",
        YANTAI,
    )
    (own,) = [each for each in result.steps if each["step"] == "outage_clause_not_seen"]
    assert "without a recorded end" in shown(own, "en")
    assert result.undetermined
    assert result.total == ZERO
    assert result.upper > 0


@pytest.mark.parametrize("policy", [YANTAI, "CN-SD-TAIAN-2020"])
def test_a_decision_is_no_evidence_of_how_long_an_outage_lasted(policy: str) -> None:
    """It says what part of the fee is refunded: without an end nothing is sure, whatever its span."""
    decision = {
        "since": "2025-01-10T00:00", "until": "2025-01-20T00:00", "share": "1", "basis": "authority",
        "document": "No. 7", "clause": "art. 9",
    }  # fmt: skip
    scenario = {
        **scenario_of("11T06:00"), "policy": policy, "zone": "Asia/Shanghai",
        "outage_decisions": [decision],
    }  # fmt: skip
    ended = settle_facts(scenario, load(policy))
    assert (str(ended.total), ended.undetermined) == ("20.00", False)
    unended = opened({**scenario, "outages": []}, "2025-01-10T06:00", policy)
    assert (unended.total, unended.lower, unended.undetermined) == (ZERO, ZERO, True)
    assert unended.upper >= Decimal("195.00")  # 9 days and 18 h of the decision's span
    assert str(unended.open_since) == "2025-01-10"
    before = at("08T00:00", "08T12:00")
    both = opened({**scenario, "outages": [before]}, "2025-01-10T06:00", policy)
    long = {**decision, "since": "2025-01-01T00:00"}
    decided = {**scenario, "outages": [before], "outage_decisions": [long]}
    sure = opened(decided, "2025-01-10T06:00", policy)
    owed_of_ended = settle_facts(decided, load(policy)).total
    assert (both.total, sure.total, sure.lower) == (ZERO, owed_of_ended, owed_of_ended)


def test_an_act_read_whole_that_has_no_clause_pays_nothing_and_says_so() -> None:
    result = with_outage("11T06:00", policy=reads_whole())
    assert (result.undetermined, result.total, result.upper) == (False, ZERO, ZERO)
    (own,) = [each for each in result.steps if each["step"] == "outage_not_paid"]
    assert "this act pays nothing for outages" in shown(own, "en")
    assert shown(own, "zh").endswith("本规定对停热不退费")


def test_every_policy_that_pays_says_what_an_outage_comes_to() -> None:
    """A policy without a word on outages would pay nothing for one, and its sheet would not say so."""
    silent = [
        each.policy.id
        for each in shipped()
        if each.policy.pays()
        and not any(
            name.startswith("outage_") or name in {"hour_excess", "flat_block", "block_days"}
            for name in each.policy.calculators
        )
    ]
    assert silent == []


def test_late_starts_and_early_ends_are_paid_where_only_their_clause_was_seen() -> None:
    tables = load(HARBIN).policy.tables
    assert tables["outage_time"].at == "season_ends"  # type: ignore[attr-defined]
    assert tables["outage_unpaid"].at == "inside_season"  # type: ignore[attr-defined]


@pytest.mark.compiled
def test_whether_it_is_about_an_outage_is_as_when_that_began_seeds_0_to_39() -> None:
    """Yantai, had another clause been seen for the season's ends from 15 January on."""
    policy, other = amended(YANTAI, (DAY, {"outage_unpaid.at": '"inside_season"'})), 0
    told = {"outage_unseen": "inside", "outage_gate": timedelta.max}
    worlds = [with_ends(random_world(seed, policy=YANTAI)) for seed in range(40)]
    results = map(answer_of, settled_together(policy, worlds))
    for seed, (world, result) in enumerate(zip(worlds, results, strict=True)):
        assert comparable(result) == comparable(naive(for_twin(world, (DAY, told)))), seed
        other += comparable(result) != comparable(naive(world))
    assert other > 0


def test_how_the_text_is_known_does_not_change_from_a_day_on() -> None:
    with pytest.raises(
        WrongCall, match=r"outage_unpaid\.text since 2025-01-15: says what is known of"
    ):
        amended(YANTAI, (DAY, {"outage_unpaid.text": '"none"'}))
