"""How an amount comes about, as a sheet prints it: with units, and true when it is recomputed."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from analytics.law.lines import Line, exact_amount
from analytics.law.steps import exact, money, price
from domain.language import Text, joined, msg

SAME = 4096  # numbers whose words are remembered: a city's lines have few different ones
WH_IN_KWH = 1000
MOST_DIGITS = 4  # behind the point; what needs more is printed as a fraction


class Form(NamedTuple):
    """A sentence of how an amount comes about: what stands left of it, and both ways to end."""

    left: Text
    equal: Text
    rounded: Text


OF_DAYS = Form(
    msg("{fee} ÷ {count} days × {days} days × {share}"),
    msg("{fee} ÷ {count} days × {days} days × {share} = {amount}"),
    msg("{fee} ÷ {count} days × {days} days × {share} ≈ {amount}, rounded once"),
)
OF_ROOM = Form(
    msg("{fee} ÷ {count} days × {days} days × {share} × {area} m² ÷ {whole} m²"),
    msg("{fee} ÷ {count} days × {days} days × {share} × {area} m² ÷ {whole} m² = {amount}"),
    msg(
        "{fee} ÷ {count} days × {days} days × {share} × {area} m² ÷ {whole} m² ≈ {amount}, rounded "
        "once"
    ),
)
NET_OF_BASIC = Form(
    msg("({fee} − {basic}) ÷ {count} days × {days} days × {share}"),
    msg("({fee} − {basic}) ÷ {count} days × {days} days × {share} = {amount}"),
    msg("({fee} − {basic}) ÷ {count} days × {days} days × {share} ≈ {amount}, rounded once"),
)
OF_BASIC = Form(
    msg("basic fee {fee} ÷ {count} days × {days} days × {share}"),
    msg("basic fee {fee} ÷ {count} days × {days} days × {share} = {amount}"),
    msg("basic fee {fee} ÷ {count} days × {days} days × {share} ≈ {amount}, rounded once"),
)
OF_SUM = Form(
    msg("{sum} ÷ {all} days × {days} days"),
    msg("{sum} ÷ {all} days × {days} days = {amount}"),
    msg("{sum} ÷ {all} days × {days} days ≈ {amount}, rounded once"),
)
OF_PART = Form(
    msg("{left} × {part}"),
    msg("{left} × {part} = {amount}"),
    msg("{left} × {part} ≈ {amount}, rounded once"),
)
OF_HEAT = Form(
    msg("{kwh} kWh × {price} per kWh × {share}"),
    msg("{kwh} kWh × {price} per kWh × {share} = {amount}"),
    msg("{kwh} kWh × {price} per kWh × {share} ≈ {amount}, rounded once"),
)
OF_MONTH = Form(
    msg("({fees}) ÷ {count} days ÷ {whole} days × {days} days × {share}"),
    msg("({fees}) ÷ {count} days ÷ {whole} days × {days} days × {share} = {amount}"),
    msg("({fees}) ÷ {count} days ÷ {whole} days × {days} days × {share} ≈ {amount}, rounded once"),
)
FORMS = (OF_DAYS, OF_ROOM, NET_OF_BASIC, OF_BASIC, OF_SUM, OF_HEAT, OF_MONTH)


def product(fee: Fraction, count: Fraction, line: Line, currency: str) -> Text:
    """A share of daily fees; `fee` is for the whole season of `count` days."""
    own = exact_amount(fee, line.days, line.share, count)
    return _said(OF_DAYS, _of_days(fee, count, line, currency), own, line)


def net_of_basic(
    fee: Fraction, basic: Fraction, count: Fraction, line: Line, currency: str
) -> Text:
    """A share of daily fees without their basic part; both are for the whole season of `count` days."""
    values = _of_days(fee, count, line, currency) | {
        "basic": money(Decimal(exact(basic)), currency)
    }
    own = exact_amount(fee - basic, line.days, line.share, count)
    return _said(NET_OF_BASIC, values, own, line)


def of_basic(basic: Fraction, count: Fraction, line: Line, currency: str) -> Text:
    """A share of a metered household's daily basic fees; `basic` is for the whole season of `count` days."""
    own = exact_amount(basic, line.days, line.share, count)
    return _said(OF_BASIC, _of_days(basic, count, line, currency), own, line)


def of_heat(heat: Fraction, each: Decimal, line: Line, currency: str) -> Text:
    """A share of what a meter counted on the line's days. [Wh, currency/kWh]"""
    values = {
        "kwh": number(heat / WH_IN_KWH), "price": price(each, currency),
        "share": share(line.share), "amount": money(line.amount, currency),
    }  # fmt: skip
    return _said(OF_HEAT, values, line.exact, line)


