"""A recorded decision settles what an outage refunds, for the part of it inside the decision's span."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from tests.analytics.facts import facts
from tests.analytics.settlement.owing import at, owed, spells

YANTAI, TAIAN = "CN-SD-YANTAI", "CN-SD-TAIAN-2020"


def decision(since: str, until: str, share: str) -> dict[str, str]:
    return {
        "since": f"2025-01-{since}", "until": f"2025-01-{until}", "share": share,
        "basis": "authority", "document": "No. 7/2025", "clause": "热电条例 art. 9",
    }  # fmt: skip


def decided(
    *decisions: dict[str, str], policy: str = YANTAI, cold: bool = False, **other: Any
) -> Result:
    """Without heat from 6:00 of the 10th for 24 h; 20.00 a day."""
    spell = [("10T00:00", "12T00:00")] if cold else []
    scenario = facts(
        TAIAN, {"bedroom": spells(*spell)}, requests=at("10T00:00"),
        outages=[at("10T06:00", "11T06:00")], outage_decisions=list(decisions), **other,
    )  # fmt: skip
    scenario |= {"policy": policy}
    owed(scenario)  # the twin says the same
    return settle_facts(scenario, load(policy))


@pytest.mark.parametrize("policy", [YANTAI, TAIAN])
@pytest.mark.parametrize(
    ("share", "total"), [("1", "20.00"), ("0.5", "10.00"), ("2", "40.00"), ("0", "0.00")]
)
def test_it_refunds_its_share_of_the_fee_of_the_time_and_nothing_is_open(
    policy: str, share: str, total: str
) -> None:
    result = decided(decision("01T00:00", "20T00:00", share), policy=policy)
    assert (result.undetermined, str(result.total), str(result.upper)) == (False, total, total)
    assert {line.clause for line in result.lines} <= {"热电条例 art. 9"}
    assert result.reason.code == ("paid" if share != "0" else "never_below")
    assert [
        each["numbers"]["share"] for each in result.steps if each["step"] == "outage_decided"
    ] == [share]


def test_it_settles_only_the_part_inside_its_span() -> None:
    result = decided(decision("10T00:00", "10T18:00", "1"))
    assert (str(result.total), str(result.lower), str(result.upper)) == ("10.00", "10.00", "20.00")
    assert result.undetermined
    beside = decided(decision("12T00:00", "13T00:00", "1"))
    assert (beside.undetermined, str(beside.total)) == (True, "0.00")


def test_of_several_the_highest_share_holds() -> None:
    result = decided(decision("10T00:00", "12T00:00", "0.5"), decision("10T06:00", "10T18:00", "1"))
    assert [(line.kind, str(line.share), str(line.amount)) for line in result.lines] == [
        ("outage_decided", "1", "10.00"), ("outage_decided", "1/2", "5.00"),
    ]  # fmt: skip
    assert not result.undetermined


@pytest.mark.parametrize(
    ("clause", "amounts"),
    [pytest.param("热电条例 art. 9", ["13.33"], id="one-rule"),
     pytest.param("热电条例 art. 10", ["6.67", "6.67"], id="two-rules")],
)  # fmt: skip
@pytest.mark.parametrize("turn", [1, -1], ids=["in-order", "out-of-order"])
def test_what_several_settle_by_one_rule_is_one_line_and_rounded_once(
    clause: str, amounts: list[str], turn: int
) -> None:
    """From 6:00 of the 10th to 6:00 of the 11th: 12 h each at 0.6667, 6.667; they overlap by 6 h."""
    both = [
        decision("10T00:00", "10T18:00", "0.6667"),
        decision("10T12:00", "12T00:00", "0.6667") | {"clause": clause},
    ]
    result = decided(*both[::turn])
    assert [str(line.amount) for line in result.lines] == amounts
    assert not result.undetermined
    named = [each["numbers"]["since"] for each in result.steps if each["step"] == "outage_decided"]
    assert len(named) == 2


def test_what_it_pays_comes_before_cold_and_a_day_pays_at_most_its_fee() -> None:
    result = decided(decision("10T00:00", "12T00:00", "1"), cold=True)
    # 18 h of the 10th and a fifth of the day's rest, 6 h of the 11th and what is left for a fifth
    assert str(result.total) == "24.00"
    assert result.lower == result.upper == Decimal("24.00")


def test_the_sheet_names_who_decided_the_document_and_the_share_in_both_languages() -> None:
    steps = decided(decision("10T00:00", "12T00:00", "0.5")).steps
    (own,) = [each for each in steps if each["step"] == "outage_decided"]
    assert own["clause"] == "热电条例 art. 9"
    assert shown(own, "en") == (
        "decision of the authority (No. 7/2025): no heat from 2025-01-10 06:00 to 2025-01-11 06:00, "
        "24.00 h, refunds 50% of the fee of this time"
    )
    assert "退还该时间所对应采暖费的 50%" in shown(own, "zh")


def test_liaonings_refund_by_decision_needs_no_claim_of_the_household() -> None:
    scenario = facts(
        TAIAN, {"bedroom": []}, outages=[at("10T06:00", "11T06:00")],
        outage_decisions=[decision("10T00:00", "12T00:00", "1")],
    )  # fmt: skip
    result = settle_facts(scenario | {"policy": "CN-LN-2016-121"}, load("CN-LN-2016-121"))
    assert (str(result.total), result.undetermined) == ("20.00", False)


def test_a_share_that_no_act_pays_is_refused() -> None:
    with pytest.raises(WrongCall, match=r"outage_decisions.share: 2.5; allowed: 0 to 2"):
        decided(decision("10T00:00", "12T00:00", "2.5"))
