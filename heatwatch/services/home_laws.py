"""The law of a home at an instant: of the season that it is of then."""

from datetime import datetime

from analytics.law.policy import Policy
from cases.calendar.whose import Whose
from domain.errors import WrongCall
from heatwatch.services.season_law import season_law
from heatwatch.wiring import World
from store.books.registry import Season


class HomeLaws:
    """Answers for one company, its place id; each season's policy is read once."""

    def __init__(self, world: World, company: int) -> None:
        self._world, self._whose = world, Whose(world.books, company)
        self._policies: dict[int, Policy | None] = {}

    def __call__(self, place: int, at: datetime) -> Policy | None:
        """None where no season has begun, or nothing keeps its policy any more."""
        season = self._whose.season(place, at)
        if season is None:
            return None
        if season.id not in self._policies:
            self._policies[season.id] = self._policy(season)
        return self._policies[season.id]

    def holds(self, season: Season, place: int, at: datetime) -> bool:
        """Whether a season's law is the place's at an instant."""
        found = self._whose.season(place, at)
        return found is not None and found.id == season.id

    def named(self, season: Season, policy: Policy) -> None:
        """Has a season go by this policy instead of the one that it names."""
        self._policies[season.id] = policy

    def _policy(self, season: Season) -> Policy | None:
        try:
            return season_law(self._world, season).policy
        except WrongCall:
            return None
