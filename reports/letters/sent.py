"""What was paid before a correction or in another season, and what becomes of it, as a letter says it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from domain.formats import Formats
from reports.letters.letter import Letter

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


def beside_lines(own: Letter, f: Formats, w: Callable[..., str]) -> Iterator[str]:
    """Where a contract that left the season is, and what was sent for the same days in other seasons."""
    if own.left:
        codes = ("、" if f.language == "zh" else ", ").join(own.left)
        yield w("left_to", seasons=codes)
        if own.earlier is not None and any((own.earlier.sent or {}).values()):
            yield w("left_counts", seasons=codes)
    if (beside := own.sent_beside) is None or own.what_if:
        return
    for season, amount in beside.sent.items():
        yield w("sent_beside", season=season, sent=f.money(amount, own.currency))
    if beside.held:
        yield w("held_beside", held=f.money(beside.held, own.currency))
