"""Types F, G and I of EN 13757-3, annex A, bit by bit."""

from datetime import date, datetime

import pytest

from ingest.codecs.mbus_dates import SummerTime, date_g, datetime_f, datetime_i


def bits(*parts: tuple[int, int]) -> bytes:
    """Bytes of (value, width), the lowest bit first."""
    whole = width = 0
    for value, size in parts:
        whole |= value << width
        width += size
    return whole.to_bytes(width // 8, "little")


def day(on: int, month: int, year: int) -> tuple[tuple[int, int], ...]:
    return (on, 5), (year & 7, 3), (month, 4), (year >> 3, 4)


@pytest.mark.parametrize(
    ("on", "month", "year", "meant"),
    [
        (31, 12, 24, date(2024, 12, 31)),
        (29, 2, 24, date(2024, 2, 29)),
        (1, 1, 80, date(2080, 1, 1)),
        (1, 1, 81, date(1981, 1, 1)),
        (29, 2, 25, None),  # no such day
        (0, 12, 24, None),  # every day
        (31, 15, 24, None),  # every month
        (31, 12, 127, None),  # every year
    ],
)
def test_a_date(on: int, month: int, year: int, meant: date | None) -> None:
    assert date_g(bits(*day(on, month, year))) == meant


@pytest.mark.parametrize(
    ("minute", "invalid", "hour", "hundreds", "summer", "meant"),
    [
        (30, 0, 8, 0, 0, "2026-01-05T08:30:00"),
        (30, 0, 8, 1, 1, "2026-01-05T08:30:00"),
        (30, 0, 8, 2, 0, "2126-01-05T08:30:00"),
        (30, 1, 8, 0, 0, None),
        (63, 0, 8, 0, 0, None),  # every minute
        (30, 0, 31, 0, 0, None),  # every hour
    ],
)
def test_a_time_of_minutes(
    minute: int, invalid: int, hour: int, hundreds: int, summer: int, meant: str | None
) -> None:
    rest = (hour, 5), (hundreds, 2), (summer, 1), *day(5, 1, 26)
    found = datetime_f(bits((minute, 6), (0, 1), (invalid, 1), *rest))
    assert (found and found.isoformat()) == meant
    assert found is None or isinstance(found, SummerTime) == bool(summer)


@pytest.mark.parametrize(("second", "invalid"), [(59, 0), (0, 1), (60, 0)])
def test_a_time_of_seconds(second: int, invalid: int) -> None:
    raw = bits(
        (second, 6), (0, 1), (0, 1), (30, 6), (0, 1), (invalid, 1), (8, 5), (1, 3), *day(5, 1, 26), (0, 8)
    )  # fmt: skip
    good = not invalid and second < 60
    found = datetime_i(raw)
    summer = datetime_i(bytes([raw[0] | 0x40]) + raw[1:])
    assert [type(each) for each in (found, summer) if good] == [datetime, SummerTime][: 2 * good]
    assert (found and found.isoformat()) == (f"2026-01-05T08:30:{second}" if good else None)
