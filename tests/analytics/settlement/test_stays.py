"""A request, a refusal, a finding and a consent are of whoever lived there, and end when they move out."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.settlement.request_lives import lives_of
from domain.requests import Life, State
from tests.analytics.cities import source
from tests.analytics.facts import Scenario
from tests.analytics.settlement.test_payers import BOTH, LINYI, NAMED, owed, span
from tests.analytics.settlement.test_settle import cold_week

MOVED_OUT, MOVED_IN = "moved_out", "moved_in"


def days(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(payer, first day, last day) of each line."""
    return [(each.get("payer", ""), each["from"][8:], each["to"][8:]) for each in answer["lines"]]


def january(day: str, state: str, payer: str = "", until: str = "") -> dict[str, str]:
    return span(f"2025-01-{day}", state, payer, until and f"2025-01-{until}")


@BOTH
@pytest.mark.parametrize(
    "back",
    [
        pytest.param([january("11T00:00", MOVED_OUT), january("13T00:00", MOVED_IN, "Wang")], id="empty"),
        pytest.param([january("11T00:00", MOVED_OUT), january("13T00:00", "charged")], id="without-a-name"),
        pytest.param(
            [january("11T00:00", MOVED_IN, "Li"), january("13T00:00", MOVED_IN, "Wang")], id="another-between"
        ),
        pytest.param([january("11T00:00", "sold", "Li", until="13T00:00")], id="for-a-time"),
    ],
)  # fmt: skip
def test_who_comes_back_asks_anew(settled: Any, back: list[dict[str, str]]) -> None:
    """The request of 10 January paid 13 and 14 January, too."""
    assert days(settled(cold_week(), NAMED, *back)) == [("Wang", "10", "10")]
    again = cold_week(requests=["2025-01-10T06:00", "2025-01-13T00:00"])
    found = days(settled(again, NAMED, *back))
    assert found == [("Wang", "10", "10"), ("Wang", "13", "14")]


@BOTH
def test_who_stays_through_a_pause_need_not_ask_again(settled: Any) -> None:
    pause = january("11T00:00", "paused", until="13T00:00")
    assert days(settled(cold_week(), NAMED, pause)) == [("Wang", "10", "10"), ("Wang", "13", "14")]


@BOTH
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [january("12T00:00", MOVED_OUT), january("13T00:00", MOVED_IN, "Li")],
            [("Wang", "10", "11"), ("Li", "13", "14")], id="the-day-after",
        ),
        pytest.param(
            [january("12T08:00", MOVED_OUT), january("12T08:00", MOVED_IN, "Li")],
            [("Wang", "10", "12"), ("Li", "13", "14")], id="at-once",
        ),
        pytest.param(
            [january("12T08:00", MOVED_OUT), january("12T18:00", MOVED_IN, "Li")],
            [("Wang", "10", "12"), ("Li", "13", "14")], id="the-same-day",
        ),
        pytest.param([january("12T00:00", MOVED_OUT)], [("Wang", "10", "11")], id="nobody-came"),
    ],
)  # fmt: skip
def test_each_is_paid_for_the_days_that_they_bore_on_their_own_request(
    settled: Any, rows: list[dict[str, str]], expected: list[tuple[str, str, str]]
) -> None:
    asked = cold_week(requests=["2025-01-10T06:00", "2025-01-12T18:00", "2025-01-13T00:00"])
    assert days(settled(asked, NAMED, *rows)) == expected


@BOTH
def test_the_parts_of_an_outage_over_many_moves_sum_to_the_whole(settled: Any) -> None:
    outage = cold_week(requests=[], outages=[["2025-01-20T00:00", "2025-01-30T00:00"]])
    whole = Decimal(settled(outage)["total"])
    moves = [
        january("21T07:30", "sold", "Li"), january("23T00:00", MOVED_IN, "Wang"),
        january("25T00:00", "charged", "Wang Er"), january("26T12:00", "sold", "Li"),
    ]  # fmt: skip
    assert Decimal(settled(outage, NAMED, *moves)["total"]) == whole == Decimal("200.00")
    gap = [january("22T00:00", MOVED_OUT), january("24T00:00", MOVED_IN, "Li")]
    assert owed(settled(outage, NAMED, *gap)) == [("Li", "120.00"), ("Wang", "40.00")]


