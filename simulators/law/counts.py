"""Naive twins of `test_count` and `outage_multiple`: slow, obvious, in fractions of a day's fee.

A scenario is in the reference form. They know nothing of the code they are held against.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Scenario = dict[str, Any]
Line = dict[str, str]


def money(exact: Fraction) -> Decimal:
    """Half a cent goes up."""
    cents = exact * 100
    whole = cents.numerator // cents.denominator
    up = 1 if cents - whole >= Fraction(1, 2) else 0
    return (Decimal(whole + up) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class Season:
    """Instants, local days and the daily fee of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.zone = ZoneInfo(scenario.get("zone", "Asia/Shanghai"))
        self.since, self.until = (self.instant(text) for text in scenario["season"])
        self.fee = Fraction(scenario["season_fee"])

    def instant(self, text: str) -> float:
        return datetime.fromisoformat(text).replace(tzinfo=self.zone).timestamp()

    def midnight(self, day: date) -> float:
        return self.instant(f"{day}T00:00")

    def day_of(self, at: float) -> date:
        """The local day of an instant `at` [s]."""
        return datetime.fromtimestamp(at, self.zone).date()

    def touches(self, day: date, since: str, until: str) -> bool:
        """Whether the span has an instant of the local day in it."""
        begin, end = self.midnight(day), self.midnight(day + timedelta(days=1))
        return self.instant(since) < end and self.instant(until) > begin

    def part_days(self, since: float, until: float) -> Fraction:
        """Each local day's seconds in the span `since` to `until` [s] by its seconds."""
        total, day = Fraction(0), self.day_of(since)
        while self.midnight(day) < until:
            begin, end = self.midnight(day), self.midnight(day + timedelta(days=1))
            inside = min(until, end) - max(since, begin)
            total += Fraction(int(inside), int(end - begin))
            day += timedelta(days=1)
        return total

    def days(self) -> Fraction:
        return self.part_days(self.since, self.until)

    def line(
        self, kind: str, first: date, last: date, days: Fraction, share: int | Fraction
    ) -> Line:
        amount = money(self.fee / self.days() * days * share)
        return {
            "kind": kind, "from": str(first), "to": str(last), "days": str(days),
            "share": str(share), "amount": str(amount),
        }  # fmt: skip

    def stops(self, scenario: Scenario) -> list[tuple[float, float]]:
        """Outages inside the season; those less than an hour apart are one (7.9)."""
        found: list[tuple[float, float]] = []
        for since, until in sorted(
            (self.instant(a), self.instant(b)) for a, b in scenario["outages"]
        ):
            if found and since - found[-1][1] < 3600:
                found[-1] = (found[-1][0], max(found[-1][1], until))
            else:
                found.append((since, until))
        inside = [(max(a, self.since), min(b, self.until)) for a, b in found]
        return [(a, b) for a, b in inside if a < b]

    def outage(self, since: float, until: float, share: int) -> Line:
        """The line of an outage from `since` to `until` [s]."""
        last = self.day_of(until - 1)
        return self.line("outage", self.day_of(since), last, self.part_days(since, until), share)


def answer(lines: list[Line]) -> dict[str, Any]:
    total = sum((Decimal(each["amount"]) for each in lines), Decimal("0.00"))
    return {"total": str(total), "undetermined": False, "lines": lines}


def yinchuan(scenario: Scenario) -> dict[str, Any]:
    """Stops of 72 h, or all when they sum to 7 days of 24 h: twice their shares."""
    season = Season(scenario)
    stops = season.stops(scenario)
    every = sum(b - a for a, b in stops) >= 7 * 24 * 3600
    paid = [(a, b) for a, b in stops if every or b - a >= 72 * 3600]
    return answer([season.outage(a, b, 2) for a, b in paid])


def ordos(scenario: Scenario) -> dict[str, Any]:
    """Stops over 24 h, and a month for three failing tests within 30 × 24 h of the first.

    Records of a local day that a user's fault touches are as if they had not been made (7.20).
    """
    season = Season(scenario)
    lines = [season.outage(a, b, 1) for a, b in season.stops(scenario) if b - a > 24 * 3600]
    first_failure: dict[date, float] = {}
    for text, _, celsius in scenario["acts"]:
        at = season.instant(text)
        if season.since <= at < season.until and Decimal(celsius) < 18:
            day = season.day_of(at)
            if any(season.touches(day, *span) for span in scenario.get("user_faults", [])):
                continue
            first_failure[day] = min(at, first_failure.get(day, at))
    left = sorted(first_failure.values())
    while len(left) >= 3:
        if left[2] - left[0] > 30 * 24 * 3600:
            left = left[1:]
            continue
        rest = season.days() - sum(Fraction(line["days"]) for line in lines)
        first = season.day_of(left[0])
        if rest > 0:
            last = min(first + timedelta(days=29), season.day_of(season.until - 1))
            month = season.line("month", first, last, min(Fraction(30), rest), 1)
            paid = sum(Decimal(line["amount"]) for line in lines)
            most = money(season.fee) - paid
            lines.append(month | {"amount": str(min(Decimal(month["amount"]), most))})
        left = left[3:]
    return answer(lines)
