"""Contract terms that change inside a season: which hold from which local day on.

As a snapshot keeps it: one line of JSON for each household, "" where one set of terms holds throughout.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from domain.contract_terms import rules_of

if TYPE_CHECKING:
    from analytics.facts.snapshot import Snapshot

SAME = 4096  # households that are remembered


class TermsSpan(NamedTuple):
    """What holds from an instant until the next span begins, of the last to the season's end."""

    since: int  # of the first the season's begin [µs]
    fee: str  # for a whole season, decimal
    terms: str  # as `domain.contract_terms` keeps them
    document: str


def kept_changes(spans: Sequence[TermsSpan]) -> str:
    """As a snapshot keeps them; neighbours by which the same is computed are one."""
    found: list[TermsSpan] = []
    for each in spans:
        if not found or _rules(each) != _rules(found[-1]):
            found.append(each)
    if len(found) < 2:
        return ""
    return json.dumps([list(each) for each in found], ensure_ascii=False, separators=(",", ":"))


def _rules(span: TermsSpan) -> tuple[Decimal, str]:
    return Decimal(span.fee), rules_of(span.terms)


@lru_cache(SAME)
def changes_of(kept: str) -> tuple[TermsSpan, ...]:
    """What a snapshot keeps of a household; () where nothing changes."""
    return tuple(TermsSpan(*row) for row in json.loads(kept)) if kept else ()


def numbers_of(spans: Sequence[TermsSpan], starts: Iterable[int]) -> list[int]:
    """The span that holds at each of these instants [µs]: of a day its first."""
    since = [each.since for each in spans]
    return [max(bisect_right(since, at) - 1, 0) for at in starts]


def every_terms(snapshot: "Snapshot") -> set[str]:
    """All that contracts of a season say at some time of it, as they are kept; {""}: none says anything."""
    found = set(snapshot.terms)
    for kept in set(snapshot.changes):
        found.update(each.terms for each in changes_of(kept))
    return found or {""}


def terms_throughout(terms: Sequence[str], changes: Sequence[str], row: int) -> Iterable[str]:
    """What a household's contract says at some time of the season, as it is kept."""
    kept = changes_of(changes[row]) if changes else ()
    return [each.terms for each in kept] if kept else terms[row : row + 1]
