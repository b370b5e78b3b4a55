"""The span a command is asked about: a season of the registry, or two local times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.time import Span
from heatwatch.wiring import World
from store.books.registry import Season

#: Sums over more than this might not fit their integers; a season is shorter.
MOST = timedelta(days=366)


def asked_span(world: World, season: str, since: str, until: str) -> tuple[Span, ZoneInfo]:
    """`--season` or `--since/--until`; by default the season that is running or was last.

    Nothing is known of what comes after `now`, so the span ends there at the latest.
    """
    zone = ZoneInfo(world.config.city.zone)
    if season and (since or until):
        raise WrongCall("--season and --since/--until exclude each other: give one of them")
    if since:
        span = _span(local_time(since, zone), local_time(until, zone) if until else world.now())
    elif until:
        raise WrongCall(f"--until {until} needs --since")
    else:
        span, zone = _season(world, season)
    return _until_now(span, world.now()), zone


def local_time(text: str, zone: ZoneInfo) -> datetime:
    """A local civil day or time, or a time with offset, as UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WrongCall(
            f"{text!r} is not a time: expected YYYY-MM-DD or YYYY-MM-DDTHH:MM"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _span(since: datetime, until: datetime) -> Span:
    if until <= since:
        raise WrongCall(f"--since {since.isoformat()} is not before --until {until.isoformat()}")
    return Span(since, until)


def _season(world: World, code: str) -> tuple[Span, ZoneInfo]:
    with Session(world.books) as session:
        seasons = list(session.scalars(select(Season).order_by(Season.since, Season.code)))
    begun = [each for each in seasons if _utc(each.since) <= world.now()]
    found = [each for each in seasons if each.code == code] if code else begun[-1:]
    if not found:
        known = ", ".join(each.code for each in seasons) or "none"
        asked = f"season {code!r} is not in the registry" if code else "no season has begun"
        raise WrongCall(f"{asked}; there are: {known}. Or give --since and --until")
    season = found[0]
    return Span(_utc(season.since), _utc(season.until)), ZoneInfo(season.zone)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _until_now(span: Span, now: datetime) -> Span:
    if span.since >= now:
        raise WrongCall(f"nothing is known yet: {span.since.isoformat()} is not before now")
    until = min(span.until, now)
    if until - span.since > MOST:
        raise WrongCall(f"{(until - span.since).days} days are asked for: at most {MOST.days} days")
    return Span(span.since, until)
