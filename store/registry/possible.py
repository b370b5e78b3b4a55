"""Rows that say what cannot be: a fee that nobody can pay, an outage that nobody can know of."""

from domain.language import msg
from domain.money import digits_of
from store.registry.proposals import Existing
from store.registry.rows import AHEAD, Known, Rows


def fees_can_be_paid(rows: Rows, _known: Known, _existing: Existing) -> None:
    """A fee has no more digits than amounts of its currency."""
    fees, currencies = rows.column("season_fee"), rows.column("currency")
    for i in rows.good():
        digits = digits_of(currencies[i])
        if fees[i] != round(fees[i], digits):
            why = msg(
                "is finer than amounts of {currency} are paid; allowed: at most {digits} decimals",
                currency=currencies[i], digits=digits,
            )  # fmt: skip
            rows.refuse(i, "season_fee", why)


def only_plans_are_to_come(rows: Rows, known: Known, _existing: Existing) -> None:
    """Nobody knows of an unplanned outage, or of the end of one, before it."""
    planned, now = rows.column("planned"), known.present.now
    if now is None:
        return
    for name in ("since", "until"):
        column = rows.column(name)
        for i in rows.good():
            if not planned[i] and column[i] is not None and column[i] > now + AHEAD:
                why = msg(
                    "has not happened yet; allowed for an outage that is not planned: up to now, {now}",
                    now=f"{now:%Y-%m-%dT%H:%MZ}",
                )
                rows.refuse(i, name, why)
