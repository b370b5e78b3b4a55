"""Naive twin of what an outage without an end may come to: every end is tried, and the most of them counts.

A scenario is in the reference form, without that outage. It knows nothing of the code that it is held
against.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

Scenario = Mapping[str, Any]
#: Answers with what a season comes to.
Settle = Callable[[Scenario], Decimal]


def most(
    settle: Settle, scenario: Scenario, since: str, step: timedelta, later: timedelta
) -> Decimal:
    """Of an outage from the local time `since` up to the season's end at most: what it comes to as if it were
    recorded to have ended at each `step`, or a little `later`."""
    return max(settle(ended) for ended in every(scenario, since, step, later))


def every(scenario: Scenario, since: str, step: timedelta, later: timedelta) -> Iterator[Scenario]:
    """The season without it, and with each end that it may have."""
    begin, last = (datetime.fromisoformat(text) for text in (since, scenario["season"][1]))
    yield scenario
    ends = {last}
    at = begin
    while at <= last:
        ends |= {end for end in (at, at + later) if begin < end <= last}
        at += step
    for end in sorted(ends):
        yield {**scenario, "outages": [*scenario["outages"], [since, end.isoformat()]]}