def of_month(
    spans: Sequence[tuple[Fraction, Fraction]], count: Fraction, line: Line, currency: str
) -> Text:
    """A share of a month's fee, whose days have several: each fee with so many of the month's days."""
    fees = [
        msg("{fee} × {days} days", fee=money(Decimal(exact(fee)), currency), days=number(days))
        for fee, days in spans
    ]
    values = _of_days(spans[0][0], count, line, currency) | {
        "fees": joined(" + ", fees), "whole": number(sum((each for _, each in spans), Fraction(0))),
    }  # fmt: skip
    values.pop("fee")
    return _said(OF_MONTH, values, line.exact, line)


class RoomShare(NamedTuple):
    """A room's part of the heated area, as the decimals that were recorded. [m2]"""

    room: str  # code
    area: str
    whole: str

    def of_fee(self) -> Fraction:
        return Fraction(self.area) / Fraction(self.whole)


def of_room(fee: Fraction, count: Fraction, line: Line, part: RoomShare, currency: str) -> Text:
    """A share of the part of the daily fees that falls to a room, by its part of the heated area."""
    values = _of_days(fee, count, line, currency) | {"area": part.area, "whole": part.whole}
    own = exact_amount(fee * part.of_fee(), line.days, line.share, count)
    return _said(OF_ROOM, values, own, line)


def again(formula: Text, whole: Line, line: Line, currency: str) -> Text:
    """How a stretch of a line comes about; `formula` is the whole one's."""
    form = _form(formula)
    if form is None:
        values = {
            "sum": money(whole.amount, currency), "all": number(whole.days),
            "days": number(line.days), "amount": money(line.amount, currency),
        }  # fmt: skip
        return _said(OF_SUM, values, line.exact, line)
    own = {"days": number(line.days), "amount": money(line.amount, currency)}
    return _said(form, formula.values | own, line.exact, line)


def of_part(
    fee: Fraction, count: Fraction, whole: Line, line: Line, part: Fraction, currency: str
) -> Text:
    """How a part of the `whole` line comes about, as the one that it is paid to reads it."""
    formula = whole.formula or product(fee, count, whole, currency)
    form = _form(formula)
    left = (
        money(whole.amount, currency) if form is None else Text(form.left.message, formula.values)
    )
    values = {"left": left, "part": share(part), "amount": money(line.amount, currency)}
    return _said(OF_PART, values, line.exact, line)


def the_rest(whole: Decimal, other: Decimal, amount: Decimal, currency: str) -> Text:
    """What somebody else's part leaves of an amount."""
    parts = {"whole": whole, "other": other, "amount": amount}
    return msg(
        "{whole} − {other} = {amount}",
        **{name: money(each, currency) for name, each in parts.items()},
    )


def _form(formula: Text) -> Form | None:
    """The form that a formula has; None: it is no share of days."""
    return next((f for f in FORMS if formula.message in (f.equal.message, f.rounded.message)), None)


def _said(form: Form, values: dict[str, Any], value: Fraction | None, line: Line) -> Text:
    same = value is None or value == Fraction(line.amount)
    return Text((form.equal if same else form.rounded).message, values)


def _of_days(fee: Fraction, count: Fraction, line: Line, currency: str) -> dict[str, Any]:
    return {
        "fee": money(Decimal(exact(fee)), currency),
        "count": number(count),
        "days": number(line.days),
        "share": share(line.share),
        "amount": money(line.amount, currency),
    }


@lru_cache(SAME)
def number(value: Fraction) -> str:
    """Exact: a decimal where it ends soon, else whole days and the rest.

    >>> [number(Fraction(each)) for each in ("5", "5/4", "120", "7/3", "1/86400")]
    ['5', '1.25', '120', '(2 + 1/3)', '1/86400']
    """
    if (value * 10**MOST_DIGITS).denominator == 1:
        return decimal(value)
    whole, rest = divmod(value, 1)
    return f"({whole} + {rest})" if whole else str(rest)


def decimal(value: Fraction) -> str:
    """Exact, for a file: a decimal where it ends soon, else the fraction.

    >>> [decimal(Fraction(each)) for each in ("5", "5/4", "120", "7/3")]
    ['5', '1.25', '120', '7/3']
    """
    if (value * 10**MOST_DIGITS).denominator != 1:
        return str(value)
    return f"{(Decimal(value.numerator) / value.denominator).normalize():f}"


@lru_cache(SAME)
def share(value: Fraction) -> str:
    """A share of the daily fee in per cent, a multiple of it as a number; exact.

    >>> [share(Fraction(each)) for each in ("1/2", "1", "1/3", "2")]
    ['50%', '100%', '1/3', '2']
    """
    per_cent = number(value * 100)
    return f"{per_cent}%" if value <= 1 and "/" not in per_cent else number(value)
