"""The halves of a month, whatever its length."""

from datetime import date

import pytest

from reports.kinds.half_month import REPORT


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2026-01-15"),
        ("2026-01-15", "2026-01-01", "2026-01-15"),
        ("2026-01-16", "2026-01-16", "2026-01-31"),
        ("2026-02-28", "2026-02-16", "2026-02-28"),
        ("2024-02-20", "2024-02-16", "2024-02-29"),
        ("2026-04-30", "2026-04-16", "2026-04-30"),
    ],
)
def test_a_month_is_cut_after_its_15th(day: str, first: str, last: str) -> None:
    period = REPORT.period(date.fromisoformat(day))
    assert (f"{period.first}", f"{period.last}") == (first, last)
