"""By when refunds are paid and objections are answered, days off taken into account (art. 203)."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from analytics.law.terms import Settle
from domain.money import round_half_up
from domain.workdays import WorkDays, months_after

#: Working days within which an objection is answered (regulations.md 1.5, art. 13 of the rules on
#: data that public bodies keep); no heating act that was read sets a limit of its own.
OBJECTION_DAYS = 15


class Deadline(NamedTuple):
    """The last day of a time limit."""

    day: date
    clause: str  # "": no act sets it
    published: bool  # whether the days off of its year are known; if not, it may be later


def due(settle: Settle | None, last_day: date, calendar: WorkDays) -> Deadline | None:
    """By when refunds of a season that ends with this local day are paid; None: no act says so."""
    if settle is None:
        return None
    if settle.months_after_season is not None:
        day = months_after(last_day, settle.months_after_season)
    elif settle.days_after_season is not None:
        # The day itself is not counted (art. 201).
        day = last_day + timedelta(days=settle.days_after_season)
    elif settle.by is not None:
        day = _day_of(last_day.year, settle.by)
        day = day if day >= last_day else _day_of(last_day.year + 1, settle.by)
    else:
        return None
    ends = calendar.on_or_after(day)
    return Deadline(ends, settle.clause, calendar.published(ends))


def _day_of(year: int, text: str) -> date:
    """A month and day, as 06-30, of a year: 29 February is the month's last day in a year without it.

    As a month of time that has no day of its number ends with the month (`domain.workdays.months_after`).
    """
    month, number = (int(part) for part in text.split("-"))
    return date(year, month, min(number, monthrange(year, month)[1]))


def claim(settle: Settle | None, last_day: date, calendar: WorkDays) -> Deadline | None:
    """By when a household claims the refund of a season that ends with this local day.

    What it did not claim by then is not paid (`law.claim_limits`); None: no act says so.
    """
    if settle is None or settle.claim_months is None:
        return None
    ends = calendar.on_or_after(months_after(last_day, settle.claim_months))
    return Deadline(ends, settle.clause, calendar.published(ends))


def interest_clause(settle: Settle | None) -> str:
    """The clause by which what is paid late bears interest; "": no act grants it."""
    return settle.clause if settle is not None and settle.late_interest is not None else ""


def late_interest(
    amount: Decimal, currency: str, rate: Fraction, by: date | None, paid: date
) -> Decimal:
    """What a sum paid after its last day bears, where its act grants it, rounded once.

    `rate` is the late fee of the household's contract, a share of the sum for each day; without a
    last day nothing is late.
    """
    days = 0 if by is None else max(0, (paid - by).days)
    return round_half_up(Fraction(amount) * rate * days, currency)


def objection(day: date, calendar: WorkDays) -> Deadline:
    """By when an objection received on a day is answered."""
    ends = calendar.after(day, OBJECTION_DAYS)
    return Deadline(ends, "", calendar.published(ends))
