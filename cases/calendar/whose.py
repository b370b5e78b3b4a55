"""Which season a place is of at an instant, also where several of one company run at once.

Two districts of a company may be settled by two acts. No home has contracts in two seasons that overlap:
the registry refuses them.
"""

from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
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
        home (of a room: its home), or of a home below the place, the newest of them. None: none has begun."""
        found = self._then(at)
        if len(found) > 1:
            below = self._network.ids[self._network.below(self._network.row(place))]
            homes = {*self._network.path(place), *below.tolist()}
            found = [each for each in found if homes & self._homes(each)] or found
        return found[-1] if found else None

    def parts(self, at: datetime) -> list[tuple[Season, NDArray[np.int32]]]:
        """Each season that is some place's then, by begin and code, with the ids of its places, increasing:
        what `season` says of every place of the company. Empty: none has begun."""
        found = self._then(at)
        if len(found) < 2:
            return [(each, self._network.ids) for each in found]
        network = self._network
        owner = np.full(network.ids.size, len(found) - 1)
        for number, each in enumerate(found):  # the newest has what is of several
            homes = np.array(sorted(self._homes(each)), dtype=np.int32)
            homes = np.intersect1d(homes, network.ids)
            within = np.isin(network.ancestors, homes).any(axis=1)
            owner[within | np.isin(network.ids, network.ancestors[network.rows(homes)])] = number
        owned = [(each, network.ids[owner == number]) for number, each in enumerate(found)]
        return [(each, ids) for each, ids in owned if ids.size]

    def _then(self, at: datetime) -> list[Season]:
        """Those that run then, else the last one and what ran beside it."""
        begun = [each for each in self.seasons if each.since <= at]
        found = [each for each in begun if at < each.until]
        return found or [each for each in begun if each.until > begun[-1].since]

    @cached_property
    def _network(self) -> Tree:
        """`season` does without where one runs."""
        return tree(self._engine).within(self._company)

    def _homes(self, season: Season) -> frozenset[int]:
        if season.id not in self._contracts:
            query = select(Contract.household_id).where(Contract.season_id == season.id)
            with self._engine.connect() as link:
                self._contracts[season.id] = frozenset(link.scalars(query))
        return self._contracts[season.id]
