"""What time a message means."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.time import from_us, to_us
from ingest.mapping.times import TimeRange, read_time


def test_local_times_follow_the_zone_with_one_rule_for_the_repeated_hour() -> None:
    zone = ZoneInfo("Europe/Belgrade")
    at, _ = read_time("2025-10-26 02:30:00", "iso", zone)
    assert at == 1_761_438_600_000_000  # 00:30 UTC: the first pass, summer time
    with pytest.raises(ValueError, match="does not exist in Europe/Belgrade"):
        read_time("2025-03-30 02:30:00", "iso", zone)
    with pytest.raises(ValueError, match="no offset and its feed no zone"):
        read_time("2025-03-30 02:30:00", "iso", None)


@pytest.mark.parametrize(("received", "hour"), [("00:31", 0), ("01:30", 1), ("01:55", 1)])
def test_the_time_of_receipt_tells_which_pass_of_the_repeated_hour_is_meant(
    received: str, hour: int
) -> None:
    when = to_us(datetime.fromisoformat(f"2026-10-25T{received}:00+00:00"))
    at, _ = read_time("2026-10-25T02:30:00", "iso", ZoneInfo("Europe/Belgrade"), when)
    assert from_us(at) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_twenty_four_o_clock_is_the_next_days_midnight() -> None:
    for text in ("2025-12-31T24:00Z", "2025-12-31 24:00:00", "2026-01-01T02:00:00+02:00"):
        assert read_time(text, "iso", ZoneInfo("UTC"))[0] == 1_767_225_600_000_000
    for text in ("2025-12-31T24:01Z", "2025-12-31T24:00:01Z", "2025-12-31T25:00Z"):
        with pytest.raises(ValueError, match="not ISO"):
            read_time(text)
    with pytest.raises(TimeRange):
        read_time("9999-12-31T24:00:00Z")


def test_nanoseconds_are_read_and_taken_for_what_they_are_where_another_unit_is_declared() -> None:
    for unit, corrected in (("ns", False), ("s", True), ("ms", True), ("us", True)):
        at = read_time(1_764_000_000_123_456_789, unit)
        assert at == (1_764_000_000_123_457, corrected)
    for number in (1_764_000_000, 1_764_000_000_000, 1_764_000_000_000_000):
        assert read_time(number, "ns") == (1_764_000_000_000_000, True)


@pytest.mark.parametrize(
    "value", [True, None, [], "12:30", Decimal("NaN"), Decimal("1e300")], ids=str
)
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"time|1970"):
        read_time(value, "ms")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_local_times_at_the_ends_of_the_calendar_are_out_of_range(text: str, zone: str) -> None:
    with pytest.raises(TimeRange):  # .NET's DateTime.MinValue is a common one
        read_time(text, zone=ZoneInfo(zone), received_us=0)


def test_times_before_1970_and_after_2199_are_out_of_range() -> None:
    for text in ("1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(TimeRange):
            read_time(text)
