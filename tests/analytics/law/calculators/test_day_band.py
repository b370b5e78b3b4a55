"""Gate, bands and excluded days of Henan's cold days (regulations.md section 9, H1 to H4)."""

from decimal import Decimal

import pytest

from tests.analytics.facts import facts, rows
from tests.analytics.settlement.test_golden_refunds import HENAN, settled
from tests.analytics.worked import WARM, cold_until


def test_h1_47_75_hours_miss_the_gate_and_the_sheet_says_so() -> None:
    result = settled(cold_until("2025-01-12T09:15", "17.200"))
    assert (str(result.total), result.reason.code) == ("0.00", "gate_missed")
    missed = [step for step in result.steps if step["step"] == "gate_missed"]
    assert [step["numbers"]["run_h"] for step in missed] == ["47.75"]
    assert missed[0]["clause"] == "art. 27 ¶2"


def test_h2_48_hours_meet_the_gate_and_pay_from_the_day_of_the_request() -> None:
    result = settled(cold_until("2025-01-12T09:30", "17.200"))
    assert (str(result.total), result.reason.code) == ("20.00", "paid")
    assert [(str(line.first), str(line.last)) for line in result.lines] == [
        ("2025-01-10", "2025-01-11")
    ]


@pytest.mark.parametrize(
    ("celsius", "paid"), [("17.990", "10.00"), ("14.000", "10.00"), ("13.990", "20.00")]
)
def test_h3_what_one_paid_day_pays_at_the_edges_of_the_bands(celsius: str, paid: str) -> None:
    scenario = cold_until("2025-01-14T00:00", "17.999", "2025-01-10T00:00")
    scenario["acts"] = [["2025-01-12T12:00", "bedroom", celsius]]
    assert settled(scenario).total - Decimal("30.00") == Decimal(paid)


def test_h3_at_18_00_nothing_is_below_and_nothing_is_owed() -> None:
    result = settled(cold_until("2025-01-13T00:00", "18.000"))
    assert (str(result.total), result.reason.code) == ("0.00", "never_below")


def test_h4_excluded_days_pay_nothing_but_count_for_the_gate() -> None:
    bedroom = rows(
        ("2024-11-16T00:00", "2024-11-22T12:00", "17.000"),
        ("2024-11-22T12:00", "2024-11-23T12:00", WARM),
    )
    result = settled(facts(HENAN, {"bedroom": bedroom}, requests=["2024-11-17T08:00"]))
    assert [(str(line.first), str(line.last), str(line.amount)) for line in result.lines] == [
        ("2024-11-20", "2024-11-21", "20.00")
    ]
