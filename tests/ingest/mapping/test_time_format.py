"""Times as people write them."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from domain.time import from_us, to_us
from ingest.kernels.text import AWARE, LOCAL
from ingest.mapping.time_format import TimeFormat


def read(pattern: str, *cells: str) -> list[str | None]:
    """Each cell as ISO 8601, None where the pattern does not fit."""
    whole = [cell.encode() for cell in cells]
    offsets = np.cumsum([0, *map(len, whole)])
    data = np.frombuffer(b"".join(whole) or b"\0", dtype=np.uint8)
    at_us, kind = np.zeros(len(cells), np.int64), np.zeros(len(cells), np.uint8)
    TimeFormat.of(pattern).read(data, offsets, at_us, kind)
    ends = {LOCAL: "", AWARE: "Z"}
    return [
        f"{from_us(us).isoformat().removesuffix('+00:00')}{ends[each]}" if each else None
        for us, each in zip(at_us.tolist(), kind.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("pattern", "cell", "want"),
    [
        ("%Y年%m月%d日 %H:%M", "2025年1月5日 8:05", "2025-01-05T08:05:00"),
        ("%Y年%m月%d日%H时%M分%S秒", "2025年12月31日24时00分00秒", "2026-01-01T00:00:00"),
        ("%Y年%m月%d日 %p%I:%M", "2025年1月5日 下午3:05", "2025-01-05T15:05:00"),
        ("%Y年%m月%d日 %A %p%I:%M", "2025年1月5日 星期日 上午12:05", "2025-01-05T00:05:00"),
        ("%Y/%m/%d %H:%M", "2025/1/5 24:00", "2025-01-06T00:00:00"),
        ("%Y/%m/%d %H:%M", "2025/1/5\u3000 8:00\t", "2025-01-05T08:00:00"),
        ("%d.%m.%Y %H:%M:%S", "5.1.2025 08:00:01", "2025-01-05T08:00:01"),
        ("%d/%m/%y %I:%M %p", "05/01/25 12:00 PM", "2025-01-05T12:00:00"),
        ("%m/%d/%Y %I:%M:%S %p", "1/5/2025 12:00:00 am", "2025-01-05T00:00:00"),
        ("%d-%b-%Y %H:%M", "05-Jan-2025 08:00", "2025-01-05T08:00:00"),
        ("%a, %d %B %Y %T %z", "Sun, 5 January 2025 08:00:00 +0800", "2025-01-05T00:00:00Z"),
        ("%Y%m%d%H%M%S", "20250105080000", "2025-01-05T08:00:00"),
        ("%F %T,%f", "2025-01-05 08:00:00,123456789", "2025-01-05T08:00:00.123456"),
        ("%FT%T%z", "2025-01-05T08:00:00-03:30", "2025-01-05T11:30:00Z"),
        ("%d.%m.%Y", "29.02.2024", "2024-02-29T00:00:00"),
        ("%d.%m.%Y %H:%M %%", "5.1.2025 8:00 %", "2025-01-05T08:00:00"),
    ],
)
def test_a_pattern_reads_what_it_says(pattern: str, cell: str, want: str) -> None:
    assert read(pattern, cell, "", cell) == [want, None, want]


@pytest.mark.parametrize(
    ("pattern", "cell"),
    [
        ("%Y/%m/%d %H:%M", "2025/2/29 08:00"),
        ("%Y/%m/%d %H:%M", "2025/13/5 08:00"),
        ("%Y/%m/%d %H:%M", "2025/1/5 24:01"),
        ("%Y/%m/%d %H:%M", "2025/1/5 8:00x"),
        ("%Y/%m/%d %H:%M", "2025/1/5"),
        ("%d.%m.%Y %H:%M", "0.1.2025 08:00"),
        ("%Y%m%d%H%M%S", "2025155080000"),  # two ways to read it
        ("%d/%m/%Y %I:%M %p", "5/1/2025 13:00 PM"),
        ("%d/%m/%Y %I:%M %p", "5/1/2025 1:00 XM"),
        ("%d-%b-%Y", "05-Jam-2025"),
        ("%FT%T%z", "2025-01-05T08:00:00+24:00"),
        ("%F %T,%f", "2025-01-05 08:00:00,"),
    ],
)
def test_what_does_not_fit_is_no_time(pattern: str, cell: str) -> None:
    assert read(pattern, cell) == [None]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "whole date"),
        ("%H:%M", "whole date"),
        ("%Y-%m", "whole date"),
        ("%Y-%m-%d %Q", "'%Q' is not known; allowed: %Y"),
        ("%Y-%m-%d %", "'%' is not known"),
        ("%Y-%m-%d %m", "%m is there twice"),
        ("%Y-%m-%d %y", "two directives say the same"),
        ("%Y-%m-%d %I:%M", "%I is the hour of twelve"),
        ("%Y-%m-%d %H:%M %p", "%p needs %I"),
        ("%Y-%m-%d" + "x" * 200, "up to 100 characters"),
    ],
)
def test_a_pattern_that_can_not_be_says_why(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match="(?s)" + says.replace("(", r"\(")):
        TimeFormat.of(pattern)


@pytest.mark.parametrize("seed", [1, 2])
def test_times_of_any_year_are_read_as_the_library_reads_them(seed: int) -> None:
    chance = random.Random(seed)
    patterns = ["%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M", "%b %d %Y %I:%M %p", "%Y%m%d%H%M%S.%f"]
    for pattern in patterns:
        when = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(7 * 10**9)) for _ in range(50)]  # fmt: skip
        cells = [each.strftime(pattern) for each in when]
        want = [datetime.strptime(cell, pattern).replace(tzinfo=UTC) for cell in cells]
        got = read(pattern, *cells)
        assert [to_us(datetime.fromisoformat(f"{each}+00:00")) for each in got] == list(map(to_us, want))  # fmt: skip
