"""Every end of an outage without one, from none at all to the season's end."""

from datetime import timedelta
from decimal import Decimal

from simulators.law.open_ends import every, most

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SEASON = {"season": ["2025-01-01T00:00", "2025-01-01T05:00"], "outages": []}


def test_each_hour_and_a_minute_behind_it_up_to_the_seasons_end() -> None:
    found = [each["outages"] for each in every(SEASON, "2025-01-01T03:00", HOUR, MINUTE)]
    ends = [end[11:16] for outages in found for _, end in outages]
    assert found[0] == []
    assert ends == ["03:01", "04:00", "04:01", "05:00"]


def test_the_most_of_them_counts() -> None:
    def at_four(season: object) -> Decimal:
        return Decimal(7 if "T04:00" in str(season) else 3)

    assert most(at_four, SEASON, "2025-01-01T03:00", HOUR, MINUTE) == 7
