"""A day's refund is of whoever bore its fee (7.18), and of a day that was not charged there is none (7.11e)."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.results import Result
from analytics.settlement.settle import settle_facts
from simulators.law import refund as naive_refund
from simulators.law.record_worlds import season as record_season
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable
from tests.analytics.settlement.test_settle import cold_week

LINYI, ORDOS = "CN-SD-LINYI-2017", "CN-NM-ORDOS"
Spans = list[dict[str, str]]


def span(since: str, state: str, payer: str = "", until: str = "", **more: str) -> dict[str, str]:
    found = {"since": since, "until": until, "state": state, "payer": payer} | more
    return {name: text for name, text in found.items() if text}


def one(scenario: Scenario, *spans: dict[str, str], **more: Any) -> Result:
    return settle_facts({**scenario, "fee_spans": list(spans), **more}, load(scenario["policy"]))


def kernels(scenario: Scenario, *spans: dict[str, str]) -> dict[str, Any]:
    return answer_of(one(scenario, *spans))


def twin(scenario: Scenario, *spans: dict[str, str]) -> dict[str, Any]:
    return naive_refund.settle({**scenario, "fee_spans": list(spans)})


BOTH = pytest.mark.parametrize("settled", [kernels, twin])


@BOTH
def test_a_household_that_moved_out_is_not_paid_for_the_days_after(settled: Any) -> None:
    """It was paid for 20 February though it had moved on 13 January."""
    moved = span("2025-01-13T00:00", "moved_out")
    (line,) = settled(cold_week(), moved)["lines"]
    assert (line["from"], line["to"], line["amount"]) == ("2025-01-10", "2025-01-12", "30.00")
    assert settled(cold_week(), span("2025-01-01T00:00", "moved_out"))["lines"] == []


@BOTH
def test_days_of_a_pause_or_of_arrears_pay_nothing_and_others_as_before(settled: Any) -> None:
    for state in ("paused", "arrears"):
        pause = span("2025-01-11T00:00", state, until="2025-01-13T00:00")
        lines = settled(cold_week(), pause)["lines"]
        assert [(each["from"], each["to"]) for each in lines] == [
            ("2025-01-10", "2025-01-10"), ("2025-01-13", "2025-01-14"),
        ]  # fmt: skip


@BOTH
def test_a_day_is_of_whoever_bore_the_fee_at_its_begin(settled: Any) -> None:
    sold = span("2025-01-12T09:30", "sold", "Wang")
    scenario = cold_week(requests=["2025-01-10T06:00", "2025-01-12T10:00"])
    lines = settled(scenario, sold)["lines"]
    found = [(each.get("payer", ""), each["from"], each["to"]) for each in lines]
    assert found == [("", "2025-01-10", "2025-01-12"), ("Wang", "2025-01-13", "2025-01-14")]


@BOTH
def test_a_request_is_of_the_household_that_lived_there(settled: Any) -> None:
    """Who moved in asks for themselves: DESIGN 4a."""
    moved = span("2025-01-12T00:00", "moved_in", "Wang")
    lines = settled(cold_week(), moved)["lines"]
    assert [each.get("payer", "") for each in lines] == [""]


@BOTH
def test_a_row_that_only_names_who_has_borne_the_fee_loses_no_request(settled: Any) -> None:
    """His request of 10 January was nobody's once a row of the 13th had named him."""
    named = span("2025-01-13T00:00", "charged", "Wang")
    assert settled(cold_week(), named)["total"] == settled(cold_week())["total"] == "50.00"
    sold = span("2025-01-13T00:00", "sold", "Wang")
    assert settled(cold_week(), sold)["total"] == "30.00"


@BOTH
def test_a_subsidy_is_refunded_its_part_as_a_line_of_its_own(settled: Any) -> None:
    own = span("2024-11-15T00:00", "charged", subsidy_percent="25", subsidy_by="City")
    lines = settled(cold_week(), own)["lines"]
    assert [(each.get("payer", ""), each["amount"]) for each in lines] == [
        ("", "37.50"), ("City", "12.50"),
    ]  # fmt: skip


