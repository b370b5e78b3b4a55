"""Hours of outages over what a month and a single one may have: Russia's item 14."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.law.policy import load, parse
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law.twins import world_of
from tests.analytics.law.calculators.abroad import differing

RUSSIA = "RU-354"
EXAMPLE = (RUSSIA, lambda seed, _policy: world_of(RUSSIA, seed))
#: 7.17: of the cold of an outage nothing is counted beside its hours.
PAYS_LESS = {"longer_outage": "outage-displaces-cold"}


def january(**facts: Any) -> dict[str, Any]:
    """A month of 3,000.00 with warm rooms."""
    warm = [[f"2025-01-{d:02d}T{h:02d}:00", "20.000"] for d in range(1, 32) for h in range(24)]
    return {
        "zone": "Europe/Moscow", "season": ["2025-01-01T00:00", "2025-02-01T00:00"],
        "season_fee": "3000.00", "interval_min": 60, "rooms": {"bedroom": warm}, "requests": [],
        "measurements": [], "outages": [],
    } | facts  # fmt: skip


def test_r1_34_hours_in_a_month_pay_the_ten_that_are_over() -> None:
    stops = [
        ["2025-01-05T00:00", "2025-01-05T16:00"], ["2025-01-10T00:00", "2025-01-10T10:00"],
        ["2025-01-15T00:00", "2025-01-15T08:00"],
    ]  # fmt: skip
    result = settle_facts(january(outages=stops), load(RUSSIA))
    assert (result.total, result.currency) == (Decimal("45.00"), "RUB")
    (line,) = result.lines
    assert (str(line.days), str(line.share)) == ("31", "3/200")


def test_an_hour_over_both_limits_is_paid_once_by_the_larger_excess() -> None:
    stops = [
        ["2025-01-05T00:00", "2025-01-06T06:00"]
    ]  # 30 h: 14 over one outage's, 6 over a month's
    assert settle_facts(january(outages=stops), load(RUSSIA)).total == Decimal("63.00")


def test_hours_over_at_a_turn_of_the_month_belong_to_their_month() -> None:
    facts = january(season=["2025-01-01T00:00", "2025-03-01T00:00"], season_fee="5900.00")
    facts["rooms"]["bedroom"].append(["2025-02-01T00:00", "20.000"])
    facts["outages"] = [
        ["2025-01-31T06:00", "2025-02-01T01:00"]
    ]  # 19 h: from 22:00 on they are over
    lines = settle_facts(facts, load(RUSSIA)).lines
    assert [(line.first.month, str(line.share)) for line in lines] == [(1, "3/1000"), (2, "3/2000")]


def test_a_month_without_heat_pays_at_most_its_fee() -> None:
    stops = [["2025-01-01T00:00", "2025-02-01T00:00"]]
    facts = january(outages=stops, requests=["2025-01-01T00:00"])
    facts["rooms"] = {"bedroom": [[at, "5.000"] for at, _ in facts["rooms"]["bedroom"]]}
    assert settle_facts(facts, load(RUSSIA)).total == Decimal("3000.00")


def test_settlement_and_naive_twin_agree_seeds_200_to_229() -> None:
    wrong, paying = differing(RUSSIA, range(200, 230))
    assert wrong == []
    assert paying >= 10


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('from = "12"', 'from = "9"', "limits: the warmest rooms first"),
        ('hours = "16"', 'hours = "2"', "limits: colder rooms may not have a longer outage"),
        ('month_h = "24"', 'month_h = "9999"', "month_h: 9999; allowed"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(old: str, new: str, said: str) -> None:
    raw = load(RUSSIA).raw.decode().replace(old, new)
    with pytest.raises(WrongCall, match=said):
        parse(raw.encode(), "mine.toml")
