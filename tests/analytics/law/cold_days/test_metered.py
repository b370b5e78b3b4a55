"""Luoyang: a metered household is refunded shares of what its heat meter counted."""

from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from simulators.law.refund import settle as naive
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, rows
from tests.analytics.printed import recomputed

LUOYANG = "CN-HA-LY-2018"
#: 20 kWh a day, read each midnight.
DAILY = [[f"2025-01-{day}T00:00", str(1000 + 20 * day)] for day in range(10, 15)]


def season(meter: list[list[str]], **more: Any) -> Scenario:
    """Asked on the 10th at 0:00: two days at 17 °C, two at 13 °C."""
    bedroom = rows(
        ("2025-01-10T00:00", "2025-01-12T00:00", "17.000"),
        ("2025-01-12T00:00", "2025-01-14T00:00", "13.000"),
        ("2025-01-14T00:00", "2025-01-16T00:00", "20.000"),
    )
    return {
        "id": 0, "policy": LUOYANG, "season": ["2024-11-15T00:00", "2025-03-16T00:00"],
        "season_fee": "2420.00", "interval_min": 15, "rooms": {"bedroom": bedroom},
        "requests": ["2025-01-10T00:00"], "acts": [], "outages": [], "outdoor_excused_days": [],
        "contract": {"heat_price": "0.142"}, "meter": meter, **more,
    }  # fmt: skip


def same_as_naive(scenario: Scenario) -> Any:
    result = settle_facts(scenario, load(LUOYANG))
    assert comparable(answer_of(result)) == comparable(naive(scenario))
    return result


def test_each_band_is_a_share_of_what_was_counted_and_the_sheet_says_so() -> None:
    result = same_as_naive(season(DAILY))
    assert str(result.total) == "8.52"  # 40 × 0.142 × ½ + 40 × 0.142
    told = [each for each in result.steps if each["step"] == "line.temperature"]
    assert shown(told[0], "en").endswith("40 kWh × CNY 0.142 per kWh × 50% = CNY 2.84")
    assert shown(told[1], "zh").endswith("40 kWh × 每 kWh 0.142 元 × 100% = 5.68 元")
    for each in told:
        recomputed(shown(each, "en"))
        recomputed(shown(each, "zh"))
    counted = [each for each in result.steps if each["step"] == "heat_counted"]
    assert [shown(each, "en") for each in counted] == [
        "heat meter, 2025-01-10 to 2025-01-11: 40 kWh",
        "heat meter, 2025-01-12 to 2025-01-13: 40 kWh",
    ]
    assert {each["interpretation"] for each in counted} == {"metered-pays-its-heat"}
    assert not any(each["step"] == "daily_fee" for each in result.steps)


@pytest.mark.parametrize(
    ("missing", "total", "upper"),
    [
        ("11", "8.52", "8.52"),  # inside one band: known for both days together
        ("12", "7.10", "9.94"),  # 40 kWh of the 11th and 12th, at least at 50 %
        ("14", "5.68", "2420.00"),  # nothing is read behind the 13th
    ],
)
def test_a_missing_midnight_leaves_open_what_no_reading_tells_apart(
    missing: str, total: str, upper: str
) -> None:
    meter = [row for row in DAILY if row[0] != f"2025-01-{missing}T00:00"]
    result = same_as_naive(season(meter))
    assert (str(result.total), str(result.upper)) == (total, upper)
    assert result.undetermined == (total != upper)
    assert result.reason.code == ("meter_silent" if result.undetermined else "paid")


def test_a_subsidy_that_changes_inside_a_run_cuts_its_heat_by_the_register() -> None:
    spans = [
        {"since": "2025-01-11T00:00", "state": "charged", "subsidy_percent": "50", "subsidy_by": "City"},
    ]  # fmt: skip
    result = same_as_naive(season(DAILY, fee_spans=spans))
    assert [(str(line.amount), line.payer) for line in result.lines] == [
        ("1.42", ""), ("0.71", ""), ("0.71", "City"), ("2.84", ""), ("2.84", "City"),
    ]  # fmt: skip
    for each in result.steps:
        if each["step"] == "line.temperature":
            recomputed(shown(each, "en"))
    unread = same_as_naive(season([row for row in DAILY if "11T" not in row[0]], fee_spans=spans))
    # whose the 40 kWh of the 10th and 11th are is not known: half of what they pay is the household's anyway
    assert [(str(line.amount), line.payer) for line in unread.lines] == [
        ("1.42", ""), ("2.84", ""), ("2.84", "City"),
    ]  # fmt: skip
    assert (unread.undetermined, str(unread.total), str(unread.upper)) == (True, "7.10", "8.52")
    told = [shown(each, "en") for each in unread.steps if each["step"] == "line.temperature"]
    assert told[0].endswith("20 kWh × CNY 0.142 per kWh × 50% = CNY 1.42")


