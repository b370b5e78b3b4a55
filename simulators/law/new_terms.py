"""Sums of days whose fee changes inside the season, slow and obvious: a part of the naive twins.

What a sum counts is told once; each of the days that it lies on has the fee of its first instant.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial, wraps
from itertools import groupby
from typing import Any

from simulators.law.kinds import of_dwellings
from simulators.law.lines import Line, answer, money

Scenario = Mapping[str, Any]
SUMS = ("tests", "month")  # kinds of lines that are no shares of their days
Judge = Callable[..., dict[str, Any]]


def midnight(day: date) -> datetime:
    """Local, as the times of a scenario are."""
    return datetime.combine(day, time.min)


class Fees:
    """The fee of each local day of a season."""

    def __init__(self, scenario: Scenario) -> None:
        self.since, self.until = (datetime.fromisoformat(text) for text in scenario["season"])
        own = scenario["season_fee"]
        rows = [(row["since"], row.get("season_fee", own)) for row in scenario["contract_changes"]]
        changes = sorted(scenario["contract_changes"], key=lambda row: str(row["since"]))
        self.uses = [scenario.get("contract", {}).get("use"), *(row.get("use") for row in changes)]
        self.rows = [
            (self.since, Fraction(own)),
            *((datetime.fromisoformat(since), Fraction(fee)) for since, fee in sorted(rows)),
        ]

    def of(self, day: date) -> Fraction:
        """That of a whole season, of which the day has a part."""
        return self.rows[self._row_of(day)][1]

    def _row_of(self, day: date) -> int:
        at = max(midnight(day), self.since)
        return max(n for n, (since, _) in enumerate(self.rows) if since <= at)

    def other_days(self) -> set[date]:
        """Those on which the home is no dwelling."""
        return {day for day in self.days() if self.uses[self._row_of(day)]}

    def days(self) -> list[date]:
        found, day = [], self.since.date()
        while midnight(day) < self.until:
            found.append(day)
            day += timedelta(days=1)
        return found

    def part(self, day: date) -> Fraction:
        """A day's part inside the season. Clocks do not change on its first and last day."""
        begin = midnight(day)
        inside = min(begin + timedelta(days=1), self.until) - max(begin, self.since)
        return Fraction(inside // timedelta(seconds=1), 86_400)

    @cached_property
    def _count(self) -> Fraction:
        return sum((self.part(day) for day in self.days()), Fraction(0))

    def count(self) -> Fraction:
        return self._count

    def due(self, closed: Set[date]) -> Fraction:
        """What was charged for the season, by the fees of its days."""
        own = (self.of(day) * self.part(day) for day in self.days() if day not in closed)
        return sum(own, Fraction(0)) / self.count()

    def priced(self, line: Line, closed: Set[date]) -> Iterator[Line]:
        """The line, cut where the fee changes."""
        first, last = (date.fromisoformat(line[key]) for key in ("from", "to"))
        among = [day for day in self.days() if first <= day <= last and day not in closed]
        for fee, run in groupby(among, key=self.of):
            days = list(run)
            parts = {day: line["parts"][day] for day in days if line["parts"].get(day)}
            if not parts:
                continue
            daily, whole = fee / self.count(), sum(parts.values(), Fraction(0))
            amount = money(daily * whole * Fraction(line["share"]), line["coins"])
            yield line | {
                "from": str(days[0]), "to": str(days[-1]), "days": str(whole), "parts": parts,
                "daily": daily, "amount": str(amount),
            }  # fmt: skip


def of_dwelling(
    judge: Judge, scenario: Scenario, fees: Fees, other: Set[date]
) -> tuple[dict[str, Any], bool]:
    """What the days as a dwelling pay for sure, and whether more is open as the `other` days are not.

    Nothing says what these are owed: their records are no failing tests, and a sum of days of both is open.
    """
    scenario = of_dwellings(scenario)
    every = judge(scenario)
    acts = [act for act in scenario["acts"] if date.fromisoformat(act[0][:10]) not in other]
    if not other:
        return every, False
    own = judge({**scenario, "acts": acts})
    of_both = [line for line in own["lines"] if line["kind"] in SUMS and _days_of(line) & other]
    tested = any(
        fees.since <= datetime.fromisoformat(act[0]) < fees.until for act in scenario["acts"]
    )
    gone = [line["parts"] for line in own["lines"] if line["kind"] == "outage"]
    left = {
        day
        for day in other
        if fees.part(day) > sum((parts.get(day, 0) for parts in gone), Fraction(0))
    }
    sure = own | {"lines": [line for line in own["lines"] if line not in of_both]}
    more = own["lines"] != every["lines"] or own["undetermined"] != every["undetermined"]
    return sure, bool(of_both or more or (tested and left))


def _days_of(line: Line) -> set[date]:
    first, last = (date.fromisoformat(line[key]) for key in ("from", "to"))
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def fee_of_days(judge: Judge) -> Judge:
    """The twin of sums that together come to at most what was charged for the season."""
    return _priced(judge, capped=True)


def uncapped_fee_of_days(judge: Judge) -> Judge:
    """The same of sums that no fee of the season caps, as a multiple of an outage's time."""
    return _priced(judge, capped=False)


def _priced(judge: Judge, *, capped: bool) -> Judge:
    @wraps(judge)
    def settle(scenario: Scenario, closed: Set[date], **more: Any) -> dict[str, Any]:
        if not scenario.get("contract_changes"):
            return judge(scenario, closed, **more)
        fees = Fees(scenario)
        most = max(fees.of(day) for day in fees.days())
        alone = {**scenario, "season_fee": str(Decimal(most.numerator) / most.denominator)}
        alone["fee_of_days"] = len({fee for _, fee in fees.rows}) > 1
        other = fees.other_days() - closed
        judge_all = partial(judge, closed=closed, **more)
        judged, is_open = of_dwelling(judge_all, alone | {"contract_changes": []}, fees, other)
        lines: list[Line] = []
        for line in judged["lines"]:
            away = other if line["kind"] == "month_mean" else set()  # a part of each of its days
            for each in fees.priced(line, closed | away):
                paid = sum((Decimal(other["amount"]) for other in lines), Decimal(0))
                left = money(fees.due(closed), line["coins"]) - paid
                amount = min(Decimal(each["amount"]), left) if capped else each["amount"]
                if capped and left <= 0 < Decimal(each["amount"]):
                    continue
                lines.append(each | {"amount": str(amount)})
        return answer(lines, undetermined=judged["undetermined"] or is_open)

    return settle
