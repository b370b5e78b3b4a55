"""Degree-hours below the limit: Russia's item 15."""

from decimal import Decimal

import pytest

from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from simulators.law.twins import world_of
from tests.analytics.law.calculators.test_hour_excess import RUSSIA, january

EXAMPLE = (RUSSIA, lambda seed, _policy: world_of(RUSSIA, seed))
PAYS_LESS = {"longer_outage": "outage-displaces-cold"}
WARM = "20.000"


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
    assert (alone.total, alone.undetermined) == (Decimal("27.00"), False)


def test_the_sheet_counts_in_the_policys_currency() -> None:
    facts = january(
        rooms={"bedroom": hours("15.000", 6, 24, range(10, 14))}, requests=["2025-01-01T00:00"]
    )
    told = [shown(step, "en") for step in settle_facts(facts, load(RUSSIA)).steps]
    assert any("RUB 3,000.00 ÷ 31 days × 31 days × 32.4% = RUB 972.00" in each for each in told)
    assert any("216.00 degree-hours below the limit" in each for each in told)
