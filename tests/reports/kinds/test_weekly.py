"""The week of the weekly report (ISO 8601: it begins on Monday)."""

from datetime import date

import pytest

from reports.kinds.weekly import REPORT


@pytest.mark.parametrize("day", ["2025-12-29", "2026-01-01", "2026-01-04"])
def test_a_week_is_monday_to_sunday_also_over_new_year(day: str) -> None:
    period = REPORT.period(date.fromisoformat(day))
    assert (period.first, period.last) == (date(2025, 12, 29), date(2026, 1, 4))
    assert (period.first.isoweekday(), period.last.isoweekday()) == (1, 7)
