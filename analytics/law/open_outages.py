"""What of recorded outages waits for a decision, as no clause that says what it pays was seen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from analytics.law.policy import Policy
from domain.time import Span, day_start, local_day


@runtime_checkable
class LeavesOutagesOpen(Protocol):
    """A calculator's table by which some outages are undetermined until a decision settles them."""

    #: whether what lies behind a change of its values is judged by the new ones, too (`judged_by_length`)
    behind_changes: ClassVar[bool]

    def leaves_open(self, lasts: timedelta, at_ends: bool, /) -> bool:
        """One of this length inside the season; `at_ends`: it reaches the season's first or last instant."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of outages waits for a decision under a policy, whose values may be dated."""

    season: Span
    zone: ZoneInfo
    #: from a local day on, by day; the first from ever
    tables: tuple[tuple[date, tuple[LeavesOutagesOpen, ...]], ...]
    left_out: Collection[str]  # causes that the act leaves out

    def counts(self, cause: str) -> bool:
        """Whether outages of this cause are the act's at all."""
        return cause not in self.left_out

    def __call__(self, outage: Span) -> Span | None:
        """All of it inside the season, by the values in force when it began, or what lies behind a later change by
        the new ones; None: nothing."""
        season = self.season
        since, until = max(outage.since, season.since), min(outage.until, season.until)
        if since >= until:
            return None
        today = local_day(since, self.zone)
        first = max(i for i, (day, _) in enumerate(self.tables) if day <= today)
        for i, (day, tables) in enumerate(self.tables[first:]):
            begin = day_start(day, self.zone) if i else since
            if begin >= until:
                break
            at_ends = begin <= season.since or until >= season.until
            own = (each for each in tables if not i or each.behind_changes)
            if any(each.leaves_open(until - begin, at_ends) for each in own):
                return Span(begin, until)
        return None


def waiting_outages(policy: Policy, season: Span, zone: ZoneInfo) -> Waiting | None:
    """None: under this policy none does."""
    every = [(date.min, policy.tables), *policy.later_tables()]
    found = tuple(
        (day, tuple(each for each in tables.values() if isinstance(each, LeavesOutagesOpen)))
        for day, tables in every
    )
    out = () if policy.outages is None else policy.outages.causes
    return Waiting(season, zone, found, out) if any(own for _, own in found) else None
