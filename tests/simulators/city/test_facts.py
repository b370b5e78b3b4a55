"""What people wrote down of a city: requests, measurements, faults of users."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from simulators.city.facts import lowest_mean
from simulators.city.sensors import Ints
from simulators.law import refund as naive_refund
from tests.simulators.files import WorldFiles
from tests.simulators.world.written import files, scenario

__all__ = ["files"]  # fixtures

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_outage_is_in_the_registry_and_its_homes_asked_while_it_lasted(
    files: WorldFiles,
) -> None:
    (record,) = files.rows("outages")
    since, until = (datetime.fromisoformat(record[name]) for name in ("since", "until"))
    assert until - since == timedelta(hours=30)
    for home in files.ending("outage_and_cold"):
        assert home.startswith(record["place"])
        assert since < files.requests[home] < until
    for home in files.ending("outage_only"):
        assert home not in files.requests


def test_a_fault_of_the_user_is_recorded_from_before_the_cold(files: WorldFiles) -> None:
    recorded = {row["household"]: row for row in files.rows("user_faults")}
    assert recorded.keys() == files.ending("user_fault").keys()
    for home, row in recorded.items():
        told = files.truth["households"][home]
        assert datetime.fromisoformat(row["since"]) < datetime.fromisoformat(told["below_since"])
        assert "35" in row["clause"]


def test_a_household_with_a_fault_of_its_own_would_be_paid_without_it(files: WorldFiles) -> None:
    home, told = next(iter(files.ending("user_fault").items()))
    assert told["refund"] == "0.00"
    assert Decimal(naive_refund.settle(scenario(files, home, told))["total"]) > 0


def test_signed_acts_lie_in_the_cold_they_witness(files: WorldFiles) -> None:
    for row in files.rows("measurements"):
        told = files.truth["households"][row["room"].rsplit("-", 1)[0]]
        assert told["below_since"] < row["at"] < told["recovery"]
        assert Decimal(14) <= Decimal(row["celsius"]) < Decimal(18)


def samples(*room: tuple[int, int]) -> tuple[Ints, Ints]:
    """(k, 1) samples of one room: seconds before midnight in Shanghai, 0.001 °C."""
    midnight_s = int(datetime(2026, 11, 16, tzinfo=SHANGHAI).timestamp())
    at_s = np.array([[midnight_s - before] for before, _ in room], dtype=np.int64)
    return at_s, np.array([[value] for _, value in room], dtype=np.int64)


def test_a_cold_that_begins_minutes_before_midnight_is_judged_by_its_whole_last_hour() -> None:
    at_s, said_mc = samples((3_600, 18_300), (780, 17_900), (-120, 17_000))
    assert lowest_mean(at_s, said_mc, int(at_s[1, 0])) == Fraction(
        2_820 * 18_300 + 780 * 17_900, 3_600
    )


def test_a_cold_that_begins_most_of_an_hour_before_midnight_is_judged_from_then_on() -> None:
    at_s, said_mc = samples((3_600, 18_300), (2_700, 17_900), (900, 17_600), (-120, 17_000))
    assert lowest_mean(at_s, said_mc, int(at_s[1, 0])) == Fraction(
        1_800 * 17_900 + 900 * 17_600, 2_700
    )


def test_of_many_hours_the_lowest_decides() -> None:
    at_s, said_mc = samples((9_000, 17_900), (7_200, 16_000), (3_600, 17_000))
    assert lowest_mean(at_s, said_mc, int(at_s[0, 0])) == 16_000
