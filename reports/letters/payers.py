"""Who is paid for which days of a household in which several lived, as a letter says it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Piece
from analytics.law.calculators import calculator
from analytics.law.policy import Policy
from analytics.settlement.payers import Occupancy, apart
from domain.columns import Columns
from domain.formats import Formats
from domain.time import from_us, local_day


@dataclass(frozen=True, slots=True)
class Occupant:
    """One of those who bore the fee of a household's days."""

    payer: str  # "": the contract's holder
    days: tuple[tuple[date, date], ...]  # first and last day of each stretch that is theirs
    unasked: bool  # cold is refunded on request only, and they made none
    asked: date | None = None  # the day of their first request, where days of theirs lie before it


def occupants_of(snapshot: Snapshot, columns: Columns, policy: Policy) -> tuple[Occupant, ...]:
    """Of the one household of a snapshot, by time; none where one had it all season."""
    basis = Basis(snapshot, policy, lambda _: columns)
    by = apart(basis, Piece(snapshot, columns, [basis.count]))
    if by is None or len(by.rows) < 2:
        return ()
    every = (calculator(name)(basis, table) for name, table in policy.tables.items())
    on_request = any(each.request_clause for each in every)
    consented = bool(snapshot.consent[0])
    return tuple(
        Occupant(
            row.payer,
            tuple(_days(basis, row)),
            on_request and not row.requests and not (consented and row.consents),
            _asked(basis, row) if on_request and n and not (consented and row.consents) else None,
        )
        for n, row in enumerate(by.rows)
    )


def _asked(basis: Basis, row: Occupancy) -> date | None:
    """The day of the first request of who moved in, where their own days begin before it."""
    if not row.requests:
        return None
    asked = local_day(from_us(min(row.requests)), ZoneInfo(basis.snapshot.season.zone))
    first = next((own[0] for own in _days(basis, row)), asked)
    return asked if first < asked else None


def _days(basis: Basis, row: Occupancy) -> Iterator[tuple[date, date]]:
    """Stretches of the days whose fee they bore."""
    days = zip(basis.days.days, row.bearers, strict=True)
    for theirs, stretch in groupby(days, key=lambda each: each[1] is not None):
        if theirs:
            own = [day for day, _ in stretch]
            yield own[0], own[-1]


def payer_lines(
    sums: Mapping[str, Decimal], occupants: Sequence[Occupant], currency: str, f: Formats,
    w: Callable[..., str],
) -> Iterator[str]:  # fmt: skip
    """How much of the sum is whose, and for which days, where not all of it is the holder's."""
    lived = {each.payer: each for each in occupants}
    if not any(sums) and not lived:
        return
    for payer in dict.fromkeys([*lived, *sums]):
        amount = f.money(sums.get(payer, Decimal(0)), currency)
        who = payer or w("holder")
        if payer not in lived:
            yield w("of_payer", who=who, amount=amount)
            continue
        between = "、" if f.language == "zh" else ", "
        stretches = (
            w("since_until", since=f.day(first), until=f.day(last))
            for first, last in lived[payer].days
        )
        days, asked = between.join(stretches), lived[payer].asked
        if asked is not None:
            yield w("of_payer_asked", who=who, amount=amount, days=days, asked=f.day(asked))
            continue
        name = "of_payer_unasked" if lived[payer].unasked else "of_payer_days"
        yield w(name, who=who, amount=amount, days=days)
    if lived:
        yield w("day_is_whose")
