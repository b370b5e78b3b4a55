"""The twin's split of a refund, by hand."""

from typing import Any

import pytest

from simulators.law import counts
from simulators.law.abroad import britain, netherlands
from simulators.law.payers import Household
from simulators.law.record_worlds import season
from tests.analytics.facts import Scenario

ORDOS, NL, GB = "CN-NM-ORDOS", "NL-WW", "GB-SUPPLIER-24H"
TESTS = [[f"2025-01-{day:02}T10:00", "bedroom", "16.000"] for day in (5, 12, 18)]


def span(since: str, state: str, **more: str) -> dict[str, str]:
    return {"since": f"{since}T00:00", "state": state} | more


def of(scenario: Scenario, *spans: dict[str, str]) -> Scenario:
    return {**scenario, "fee_spans": list(spans)}


def paid(answer: dict[str, Any]) -> list[tuple[str, ...]]:
    keys = ("payer", "from", "to", "days", "amount")
    return [tuple(each.get(key, "") for key in keys) for each in answer["lines"]]


def test_tests_count_on_across_a_subsidy_and_the_month_is_cut_where_it_begins() -> None:
    subsidy = span("2025-01-15", "charged", subsidy_percent="20", subsidy_by="City")
    assert paid(counts.ordos(of(season(ORDOS, acts=TESTS), subsidy))) == [
        ("", "2025-01-05", "2025-01-14", "10", "200.00"),
        ("", "2025-01-15", "2025-02-03", "20", "320.00"),
        ("City", "2025-01-15", "2025-02-03", "20", "80.00"),
    ]


def test_days_of_a_pause_take_their_fees_out_of_the_month() -> None:
    pause = span("2025-01-20", "paused", until="2025-01-25T00:00")
    assert paid(counts.ordos(of(season(ORDOS, acts=TESTS), pause))) == [
        ("", "2025-01-05", "2025-01-19", "15", "300.00"),
        ("", "2025-01-25", "2025-02-03", "10", "200.00"),
    ]


def test_who_buys_needs_three_tests_of_their_own() -> None:
    sold = span("2025-01-15", "sold", payer="Wang")
    assert paid(counts.ordos(of(season(ORDOS, acts=TESTS), sold))) == []


def test_a_flat_sum_is_whole_of_whoever_was_charged_first_in_the_outage() -> None:
    stop = season(NL, outages=[["2025-01-10T06:00", "2025-01-11T03:00"]])  # 21 h: 35 + 3 x 20
    sold = span("2025-01-11", "sold", payer="Wang", subsidy_percent="30", subsidy_by="City")
    assert paid(netherlands(of(stop, sold))) == [("", "2025-01-10", "2025-01-11", "1", "95.00")]
    away = span("2024-10-01", "paused", until="2025-01-11T00:00")
    assert paid(netherlands(of(stop, away, sold))) == []
    longer = season(NL, outages=[["2025-01-10T06:00", "2025-01-11T04:00"]])
    assert paid(netherlands(of(longer, away, sold))) == [
        ("Wang", "2025-01-11", "2025-01-11", "1", "35.00")
    ]


def test_a_block_in_which_nobody_was_charged_pays_nothing() -> None:
    stop = season(GB, outages=[["2025-01-10T00:00", "2025-01-14T00:00"]])
    assert [each[-1] for each in paid(britain(of(stop)))] == ["180.00"]
    pause = span("2025-01-11", "paused", until="2025-01-13T00:00")
    assert [each[-1] for each in paid(britain(of(stop, pause)))] == ["90.00"]


@pytest.mark.parametrize(
    ("spans", "persons"),
    [
        ((span("2025-01-15", "charged", payer="Wang"),), {"Wang"}),
        ((span("2025-01-15", "sold", payer="Wang"),), {"", "Wang"}),
        (
            (
                span("2024-10-01", "charged", payer="Wang"),
                span("2025-01-10", "moved_in", payer="Li", until="2025-02-10T00:00"),
            ),
            {"Wang", "Li"},
        ),
        (
            (
                span("2024-10-01", "sold", payer="Wang"),
                span("2025-01-10", "charged", payer="Wang Li", subsidy_percent="10"),
            ),
            {"", "Wang Li"},
        ),
        (
            (
                span("2025-01-10", "moved_out"),
                span("2025-02-10", "charged", payer="Zhao"),
            ),
            {"", "Zhao"},
        ),
    ],
    ids=["named", "sold", "let for a month", "renamed", "another after who moved out"],
)
def test_who_lived_there(spans: tuple[dict[str, str], ...], persons: set[str]) -> None:
    calendar = Household(of(season(ORDOS), *spans)).calendar()
    found = {each.person for each in calendar.values() if each is not None}
    assert found == persons - ({""} if spans[0]["since"] < season(ORDOS)["season"][0] else set())


def test_a_piece_is_rounded_once_and_the_subsidy_has_what_is_left_of_it() -> None:
    stop = season(ORDOS, outages=[["2025-01-10T00:00", "2025-01-12T00:00"]], season_fee="1830.09")
    third = span("2024-10-01", "charged", subsidy_percent="33.3333", subsidy_by="City")
    whole = counts.ordos(of(stop))["total"]
    answer = counts.ordos(of(stop, third))
    assert answer["total"] == whole == "20.00"
    assert [each["amount"] for each in answer["lines"]] == ["13.33", "6.67"]
    all_of_it = span("2024-10-01", "charged", subsidy_percent="100", subsidy_by="City")
    assert [each[0] for each in paid(counts.ordos(of(stop, all_of_it)))] == ["City"]
