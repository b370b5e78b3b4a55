"""Tai'an: long outages are refunded by rules that were not seen, cold as if there were none."""

import pytest

from analytics.law.policy import load, parse
from analytics.law.steps import shown
from analytics.settlement.result import Result
from domain.errors import WrongCall
from tests.analytics.cities import decided_season
from tests.analytics.facts import facts
from tests.analytics.settlement.owing import at, owed, spells
from tests.analytics.settlement.test_golden_refunds import settled

TAIAN = "CN-SD-TAIAN-2020"
#: It pays what a decision says.
EXAMPLE = (TAIAN, decided_season)


def with_outage(until: str, *, cold: bool = False) -> Result:
    """Without heat from 6:00 of the 10th."""
    spell = [("10T00:00", "12T00:00")] if cold else []
    scenario = facts(
        TAIAN, {"bedroom": spells(*spell)}, requests=at("10T00:00"),
        outages=[at("10T06:00", until)],
    )  # fmt: skip
    owed(scenario)  # the twin says the same
    return settled(scenario)


@pytest.mark.parametrize(
    ("until", "undetermined", "reason"),
    [
        ("11T05:59", False, "outage_too_short"),
        ("11T06:00", True, "outage_by_other_rules"),
        ("12T06:00", True, "outage_by_other_rules"),
    ],
)
def test_from_24_hours_on_it_is_undetermined_without_a_sum(
    until: str, undetermined: bool, reason: str
) -> None:
    result = with_outage(until)
    codes = [step["step"] for step in result.steps]
    assert (result.undetermined, str(result.total), str(result.upper)) == (
        undetermined, "0.00", "0.00",
    )  # fmt: skip
    assert ("outage_by_other_rules" in codes) is undetermined
    assert "undetermined" not in codes, "no measurement could tell it"
    assert result.reason.code in {reason, "never_below"}


def test_cold_of_its_days_is_settled_as_if_there_were_none() -> None:
    result = with_outage("12T06:00", cold=True)
    assert [(line.kind, str(line.days), str(line.share)) for line in result.lines] == [
        ("temperature", "2", "3/10")
    ]
    assert result.undetermined
    assert str(result.open_since) == "2025-01-10"


def test_the_sheet_says_so_in_both_languages() -> None:
    steps = with_outage("12T06:00").steps
    (own,) = [each for each in steps if each["step"] == "outage_by_other_rules"]
    assert shown(own, "zh") == (
        "2025年1月10日 至 2025年1月12日：按其他规定退费，该规定未见，不计金额；"
        "室温不达标照常计算，视同没有停热"
    )
    assert "no sum" in shown(own, "en")


@pytest.mark.parametrize(
    ("since", "until", "undetermined"),
    [
        ("2024-11-15T00:00", "2024-11-15T00:01", True),
        ("2024-11-15T00:01", "2024-11-15T10:00", False),
        ("2025-03-15T23:59", "2025-03-16T00:00", True),
        ("2025-03-15T10:00", "2025-03-15T23:59", False),
    ],
)
def test_a_late_start_and_an_early_end_are_undetermined_however_short(
    since: str, until: str, *, undetermined: bool
) -> None:
    """Art. 35 names them beside outages of 24 h: they were decided as too short."""
    scenario = facts(TAIAN, {"bedroom": []}, outages=[[since, until]])
    result = settled(scenario)
    assert result.undetermined is undetermined
    assert result.reason.code == ("outage_by_other_rules" if undetermined else "outage_too_short")
    owed(scenario)


def test_season_ends_needs_the_interpretation_that_says_what_they_are() -> None:
    raw = load(TAIAN).raw.decode()
    without = raw.replace('name = "late-start-is-an-outage"', 'name = "each-room-alone"')
    with pytest.raises(WrongCall, match="season_ends needs the interpretation"):
        parse(without.encode(), "mine.toml")
