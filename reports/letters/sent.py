"""What was paid before a correction, and what of it is set off, as a letter says it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from domain.formats import Formats

ZERO = Decimal(0)


def sent_lines(
    sent: Mapping[str, Decimal], owed: Mapping[str, Decimal], currency: str, f: Formats,
    w: Callable[..., str],
) -> Iterator[str]:  # fmt: skip
    """A sentence of each payer; `sent` and `owed` by payer, "" the contract's holder."""
    payers = [each for each in dict.fromkeys([*owed, *sent]) if owed.get(each) or sent.get(each)]
    for payer in payers:
        was, now = sent.get(payer, ZERO), owed.get(payer, ZERO)
        told = w(
            _name(was, now), sent=f.money(was, currency), rest=f.money(now - was, currency),
            over=f.money(was - now, currency),
        )  # fmt: skip
        yield w("of_whom", who=payer or w("holder"), what=told) if len(payers) > 1 else told


def _name(was: Decimal, now: Decimal) -> str:
    if was == 0:
        return "sent_none"
    if was == now:
        return "sent_same"
    return "sent_less" if was < now else "sent_more"
