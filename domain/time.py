"""Spans and local civil days. `now` is always an argument; inside, time is aware UTC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.language import msg

#: A date that begins with its year, as people write it: 2026/1/5 8:00, 2026年1月5日 8时30分.
_PLAIN = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[T\s]*(\d{1,2})(?:[:：](\d\d)(?:[:：](\d\d))?|时(?:(\d{1,2})分(?:(\d{1,2})秒)?)?))?"
    r"\s?(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_FIXED = re.compile(r"Etc/GMT([+-](?!0)\d{1,2})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
US = timedelta(microseconds=1)
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US


def to_us(at: datetime) -> int:
    """Microseconds since the epoch, exact; naive datetimes are refused.

    >>> to_us(datetime(2026, 1, 1, tzinfo=UTC))
    1767225600000000
    """
    if at.tzinfo is None:
        raise ValueError(f"expected a datetime with zone, got {at.isoformat()} without")
    return (at - EPOCH) // US


def standard_zone(zone: str) -> ZoneInfo:
    """The standard time of a zone all year, by its rules of 2026; ValueError where that is no whole hour.

    >>> standard_zone("Europe/Belgrade").key
    'Etc/GMT-1'
    """
    known = ZoneInfo(zone)
    hours = min(
        (datetime(2026, month, 15, tzinfo=known).utcoffset() or timedelta()) / timedelta(hours=1)
        for month in (1, 7)
    )
    if hours != int(hours):
        raise ValueError(
            msg("zone {zone!r} is {hours} h from UTC; allowed: whole hours", zone=zone, hours=hours)
        )
    return ZoneInfo(f"Etc/GMT{-int(hours):+d}" if hours else "Etc/GMT")


def from_us(at_us: int) -> datetime:
    """Microseconds since the epoch as aware UTC."""
    return EPOCH + timedelta(microseconds=int(at_us))


def written_time(text: str) -> datetime:
    """ISO 8601, or a date that begins with its year and a time of day, as people write them.

    24:00 is the next day's midnight. ValueError where it is neither.

    >>> written_time("2026/1/5 8:00").isoformat(), written_time("2026年1月5日24时").isoformat()
    ('2026-01-05T08:00:00', '2026-01-06T00:00:00')
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        match = _PLAIN.fullmatch(text)
        if match is None:
            raise
    parts = [int(each) for each in match.groups()[:-1] if each is not None]
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    end = (hour, minute, second) == (24, 0, 0)
    clock = f"{0 if end else hour:02}:{minute:02}:{second:02}"
    offset = match[match.re.groups] or ""
    at = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{clock}{offset}")
    try:
        return at + timedelta(days=end)
    except OverflowError:
        raise ValueError(f"{text!r} is not a time") from None


def written_day(text: str) -> date:
    """A civil day as people and spreadsheets write it, year first; ValueError where it is none.

    >>> written_day("2026/4/9 0:00"), written_day("2026年4月9日")
    (datetime.date(2026, 4, 9), datetime.date(2026, 4, 9))
    """
    at = written_time(text)
    if at.tzinfo or at.time() != time() or "24:00" in text or "24时" in text:
        raise ValueError(f"{text!r} is not a day")
    return at.date()


def known_zone(name: str) -> str:
    """The name of an IANA time zone as it is; ValueError where there is none of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(msg("not an IANA time zone, e.g. Asia/Shanghai")) from None
    return name


def civil_zone(name: str) -> str:
    """A known zone that has civil days; ValueError for Etc/GMT+8, which is eight hours behind UTC."""
    zone = known_zone(name)
    if match := _FIXED.fullmatch(zone):
        hours = -int(match[1])
        raise ValueError(
            msg(
                "is UTC{offset}, as the sign in these names is the other way round; allowed: the "
                "zone of a place, e.g. Asia/Shanghai",
                offset=f"{hours:+03d}:00",
            )
        )
    return zone


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open: `since <= t < until`, aware."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a span needs times with zone")
        if self.until < self.since:
            raise ValueError(f"span ends {self.until} before it begins {self.since}")

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """First instant of a local civil day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The local civil day that holds this instant."""
    return at.astimezone(zone).date()


def local_days(span: Span, zone: ZoneInfo) -> Iterator[tuple[date, Span]]:
    """Each local civil day that has an instant in `span`, with its whole span (23, 24 or 25 h).

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> spring = Span(datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    >>> [(d.isoformat(), (s.until - s.since).total_seconds() / 3600) for d, s in local_days(spring, berlin)]
    [('2026-03-29', 23.0)]
    """
    day = local_day(span.since, zone)
    while (start := day_start(day, zone)) < span.until:
        after = day + timedelta(days=1)
        yield day, Span(start, day_start(after, zone))
        day = after
