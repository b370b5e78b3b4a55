"""An outage that nobody recorded the end of never pays to the season's end (regulations.md 7.20)."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.facts.snapshot import snapshot_of
from analytics.heat.ragged import Ragged
from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from tests.analytics.cities import source
from tests.analytics.facts import facts, rows
from tests.analytics.settlement.owing import HENAN, WARM, spells
from tests.analytics.settlement.test_settle import us

SEASONS_END = "2025-03-16T00:00"


def settled(*without: tuple[str, str], **other: Any) -> Result:
    """Outages without a known end, since and up to what is past of the season."""
    own = from_facts(facts(HENAN, {"bedroom": spells()}, **other), HENAN)
    spans = [(us(since), us(until)) for since, until in without]
    snapshot = replace(own.snapshot, open_outages=Ragged.of([spans], 2))
    again = snapshot_of(snapshot.canonical(), snapshot.sha256())
    assert again.canonical() == snapshot.canonical()
    return settle(again, source(own.columns), load(HENAN), flush=1).results[0]


def test_it_pays_nothing_and_is_undetermined_up_to_what_it_may_come_to() -> None:
    result = settled(("2025-02-03T00:00", SEASONS_END))
    assert (str(result.total), result.undetermined) == ("0.00", True)
    assert (str(result.lower), str(result.upper)) == ("0.00", "820.00"), "41 days at 20.00"
    assert (result.reason.code, str(result.open_since)) == ("outage_without_end", "2025-02-03")


def test_the_sheet_says_that_no_end_is_known_and_asks_for_no_measurement() -> None:
    steps = settled(("2025-02-03T00:00", SEASONS_END)).steps
    (told,) = [each for each in steps if each["step"] == "outage_without_end"]
    assert "without a recorded end" in shown(told, "en")
    assert "没有结束记录" in shown(told, "zh")
    assert "undetermined" not in [each["step"] for each in steps]
    assert told["clause"] == "art. 25", "of the rule that would pay it"
    last = steps[-1]
    assert (last["numbers"]["lower"], last["numbers"]["upper"]) == ("0.00", "820.00")
    assert "at least CNY 0.00 and at most CNY 820.00" in shown(last, "en")


def test_what_ended_is_paid_beside_it() -> None:
    result = settled(
        ("2025-02-03T00:00", SEASONS_END), outages=[["2025-01-20T00:00", "2025-01-21T00:00"]]
    )
    assert (str(result.total), str(result.upper), result.undetermined) == ("20.00", "840.00", True)


@pytest.mark.parametrize(("hours", "undetermined"), [(11, False), (12, True)])
def test_one_too_short_to_pay_even_now_leaves_nothing_open(hours: int, undetermined: bool) -> None:
    result = settled(("2025-02-03T00:00", f"2025-02-03T{hours:02d}:00"))
    assert (str(result.total), result.undetermined) == ("0.00", undetermined)


def test_cold_of_its_days_is_paid_as_far_as_no_outage_took_them() -> None:
    bedroom = rows(
        ("2025-02-01T00:00", "2025-02-03T00:00", WARM),
        ("2025-02-03T00:00", "2025-02-06T00:00", "17.000"),
        ("2025-02-06T00:00", "2025-02-07T00:00", WARM),
    )
    scenario = facts(HENAN, {"bedroom": bedroom}, requests=["2025-02-03T00:00"])
    own = from_facts(scenario, HENAN)
    spans = [(us("2025-02-03T00:00"), us(SEASONS_END))]
    snapshot = replace(own.snapshot, open_outages=Ragged.of([spans], 2))
    result = settle(snapshot, source(own.columns), load(HENAN), flush=1).results[0]
    assert [(line.kind, str(line.amount)) for line in result.lines] == [("temperature", "30.00")]
    assert result.undetermined
    assert str(result.upper) == "820.00", "its days' fee once: it was 850.00"
