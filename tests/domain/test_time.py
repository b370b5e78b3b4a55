"""Spans, microseconds and local civil days, over the changes of clocks."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.time import Span, day_start, from_us, known_zone, local_day, local_days, to_us

ZONES = ["Asia/Shanghai", "Europe/Belgrade", "America/St_Johns", "Pacific/Apia"]
TIMES = st.integers(1, 229 * 365 * 86_400_000_000).map(from_us)  # 1970 to 2198


@given(TIMES)
def test_microseconds_are_exact(at: datetime) -> None:
    assert from_us(to_us(at)) == at


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="without"):
        to_us(naive)
    with pytest.raises(ValueError, match="needs times with zone"):
        Span(naive, naive)


def test_a_span_holds_its_beginning_and_not_its_end() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    span = Span(since, since + timedelta(hours=1))
    assert span.holds(since)
    assert not span.holds(span.until)
    with pytest.raises(ValueError, match="before it begins"):
        Span(span.until, since)


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=ZONES)
@given(since=TIMES, hours=st.integers(1, 400))
def test_local_days_follow_each_other_without_gap_and_cover_the_span(
    zone: ZoneInfo, since: datetime, hours: int
) -> None:
    span = Span(since, since + timedelta(hours=hours))
    days = list(local_days(span, zone))
    assert days[0][1].since <= span.since
    assert days[-1][1].until >= span.until
    for (_, before), (_, after) in itertools.pairwise(days):
        assert before.until == after.since
    assert all(local_day(each.since, zone) == day for day, each in days if each.since < each.until)


def test_days_have_23_24_or_25_hours() -> None:
    belgrade = ZoneInfo("Europe/Belgrade")
    lengths = {
        day: day_start(day + timedelta(days=1), belgrade) - day_start(day, belgrade)
        for day in (date(2026, 3, 29), date(2026, 6, 1), date(2026, 10, 25))
    }
    assert [each.total_seconds() / 3600 for each in lengths.values()] == [23, 24, 25]


def test_a_zone_that_is_none_is_refused() -> None:
    assert known_zone("Asia/Shanghai") == "Asia/Shanghai"
    for wrong in ("Asia/Nowhere", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="not an IANA time zone"):
            known_zone(wrong)
