"""Spans, microseconds and local civil days, over the changes of clocks."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.time import (
    Span,
    civil_zone,
    day_start,
    from_us,
    known_zone,
    local_day,
    local_days,
    to_us,
    written_day,
    written_time,
)

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


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2026/12/25 8:00", "2026-12-25T08:00:00"),
        ("2026-1-5 8:00:30", "2026-01-05T08:00:30"),
        ("2026.01.05", "2026-01-05T00:00:00"),
        ("2026年1月5日 8:00", "2026-01-05T08:00:00"),
        ("2026年1月5日8时", "2026-01-05T08:00:00"),
        ("2026年1月5日8时30分", "2026-01-05T08:30:00"),
        ("2026年1月5日24时00分00秒", "2026-01-06T00:00:00"),
        ("2026/12/31 24:00+08:00", "2027-01-01T00:00:00+08:00"),
        ("2026/1/5 8:00Z", "2026-01-05T08:00:00+00:00"),
        ("2026-01-05T08:00:00.5+0800", "2026-01-05T08:00:00.500000+08:00"),
    ],
)
def test_dates_that_begin_with_their_year_are_read_as_people_write_them(
    text: str, want: str
) -> None:
    assert written_time(text).isoformat() == want


@pytest.mark.parametrize(
    "text",
    ["", "5.1.2026 8:00", "2026/13/1", "2026/2/30 8:00", "2026/1/5 24:01", "2026/1/5 8", "26/1/5", "2026年1/5", "２０２６/1/5", "9999/12/31 24:00", "45667.4", "2026/1/5 8:00+25:00"],
)  # fmt: skip
def test_what_is_no_date_with_its_year_first_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|isoformat|month|hour|day|offset"):
        written_time(text)


@pytest.mark.parametrize(
    "text", ["2026-04-09", "2026/4/9", "2026年4月9日", "2026.4.9", "2026-04-09 00:00:00"]
)
def test_a_day_is_read_as_people_and_spreadsheets_write_it(text: str) -> None:
    assert written_day(text).isoformat() == "2026-04-09"


@pytest.mark.parametrize(
    "text",
    ["2026/4/9 8:00", "2026/4/8 24:00", "2026年4月8日24时", "2026-04-09T00:00Z", "9/4/2026", ""],
)
def test_a_time_of_day_or_another_order_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|isoformat"):
        written_day(text)


def test_a_zone_whose_sign_is_the_other_way_round_has_no_civil_days() -> None:
    assert civil_zone("Asia/Shanghai") == "Asia/Shanghai"
    assert civil_zone("Etc/GMT") == "Etc/GMT"
    for name, offset in (("Etc/GMT+8", "UTC-08:00"), ("Etc/GMT-8", r"UTC\+08:00")):
        with pytest.raises(ValueError, match=f"is {offset}.*allowed: the zone of a place"):
            civil_zone(name)
