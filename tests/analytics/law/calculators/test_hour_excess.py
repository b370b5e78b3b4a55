"""Hours of outages over what a month and a single one may have: Russia's item 14."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.policy import load, parse
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from domain.errors import WrongCall
from domain.time import HOUR_US, to_us
from simulators.law.twins import world_of
from tests.analytics.cities import source
from tests.analytics.law.calculators.abroad import differing

RUSSIA = "RU-354"
EXAMPLE = (RUSSIA, lambda seed, _policy: world_of(RUSSIA, seed))
#: 7.17: of the cold of an outage nothing is counted beside its hours.
#: A record stands in place of a colder reading before it, as the policy says under `pays_less`.
PAYS_LESS = {
    "longer_outage": "outage-displaces-cold",
    "repeated_record": "degree-hours-from-report",
}


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


OUTAGE = ["2025-01-14T00:00", "2025-01-15T12:00"]  # 36 h: 20 over one outage's


@pytest.mark.parametrize(
    ("states", "owed", "days"),
    [
        pytest.param([], "90.00", ("14", "15"), id="charged-throughout"),
        pytest.param(["2025-01-15T00:00"], "36.00", ("14", "14"), id="8-h-over-before-a-pause"),
        pytest.param(["2024-12-01T00:00"], "0.00", None, id="never-charged"),
    ],
)
def test_hours_of_days_that_nobody_was_charged_for_do_not_count(
    states: list[str], owed: str, days: tuple[str, str] | None
) -> None:
    spans = [{"since": since, "state": "paused"} for since in states]
    result = settle_facts(january(outages=[OUTAGE], fee_spans=spans), load(RUSSIA))
    assert result.total == Decimal(owed)
    assert [(f"{line.first:%d}", f"{line.last:%d}") for line in result.lines] == (
        [days] if days else []
    )


def test_an_outage_over_a_sale_is_judged_for_each_by_its_own_days() -> None:
    spans = [
        {"since": "2024-12-01T00:00", "state": "charged", "payer": "A"},
        {"since": "2025-01-14T18:00", "state": "sold", "payer": "B"},
    ]
    outage = ["2025-01-13T20:00", "2025-01-16T12:00"]
    lines = settle_facts(january(outages=[outage], fee_spans=spans), load(RUSSIA)).lines
    assert [(line.payer, str(line.amount)) for line in lines] == [("A", "54.00"), ("B", "90.00")]


def open_outage(*ended: list[str], celsius: str = "20.000") -> Result:
    """With an outage from 20 January 06:00 on whose end nobody recorded."""
    facts = january(outages=[*ended])
    facts["rooms"] = {"bedroom": [[at, celsius] for at, _ in facts["rooms"]["bedroom"]]}
    own = from_facts(facts, RUSSIA, "RUB")
    since = to_us(datetime(2025, 1, 20, 6, tzinfo=ZoneInfo("Europe/Moscow")))
    spans = [(since, own.snapshot.season.end_us)]
    snapshot = replace(own.snapshot, open_outages=Ragged.of([spans], 2))
    return settle(snapshot, source(own.columns), load(RUSSIA), flush=1).results[0]


def test_an_outage_without_an_end_is_undetermined_up_to_what_it_may_come_to() -> None:
    result = open_outage()
    assert (str(result.total), result.undetermined) == ("0.00", True)
    assert str(result.upper) == "1197.00", "282 h to the month's end, 266 of them over 16"
    assert (result.reason.code, str(result.open_since)) == ("outage_without_end", "2025-01-20")
    assert "outage_without_end" in [each["step"] for each in result.steps]


def test_what_ended_is_paid_beside_an_outage_without_an_end() -> None:
    result = open_outage(["2025-01-10T00:00", "2025-01-10T17:00"])
    assert (str(result.total), str(result.lower), result.undetermined) == ("4.50", "4.50", True)


def test_an_outage_without_an_end_that_is_within_limits_even_now_leaves_nothing_open() -> None:
    facts = january(season=["2025-01-01T00:00", "2025-01-20T22:00"], season_fee="3000.00")
    own = from_facts(facts, RUSSIA, "RUB")
    end = own.snapshot.season.end_us
    spans = [(end - 16 * HOUR_US, end)]
    snapshot = replace(own.snapshot, open_outages=Ragged.of([spans], 2))
    result = settle(snapshot, source(own.columns), load(RUSSIA), flush=1).results[0]
    assert (str(result.total), result.undetermined) == ("0.00", False)
    assert result.reason.code == "outage_within_limits"


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
