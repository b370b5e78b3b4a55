"""The fees of a season in which the contract changes: each with the local day from which it holds."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from analytics.facts.changed_terms import changes_of
from analytics.facts.snapshot import Snapshot
from domain.formats import Formats
from domain.language import joined
from domain.time import from_us, local_day
from reports.letters.letter import Letter


def later_fees(snapshot: Snapshot, zone: ZoneInfo) -> tuple[tuple[date, Decimal], ...]:
    """From which local day on a household's contract has another fee, and which; (): one holds throughout."""
    spans = changes_of(snapshot.changes[0]) if snapshot.changes else ()
    return tuple(
        (local_day(from_us(each.since), zone), Decimal(each.fee))
        for before, each in pairwise(spans)
        if Decimal(each.fee) != Decimal(before.fee)
    )


def fee_words(letter: Letter, f: Formats, w: Callable[..., str], language: str) -> str:
    """The fee at the season's begin, and those behind it with their days; `w`: words by name."""
    later = (
        w("fee_since", fee=f.money(fee, letter.currency), day=f.day(day))
        for day, fee in letter.fees
    )
    return joined("; ", [f.money(letter.fee, letter.currency), *later]).to(language)
