"""A contract whose fee or terms change inside the season, slow and obvious: a part of the naive twins.

Each local day has the terms that hold at its first instant, and its fee. Nothing but money is cut by a
change: cold spells, requests and tests run through it.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from itertools import groupby
from typing import Any

from simulators.law.lines import Line, answer, money
from simulators.law.season import Season

Scenario = Mapping[str, Any]
Judge = Callable[..., dict[str, Any]]
KEYS = ("since", "season_fee")


def midnight(day: date) -> datetime:
    """Local, as the times of a scenario are."""
    return datetime.combine(day, time.min)


class Terms:
    """The terms of each local day of a season."""

    def __init__(self, scenario: Scenario) -> None:
        self.since, self.until = (datetime.fromisoformat(text) for text in scenario["season"])
        first = {"season_fee": scenario["season_fee"]} | dict(scenario.get("contract", {}))
        rows = [(self.since, first)]
        for row in sorted(scenario["contract_changes"], key=lambda each: str(each["since"])):
            own = {"season_fee": scenario["season_fee"]} | row
            rows.append((datetime.fromisoformat(row["since"]), own))
        self.rows = rows
        self.scenario = scenario
        self.promised: dict[date, Decimal] = {}

    def of(self, day: date) -> Mapping[str, Any]:
        at = max(midnight(day), self.since)
        found = [own for since, own in self.rows if since <= at][-1]
        return {name: value for name, value in found.items() if name != "since"}

    def fee(self, day: date) -> Fraction:
        return Fraction(self.of(day)["season_fee"])

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

    def owed(self, day: date) -> Decimal:
        """The temperature that is promised on a day. [Cel]"""
        if day not in self.promised:
            contract = {k: v for k, v in self.of(day).items() if k not in KEYS}
            self.promised[day] = Season(
                {**self.scenario, "contract": contract, "rooms": {}}
            ).standard
        return self.promised[day]

    def as_owed_on(self, day: date, scenario: Scenario) -> dict[str, Any]:
        """Samples and records as they compare, each with what was promised on its day, with this day's."""
        last = self.days()[-1]

        def moved(at: str, celsius: str) -> str:
            then = min(max(date.fromisoformat(at[:10]), self.since.date()), last)
            return str(Decimal(celsius) + self.owed(day) - self.owed(then))

        kitchens = scenario.get("room_use", {})
        return {
            "rooms": {
                room: rows if room in kitchens else [[at, moved(at, c)] for at, c in rows]
                for room, rows in scenario["rooms"].items()
            },
            "acts": [
                [at, room, c if room in kitchens else moved(at, c)]
                for at, room, c in scenario["acts"]
            ],
        }

    def outage_on(self, day: date) -> bool:
        """Whether there was an outage when a day began."""
        season = Season(self.scenario)
        return any(a < season.midnight(day) < b for a, b in season.outages)

    def spans(self) -> Iterator[tuple[Mapping[str, Any], set[date]]]:
        """Terms with their days; the same terms again later are others."""
        for terms, days in groupby(self.days(), key=self.of):
            yield terms, set(days)

    def due(self) -> Fraction:
        """What is due for all the season, by the fees of its days."""
        parts = {day: self.part(day) for day in self.days()}
        count = sum(parts.values(), Fraction(0))
        return sum((self.fee(day) * part for day, part in parts.items()), Fraction(0)) / count

    def priced(self, line: Line, closed: Set[date]) -> Iterator[Line]:
        """The line, cut where the fee changes."""
        first, last = (date.fromisoformat(line[key]) for key in ("from", "to"))
        count = sum((self.part(day) for day in self.days()), Fraction(0))
        among = [day for day in self.days() if first <= day <= last and day not in closed]
        for fee, run in groupby(among, key=self.fee):
            days = list(run)
            parts = {day: line["parts"][day] for day in days if line["parts"].get(day)}
            if parts:
                yield self.at(line, parts, fee / count) | {
                    "from": str(days[0]), "to": str(days[-1]),
                }  # fmt: skip

    def of_month(self, line: Line) -> Line:
        """A part of the month's fee: of the fees of the month's days."""
        month = line["from"][:7]
        days = [day for day in self.days() if str(day)[:7] == month]
        count = sum((self.part(day) for day in self.days()), Fraction(0))
        whole = sum((self.part(day) for day in days), Fraction(0))
        fee = sum((self.fee(day) * self.part(day) for day in days), Fraction(0)) / whole
        return self.at(line, line["parts"], fee / count)

    @staticmethod
    def at(line: Line, parts: Mapping[date, Fraction], daily: Fraction) -> Line:
        days = sum(parts.values(), Fraction(0))
        exact = daily * days * Fraction(line["share"])
        amount = str(money(exact, line["coins"]))
        return line | {"days": str(days), "parts": parts, "daily": daily, "amount": amount}


