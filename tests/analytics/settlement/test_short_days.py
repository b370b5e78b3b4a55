"""The band of days that an episode has little of (regulations.md 7.20, "band of a day")."""

import pytest

from tests.analytics.facts import facts, rows
from tests.analytics.settlement.owing import WARM, WEIFANG, at, paid_days


def weifang(until: str, celsius: str, after: str = WARM) -> list[tuple[str, str, str]]:
    """Cold from the 10th; at its end the 12th is touched for a while. The day of recovery counts."""
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", WARM),
        ("2025-01-10T00:00", "2025-01-12T00:00", "17.000"),
        ("2025-01-12T00:00", f"2025-01-12T{until}", celsius),
        (f"2025-01-12T{until}", "2025-01-13T00:00", after),
    )
    return paid_days(facts(WEIFANG, {"bedroom": bedroom}, requests=at("10T00:00")))


@pytest.mark.parametrize(
    ("until", "after", "last"),
    [
        pytest.param("00:45", "30.000", "12", id="45-min-inside-are-an-hour"),
        pytest.param("00:30", "18.000", "12", id="30-min-the-whole-hour-is-17.5"),
        pytest.param("00:15", "18.000", "12", id="15-min-the-whole-hour-is-17.75"),
        pytest.param("00:30", "19.000", "11", id="30-min-the-whole-hour-is-18"),
    ],
)
def test_a_day_of_less_than_45_minutes_takes_the_whole_hour_that_touches_it(
    until: str, after: str, last: str
) -> None:
    assert weifang(until, "17.000", after) == [("10", last, "1/2")]


def test_the_whole_hour_decides_the_band_too() -> None:
    """15.000 for 30 min and 18.000 for 30: 16.5 over the hour, so half and not the whole fee."""
    assert weifang("00:30", "15.000", "18.000") == [("10", "12", "1/2")]
    assert weifang("00:45", "15.000", "18.000") == [("10", "11", "1/2"), ("12", "12", "1")]
