"""Spans and local civil days. `now` is always an argument; inside, time is aware UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.language import msg

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


def from_us(at_us: int) -> datetime:
    """Microseconds since the epoch as aware UTC."""
    return EPOCH + timedelta(microseconds=int(at_us))


def known_zone(name: str) -> str:
    """The name of an IANA time zone as it is; ValueError where there is none of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(msg("not an IANA time zone, e.g. Asia/Shanghai")) from None
    return name


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