def goes_on(line: Line, after: Line, begin: date, outage: bool) -> bool:
    """Whether a line goes on behind a change that leaves its fraction and fee alone: one of whole cold days,
    or of an `outage` that there was at the change."""
    same = all(line.get(key) == after.get(key) for key in ("kind", "room", "share", "daily"))
    whole = all(part == 1 for each in (line, after) for part in each["parts"].values())
    joins = max(line["parts"]) + timedelta(days=1) == begin == min(after["parts"])
    return same and joins and (outage if line["kind"] == "outage" else whole)


def one_of(line: Line, after: Line) -> Line:
    return Terms.at(line, line["parts"] | after["parts"], line["daily"]) | {"to": after["to"]}


def each_terms(judge: Judge) -> Judge:
    """The twin of shares of days: every set of terms judges the season, and pays its own days."""

    @wraps(judge)
    def settle(scenario: Scenario, closed: Set[date], **more: Any) -> dict[str, Any]:
        if not scenario.get("contract_changes"):
            return judge(scenario, closed, **more)
        terms = Terms(scenario)
        lines: list[Line] = []
        undetermined = False
        for own, days in terms.spans():
            contract = {name: value for name, value in own.items() if name not in KEYS}
            alone = {
                **scenario, "season_fee": own["season_fee"], "contract": contract,
                "contract_changes": [],
            }  # fmt: skip
            others = {day for day in terms.days() if day not in days}
            alone |= terms.as_owed_on(min(days), scenario)
            judged = judge(alone, frozenset(closed | others), **more)
            outage = terms.outage_on(min(days))
            for line in judged["lines"]:
                on = [each for each in lines if goes_on(each, line, min(days), outage)]
                if on:
                    lines.remove(on[-1])
                    outage = outage and line["kind"] != "outage"
                lines.append(one_of(on[-1], line) if on else line)
            undetermined = undetermined or judged["undetermined"]
        return answer(lines, undetermined=undetermined)

    return settle


def fee_of_days(judge: Judge) -> Judge:
    """The twin of sums: what they count is told once, and each day has its own fee."""
    return _priced(judge, of_month=False)


def fee_of_months(judge: Judge) -> Judge:
    """The same of parts of a month's fee."""
    return _priced(judge, of_month=True)


def _priced(judge: Judge, *, of_month: bool) -> Judge:
    @wraps(judge)
    def settle(scenario: Scenario, closed: Set[date], **more: Any) -> dict[str, Any]:
        if not scenario.get("contract_changes"):
            return judge(scenario, closed, **more)
        terms = Terms(scenario)
        most = max(terms.fee(day) for day in terms.days())
        alone = {**scenario, "season_fee": str(Decimal(most.numerator) / most.denominator)}
        judged = judge(alone | {"contract_changes": []}, closed, **more)
        lines: list[Line] = []
        for line in judged["lines"]:
            if of_month:  # the months share the season's fee
                lines.append(terms.of_month(line))
                continue
            for each in terms.priced(line, closed):
                paid = sum((Decimal(other["amount"]) for other in lines), Decimal(0))
                left = money(terms.due(), line["coins"]) - paid
                lines.append(each | {"amount": str(min(Decimal(each["amount"]), left))})
        return answer(lines, undetermined=judged["undetermined"])

    return settle
