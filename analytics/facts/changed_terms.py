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
#: What a table reads of a span, beside terms, whose rooms have each a part of the fee: the area that this is of.
AREA = "area"


class TermsSpan(NamedTuple):
    """What holds from an instant until the next span begins, of the last to the season's end."""

    since: int  # of the first the season's begin [µs]
    fee: str  # for a whole season, decimal
    terms: str  # as `domain.contract_terms` keeps them
    document: str
    area: str = ""  # the heated area that the fee is of [m2]; "": it changes nowhere in the season


def kept_changes(spans: Sequence[TermsSpan]) -> str:
    """As a snapshot keeps them; neighbours by which the same is computed are one."""
    found: list[TermsSpan] = []
    for each in spans:
        if not found or _rules(each) != _rules(found[-1]):
            found.append(each)
    if len(found) < 2:
        return ""
    rows = [list(each) if each.area else list(each[:-1]) for each in found]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _rules(span: TermsSpan) -> tuple[Decimal, str, Decimal]:
    return Decimal(span.fee), rules_of(span.terms), Decimal(span.area or 0)


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
