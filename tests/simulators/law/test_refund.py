"""The naive refund twin against the reference seasons and the worked cases of the regulations."""

from decimal import Decimal

import pytest

from simulators.law.policies import POLICIES
from simulators.law.refund import settle
from tests.analytics.facts import comparable, facts, reference_seasons, rows
from tests.analytics.worked import (
    cold_until,
    five_days_by_records,
    gap_in_the_cold,
    outage_and_cold,
)
from tests.shared import shared_folder

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"
WARM = "20.000"


@pytest.mark.parametrize("policy", POLICIES)
def test_every_reference_season_comes_out_to_the_cent(policy: str) -> None:
    wrong = [
        (scenario["id"], scenario["policy"])
        for scenario, answer in reference_seasons(shared_folder(), policy)
        if comparable(settle(scenario)) != comparable(answer)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("until", "total"),
    [
        pytest.param("2025-01-12T09:15", "0.00", id="H1-47.75h-misses-the-gate"),
        pytest.param("2025-01-12T09:30", "20.00", id="H2-48.00h-meets-it"),
    ],
)
def test_the_gate_of_48_hours_runs_from_the_request(until: str, total: str) -> None:
    answer = settle(cold_until(until, "17.200"))
    assert (answer["total"], answer["undetermined"]) == (total, False)


@pytest.mark.parametrize(
    ("celsius", "total"),
    [("18.000", "0"), ("17.990", "10.00"), ("14.000", "10.00"), ("13.990", "20.00")],
)
def test_h3_what_one_paid_day_pays_at_the_edges_of_the_bands(celsius: str, total: str) -> None:
    """An act tells the temperature of 12 Jan; it decides the day where it fails."""
    bedroom = rows(
        ("2025-01-09T20:00", "2025-01-14T00:00", "17.999"),
        ("2025-01-14T00:00", "2025-01-15T00:00", WARM),
    )
    living = rows(("2025-01-09T20:00", "2025-01-15T00:00", "17.000"))
    acts = [["2025-01-12T12:00", "bedroom", celsius]]
    rooms = {"bedroom": bedroom} if celsius != "18.000" else {"bedroom": bedroom, "living": living}
    answer = settle(facts(HENAN, rooms, requests=["2025-01-10T00:00"], acts=acts))
    if celsius == "18.000":  # the living room is cold, so the dwelling is; its band is half
        assert {each["share"] for each in answer["lines"]} == {"1/2"}
        return
    others = Decimal("30.00")  # 10, 11 and 13 Jan at half
    assert Decimal(answer["total"]) - others == Decimal(total)


def test_h3_at_18_00_nothing_is_below_and_nothing_is_owed() -> None:
    assert settle(cold_until("2025-01-13T00:00", "18.000"))["lines"] == []


def test_h4_the_first_five_days_pay_nothing_but_count_for_the_gate() -> None:
    bedroom = rows(
        ("2024-11-16T00:00", "2024-11-22T12:00", "17.000"),
        ("2024-11-22T12:00", "2024-11-23T12:00", WARM),
    )
    answer = settle(facts(HENAN, {"bedroom": bedroom}, requests=["2024-11-17T08:00"]))
    assert [(each["from"], each["to"]) for each in answer["lines"]] == [
        ("2024-11-20", "2024-11-21")
    ]
    assert answer["total"] == "20.00"


@pytest.mark.parametrize(
    ("until", "total"),
    [
        ("2025-01-10T17:59", "0.00"),
        ("2025-01-10T18:00", "10.00"),
        ("2025-01-11T12:00", "25.00"),
    ],
    ids=["11h59", "12h00", "30h"],
)
def test_h5_an_outage_pays_from_its_first_hour_once_it_lasted_twelve(
    until: str, total: str
) -> None:
    scenario = facts(HENAN, {"bedroom": []}, outages=[["2025-01-10T06:00", until]])
    assert settle(scenario)["total"] == total


def test_h6_outage_first_then_the_rest_of_each_day_never_over_a_day() -> None:
    answer = settle(outage_and_cold())
    assert answer["total"] == "80.00"
    days = [(each["kind"], each["from"], each["days"]) for each in answer["lines"]]
    assert days == [
        ("outage", "2025-01-10", "5/4"),
        ("temperature", "2025-01-10", "1/4"),
        ("temperature", "2025-01-11", "1/2"),
        ("temperature", "2025-01-12", "2"),
    ]


