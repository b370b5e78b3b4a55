"""Spans and readings of seasons in the reference form: local times as text, which sort as they pass."""

from collections.abc import Sequence
from datetime import datetime, timedelta

#: Outages less than this apart are one (7.9). [min]
HELD_MIN = 60
#: Warmer than any limit of a text. [Cel]
WARM = "40.000"
Spans = list[list[str]]


def minutes(since: str, until: str) -> float:
    """From one local time to another. [min]"""
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)) / timedelta(minutes=1)


def merged(outages: Sequence[Sequence[str]]) -> Spans:
    """Outages, those that are one joined."""
    joined: Spans = []
    for since, until in sorted([*each] for each in outages):
        if joined and minutes(joined[-1][1], since) < HELD_MIN:
            joined[-1][1] = max(joined[-1][1], until)
        else:
            joined.append([since, until])
    return joined


def minus(spans: Spans, others: Spans) -> Spans:
    """What is in `spans` and in none of `others`; both in order and apart."""
    for since, until in others:
        left = []
        for a, b in spans:
            left += [[a, min(b, since)]] if a < min(b, since) else []
            left += [[max(a, until), b]] if max(a, until) < b else []
        spans = left
    return spans


def within(at: str, spans: Spans) -> bool:
    """Whether a local time is in one of the half-open spans."""
    return any(since <= at < until for since, until in spans)


def warm_in(rows: list[list[str]], span: Sequence[str], stands: timedelta) -> list[list[str]]:
    """A room's readings, as if it had been warm in a span and nothing else were changed.

    What stood at its end stands on from there for as long as it did.
    """
    since, until = span
    before = [row for row in rows if row[0] < since]
    behind = [row for row in rows if row[0] >= until]
    last = [row for row in rows if row[0] < until][-1:]
    found = [*before, [since, WARM]]
    for at, value in last:
        ends = (datetime.fromisoformat(at) + stands).isoformat(timespec="minutes")
        follows = behind[0][0] if behind else "9999"
        if ends > until and follows > until:
            found.append([until, value])
            found += [[ends, WARM]] if ends < follows else []
    return [*found, *behind]
