"""Which season a place is of at an instant, also where several of one company run at once.

Two districts of a company may be settled by two acts. No home has contracts in two seasons that overlap:
the registry refuses them.
"""

from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.books.current import Contract
from store.books.registry import Season
from store.registry.places import Tree, tree


class Whose:
    """The seasons of one company, by begin and code, and the homes that have a contract in each."""

    def __init__(self, engine: Engine, company: int) -> None:
        """`company`: its place id."""
        own = select(Season).where(Season.company_id == company).order_by(Season.since, Season.code)
        with Session(engine) as session:
            self.seasons = list(session.scalars(own))
            session.expunge_all()
        self._engine, self._company = engine, company
        self._contracts: dict[int, frozenset[int]] = {}

    def season(self, place: int, at: datetime) -> Season | None:
        """The one that runs then, else the last one; where there are several, that of the contract of the
        home, or of a home below the place, the newest of them. None: none has begun."""
        begun = [each for each in self.seasons if each.since <= at]
        found = [each for each in begun if at < each.until]
        found = found or [each for each in begun if each.until > begun[-1].since]
        if len(found) > 1:
            below = self._network.ids[self._network.below(self._network.row(place))]
            homes = {place, *below.tolist()}
            found = [each for each in found if homes & self._homes(each)] or found
        return found[-1] if found else None

    @cached_property
    def _network(self) -> Tree:
        """Read only where two seasons run at once."""
        return tree(self._engine).within(self._company)

    def _homes(self, season: Season) -> frozenset[int]:
        if season.id not in self._contracts:
            query = select(Contract.household_id).where(Contract.season_id == season.id)
            with self._engine.connect() as link:
                self._contracts[season.id] = frozenset(link.scalars(query))
        return self._contracts[season.id]