def test_without_a_price_on_record_what_cold_refunds_is_undetermined() -> None:
    result = settle_facts(season(DAILY, contract={"basic_fee": "605.00"}), load(LUOYANG))
    assert (str(result.total), result.reason.code) == ("0.00", "terms_missing")
    area = settle_facts(season(DAILY, contract={}), load(LUOYANG))
    assert str(area.total) == "60.00"  # by area: 2 × ½ + 2 daily fees of 20.00


WRONG = {
    "a spike": [["2025-01-12T12:00", "999999"], ["2025-01-12T12:15", "1250"]],
    "a zero": [["2025-01-12T12:00", "0"], ["2025-01-12T12:15", "1250"]],
    "a spike before midnight": [["2025-01-11T23:50", "999999"]],
    "a zero at the begin": [["2025-01-09T23:45", "0"]],
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_reading_pays_nothing_and_is_not_decided(wrong: str) -> None:
    result = same_as_naive(season(sorted([*DAILY, *WRONG[wrong]])))
    assert (str(result.total), result.undetermined) == ("7.10", True)
    by = {"outcome": "compliant", "basis": "agreement", "document": "x", "clause": "art. 29"}
    settled = {"since": "2025-01-10T00:00", "until": "2025-01-14T00:00", **by}
    decided = same_as_naive(season(sorted([*DAILY, *WRONG[wrong]]), decisions=[settled]))
    assert (str(decided.total), decided.undetermined) == ("7.10", False)


def test_another_true_reading_never_pays_less() -> None:
    rows = [["2025-01-09T23:35", "1190"], ["2025-01-10T06:00", "1205"], *DAILY[1:]]
    fewer = same_as_naive(season(rows))
    more = same_as_naive(season(sorted([*rows, ["2025-01-09T23:59", "1195"]])))
    at = same_as_naive(season(sorted([*rows, ["2025-01-10T00:00", "1195"]])))
    assert [str(each.total) for each in (fewer, more, at)] == ["8.17", "8.17", "8.88"]
    assert [each.undetermined for each in (fewer, more, at)] == [True, True, False]
    assert fewer.upper >= more.upper >= at.upper


@pytest.mark.parametrize("fee", ["0.00", "1.00"])
def test_metered_heat_does_not_depend_on_the_season_fee(fee: str) -> None:
    assert str(same_as_naive(season(DAILY, season_fee=fee)).total) == "8.52"
    silent = same_as_naive(season(DAILY[:1], season_fee="0.00"))
    # two days at half and two at all of 50 kW: 3 × 1,200 kWh × 0.142
    assert (str(silent.upper), silent.undetermined) == ("511.20", True)


def test_a_day_of_no_heat_cuts_no_line_so_that_colder_pays_as_much() -> None:
    meter = [["2025-01-10T00:00", "1000"], ["2025-01-11T00:00", "1020.09"]]
    meter += [["2025-01-12T00:00", "1020.09"], ["2025-01-13T00:00", "1040.17"]]
    for celsius in ("17.000", "13.000"):
        bedroom = rows(
            ("2025-01-10T00:00", "2025-01-11T00:00", "17.000"),
            ("2025-01-11T00:00", "2025-01-12T00:00", celsius),
            ("2025-01-12T00:00", "2025-01-13T00:00", "17.000"),
            ("2025-01-13T00:00", "2025-01-15T00:00", "20.000"),
        )
        own = season(meter, rooms={"bedroom": bedroom}, contract={"heat_price": "0.1"})
        assert [str(line.amount) for line in same_as_naive(own).lines] == ["2.01"]


def test_an_outage_without_a_basic_fee_on_record_is_undetermined() -> None:
    outage = {"outages": [["2025-01-20T06:00", "2025-01-21T12:00"]], "requests": []}
    result = same_as_naive(season([], **outage))
    assert (str(result.total), str(result.upper)) == ("0.00", "25.00")
    assert result.reason.code == "basic_fee_missing"
    none = same_as_naive(
        season([], **outage, contract={"heat_price": "0.142", "basic_fee": "0.00"})
    )
    assert (str(none.total), none.reason.code, none.undetermined) == ("0.00", "no_fee", False)
