"""Hours of outages that count as days: Korea."""

from decimal import Decimal

import pytest

from analytics.law.policy import load, parse
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law.record_worlds import random_season, season
from tests.analytics.law.calculators.abroad import differing

KOREA = "KR-KDHC"
EXAMPLE = (KOREA, random_season)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        pytest.param("2025-01-10T21:00", "2025-01-10T23:00", 2, id="K1-a-winter-night"),
        pytest.param(
            "2025-01-10T07:30", "2025-01-10T10:30", 0, id="half-an-hour-and-two-and-a-half"
        ),
        pytest.param("2025-03-31T22:00", "2025-04-01T12:00", 3, id="into-a-month-of-12-h-blocks"),
        pytest.param(
            "2025-01-10T19:00", "2025-01-12T09:00", 28, id="hours-of-both-kinds-are-summed"
        ),
    ],
)
def test_whole_blocks_of_an_outage_are_days(since: str, until: str, days: int) -> None:
    facts = season(KOREA, outages=[[since, until]], season_fee="181000.00")  # 1,000.00 a day
    assert settle_facts(facts, load(KOREA)).total == Decimal(1000 * days)


def test_relief_is_at_most_the_seasons_charge() -> None:
    facts = season(
        KOREA, outages=[["2024-11-01T00:00", "2025-04-30T00:00"]], season_fee="181000.00"
    )
    assert settle_facts(facts, load(KOREA)).total == Decimal("181000.00")


def test_settlement_and_naive_twin_agree_seeds_0_to_39() -> None:
    wrong, paying = differing(KOREA, range(40))
    assert wrong == []
    assert paying >= 15


def test_a_month_that_there_is_not_is_refused() -> None:
    raw = load(KOREA).raw.decode().replace("[11, 12, 1, 2, 3]", "[11, 13]", 1)
    with pytest.raises(WrongCall, match=r"blocks\.months: 13"):
        parse(raw.encode(), "mine.toml")
