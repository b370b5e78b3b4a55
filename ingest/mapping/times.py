"""Event times as devices write them, as microseconds since the epoch.

Local times without offset follow one rule: in the hour that a clock change repeats, the pass
counts that is nearer to the receipt (the first, summer time, where none is known), a time that a
clock change skips is refused, because a clock that shows it does not follow the zone that its
feed declares.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from domain.time import to_us

#: Known epoch mistakes are undone only where the result lies in here.
YEAR_2000_US = 946_684_800_000_000
YEAR_2100_US = 4_102_444_800_000_000
#: No reading is kept before the epoch or past this.
YEAR_2200_US = 7_258_118_400_000_000

#: Microseconds of one unit.
SCALE = {
    "s": Decimal(1_000_000),
    "ms": Decimal(1_000),
    "us": Decimal(1),
    "ns": Decimal("0.001"),
}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # of a clock without a zone
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}[T ])24(:00(?::00(?:[.,]0+)?)?)(?=\Z|[Zz+-])", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?\Z", re.ASCII)
#: Native numbers below this are seconds, others milliseconds: 5138 CE or 1973.
_SECONDS_BELOW = 10**11


class TimeRange(ValueError):
    """A time that no reading can have."""


def read_time(
    value: object,
    unit: str = "auto",
    zone: ZoneInfo | None = None,
    received_us: int | None = None,
) -> tuple[int, bool]:
    """(µs since the epoch UTC, whether an epoch mistake was undone) of a decoded JSON value.

    `unit` is "auto" (seconds or milliseconds by size), "s", "ms", "us", "ns" or "iso".
    `received_us`, the time of receipt, tells which pass of a repeated hour is meant. Raises
    TimeRange for times before 1970 or after 2199, ValueError where it can't be read.

    >>> read_time("2026-11-22T06:00:00Z")
    (1795327200000000, False)
    >>> read_time(1764000000, "ms")
    (1764000000000000, True)
    """
    at_us, corrected = _read(value, unit, zone, received_us)
    return in_range(at_us, value), corrected


def in_range(at_us: int, value: object) -> int:
    """The time itself [µs]; TimeRange where no reading can have it, which was written as `value`."""
    if not 0 <= at_us < YEAR_2200_US:
        raise TimeRange(f"time {value} lies outside 1970 to 2199")
    return at_us


def _read(
    value: object, unit: str, zone: ZoneInfo | None, received_us: int | None
) -> tuple[int, bool]:
    if isinstance(value, str) and not _NUMBER.match(value):
        return _from_iso(value, zone, received_us), False
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError(f"time {value!r} is neither a number nor ISO 8601 text")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"time {value!r} is not a number") from None
    return _from_number(number, unit)


def _from_number(number: Decimal, unit: str) -> tuple[int, bool]:
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise TimeRange(f"time {number} lies outside 1970 to 2199")
    if unit in {"auto", "iso"}:
        return _scaled(number, "s" if abs(number) < _SECONDS_BELOW else "ms"), False
    return _corrected(number, unit)


def _corrected(number: Decimal, unit: str) -> tuple[int, bool]:
    """Seconds given where milliseconds are declared land in January 1970, the reverse past 2100."""
    at_us = _scaled(number, unit)
    if at_us < YEAR_2000_US or at_us >= YEAR_2100_US:
        for other in SCALE:
            guess = _scaled(number, other)
            if other != unit and YEAR_2000_US <= guess < YEAR_2100_US:
                return guess, True
    return at_us, False


def _scaled(number: Decimal, unit: str) -> int:
    return int((number * SCALE[unit]).to_integral_value(rounding=ROUND_HALF_EVEN))


def _from_iso(text: str, zone: ZoneInfo | None, received_us: int | None) -> int:
    if not _ISO.match(text):
        raise ValueError(f"time {text!r} is not ISO 8601, e.g. 2026-11-22T06:00:00Z")
    written, midnight = _MIDNIGHT.subn(r"\g<1>00\2", text)  # 24:00 is the next day's 00:00
    try:
        at = datetime.fromisoformat(written) + timedelta(days=midnight)
    except ValueError:
        raise ValueError(f"time {text!r} is not ISO 8601, e.g. 2026-11-22T06:00:00Z") from None
    except OverflowError:
        raise TimeRange(f"time {text} lies outside 1970 to 2199") from None
    return _utc(at, zone, received_us)


def utc_of(local_us: int, zone: ZoneInfo | None, received_us: int | None) -> int:
    """µs UTC of a local time, given as µs since 1970 by its own clock; the rule of this file."""
    try:
        at = _EPOCH + timedelta(microseconds=local_us)
    except OverflowError:
        raise TimeRange(f"time {local_us} lies outside 1970 to 2199") from None
    return _utc(at, zone, received_us)


def _utc(at: datetime, zone: ZoneInfo | None, received_us: int | None) -> int:
    try:
        if at.tzinfo is None:
            at = _local(at, zone, received_us)
        return to_us(at.astimezone(UTC))
    except OverflowError:  # 0001-01-01 east of UTC, 9999-12-31 west of it
        raise TimeRange(f"time {at.isoformat()} lies outside 1970 to 2199") from None


def _local(at: datetime, zone: ZoneInfo | None, received_us: int | None) -> datetime:
    if zone is None:
        raise ValueError(f"time {at.isoformat()} has no offset and its feed no zone")
    there = at.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at:
        raise ValueError(
            f"time {at.isoformat()} does not exist in {zone.key}: its clock change skips it"
        )
    second = there.replace(fold=1)
    if received_us is None or second.utcoffset() == there.utcoffset():
        return there
    passes = (there, second)
    return min(passes, key=lambda each: abs(to_us(each.astimezone(UTC)) - received_us))
