"""When the clocks of a zone show each time once: what the compiled reader may read without its codec."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

#: Local times outside these years are left to the codec.
YEARS = (2000, 2060)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=7)  # no zone changes twice within a week
_US = timedelta(microseconds=1)


@lru_cache(16)
def clear_times(zone: ZoneInfo) -> tuple[tuple[int, int, int], ...]:
    """(since, until, offset) [µs] of local times, half-open, that the zone's clocks show once.

    Hours that a clock change repeats or skips lie between the rows; UTC is local less offset.
    """
    rows = []
    since, end = (datetime(year, 1, 1, tzinfo=UTC) for year in YEARS)
    while since < end:
        until = _next_change(zone, since, end)
        rows.append((_us(since), _us(until), _offset(zone, since) // _US))
        since = until
    local = [(begin + offset, stop + offset, offset) for begin, stop, offset in rows]
    return tuple(
        (
            max(begin, local[i - 1][1]) if i else begin,
            min(stop, local[i + 1][0]) if i + 1 < len(local) else stop,
            offset,
        )
        for i, (begin, stop, offset) in enumerate(local)
    )


def _us(at: datetime) -> int:
    return (at - _EPOCH) // _US


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _next_change(zone: ZoneInfo, since: datetime, end: datetime) -> datetime:
    """The first second of another offset, `end` where there is none before it."""
    known, before = _offset(zone, since), since
    while before < end:
        after = min(before + _STEP, end)
        if _offset(zone, after) != known:
            break
        before = after
    else:
        return end
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(zone, middle) == known else (before, middle)
    return after
