"""Degree-hours below the limit: Russia's item 15."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.applied import applied
from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.law.terms import Interpretation
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from domain.time import to_us
from simulators.law.twins import world_of
from tests.analytics.cities import source
from tests.analytics.law.calculators.test_hour_excess import RUSSIA, january

EXAMPLE = (RUSSIA, lambda seed, _policy: world_of(RUSSIA, seed))
#: A record stands in place of a colder reading before it, as the policy says under `pays_less`.
PAYS_LESS = {
    "longer_outage": "outage-displaces-cold",
    "repeated_record": "degree-hours-from-report",
}
WARM = "20.000"


def applied_to(result: Result) -> tuple[Interpretation, ...]:
    return applied([*result.steps], load(RUSSIA).policy.interpretations, telemetry=True)


def hours(celsius: str, first: int, last: int, days: range = range(10, 11)) -> list[list[str]]:
    """Warm but for the hours [first, last) of these days of January."""
    return [
        [f"2025-01-{d:02d}T{h:02d}:00", celsius if d in days and first <= h < last else WARM]
        for d in range(1, 32)
        for h in range(24)
    ]


@pytest.mark.parametrize(
    ("celsius", "first", "last", "days", "owed"),
    [
        pytest.param("15.000", 6, 24, range(10, 14), "972.00", id="R2-72-daytime-hours-at-15"),
        pytest.param("15.000", 0, 5, range(10, 11), "0.00", id="R3-a-night-at-15"),
        pytest.param("14.000", 0, 5, range(10, 11), "22.50", id="a-night-a-degree-below-the-edge"),
        pytest.param("17.500", 6, 7, range(10, 11), "2.25", id="half-a-degree-for-an-hour"),
    ],
)
def test_each_hour_by_each_degree_takes_its_part_of_the_month(
    celsius: str, first: int, last: int, days: range, owed: str
) -> None:
    facts = january(
        rooms={"bedroom": hours(celsius, first, last, days)}, requests=["2025-01-01T00:00"]
    )
    assert settle_facts(facts, load(RUSSIA)).total == Decimal(owed)


def test_without_a_report_nothing_and_before_it_nothing() -> None:
    cold = {"bedroom": hours("13.000", 6, 10)}
    silent = settle_facts(january(rooms=cold), load(RUSSIA))
    assert (silent.total, silent.reason.code) == (Decimal("0.00"), "no_request")
    late = settle_facts(january(rooms=cold, requests=["2025-01-10T08:00"]), load(RUSSIA))
    assert late.total == Decimal("45.00")  # 2 h × 5 °C


def test_the_coldest_room_counts_and_what_is_unknown_does_not() -> None:
    rooms = {"bedroom": hours("17.000", 6, 8), "living": [["2025-01-10T06:00", "15.000"]]}
    result = settle_facts(january(rooms=rooms, requests=["2025-01-01T00:00"]), load(RUSSIA))
    assert result.total == Decimal("27.00")  # the living room is known from 6:00 to 8:00
    del rooms["bedroom"]
    alone = settle_facts(january(rooms=rooms, requests=["2025-01-01T00:00"]), load(RUSSIA))
    assert (alone.total, alone.undetermined) == (Decimal("27.00"), True), "its data end while cold"


def paid(**facts: Any) -> list[tuple[str, str, str, str]]:
    """(payer, first day, last day, amount) of each line."""
    lines = settle_facts(january(**{"requests": ["2025-01-01T00:00"]} | facts), load(RUSSIA)).lines
    return [(each.payer, f"{each.first:%d}", f"{each.last:%d}", str(each.amount)) for each in lines]


def test_cold_of_days_that_nobody_was_charged_for_does_not_count() -> None:
    """20 to 22 January were cold and not charged, and 347.52 were paid for the days before them."""
    cold = {"bedroom": hours("15.000", 6, 24, range(20, 23))}
    pause = [{"since": "2025-01-15T00:00", "state": "paused"}]
    assert paid(rooms=cold, fee_spans=pause) == []
    later = [{"since": "2025-01-22T00:00", "state": "paused"}]
    assert paid(rooms=cold, fee_spans=later) == [("", "20", "21", "486.00")]


def test_cold_before_a_sale_is_the_sellers_and_whole() -> None:
    """Cold of 5 to 7 January paid 14 of 31 days of its refund, as the flat was sold on the 15th."""
    cold = {"bedroom": hours("15.000", 6, 24, range(5, 8))}
    sale = [
        {"since": "2024-12-01T00:00", "state": "charged", "payer": "A"},
        {"since": "2025-01-15T00:00", "state": "sold", "payer": "B"},
    ]
    assert paid(rooms=cold, fee_spans=sale) == [("A", "05", "07", "729.00")]


def test_days_of_a_users_fault_count_no_degree_hours() -> None:
    cold = {"bedroom": hours("15.000", 6, 24, range(5, 8))}
    fault = [["2025-01-05T00:00", "2025-01-07T00:01"]]
    facts = january(rooms=cold, requests=["2025-01-01T00:00"], user_faults=fault)
    result = settle_facts(facts, load(RUSSIA))
    assert (result.total, result.reason.code) == (Decimal("0.00"), "user_fault")
    assert [each["step"] for each in result.steps].count("fault_day") == 3
    assert "fault-days-cut-the-episode" in {each.name for each in applied_to(result)}
    shorter = [["2025-01-05T00:00", "2025-01-07T00:00"]]
    assert paid(rooms=cold, user_faults=shorter) == [("", "07", "07", "243.00")]


@pytest.mark.parametrize(
    ("record", "again", "days"),
    [
        pytest.param("18.000", [], ("05", "05"), id="served"),
        pytest.param("17.999", [], ("05", "07"), id="a-record-that-fails-serves-nothing"),
        pytest.param("18.000", ["2025-01-07T00:00"], ("05", "07"), id="reported-again"),
    ],
)
def test_a_report_stands_until_a_visit_finds_nothing_below(
    record: str, again: list[str], days: tuple[str, str]
) -> None:
    cold = (
        hours("15.000", 6, 24, range(5, 6))[: 6 * 24]
        + hours("15.000", 6, 24, range(7, 8))[6 * 24 :]
    )
    (line,) = paid(
        rooms={"bedroom": cold},
        requests=["2025-01-01T00:00", *again],
        measurements=[["2025-01-06T09:00", "bedroom", record]],
    )
    assert line[1:3] == days


@pytest.mark.parametrize(
    ("outcome", "owed", "upper"),
    [(None, "13.50", "36.00"), ("below", "13.52", "13.52"), ("compliant", "13.50", "13.50")],
)
def test_a_decision_settles_what_is_unknown_of_its_days(
    outcome: str | None, owed: str, upper: str
) -> None:
    gap = [*hours("17.000", 6, 11)[: 9 * 24 + 8], *hours(WARM, 0, 0)[9 * 24 + 14 :]]
    decision = {
        "since": "2025-01-10T00:00", "until": "2025-01-11T00:00", "outcome": outcome,
        "basis": "authority", "document": "no. 7", "clause": "item 15",
    }  # fmt: skip
    facts = january(
        rooms={"bedroom": gap},
        requests=["2025-01-01T00:00"],
        decisions=[decision] if outcome else [],
    )
    result = settle_facts(facts, load(RUSSIA))
    assert (str(result.total), str(result.upper)) == (owed, upper)
    assert result.undetermined is (outcome is None)


def test_cold_of_an_outage_without_an_end_is_undetermined() -> None:
    facts = january(
        rooms={"bedroom": hours("15.000", 6, 24, range(19, 22))}, requests=["2025-01-01T00:00"]
    )
    own = from_facts(facts, RUSSIA, "RUB")
    since = to_us(datetime(2025, 1, 20, tzinfo=ZoneInfo("Europe/Moscow")))
    spans = [(since, own.snapshot.season.end_us)]
    snapshot = replace(own.snapshot, open_outages=Ragged.of([spans], 2))
    result = settle(snapshot, source(own.columns), load(RUSSIA), flush=1).results[0]
    assert [(line.kind, str(line.amount)) for line in result.lines] == [("temperature", "243.00")]
    assert (str(result.lower), result.undetermined) == ("243.00", True)
    assert str(result.upper) == "1467.00", "243.00 and 272 h over 16: it was 1953.00"
    assert (str(result.open_since), result.reason.code) == ("2025-01-20", "outage_without_end")


def test_the_sheet_counts_in_the_policys_currency() -> None:
    facts = january(
        rooms={"bedroom": hours("15.000", 6, 24, range(10, 14))}, requests=["2025-01-01T00:00"]
    )
    told = [shown(step, "en") for step in settle_facts(facts, load(RUSSIA)).steps]
    assert any("RUB 3,000.00 ÷ 31 days × 31 days × 32.4% = RUB 972.00" in each for each in told)
    assert any("216.00 degree-hours below the limit" in each for each in told)
