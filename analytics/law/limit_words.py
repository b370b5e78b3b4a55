"""Time limits of people as a policy's table shows them."""

from decimal import Decimal

from domain.language import Text, msg, plural


def hours(number: Decimal | None) -> Text | None:
    return None if number is None else msg("{number} h", number=number)


def days(number: int | None, *, same_day: bool = False) -> Text | None:
    """`same_day`: the day itself, and the limit where that can't be."""
    if number is None:
        return None
    if same_day:
        return plural(
            "the same day, otherwise {n} day", "the same day, otherwise {n} days", n=number
        )
    return plural("{n} day", "{n} days", n=number)
