"""Steps that say which terms of a contract held when, where they change inside the season."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analytics.facts.changed_terms import TermsSpan, changes_of, numbers_of
from analytics.law.calculator import Basis
from analytics.law.steps import Step, day, exact, money, price, step
from domain.contract_terms import ContractTerms, bands_cell, terms_of
from domain.language import Text, joined, msg
from domain.money import round_half_up


def terms_steps(basis: Basis, row: int) -> Iterator[Step]:
    """Of a household of the snapshot, one of each set of terms; none where one holds throughout."""
    changes = basis.snapshot.changes
    spans = changes_of(changes[row]) if changes else ()
    if not spans:
        return
    shown, season = basis.days.days, basis.snapshot.season
    starts = [max(at, season.since_us) for at in basis.days.start_us[:-1].tolist()]
    numbers = numbers_of(spans, starts)
    for n, each in enumerate(spans):
        days = [shown[d].isoformat() for d, number in enumerate(numbers) if number == n]
        if days:
            yield _step(basis, each, days[0], days[-1], basis.snapshot.currency[row])


def _step(basis: Basis, span: TermsSpan, first: str, last: str, currency: str) -> Step:
    fee = Fraction(span.fee)
    said = [daily_fee(basis, fee, currency), *_said(terms_of(span.terms), currency)]
    if span.area:
        said.append(msg("heated area {area} m²", area=f"{Decimal(span.area).normalize():f}"))
    text = msg(
        "{first} to {last}: {what}", first=day(first), last=day(last), what=joined("; ", said)
    )
    if span.document:
        text = msg("{what}; contract: {document}", what=text, document=span.document)
    return step(
        "terms_of_days", "", text, first=first, last=last, season_fee=exact(fee),
        document=span.document,
    )  # fmt: skip


def daily_fee(basis: Basis, fee: Fraction, currency: str) -> Text:
    """How the daily fee comes about."""
    daily = round_half_up(fee / basis.count, currency)
    said = {
        "fee": money(Decimal(exact(fee)), currency),
        "count": str(basis.count),
        "daily": money(daily, currency),
    }
    if Fraction(daily) * basis.count == fee:
        return msg("daily fee = season fee {fee} ÷ {count} days = {daily}", **said)
    return msg("daily fee = season fee {fee} ÷ {count} days ≈ {daily} (kept exact)", **said)


def _said(terms: ContractTerms, currency: str) -> Iterator[Text]:
    if terms.agreed is not None:
        yield msg("agreed temperature {celsius} °C", celsius=f"{terms.agreed.normalize():f}")
    if terms.basic_fee is not None:
        yield msg("basic fee {fee}", fee=money(terms.basic_fee, currency))
    if terms.heat_price is not None:
        yield msg("metered heat {price} per kWh", price=price(terms.heat_price, currency))
    if terms.bands:
        yield msg("the contract's bands: {bands}", bands=bands_cell(terms.bands))
    if not terms.residential:
        yield msg("non-residential")
