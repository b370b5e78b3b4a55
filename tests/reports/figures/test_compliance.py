"""A period's figures are those of its days: summed from readings, and equal to the daily reports."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from reports.figures.tally import Tally
from reports.figures.views import Compliance
from tests.reports.making import made
from tests.tiny import MIDNIGHT, NOW, Row, Tiny, record_outage, table, tiny_city

MONDAY = date(2026, 1, 12)
LATER = NOW + timedelta(days=40)
HALF_HOUR = timedelta(minutes=15)


def a_week(folder: Path) -> Tiny:
    """The tiny city with three more days: one home colder by the day, supply off over a midnight."""
    tiny = tiny_city(folder)
    start = MIDNIGHT + timedelta(days=1)
    times = [start + timedelta(minutes=15 * i) for i in range(3 * 96)]
    rows: list[Row] = []
    for at in times:
        hour = (at - start) // timedelta(hours=1)
        off = 20 <= hour < 30  # over the midnight of the first to the second day
        rows += [(1, at, 21_000), (2, at, 17_500 - 250 * (hour // 24))]
        rows += [(4, at, 20_000 if off else 45_000), (5, at, 0 if off else 11_000)]
        if hour % 3:
            rows.append((3, at, 19_000))
    tiny.readings.import_table(table(rows), NOW + timedelta(days=4))
    return tiny


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    tiny = a_week(tmp_path_factory.mktemp("week"))
    record_outage(
        tiny.books, MIDNIGHT + timedelta(days=3, hours=2), MIDNIGHT + timedelta(days=3, hours=7)
    )
    return tiny


def view(tiny: Tiny, kind: str, day: date) -> Compliance:
    found: Compliance = made(tiny, kind, day, LATER).view
    return found


@pytest.mark.parametrize("kind", ["weekly", "half_month"])
def test_a_periods_figures_agree_with_the_daily_reports_of_its_days(week: Tiny, kind: str) -> None:
    document = made(week, kind, date(2026, 1, 17), LATER)
    whole: Compliance = document.view
    daily = [view(week, "daily", day) for day in document.head.days]
    assert [each.day for each in whole.days] == list(document.head.days)
    for name in ("home_days", "at_standard", "below", "unknown", "readings", "expected"):
        assert getattr(whole.total, name) == sum(getattr(each.total, name) for each in daily)
    for name in ("degree_hours", "known_h", "home_h"):
        added = sum(getattr(each.total, name) for each in daily)
        assert abs(getattr(whole.total, name) - added) <= Decimal("0.005") * len(daily)
    assert [each.counts for each in whole.days] == [each.total for each in daily]
    stopped = sum((each.stations[0].outage_h or Decimal(0) for each in daily), Decimal(0))
    assert whole.stations[0].outage_h == stopped > 0


def test_the_worst_home_counts_its_days_and_its_lowest_hour(week: Tiny) -> None:
    (cold,) = view(week, "weekly", MONDAY).worst
    assert (cold.code, cold.days_below) == ("cold", 4)
    assert cold.lowest_hour_c == Decimal("16.000"), "of the 15th"
    days = [view(week, "daily", MONDAY + timedelta(days=i)).worst for i in range(7)]
    own = [each for each in chain.from_iterable(days) if each.code == "cold"]
    assert abs(cold.degree_hours - sum(each.degree_hours for each in own)) <= Decimal("0.04")
    assert cold.hours_below == sum(each.hours_below for each in own)


def test_an_outage_over_midnight_is_one_line_and_one_loss(week: Tiny) -> None:
    whole = view(week, "weekly", MONDAY)
    seen = [line for line in whole.outages if not line.recorded]
    off = MIDNIGHT + timedelta(days=1, hours=20)
    assert [(line.since, line.hours) for line in seen] == [
        (MIDNIGHT + timedelta(hours=20), Decimal("4.00")),
        (off, Decimal("10.00")),
    ]
    assert seen[1].until == off + timedelta(hours=10)
    assert whole.losses_not_recorded == 2
    by_day = [view(week, "daily", date(2026, 1, 16 + i)).losses_not_recorded for i in range(2)]
    assert by_day == [1, 1], "each day's report counts what touches it"


def test_what_is_not_known_stays_in_every_figures_coverage(week: Tiny) -> None:
    whole = view(week, "weekly", MONDAY)
    assert whole.total.home_days == 21
    assert whole.total.unknown >= 9, "three days without any reading"
    assert whole.total.coverage is not None
    assert whole.total.coverage < Decimal(60)
    silent = whole.days[0].counts
    assert (silent.unknown, silent.coverage, silent.share_at_standard) == (3, Decimal("0.00"), None)


def test_only_days_of_the_season_count(tmp_path: Path) -> None:
    document = made(tiny_city(tmp_path), "half_month", date(2025, 11, 15), LATER)
    assert document.head.days == (date(2025, 11, 15),)
    assert document.view.total.home_days == 3


def test_tallies_add_field_by_field() -> None:
    one = Tally(1, 1, 0, 5, 6, 7, 8, 9)
    assert one + replace(one, below=1) == Tally(2, 2, 1, 10, 12, 14, 16, 18)
