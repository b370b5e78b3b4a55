"""The span a command is about: a season of the registry, or two local times."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span
from heatwatch.wiring import World

#: Sums over more than this might not fit their integers; a season is shorter.
MOST = timedelta(days=366)
#: Civil days that can be asked about, in any zone.
FIRST, LAST = date(1971, 1, 1), date(9998, 12, 31)


def asked_span(world: World, season: str, since: str, until: str) -> tuple[Span, ZoneInfo]:
    """`--season` or `--since/--until`; by default the season that is running or was last.

    Nothing is known of what comes after `now`, so the span ends there at the latest.
    """
    zone = ZoneInfo(world.config.city.zone)
    if season and (since or until):
        raise WrongCall(msg("--season and --since/--until exclude each other: give one of them"))
    if since:
        span = given_span(world, since, until)
    elif until:
        raise WrongCall(msg("--until {until} needs --since", until=until))
    else:
        span, zone = _season(world, season)
    return _until_now(span, world.now()), zone


def given_span(world: World, since: str, until: str) -> Span:
    """`--since` to `--until` or now; WrongCall where one is no time or they are the wrong way round."""
    zone, now = ZoneInfo(world.config.city.zone), world.now()
    begins = local_time(since, "--since", zone)
    ends = local_time(until, "--until", zone) if until else now
    if ends <= begins:
        if until:
            raise WrongCall(
                msg("--since {since} is not before --until {until}", since=since, until=until)
            )
        at = f"{now:%Y-%m-%dT%H:%MZ}"
        raise WrongCall(
            msg("--since {since} is not before --until, by default now ({at})", since=since, at=at)
        )
    return Span(begins, ends)


def local_time(text: str, option: str, zone: ZoneInfo) -> datetime:
    """A local civil day or time, or a time with offset, as UTC; WrongCall names the option."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WrongCall(
            msg(
                "{option} {text!r} is not a time: expected YYYY-MM-DD or YYYY-MM-DDTHH:MM",
                option=option, text=text,
            )
        ) from None  # fmt: skip
    possible_day(at.date(), option, text)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def possible_day(day: date, option: str, text: str) -> date:
    """The day, where there can be readings of it; WrongCall otherwise."""
    if not FIRST <= day <= LAST:
        raise WrongCall(
            msg(
                "{option} {text!r} is out of range; allowed: {first} to {last}",
                option=option, text=text, first=FIRST, last=LAST,
            )
        )  # fmt: skip
    return day


def asked_flush(world: World, number: int | None) -> int | None:
    """The data version (flush) that `--as-of` names, None for now; WrongCall where there was none of this number."""
    newest = 0 if number is None else world.readings.lake.last_flush().number
    if number is None or 1 <= number <= newest:
        return number
    if newest:
        known = msg("allowed: 1 to {newest}, the newest", newest=newest)
    else:
        known = msg("nothing has been kept yet")
    raise WrongCall(msg("--as-of {number} is no data version; {known}", number=number, known=known))


def _season(world: World, code: str) -> tuple[Span, ZoneInfo]:
    from sqlalchemy import select  # here: help needs no books
    from sqlalchemy.orm import Session

    from store.books.registry import Season

    with Session(world.books) as session:
        seasons = list(session.scalars(select(Season).order_by(Season.since, Season.code)))
    begun = [each for each in seasons if _utc(each.since) <= world.now()]
    found = [each for each in seasons if each.code == code] if code else begun[-1:]
    if not found:
        known = ", ".join(each.code for each in seasons) or msg("none")
        wrong = msg("season {code!r} is not in the registry", code=code)
        raise WrongCall(
            msg(
                "{wrong}; there are: {known}. Or give --since and --until",
                wrong=wrong if code else msg("no season has begun"), known=known,
            )
        )  # fmt: skip
    season = found[0]
    return Span(_utc(season.since), _utc(season.until)), ZoneInfo(season.zone)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _until_now(span: Span, now: datetime) -> Span:
    if span.since >= now:
        raise WrongCall(
            msg("nothing is known yet: {since} is not before now", since=span.since.isoformat())
        )
    until = min(span.until, now)
    if until - span.since > MOST:
        raise WrongCall(
            msg(
                "{days} days are too many: at most {most} days; give --until, or a later --since",
                days=(until - span.since).days, most=MOST.days,
            )
        )  # fmt: skip
    return Span(span.since, until)
