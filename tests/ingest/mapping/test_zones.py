"""Times that a zone's clocks show once, against the zone's own arithmetic."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.time import to_us
from ingest.mapping.times import utc_of
from ingest.mapping.zones import YEARS, clear_times


def utc(zone: str, local: datetime) -> int | None:
    """µs UTC by the table, None between its rows."""
    us = to_us(local.replace(tzinfo=UTC))
    rows = [row for row in clear_times(ZoneInfo(zone)) if row[0] <= us < row[1]]
    assert len(rows) <= 1
    return us - rows[0][2] if rows else None


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "Asia/Ulaanbaatar", "Etc/GMT-1", "America/St_Johns"])  # fmt: skip
def test_times_are_those_of_the_zone(zone: str) -> None:
    at = datetime(2000, 2, 1)  # noqa: DTZ001
    while at < datetime(2030, 1, 1):  # noqa: DTZ001
        found = utc(zone, at)
        if found is not None:
            us = to_us(at.replace(tzinfo=UTC))
            assert found == utc_of(us, ZoneInfo(zone), None) == utc_of(us, ZoneInfo(zone), found)
        at += timedelta(hours=13, minutes=7)


def test_the_hours_of_a_clock_change_are_left_out() -> None:
    for month, day in ((3, 29), (10, 25)):
        hours = [utc("Europe/Berlin", datetime(2026, month, day, hour, 30)) is None for hour in range(5)]  # noqa: DTZ001  # fmt: skip
        assert hours == [False, False, True, False, False]
    before = utc("Europe/Berlin", datetime(YEARS[0] - 1, 6, 1))  # noqa: DTZ001
    assert before is None
