"""Late starts and early ends of a season: Poland."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.policy import load, parse
from analytics.settlement.settle import settle, settle_facts
from domain.errors import WrongCall
from domain.time import to_us
from simulators.law.record_worlds import POLAND, season
from simulators.law.twins import world_of
from tests.analytics.cities import source
from tests.analytics.law.calculators.abroad import differing

EXAMPLE = (POLAND, lambda seed, policy: world_of(policy, seed))
LATE = ["2024-10-01T00:00", "2024-10-11T00:00"]


def polish(**facts: Any) -> dict[str, Any]:
    """A season of seven months, 10.00 a started day."""
    return season(POLAND, season_fee="2100.00") | facts


def test_a_late_start_and_an_early_end_are_a_line_each() -> None:
    early = ["2025-04-29T12:00", "2025-05-01T00:00"]
    facts = polish(outages=[LATE, ["2025-01-10T00:00", "2025-01-20T00:00"], early])
    lines = settle_facts(facts, load(POLAND)).lines
    assert [(str(each.first), str(each.days), str(each.amount)) for each in lines] == [
        ("2024-10-01", "10", "100.00"), ("2025-04-29", "2", "20.00"),
    ]  # fmt: skip


def test_days_that_nobody_was_charged_for_take_nothing() -> None:
    spans = [
        {"since": "2024-09-01T00:00", "state": "paused", "until": "2024-10-05T00:00"},
    ]  # fmt: skip
    result = settle_facts(polish(outages=[LATE], fee_spans=spans), load(POLAND))
    assert [(str(each.first), str(each.amount)) for each in result.lines] == [
        ("2024-10-05", "60.00")
    ]


def test_a_late_start_without_a_recorded_end_is_undetermined() -> None:
    own = from_facts(polish(), POLAND, "PLN")
    since = to_us(datetime(2024, 10, 1, tzinfo=ZoneInfo("Europe/Warsaw")))
    until = to_us(datetime(2024, 10, 6, tzinfo=ZoneInfo("Europe/Warsaw")))
    snapshot = replace(own.snapshot, open_outages=Ragged.of([[(since, until)]], 2))
    result = settle(snapshot, source(own.columns), load(POLAND), flush=1).results[0]
    assert (str(result.total), str(result.upper), result.undetermined) == ("0.00", "50.00", True)
    assert result.reason.code == "outage_without_end"


def test_settlement_and_naive_twin_agree_seeds_0_to_39() -> None:
    wrong, paying = differing(POLAND, range(40))
    assert wrong == []
    assert paying >= 15


def test_what_is_meant_must_be_said() -> None:
    raw = load(POLAND).raw.decode().replace("late-start-is-an-outage", "another")
    with pytest.raises(WrongCall, match="late-start-is-an-outage"):
        parse(raw.encode(), "mine.toml")
    assert settle_facts(polish(outages=[LATE]), load(POLAND)).total == Decimal("100.00")
