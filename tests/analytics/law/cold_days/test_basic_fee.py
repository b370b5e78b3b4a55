"""Xi'an: shares of the fee without its basic part, which the contract has to name."""

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from simulators.law.refund import settle as naive
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, rows
from tests.analytics.printed import recomputed

XIAN = "CN-SN-XIAN-2018"


def season(contract: dict[str, str]) -> Scenario:
    """Two days at 15 °C that both sides confirmed."""
    bedroom = rows(
        ("2025-01-10T00:00", "2025-01-12T00:00", "15.000"),
        ("2025-01-12T00:00", "2025-01-14T00:00", "24.000"),
    )
    return {
        "id": 0, "policy": XIAN, "season": ["2024-11-15T00:00", "2025-03-16T00:00"],
        "season_fee": "2420.00", "interval_min": 15, "rooms": {"bedroom": bedroom},
        "requests": ["2025-01-10T00:00"], "acts": [["2025-01-10T00:00", "bedroom", "15.000"]],
        "outages": [], "outdoor_excused_days": [], "contract": contract,
    }  # fmt: skip


def test_the_basic_fee_is_removed_first_and_the_sheet_says_so() -> None:
    scenario = season({"basic_fee": "1210.00"})
    result = settle_facts(scenario, load(XIAN))
    assert str(result.total) == "10.00"  # (2420 − 1210) ÷ 121 × 2 × 1/2
    assert comparable(answer_of(result)) == comparable(naive(scenario))
    (told,) = [each for each in result.steps if each["step"] == "line.temperature"]
    assert "(CNY 2,420.00 − CNY 1,210.00) ÷ 121 days × 2 days × 50% = CNY 10.00" in shown(
        told, "en"
    )
    for language in ("en", "zh"):
        recomputed(shown(told, language))


def test_without_a_recorded_basic_fee_what_is_owed_is_undetermined() -> None:
    result = settle_facts(season({}), load(XIAN))
    assert (str(result.total), result.undetermined) == ("0.00", True)
    assert result.reason.code == "basic_fee_missing"


def test_a_basic_fee_above_the_fee_leaves_nothing() -> None:
    assert str(settle_facts(season({"basic_fee": "9999.00"}), load(XIAN)).total) == "0.00"
