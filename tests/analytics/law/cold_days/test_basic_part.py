"""Henan: a metered household is refunded shares of its basic fee and of what its heat meter counted (7.11d)."""

from typing import Any

import pytest

from analytics.law.policy import load, parse
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from heatwatch.evaluate.law_city import comparable
from simulators.law.twins import TWINS, world_of
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario
from tests.analytics.law.cold_days.test_metered import DAILY, season
from tests.analytics.printed import recomputed

HENAN = "CN-HA-2018"
BOTH = {"heat_price": "0.142", "basic_fee": "605.00"}


def henan(meter: list[list[str]] = DAILY, **more: Any) -> Scenario:
    """Two days at half and two at all of it; 5.00 of basic fee and 20 kWh a day."""
    return {**season(meter, contract=BOTH), "policy": HENAN, **more}


def same_as_naive(scenario: Scenario) -> Any:
    result = settle_facts(scenario, load(HENAN))
    assert comparable(answer_of(result)) == comparable(TWINS[HENAN](scenario))
    return result


def test_both_parts_are_lines_that_can_be_computed_again_and_the_sheet_says_it_is_a_choice() -> (
    None
):
    result = same_as_naive(henan())
    told = [shown(each, "en") for each in result.steps if each["step"] == "line.temperature"]
    assert [each.partition(": ")[2] for each in told] == [
        "basic fee CNY 605.00 ÷ 121 days × 2 days × 50% = CNY 5.00",
        "40 kWh × CNY 0.142 per kWh × 50% = CNY 2.84",
        "basic fee CNY 605.00 ÷ 121 days × 2 days × 100% = CNY 10.00",
        "40 kWh × CNY 0.142 per kWh × 100% = CNY 5.68",
    ]
    for each in result.steps:
        if each["step"] == "line.temperature":
            recomputed(shown(each, "en"))
            recomputed(shown(each, "zh"))
    (said,) = [each for each in result.steps if each["step"] == "metered_basic_part"]
    (cited,) = [
        each for each in load(HENAN).policy.interpretations if each.name == said["interpretation"]
    ]
    assert "a choice of this system" in cited.en
    assert "此为本系统的选择" in cited.zh


def test_an_outage_takes_its_time_of_the_basic_fee_and_nothing_of_the_heat() -> None:
    """12 h of the 12th: 2.50, and the rest of the day's 5.00 with all of its heat."""
    outage = [["2025-01-12T06:00", "2025-01-12T18:00"]]
    result = same_as_naive(henan(outages=outage))
    assert str(result.total) == str(same_as_naive(henan()).total) == "23.52"
    assert ("outage", "2.50") in {(line.kind, str(line.amount)) for line in result.lines}
    whole = same_as_naive(henan(outages=[["2025-01-12T00:00", "2025-01-13T00:00"]]))
    assert str(whole.total) == "23.52"


def test_a_basic_fee_that_nobody_recorded_leaves_its_part_open() -> None:
    result = same_as_naive(henan(contract={"heat_price": "0.142"}))
    assert (str(result.total), str(result.upper), str(result.lower)) == ("8.52", "68.52", "8.52")
    assert (result.undetermined, result.reason.code) == (True, "basic_fee_missing")
    recorded = [
        same_as_naive(henan(contract=BOTH | {"basic_fee": each})) for each in ("0.00", "2420.00")
    ]
    assert [str(each.total) for each in recorded] == ["8.52", "68.52"]
    silent = same_as_naive(henan(DAILY[:1], contract={"heat_price": "0.142"}))
    assert (str(silent.total), str(silent.upper)) == ("0.00", "2420.00")


def test_without_a_register_the_basic_fee_is_paid_all_the_same() -> None:
    result = same_as_naive(henan([]))
    assert (str(result.total), result.reason.code) == ("15.00", "meter_silent")
    assert str(result.upper) == "1830.00"  # 15.00, and all of the fee that is not basic


def test_a_subsidy_and_a_buyer_share_both_parts() -> None:
    spans = [
        {"since": "2025-01-12T00:00", "state": "sold", "payer": "Wang"},
        {"since": "2025-01-13T00:00", "state": "charged", "subsidy_percent": "50", "subsidy_by": "City"},
    ]  # fmt: skip
    result = same_as_naive(
        henan(fee_spans=spans, requests=["2025-01-10T00:00", "2025-01-12T00:00"])
    )
    paid = {line.payer for line in result.lines}
    assert {"Wang", "City"} <= paid


@pytest.mark.parametrize("fee", ["0.00", "600.00"])
def test_a_basic_fee_counts_up_to_the_seasons(fee: str) -> None:
    result = same_as_naive(henan(season_fee=fee))
    basic = {"0.00": "0.00", "600.00": "14.88"}[fee]
    assert f"{float(result.total) - 8.52:.2f}" == basic


def test_who_has_no_meter_is_refunded_by_the_fee_as_before() -> None:
    result = same_as_naive(henan(contract={}))
    assert str(result.total) == "60.00"


def test_the_choice_goes_with_outages_of_the_basic_fee() -> None:
    raw = load(HENAN).raw.decode()
    without = raw.replace('metered = "basic_fee"\n', "").replace(
        "metered-pays-the-basic-fee", "outage-ends-at-once"
    )
    with pytest.raises(WrongCall, match=r"goes with outage_time\.metered = 'basic_fee' only"):
        parse(without.encode(), "own.toml")


@pytest.mark.compiled
def test_kernels_and_twin_agree_on_metered_households_seeds_0_to_39() -> None:
    metered = 0
    for seed in range(40):
        world = world_of(HENAN, seed)
        metered += "heat_price" in world.get("contract", {})
        same_as_naive(world)
    assert metered > 8
