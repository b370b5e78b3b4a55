"""What time a message means."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ingest.mapping.times import TimeRange, read_time


def test_local_times_follow_the_zone_with_one_rule_for_the_repeated_hour() -> None:
    zone = ZoneInfo("Europe/Belgrade")
    at, _ = read_time("2025-10-26 02:30:00", "iso", zone)
    assert at == 1_761_438_600_000_000  # 00:30 UTC: the first pass, summer time
    with pytest.raises(ValueError, match="does not exist in Europe/Belgrade"):
        read_time("2025-03-30 02:30:00", "iso", zone)
    with pytest.raises(ValueError, match="no offset and its feed no zone"):
        read_time("2025-03-30 02:30:00", "iso", None)


@pytest.mark.parametrize(
    "value", [True, None, [], "12:30", Decimal("NaN"), Decimal("1e300")], ids=str
)
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"time|1970"):
        read_time(value, "ms")


def test_times_before_1970_and_after_2199_are_out_of_range() -> None:
    for text in ("1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(TimeRange):
            read_time(text)
