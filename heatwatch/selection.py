"""The period, place and data version that a command or a call of the library is about."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span, day_start, local_day, written_day, written_time
from heatwatch.wiring import World

if TYPE_CHECKING:
    from analytics.heat.meters import Meters
    from domain.quantity import Role
    from domain.tree import Tree
    from heatwatch.config_tables import CompanyConfig, Config

#: Sums over more than this might not fit their integers; a season is shorter.
MOST = timedelta(days=366)
#: Civil days that can be asked about, in any zone.
FIRST, LAST = date(1971, 1, 1), date(9998, 12, 31)


class Names(NamedTuple):
    """What the caller calls the parts of a selection, so that an error names what was written."""

    season: str
    since: str
    until: str
    as_of: str


OPTIONS = Names("--season", "--since", "--until", "--as-of")
PARAMETERS = Names("season", "since", "until", "as_of")


def chosen_span(
    world: World, company: str, season: str, since: str, until: str, names: Names = OPTIONS
) -> tuple[Span, ZoneInfo]:
    """A season of the company, or since and until; by default its season that is running or was last.

    Nothing is known of what comes after `now`, so the span ends there at the latest. Days and times
    are of the company's zone, which is given, too.
    """
    if season and (since or until):
        raise WrongCall(
            msg(
                "{season} and {since}/{until} exclude each other: give one of them",
                season=names.season, since=names.since, until=names.until,
            )
        )  # fmt: skip
    if since:
        zone = zone_of(world, company, world.now())
        span = given_span(world, zone, since, until, names)
    elif until:
        raise WrongCall(
            msg(
                "{option} {text} needs {other}",
                option=names.until, text=until, other=names.since,
            )
        )  # fmt: skip
    else:
        span, zone = _season(world, company, season, names)
    return _short_enough(until_now(span, world.now(), zone), names), zone


def any_span(world: World, company: str, season: str, since: str, until: str) -> Span:
    """The same, where what is given may be of any length: each series' time is only counted."""
    if since and not season:
        return given_span(world, zone_of(world, company, world.now()), since, until)
    return chosen_span(world, company, season, since, until)[0]


def zone_of(world: World, company: str, now: datetime) -> ZoneInfo:
    """The zone of the company's newest season that has begun, else the city's."""
    from reports.filing.seasons import seasons_of  # here: help needs no books

    begun = [each.zone for each in seasons_of(world.books, company) if each.since <= now]
    return ZoneInfo(begun[-1] if begun else world.config.city.zone)


def given_span(
    world: World, zone: ZoneInfo, since: str, until: str, names: Names = OPTIONS
) -> Span:
    """From since to until or now; WrongCall where one is no time or they are the wrong way round."""
    now = world.now()
    begins = local_time(since, names.since, zone)
    ends = local_time(until, names.until, zone) if until else now
    if ends <= begins:
        if until:
            raise WrongCall(
                msg(
                    "{option} {text} is not before {other} {end}",
                    option=names.since, text=since, other=names.until, end=until,
                )
            )  # fmt: skip
        raise WrongCall(
            msg(
                "{option} {text} is not before {other}, by default now ({at})",
                option=names.since, text=since, other=names.until, at=f"{now:%Y-%m-%dT%H:%MZ}",
            )
        )  # fmt: skip
    return Span(begins, ends)


def local_time(text: str, option: str, zone: ZoneInfo) -> datetime:
    """A local civil day or time, or a time with offset, as UTC; WrongCall names the option or parameter."""
    try:
        at = written_time(text)
    except ValueError:
        raise WrongCall(
            msg(
                "{option} {text!r} is not a time: expected YYYY-MM-DD or YYYY-MM-DDTHH:MM",
                option=option, text=text,
            )
        ) from None  # fmt: skip
    possible_day(at.date(), option, text)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def given_day(text: str, option: str) -> date:
    """A local civil day, YYYY-MM-DD; WrongCall names the option."""
    try:
        day = written_day(text)
    except ValueError:
        raise WrongCall(
            msg(
                "{option} {text!r} is not a day; expected YYYY-MM-DD",
                option=option, text=text,
            )
        ) from None  # fmt: skip
    return possible_day(day, option, text)


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


def chosen_version(world: World, number: int | None, names: Names = OPTIONS) -> int | None:
    """The data version (flush) that was named, None for now; WrongCall where there is none of this number."""
    newest = 0 if number is None else world.readings.lake.last_flush().number
    if number is None or 1 <= number <= newest:
        return number
    if newest:
        known = msg("allowed: 1 to {newest}, the newest", newest=newest)
    else:
        known = msg("nothing has been kept yet")
    raise WrongCall(
        msg(
            "{option} {number} is no data version; {known}",
            option=names.as_of, number=number, known=known,
        )
    )  # fmt: skip