@BOTH
def test_a_finding_of_fault_is_of_the_household_in_whose_time_it_begins(settled: Any) -> None:
    """Who moved in on the 12th was refused for the fault of who had lived there."""
    fault = cold_week(
        requests=["2025-01-10T06:00", "2025-01-12T00:00"],
        user_faults=[["2025-01-10T00:00", "2025-01-31T00:00"]],
    )
    assert settled(fault, NAMED)["lines"] == []
    moved = january("12T00:00", MOVED_IN, "Li")
    assert days(settled(fault, NAMED, moved)) == [("Li", "12", "14")]
    theirs = fault | {"user_faults": [["2025-01-12T00:00", "2025-01-31T00:00"]]}
    assert days(settled(theirs, NAMED, moved)) == [("Wang", "10", "11")]


@BOTH
def test_a_refusal_of_who_moved_in_closes_no_day_of_who_moved_out(settled: Any) -> None:
    """In Linyi the day of a refusal is compliant: here it is a day of theirs who did not refuse."""
    asked = cold_week(LINYI, acts=[["2025-01-10T08:00", "bedroom", "17.000"]])
    moved = january("12T09:00", MOVED_IN, "Li")
    refused = asked | {"refusals": ["2025-01-12T18:00"]}
    assert days(settled(refused, NAMED, moved)) == [("Wang", "10", "12")]
    assert days(settled(refused | {"refusals": ["2025-01-12T08:00"]}, NAMED, moved)) == [
        ("Wang", "10", "11")
    ]


@BOTH
def test_the_consent_of_the_contracts_holder_asks_for_nobody_else(settled: Any) -> None:
    consents = cold_week(requests=[], standing_consent=True)
    moved = january("12T00:00", MOVED_IN, "Li")
    assert days(settled(consents, NAMED)) == [("Wang", "10", "14")]
    assert days(settled(consents, NAMED, moved)) == [("Wang", "10", "11")]
    assert days(settled(consents, span("2024-10-01T00:00", MOVED_IN, "Li"))) == [("Li", "10", "14")]
    assert settled(consents, NAMED, span("2024-12-01T00:00", "sold", "Li"))["lines"] == []


@BOTH
def test_the_consent_is_of_who_lived_there_when_the_season_began(settled: Any) -> None:
    """Also where the row that says so ended before it, and where nobody did: of who came first."""
    consents = cold_week(requests=[], standing_consent=True)
    came = span("2024-01-01T00:00", MOVED_IN, "Bob", "2024-10-20T00:00")
    assert days(settled(consents, came, span("2024-10-20T00:00", "charged"))) == [
        ("Bob", "10", "14")
    ]
    left = span("2024-10-20T00:00", MOVED_OUT)
    first = span("2024-12-01T00:00", MOVED_IN, "Li")
    assert days(settled(consents, came, left, first)) == [("Li", "10", "14")]
    after = january("12T00:00", MOVED_IN, "Eve")
    assert days(settled(consents, came, left, first, after)) == [("Li", "10", "11")]


def lived(scenario: Scenario, *spans: dict[str, str]) -> list[Life]:
    own = from_facts({**scenario, "fee_spans": list(spans)}, scenario["policy"], "CNY")
    policy = load(scenario["policy"]).policy
    return list(lives_of(own.snapshot, source(own.columns), policy).get(1, ()))


def test_the_life_of_a_request_ends_when_its_household_moves_out() -> None:
    """It stood to the season's end, overdue, and the next household's had joined it."""
    asked = cold_week(requests=["2025-01-10T06:00", "2025-01-12T10:00"])
    moved = january("12T09:00", MOVED_OUT), january("12T10:00", MOVED_IN, "Li")
    first, second = lived(asked, NAMED, *moved)
    assert (first.stages[-1].state, str(first.until)) == (
        State.MOVED_OUT,
        "2025-01-12 01:00:00+00:00",
    )
    assert second.stages[0].state is not State.JOINED
    assert second.stages[-1].state is State.LAPSED
    alone, joined = lived(asked, NAMED)
    assert (alone.stages[-1].state, joined.stages[0].state) == (State.LAPSED, State.JOINED)
