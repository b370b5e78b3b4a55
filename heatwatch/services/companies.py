"""Which company a command is about, and what of the registry is its own."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.config_tables import CompanyConfig
from heatwatch.selection import company_of, refuse_empty_registry
from heatwatch.wiring import World
from reports.filing.seasons import seasons_of
from store.books.registry import Place, Season
from store.registry.places import Tree, tree


def company_id(world: World, company: str) -> int:
    """Place id of the company; WrongCall where the registry has no such company."""
    query = select(Place.code, Place.id).where(Place.kind == PlaceKind.COMPANY.value)
    with Session(world.books) as session:
        found: dict[str, int] = {row.code: row.id for row in session.execute(query)}
    if company not in found:
        refuse_empty_registry(world)
        known = ", ".join(sorted(found)) or msg("none yet")
        raise WrongCall(
            msg(
                "company {company!r} is not in the registry; allowed: {known}",
                company=company,
                known=known,
            )
        )
    return found[company]


def network_of(world: World, company: str) -> Tree:
    """The company's place and what is below it; WrongCall where the registry has no such company."""
    place = company_id(world, company)
    return tree(world.books).within(place)


def refuse_others_season(world: World, company: str, season: str) -> None:
    """WrongCall where the season is not one of the company's; names those that are."""
    own = [each.code for each in seasons_of(world.books, company)]
    if season not in own:
        refuse_empty_registry(world)
        raise WrongCall(
            msg(
                "season {season!r} is not known; allowed: {allowed} of company {company!r}",
                season=season,
                company=company,
                allowed=", ".join(own) or msg("none yet"),
            )
        )


def chosen_season(world: World, company: str, code: str) -> Season:
    """The company's season with this code; "": the running or last one. WrongCall names the others."""
    own = seasons_of(world.books, company)
    begun = [each for each in own if each.since <= world.now()]
    if code:
        refuse_others_season(world, company, code)
        return next(each for each in own if each.code == code)
    if not begun:
        raise WrongCall(
            msg(
                "no season of company {company!r} has begun; allowed: {allowed} with --season",
                company=company, allowed=", ".join(each.code for each in own) or msg("none yet"),
            )
        )  # fmt: skip
    return begun[-1]


def company_of_season(world: World, code: str, season: str) -> CompanyConfig:
    """The company of `--company`, once the season is seen to be one of its own."""
    company = company_of(world.config, code)
    refuse_others_season(world, company.code, season)
    return company


def refused_messages(world: World, company: CompanyConfig, received: Span) -> int:
    """How many messages of the company's feeds, received within a span, were refused and kept."""
    counts = world.journal.refused_by_feed(received)
    is_own = own_feeds(world, company)
    return sum(count for feed, count in counts.items() if is_own(feed))


def own_feeds(world: World, company: CompanyConfig) -> Callable[[str], bool]:
    """Whether a feed is the company's: one that it names, or where it names none, that no other does."""
    if not world.config.companies:
        return lambda _feed: True
    if company.feeds:
        return lambda feed: feed in company.feeds
    others = {
        feed
        for each in world.config.all_companies
        if each.code != company.code
        for feed in each.feeds
    }
    return lambda feed: feed not in others