def company_of(config: "Config", code: str = "") -> "CompanyConfig":
    """The company with this code, or the only one; WrongCall names those there are."""
    known = {each.code: each for each in config.all_companies}
    if not code and len(known) == 1:
        return next(iter(known.values()))
    if code in known:
        return known[code]
    allowed = ", ".join(known)
    if not code:
        raise WrongCall(
            msg("--company is needed where there are several; allowed: {allowed}", allowed=allowed)
        )
    raise WrongCall(
        msg(
            "--company {code!r} is not in the configuration; allowed: {allowed}",
            code=code,
            allowed=allowed,
        )
    )


def refuse_empty_registry(world: World) -> None:
    """WrongCall where the registry has no place: nothing has been imported, or it is another's."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from store.books.registry import Place

    with Session(world.books) as session:
        known = session.scalars(select(Place.id).limit(1)).first()
    if known is None:
        raise WrongCall(
            msg(
                "the registry is empty (configuration {path}): "
                "bring one in with heatwatch registry import FOLDER",
                path=world.path,
            )
        )


def place_of(world: World, places: "Tree", code: str, company: str = "") -> int:
    """Place id of a code, by default of the company; WrongCall where it is not there, or another's."""
    wanted = code or company_of(world.config, company).code
    row = places.row_of(wanted)
    if row is None:
        refuse_empty_registry(world)
        raise WrongCall(
            msg(
                "place {place!r} is not in the registry ({n} places)",
                place=wanted,
                n=len(places.codes),
            )
        )
    place = int(places.ids[row])
    if company and places.company(place) != company_of(world.config, company).code:
        raise WrongCall(
            msg(
                "--place {place!r} is not of company {company!r}; allowed: its own places",
                place=wanted, company=company,
            )
        )  # fmt: skip
    return place


def only_company(world: World) -> str:
    """Code of the one company; WrongCall where there are several, of which a place chooses."""
    known = [each.code for each in world.config.all_companies]
    if len(known) > 1:
        raise WrongCall(
            msg(
                "a place is needed where there are several companies; allowed: {allowed}, "
                "or any place below one",
                allowed=", ".join(known),
            )
        )
    return known[0]


def _season(world: World, company: str, code: str, names: Names) -> tuple[Span, ZoneInfo]:
    from reports.filing.seasons import seasons_of  # here: help needs no books

    seasons = seasons_of(world.books, company)
    begun = [each for each in seasons if _utc(each.since) <= world.now()]
    found = [each for each in seasons if each.code == code] if code else begun[-1:]
    if not found:
        known = ", ".join(each.code for each in seasons) or msg("none")
        wrong = msg("season {code!r} is none of company {company!r}", code=code, company=company)
        raise WrongCall(
            msg(
                "{wrong}; there are: {known}. Or give {since} and {until}",
                wrong=wrong if code else msg("no season has begun"), known=known,
                since=names.since, until=names.until,
            )
        )  # fmt: skip
    season = found[0]
    return Span(_utc(season.since), _utc(season.until)), ZoneInfo(season.zone)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def until_now(span: Span, now: datetime, zone: ZoneInfo) -> Span:
    """What of a span is over by `now`; WrongCall, with today in the zone, where it has not begun."""
    if span.since >= now:
        raise WrongCall(
            msg(
                "nothing is known yet: {since} has not begun; today is {today} ({zone})",
                since=_day_or_time(span.since, zone), today=local_day(now, zone), zone=zone.key,
            )
        )  # fmt: skip
    return Span(span.since, min(span.until, now))


def _day_or_time(at: datetime, zone: ZoneInfo) -> str:
    """As `local_time` reads it: a day where it is its midnight."""
    local = at.astimezone(zone)
    if at == day_start(local.date(), zone):
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%dT%H:%M}"


def _short_enough(span: Span, names: Names) -> Span:
    if span.until - span.since > MOST:
        raise WrongCall(
            msg(
                "{days} days are too many: at most {most} days; give {until}, or a later {since}",
                days=(span.until - span.since).days, most=MOST.days,
                until=names.until, since=names.since,
            )
        )  # fmt: skip
    return span


def meters_of(world: World, places: "Tree", role: "Role", version: int | None) -> "Meters":
    """The meters of a network: registers of a role, as of a data version."""
    from analytics.heat.meters import Meters

    return Meters(world.books, world.readings, world.index, places, world.now(), role, version)