@BOTH
def test_an_outage_over_a_change_of_payers_is_split_by_the_days(settled: Any) -> None:
    scenario = cold_week(requests=[], outages=[["2025-01-20T00:00", "2025-01-22T00:00"]])
    lines = settled(scenario, span("2025-01-21T00:00", "sold", "Wang"))["lines"]
    assert [(each.get("payer", ""), each["days"]) for each in lines] == [("", "1"), ("Wang", "1")]


def test_the_sheet_says_who_bore_the_fee_and_which_days_are_not_charged() -> None:
    result = one(
        cold_week(),
        span("2025-01-12T00:00", "moved_in", "Wang"),
        span("2025-01-14T00:00", "paused", document="no. 7"),
    )
    told = [shown(each, "en") for each in result.steps]
    assert any("2025-01-12 00:00" in each and "Wang bore the fee" in each for each in told)
    assert any("not charged: supply paused" in each for each in told)
    assert [each["numbers"]["document"] for each in result.steps if each["step"] == "not_charged"]


def test_who_was_never_charged_gets_nothing_and_reads_why() -> None:
    result = one(cold_week(), span("2024-11-01T00:00", "paused"))
    assert (result.total, result.reason.code) == (Decimal("0.00"), "not_charged")
    stopped = cold_week(requests=[], outages=[["2025-01-20T00:00", "2025-01-22T00:00"]])
    assert one(stopped, span("2024-11-01T00:00", "paused")).reason.code == "not_charged"


def test_a_days_length_of_fee_is_never_paid_twice_however_it_is_split() -> None:
    """Whatever the payers, lines together are within a cent a line of the dwelling's whole refund."""
    for seed in range(40):
        scenario = random_world(seed, policy="CN-HA-2018")
        whole = one(scenario)
        split = one(
            scenario,
            span("2024-11-01T00:00", "charged", subsidy_percent="33.3333", subsidy_by="City"),
        )
        cents = Decimal("0.01") * (len(split.lines) + 1)
        assert abs(split.total - whole.total) <= cents, seed


def test_tests_of_days_that_were_not_charged_do_not_count_and_their_days_are_not_paid() -> None:
    tests = [[f"2025-01-{day:02}T10:00", "bedroom", "16.000"] for day in (10, 12, 14)]
    scenario = record_season(ORDOS, acts=tests)
    whole = one(scenario)
    assert [str(each.days) for each in whole.lines] == ["30"]
    gone = one(scenario, span("2025-01-20T00:00", "moved_out"))
    assert [str(each.days) for each in gone.lines] == ["10"], "10 to 19 January"
    early = one(scenario, span("2025-01-12T00:00", "paused", until="2025-01-13T00:00"))
    assert early.lines == ()


def random_spans(scenario: Scenario, seed: int) -> Spans:
    rng = random.Random(f"{seed} payers")
    times = sorted(row[0] for found in scenario["rooms"].values() for row in found)
    at = datetime.fromisoformat(times[0] if times else scenario["season"][0])
    found: Spans = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        at += timedelta(minutes=rng.randrange(1, 3 * 24 * 60))
        state = rng.choice(("charged", "moved_in", "sold", "moved_out", "paused", "arrears"))
        payer = rng.choice(("Wang", "Zhao")) if state in {"charged", "moved_in", "sold"} else ""
        subsidy = (
            {"subsidy_percent": "30", "subsidy_by": "City"} if payer and rng.random() < 0.3 else {}
        )
        until = ""
        if rng.random() < 0.4:
            end = at + timedelta(minutes=rng.choice((60, 1440, 3000, 6000)))
            until = end.isoformat(timespec="minutes")
        found.append(span(at.isoformat(timespec="minutes"), state, payer, until, **subsidy))
    return found


@pytest.mark.compiled
def test_kernels_and_twin_agree_on_random_payers() -> None:
    wrong = []
    for seed in range(120):
        scenario = random_world(seed)
        spans = random_spans(scenario, seed)
        if comparable(kernels(scenario, *spans)) != comparable(twin(scenario, *spans)):
            wrong.append(seed)
    assert wrong == []
