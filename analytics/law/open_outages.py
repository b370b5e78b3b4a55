"""Which recorded outages wait for a decision, as no clause that says what they pay was seen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from analytics.law.policy import Policy
from domain.time import Span, local_day


@runtime_checkable
class LeavesOutagesOpen(Protocol):
    """A calculator's table by which some outages are undetermined until a decision settles them."""

    def leaves_open(self, lasts: timedelta, at_ends: bool, /) -> bool:
        """One of this length inside the season; `at_ends`: it reaches the season's first or last instant."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which outages wait for a decision under a policy; values that are dated hold for those that begin then."""

    season: Span
    zone: ZoneInfo
    tables: tuple[tuple[date, tuple[LeavesOutagesOpen, ...]], ...]  # from a local day on, by day
    left_out: Collection[str]  # causes that the act leaves out

    def counts(self, cause: str) -> bool:
        """Whether outages of this cause are the act's at all."""
        return cause not in self.left_out

    def __call__(self, outage: Span) -> bool:
        season = self.season
        begin = max(outage.since, season.since)
        inside = min(outage.until, season.until) - begin
        at_ends = outage.since <= season.since or outage.until >= season.until
        day = local_day(begin, self.zone)
        own = next((each for since, each in reversed(self.tables) if since <= day), ())
        return inside > timedelta(0) and any(each.leaves_open(inside, at_ends) for each in own)


def waiting_outages(policy: Policy, season: Span, zone: ZoneInfo) -> Waiting | None:
    """None: under this policy none does."""
    every = [(date.min, policy.tables), *policy.later_tables()]
    found = tuple(
        (day, tuple(each for each in tables.values() if isinstance(each, LeavesOutagesOpen)))
        for day, tables in every
    )
    out = () if policy.outages is None else policy.outages.causes
    return Waiting(season, zone, found, out) if any(own for _, own in found) else None
