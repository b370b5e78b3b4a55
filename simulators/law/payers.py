"""Who is paid of a refund, slow and obvious: a part of the naive twins (regulations.md 7.11, 7.18).

1. Who lived there. Each local day of the season is one person's, and is charged or not.
2. Judging. Every stay is judged once, on the whole fee of the household, with the requests, refusals
   and findings of fault made in it, none of which reaches past its end. Days of others, and days on which nobody was charged, are closed: they pay
   nothing, as if their fee had been refunded already. Subsidies play no part in it.
3. Splitting. Each line is cut where a day is closed or the subsidy changes. A piece is rounded once;
   its payer gets its part of it, rounded, and the subsidy what is left of the piece.
A flat compensation is no part of the fee: it is judged once for the household on all its charged
days, and is whole of the person of the first of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from simulators.law.lines import WORKING, Line, answer, money

Scenario = Mapping[str, Any]
#: Answers what a household is owed, given its facts and the days that are closed to it.
Judge = Callable[..., dict[str, Any]]
BRINGS_ANOTHER = ("sold", "moved_in")
CHARGED = ("charged", *BRINGS_ANOTHER)
INSTANT = timedelta(microseconds=1)
EVER, FOREVER = (datetime(year, 1, 1, tzinfo=UTC) for year in (1900, 2300))


@dataclass(frozen=True)
class Day:
    """Who is charged for a day, and who bears how much of it for them."""

    person: str
    subsidy: Fraction
    subsidised_by: str


class Household:
    """Who lived there, from the rows of who bore its fee. A person is known by a name; "" holds the contract."""

    def __init__(self, scenario: Scenario) -> None:
        self.zone = ZoneInfo(scenario.get("zone", "Asia/Shanghai"))
        self.since, self.until = (self.instant(text) for text in scenario["season"])
        self.rows: list[Mapping[str, str]] = sorted(
            scenario["fee_spans"],
            key=lambda row: (self.instant(row["since"]), row["state"] != "moved_out"),
        )
        self.brought: list[str] = []  # of each row, the name under which its person came
        for row in self.rows:
            self.brought.append(self.came_as(row))
        self.shown = {"": ""}  # the name under which a person came -> the last that a row gave it
        for row, person in zip(self.rows, self.brought, strict=True):
            if row["state"] in CHARGED and row.get("payer"):
                self.shown[person] = row["payer"]

    def instant(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(UTC)

    def midnight(self, day: date) -> datetime:
        return self.instant(f"{day}T00:00")

    def days(self) -> list[date]:
        """Local days of the season."""
        found = [self.since.astimezone(self.zone).date()]
        while self.midnight(found[-1] + timedelta(days=1)) < self.until:
            found.append(found[-1] + timedelta(days=1))
        return found

    def row_at(self, at: datetime) -> int | None:
        """The row that holds an instant: of several the one that began last.

        Behind a move-out no row before it does; where none from it on does, it holds itself.
        """
        begun = [i for i, row in enumerate(self.rows) if self.instant(row["since"]) <= at]
        gone = max((i for i in begun if self.rows[i]["state"] == "moved_out"), default=None)
        held = [
            i
            for i in begun
            if (gone is None or i >= gone)
            and (not self.rows[i].get("until") or at < self.instant(self.rows[i]["until"]))
        ]
        return held[-1] if held else gone

    def came_as(self, row: Mapping[str, str]) -> str:
        """Whoever bought or moved in; else whoever lived there before the row began.

        A row of charging that gives another name renames them, unless they had moved out.
        """
        before = self.row_at(self.instant(row["since"]) - INSTANT)
        gone = before is not None and self.rows[before]["state"] == "moved_out"
        another = row["state"] in BRINGS_ANOTHER or (row["state"] == "charged" and gone)
        if another and row.get("payer"):
            return row["payer"]
        return "" if before is None else self.brought[before]

    def person_at(self, at: datetime) -> str:
        row = self.row_at(at)
        return self.shown["" if row is None else self.brought[row]]

    def who_at(self, at: datetime) -> int | str:
        """By which row whoever lived there at an instant had come; "holder", or "nobody" behind a move-out."""
        row = self.row_at(at)
        if row is not None and self.rows[row]["state"] == "moved_out":
            return "nobody"
        while row is not None:
            before = self.row_at(self.instant(self.rows[row]["since"]) - INSTANT)
            gone = before is not None and self.rows[before]["state"] == "moved_out"
            state, payer = self.rows[row]["state"], self.rows[row].get("payer")
            if state in BRINGS_ANOTHER or (state == "charged" and gone and payer):
                return row
            row = before
        return "holder"

    def stays(self) -> list[tuple[datetime, datetime, int | str]]:
        """From when to when who lived there, one after the other: who comes back stays anew."""
        turns = {
            self.instant(row[key])
            for row in self.rows
            for key in ("since", "until")
            if row.get(key)
        }
        found: list[tuple[datetime, int | str]] = []
        for at in (EVER, *sorted(turns)):
            who = self.who_at(at)
            if not found or found[-1][1] != who:
                found.append((at, who))
        ends = [*(at for at, _ in found[1:]), FOREVER]
        return [(at, end, who) for (at, who), end in zip(found, ends, strict=True)]

    def holds_contract(self, stay: tuple[datetime, datetime, int | str]) -> bool:
        """Whether it is the first stay that the season sees: the contract's standing consent is of it alone."""
        return stay == next(
            (each for each in self.stays() if each[1] > self.since and each[2] != "nobody"), None
        )

    def text(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    def of_stay(self, scenario: Scenario, stay: tuple[datetime, datetime, int | str]) -> Scenario:
        """The season with the requests, refusals and findings that were made in a stay.

        Refusals and findings are of whole local days, also of the last one when the season is over.
        """
        since, until, who = stay

        def inside(text: str) -> bool:
            return since <= self.instant(text) < until

        def asked(text: str) -> bool:
            return inside(text) and self.instant(text) < self.until

        name = "" if who == "holder" else self.brought[int(who)]

        def claims(text: str) -> bool:
            """Made after the season, by whoever is known by the name of who stayed."""
            at = self.instant(text)
            return at >= self.until and self.person_at(at) == self.shown[name]

        faults = [
            [begin, min(self.instant(end), until)]
            for begin, end in scenario.get("user_faults", ())
            if inside(begin)
        ]
        return {
            **scenario,
            "requests": [text for text in scenario["requests"] if asked(text) or claims(text)],
            "refusals": [text for text in scenario.get("refusals", ()) if inside(text)],
            "user_faults": [[begin, self.text(end)] for begin, end in faults],
            "standing_consent": bool(scenario.get("standing_consent"))
            and self.holds_contract(stay),
        }

    def calendar(self) -> dict[date, Day | None]:
        """Of each day of the season, as it was at its first instant; None: nobody was charged."""
        found: dict[date, Day | None] = {}
        for day in self.days():
            i = self.row_at(max(self.midnight(day), self.since))
            row = {"state": "charged"} if i is None else self.rows[i]
            subsidy = Fraction(row.get("subsidy_percent") or 0) / 100
            by = row.get("subsidy_by", "") if subsidy else ""
            own = Day(self.shown["" if i is None else self.brought[i]], subsidy, by)
            found[day] = own if row["state"] in CHARGED else None
        return found


def each_payer(judge: Judge) -> Judge:
    """The twin of a refund that is a part of the fee."""

    @wraps(judge)
    def settle(scenario: Scenario, **more: Any) -> dict[str, Any]:
        if not scenario.get("fee_spans"):
            return finished(judge(scenario, frozenset(), **more))
        household = Household(scenario)
        calendar = household.calendar()
        lines: list[Line] = []
        undetermined = False
        for stay in household.stays():
            own = {
                day
                for day, each in calendar.items()
                if each and stay[0] <= max(household.midnight(day), household.since) < stay[1]
            }
            if not own:
                continue
            theirs = household.of_stay(scenario, stay)
            judged = judge(theirs, frozenset(set(calendar) - own), **more)
            undetermined = undetermined or judged["undetermined"]
            of_person = {day: each if day in own else None for day, each in calendar.items()}
            for line in judged["lines"]:
                lines += split(line, of_person)
        return finished(answer(lines, undetermined=undetermined))

    return settle


def first_payer(judge: Judge) -> Judge:
    """The twin of a flat compensation."""

    @wraps(judge)
    def settle(scenario: Scenario, **more: Any) -> dict[str, Any]:
        if not scenario.get("fee_spans"):
            return finished(judge(scenario, frozenset(), **more))
        household = Household(scenario)
        calendar = household.calendar()
        closed = frozenset(day for day, each in calendar.items() if each is None)
        judged = judge(scenario, closed, **more)
        lines: list[Line] = []
        for line in judged["lines"]:
            first = calendar[date.fromisoformat(line["from"])]
            assert first is not None  # closed days have no part of a line
            lines.append(line | named(first.person))
        return finished(answer(lines, undetermined=judged["undetermined"]))

    return settle


def split(line: Line, calendar: Mapping[date, Day | None]) -> Iterator[Line]:
    """The pieces of a line over days that are alike, each of its payer and of the subsidy."""
    for own, days in pieces(line, calendar):
        parts = {day: line["parts"][day] for day in days if day in line["parts"]}
        of = sum(parts.values(), Fraction(0))
        if not of:
            continue
        exact = exact_of(line) * of / Fraction(line["days"])
        whole = money(exact, line["coins"])
        piece = line | {"from": str(days[0]), "to": str(days[-1]), "days": str(of)}
        paid = money(exact * (1 - own.subsidy), line["coins"])
        if own.subsidy < 1:
            yield piece | named(own.person) | {"amount": str(paid)}
        if own.subsidy > 0:
            yield piece | named(own.subsidised_by) | {"amount": str(whole - paid)}


def exact_of(line: Line) -> Fraction:
    """Its amount before it was rounded; where the season's fee has left less, that."""
    exact = line["daily"] * Fraction(line["days"]) * Fraction(line["share"])
    amount = Decimal(line["amount"])
    return Fraction(amount) if amount < money(exact, line["coins"]) else Fraction(exact)


def pieces(line: Line, calendar: Mapping[date, Day | None]) -> Iterator[tuple[Day, Sequence[date]]]:
    """Neighbouring days of a line that are alike; none of closed days."""
    first, last = (date.fromisoformat(line[key]) for key in ("from", "to"))
    among = [day for day in calendar if first <= day <= last]
    for own, days in groupby(among, key=lambda day: calendar[day]):
        if own is not None:
            yield own, list(days)


def named(payer: str) -> dict[str, str]:
    return {"payer": payer} if payer else {}


def finished(judged: dict[str, Any]) -> dict[str, Any]:
    """Without what only a twin needs."""
    lines = [{k: v for k, v in each.items() if k not in WORKING} for each in judged["lines"]]
    return answer(lines, undetermined=judged["undetermined"])
