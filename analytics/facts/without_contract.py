"""Households of the registry that have no contract of a season: they are in none of its runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, or_, select

from domain.language import Text, joined, plural
from domain.time import Span
from domain.tree import PlaceKind, Tree
from store.books.current import AsKnown, Contract
from store.books.registry import Place, Season
from store.evidence.since import Since
from store.registry.places import tree

#: So many are named in a sentence.
NAMED = 10


def without_contract(link: Connection, season: Season, network: Tree) -> dict[str, datetime]:
    """Code -> since when it is there, of the network's households in the season; by code.

    Whoever has a contract of another season at the same time is settled there.
    """
    span = Span(season.since, season.until)
    there = select(Place.id, Place.code, Place.since).where(
        Place.kind == PlaceKind.HOUSEHOLD.value, Place.since < span.until,
        or_(Place.until.is_(None), Place.until > span.since),
    )  # fmt: skip
    same_time = select(Season.id).where(Season.since < span.until, Season.until > span.since)
    having = select(Contract.household_id).where(Contract.season_id.in_(same_time))
    settled, own = set(link.scalars(having)), set(network.of_kind(PlaceKind.HOUSEHOLD).tolist())
    return {
        code: max(since, span.since)
        for home, code, since in link.execute(there.order_by(Place.code))
        if home in own and home not in settled
    }


def contracts_beside(engine: Engine, season: Season, household: int, known: Since) -> list[str]:
    """Codes of the company's other seasons that cover days of one, of which a household, a place id, had a
    contract by then."""
    contract = AsKnown(known.by_then()).Contract
    query = select(Season.code).where(
        Season.company_id == season.company_id, Season.id != season.id,
        Season.since < season.until, Season.until > season.since,
        Season.id.in_(select(contract.season_id).where(contract.household_id == household)),
    )  # fmt: skip
    with engine.connect() as link:
        return list(link.scalars(query.order_by(Season.code)))


def codes_without(engine: Engine, season: Season) -> list[str]:
    """Codes of the households of a season's company that have no contract of it."""
    network = tree(engine).within(season.company_id)
    with engine.connect() as link:
        return [*without_contract(link, season, network)]


def told(codes: Sequence[str], season: str) -> Text:
    """Which they are, at least one, that no run has them, and what to do."""
    more = [] if len(codes) <= NAMED else ["…"]
    return plural(
        "{n} household has no contract of season {season} and is in no run of it: {codes}. Record its "
        "contract: heatwatch evidence record contracts household={first} season={season} season_fee=FEE "
        "currency=CNY",
        "{n} households have no contract of season {season} and are in no run of it: {codes}. Record "
        "their contracts: heatwatch evidence record contracts household={first} season={season} "
        "season_fee=FEE currency=CNY",
        n=len(codes), season=season, codes=joined(", ", [*codes[:NAMED], *more]), first=codes[0],
    )  # fmt: skip
