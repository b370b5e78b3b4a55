"""Which recorded outages wait for a decision, as no clause that says what they pay was seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, runtime_checkable

from analytics.law.policy import Policy
from domain.time import Span

#: Outage, its cause -> whether what it pays waits for a decision.
Waits = Callable[[Span, str], bool]


@runtime_checkable
class LeavesOutagesOpen(Protocol):
    """A calculator's table by which some outages are undetermined until a decision settles them."""

    def leaves_open(self, lasts: timedelta, at_ends: bool, /) -> bool:
        """One of this length inside the season; `at_ends`: it reaches the season's first or last instant."""
        ...


def waiting_outages(policy: Policy, season: Span) -> Waits | None:
    """None: under this policy none does."""
    tables = [each for each in policy.tables.values() if isinstance(each, LeavesOutagesOpen)]
    out = () if policy.outages is None else policy.outages.causes

    def waits(outage: Span, cause: str) -> bool:
        inside = min(outage.until, season.until) - max(outage.since, season.since)
        at_ends = outage.since <= season.since or outage.until >= season.until
        return (
            cause not in out
            and inside > timedelta(0)
            and any(each.leaves_open(inside, at_ends) for each in tables)
        )

    return waits if tables else None
