"""The twin's decisions on outages: the part inside, the highest share, and worlds that have some."""

from datetime import date
from fractions import Fraction

from simulators.law.outage_decisions import decided
from simulators.law.season import Season
from simulators.law.twins import world_of
from tests.analytics.facts import facts

BY = {"document": "No. 7", "clause": "art. 1"}


def test_a_decision_settles_the_part_inside_its_span_and_the_highest_holds() -> None:
    rows = [
        {"since": "2025-01-10T00:00", "until": "2025-01-10T12:00", "share": "0.5", **BY},
        {"since": "2025-01-10T06:00", "until": "2025-01-10T12:00", "share": "2", **BY},
    ]
    scenario = facts("CN-SD-TAIAN-2020", {"bedroom": []}) | {"outage_decisions": rows}
    season = Season(scenario)
    outage = (season.instant("2025-01-10T00:00"), season.instant("2025-01-11T00:00"))
    lines, taken, waiting = decided(season, scenario, outage, set())
    day = date(2025, 1, 10)
    assert [each["amount"] for each in lines] == ["2.50", "10.00"]
    assert taken == {day: Fraction(3, 8)}
    assert waiting == {day}


def test_worlds_of_acts_whose_clause_was_not_seen_often_have_some() -> None:
    worlds = [world_of("CN-SD-YANTAI", seed) for seed in range(60)]
    assert sum("outage_decisions" in each for each in worlds) > 5
    assert not any("outage_decisions" in world_of("CN-HA-2018", seed) for seed in range(20))
