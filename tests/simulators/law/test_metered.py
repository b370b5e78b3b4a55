"""The twin of metered households on a season that is computed by hand."""

from random import Random

from simulators.law.metered import with_meter
from simulators.law.refund import settle
from simulators.law.worlds import random_world
from tests.analytics.law.cold_days.test_metered import DAILY, season


def test_two_days_at_half_and_two_at_all_of_twenty_kilowatt_hours_a_day() -> None:
    told = settle(season(DAILY))
    assert [(line["from"], line["share"], line["amount"]) for line in told["lines"]] == [
        ("2025-01-10", "1/2", "2.84"), ("2025-01-12", "1", "5.68"),
    ]  # fmt: skip
    assert (told["total"], told["undetermined"]) == ("8.52", False)


def test_a_meter_is_drawn_around_the_readings_of_its_rooms() -> None:
    world = random_world(3, policy="CN-HA-LY-2018")
    drawn = with_meter(Random(1), world, "600.00")
    assert drawn["contract"]["basic_fee"] == "600.00"
    first = min(rows[0][0] for rows in world["rooms"].values() if rows)
    assert drawn["meter"][0][0] < first
    assert drawn["rooms"] == world["rooms"]
