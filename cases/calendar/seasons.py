"""What a case needs to know of its season."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span
from domain.tree import PlaceKind
from store.books.registry import Season
from store.registry.places import tree


@dataclass(frozen=True, slots=True)
class SeasonCase:
    """A season, whose it is, and under which policy."""

    span: Span
    policy: str
    homes: frozenset[int]  # place ids of the company's households
    places: frozenset[int]  # of all its places


def season_of(engine: Engine, code: str) -> SeasonCase:
    """The season with this code; WrongCall names those that there are."""
    with engine.connect() as connection:
        query = select(Season.code, Season.since, Season.until, Season.policy, Season.company_id)
        found = {row.code: row for row in connection.execute(query)}
    if code not in found:
        known = ", ".join(sorted(found)) or "none"
        raise WrongCall(
            msg(
                "season {code!r} is not in the registry; there are: {known}", code=code, known=known
            )
        )
    row = found[code]
    network = tree(engine).within(row.company_id)
    homes = network.of_kind(PlaceKind.HOUSEHOLD)
    return SeasonCase(
        Span(row.since, row.until),
        row.policy,
        frozenset(homes.tolist()),
        frozenset(network.ids.tolist()),
    )
