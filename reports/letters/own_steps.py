"""Steps of a household in which several lived: an outage stands with those of whose days it has one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from analytics.law.steps import Step
from reports.letters.payers import Occupant

OUTAGES = frozenset({"outage", "outage_too_short"})
US = timedelta(microseconds=1)


def of_their_days(steps: Sequence[Step], occupants: Sequence[Occupant]) -> list[Step]:
    """Without outages that touch no day of whom they are told for: each occupant is judged for all of them."""
    days: dict[str, list[tuple[date, date]]] = {}
    for each in occupants:
        days.setdefault(each.payer, []).extend(each.days)
    return [each for each in steps if not days or _is_theirs(each, days)]


def _is_theirs(each: Step, days: dict[str, list[tuple[date, date]]]) -> bool:
    own = each["numbers"]
    theirs = days.get(own.get("payer", ""))
    if each["step"] not in OUTAGES or theirs is None or not {"since", "until"} <= own.keys():
        return True
    since, until = (datetime.fromisoformat(own[name]) for name in ("since", "until"))
    begin, end = since.date(), max(since, until - US).date()  # as local as they are written
    return any(first <= end and begin <= last for first, last in theirs)