def test_h7_three_unknown_hours_in_a_cold_run_leave_the_gate_undetermined() -> None:
    answer = settle(gap_in_the_cold())
    assert answer == {"total": "0.00", "undetermined": True, "lines": []}


def test_h7_with_a_failing_act_in_the_gap_is_settled() -> None:
    answer = settle(gap_in_the_cold([["2025-01-11T12:00", "bedroom", "17.500"]]))
    assert (answer["total"], answer["undetermined"]) == ("20.00", False)


@pytest.mark.parametrize(
    ("season", "year", "total"),
    [
        (["2024-11-10T00:00", "2025-03-21T00:00"], 2025, "50.00"),
        (["2023-11-10T00:00", "2024-03-21T00:00"], 2024, "49.62"),
    ],
    ids=["131-days", "132-days-in-a-leap-winter"],
)
def test_l1_five_days_at_15_by_acts_within_the_limit(
    season: list[str], year: int, total: str
) -> None:
    answer = settle(five_days_by_records(season, year))
    assert (answer["total"], answer["undetermined"]) == (total, False)


# -- boundaries --------------------------------------------------------------------------


def test_a_recovery_at_midnight_leaves_nothing_on_its_day_under_weifang_too() -> None:
    for until, last in (("2025-01-14T00:00", "2025-01-13"), ("2025-01-14T00:45", "2025-01-14")):
        scenario = cold_until(until, "17.000") | {
            "policy": "CN-SD-WEIFANG-2021",
            "season": ["2024-11-14T12:00", "2025-03-15T12:00"],
        }
        assert [each["to"] for each in settle(scenario)["lines"]] == [last]


def test_recovery_is_the_first_warm_sample_though_the_hour_ends_after_midnight() -> None:
    scenario = cold_until("2025-01-13T23:30", "17.000")
    assert [(e["from"], e["to"]) for e in settle(scenario)["lines"]] == [
        ("2025-01-10", "2025-01-12")
    ]


@pytest.mark.parametrize(
    ("warm_minutes", "days"),
    [(45, "4"), (60, "2")],
    ids=["45-min-is-a-spike", "60-min-is-recovery"],
)
def test_only_an_hour_of_compliance_breaks_the_run(warm_minutes: int, days: str) -> None:
    end = f"2025-01-12T{10 + warm_minutes // 60}:{warm_minutes % 60:02d}"
    bedroom = rows(
        ("2025-01-09T20:00", "2025-01-12T10:00", "17.000"),
        ("2025-01-12T10:00", end, WARM),
        (end, "2025-01-14T08:00", "17.000"),
        ("2025-01-14T08:00", "2025-01-15T08:00", WARM),
    )
    answer = settle(facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T09:30"]))
    assert [each["days"] for each in answer["lines"]] == [days]


def test_no_request_no_refund_but_the_outage_is_paid() -> None:
    scenario = cold_until("2025-01-14T00:00", "13.000") | {
        "requests": [],
        "outages": [["2025-01-11T00:00", "2025-01-12T00:00"]],
    }
    assert [each["kind"] for each in settle(scenario)["lines"]] == ["outage"]


def test_data_that_end_while_cold_pay_what_is_sure_and_leave_the_rest_open() -> None:
    bedroom = rows(("2025-01-09T20:00", "2025-01-14T10:00", "17.000"))
    answer = settle(facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T09:30"]))
    assert (answer["total"], answer["undetermined"]) == ("40.00", True)
    assert answer["lines"][0]["to"] == "2025-01-13"


@pytest.mark.parametrize("gap", [60, 61], ids=["60-min-are-bridged", "61-min-are-open"])
def test_the_longest_gap_that_is_bridged(gap: int) -> None:
    """A sample of 15 min stands for 30; the gap is what comes after."""
    # the last sample before is that of 10:45, which stands until 11:15
    first = 75 - 60 + gap  # minutes after 11:00 at which samples come again
    bedroom = [
        *rows(("2025-01-09T20:00", "2025-01-11T11:00", "17.000")),
        *rows((f"2025-01-11T12:{first - 60:02d}", "2025-01-13T00:00", "17.000")),
        *rows(("2025-01-13T00:00", "2025-01-14T00:00", WARM)),
    ]
    answer = settle(facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T09:30"]))
    assert answer["undetermined"] is (gap > 60)
    assert answer["total"] == ("30.00" if gap == 60 else "0.00")
