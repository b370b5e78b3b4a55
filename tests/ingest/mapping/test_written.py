"""Times by pattern, of messages and files alike."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from domain.time import from_us
from ingest.files.clock import read_times
from ingest.files.mapping import check_mapping
from ingest.mapping.times import TimeRange
from ingest.mapping.written import read_written

SHANGHAI = ZoneInfo("Asia/Shanghai")
DIGITS, DOTS = "%Y%m%d%H%M%S", "%d.%m.%Y %H:%M"


@pytest.mark.parametrize(
    ("value", "patterns", "expected"),
    [
        ("2026/11/28 22:00:00", (), "2026-11-28T14:00:00"),
        ("2026年11月28日 22:00:00", (), "2026-11-28T14:00:00"),
        ("2026-1-5 8:00", (), "2026-01-05T00:00:00"),
        ("2026年1月5日8时0分", (), "2026-01-05T00:00:00"),
        ("2026/11/28 24:00", (), "2026-11-28T16:00:00"),
        ("20261128220000", (DIGITS,), "2026-11-28T14:00:00"),
        ("28.11.2026 22:00", (DIGITS, DOTS), "2026-11-28T14:00:00"),
        ("5.1.2026 24:00", (DOTS,), "2026-01-05T16:00:00"),
        ("5-Jan-2026 8:00 -0330", ("%d-%b-%Y %H:%M %z",), "2026-01-05T11:30:00"),
        ("46019.5", ("excel",), "2025-12-28T04:00:00"),
        ("2026-11-28", ("%Y-%m-%d",), "2026-11-27T16:00:00"),
    ],
)
def test_a_message_and_a_file_read_the_same_time(
    value: str, patterns: tuple[str, ...], expected: str
) -> None:
    at_us = read_written(value, patterns, SHANGHAI, None)
    assert from_us(at_us).isoformat() == f"{expected}+00:00"
    said = {"layout": "wide", "zone": SHANGHAI.key, "device": "d", "channels": {"t": {}}}
    mapping = check_mapping(said | {"time_format": patterns}, "x.toml")
    times = read_times(pa.array([value]), mapping, np.zeros(1, np.int64))
    assert (times.at_us.tolist(), times.why.tolist()) == ([at_us], [""])


def test_numbers_of_json_are_read_by_their_digits() -> None:
    assert read_written(20261128220000, (DIGITS,), SHANGHAI, None) == 1_795_874_400_000_000
    assert read_written(Decimal("46019.5"), ("excel",), SHANGHAI, None) == 1_766_894_400_000_000


@pytest.mark.parametrize(
    ("value", "patterns", "why"),
    [
        ("28.11.2026 22:00", (), "is not ISO 8601"),
        ("2026-11-28 22:00", (DOTS, DIGITS), r"is not as time_format = '%d.*S' says"),
        ("x", ("excel",), "is not as time_format"),
        (True, (DIGITS,), "time True is not as"),
        ([], (DIGITS,), r"time \[\] is not as"),
        ("29.2.2026 22:00", (DOTS,), "is not as"),
    ],
)
def test_what_no_pattern_fits_is_refused(
    value: object, patterns: tuple[str, ...], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        read_written(value, patterns, SHANGHAI, None)


def test_local_times_follow_the_rule_of_all_local_times() -> None:
    belgrade = ZoneInfo("Europe/Belgrade")
    with pytest.raises(ValueError, match="does not exist in Europe/Belgrade"):
        read_written("29.3.2026 02:30", (DOTS,), belgrade, None)
    with pytest.raises(ValueError, match="no offset and its feed no zone"):
        read_written("29.3.2026 02:30", (DOTS,), None, None)
    late = read_written("25.10.2026 02:30", (DOTS,), belgrade, 1_792_891_800_000_000)
    assert late - read_written("25.10.2026 02:30", (DOTS,), belgrade, None) == 3_600_000_000


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("1.1.1969 0:00", DOTS),
        ("1.1.2300 0:00", DOTS),
        ("31.12.9999 24:00", DOTS),
        ("2e5", "excel"),
    ],
)
def test_years_that_no_reading_has_are_out_of_range(value: str, pattern: str) -> None:
    with pytest.raises(TimeRange):
        read_written(value, (pattern,), SHANGHAI, None)
