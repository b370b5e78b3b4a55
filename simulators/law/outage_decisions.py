"""What a recorded decision refunds of an outage: a part of the refund's naive twin.

A decision settles the time inside its own span, at a share of the fee of that time; of several at once the one
with the highest share holds, of those alike the one that began first. One outage has a line for each rule that it
is settled by: a clause at a share.
"""

from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from simulators.law.lines import Line, line_of
from simulators.law.season import Season, ratio

Outage = tuple[datetime, datetime]
Parts = dict[date, Fraction]
FULL = Fraction(1)


def parts_of(season: Season, since: datetime, until: datetime) -> Parts:
    """Seconds of a span in each local day ÷ seconds of that day."""
    parts = {}
    for day in season.days(since, until):
        begin, end = season.day_span(day)
        parts[day] = ratio(min(end, until) - max(begin, since), end - begin)
    return parts


def decided(
    season: Season, scenario: Mapping[str, Any], outage: Outage, closed: Set[date]
) -> tuple[list[Line], Parts, set[date]]:
    """Lines, what they take of each day, and the days on which no decision says anything."""
    since, until = max(outage[0], season.since), min(outage[1], season.until)
    if since >= until:
        return [], {}, set()
    every = [
        (season.instant(each["since"]), season.instant(each["until"]), each)
        for each in scenario.get("outage_decisions", ())
    ]
    rows = sorted(every, key=lambda row: (*row[:2], row[2]["document"], row[2]["clause"]))
    edges = {since, until} | {at for a, b, _ in rows for at in (a, b) if since < at < until}
    rules = [(Fraction(each["share"]), each["clause"]) for _, _, each in rows]
    runs: list[tuple[tuple[Fraction, str] | None, datetime, datetime]] = []
    for begin in sorted(edges - {until}):
        end = min(each for each in edges if each > begin)
        own = [rule for rule, (a, b, _) in zip(rules, rows, strict=True) if a <= begin and end <= b]
        rule = max(own, key=lambda each: each[0], default=None)  # the first of those alike
        joined = runs and runs[-1][0] == rule
        runs.append((rule, runs.pop()[1] if joined else begin, end))
    lines: list[Line] = []
    taken: Parts = {}
    open_days: set[date] = set()
    for rule, begin, end in runs:
        parts = {d: part for d, part in parts_of(season, begin, end).items() if d not in closed}
        if rule is None:
            open_days |= set(parts)
            continue
        share, _ = rule
        if share:
            lines += lines_of(season, "outage_decided", parts, dict.fromkeys(parts, share))
        for day, part in parts.items():
            taken[day] = taken.get(day, Fraction(0)) + part * min(share, FULL)
    return lines, taken, open_days


def lines_of(
    season: Season, kind: str, parts: Mapping[date, Fraction], share: Mapping[date, Fraction]
) -> Iterator[Line]:
    """Parts of days at a share of the fee: a line for each fee and share, one after the other."""
    for days in season.runs(parts, lambda day: (season.fee_on(day), share.get(day))):
        if own := share[days[0]]:
            of = {day: parts[day] for day in days}
            yield line_of(kind, of, own, season.daily_on(days[0]))


#: Acts of which no clause was seen that says what outages pay, or some of them.
ACTS = (
    "CN-SD-YANTAI", "CN-SN-XIAN-2018", "CN-HL-2021", "CN-XJ-URUMQI-2013", "CN-HL-HARBIN-pre2021",
    "CN-SD-TAIAN-2020", "CN-XJ-URUMQI-2002",
)  # fmt: skip


def with_decisions(world: dict[str, Any]) -> dict[str, Any]:
    """The season, where outages wait for a decision often with some on them."""
    rng, clause = (Random(f"{world['id']} {of}") for of in ("outage decisions", "their clauses"))
    if world["policy"] not in ACTS or not world["outages"] or rng.random() < 0.5:
        return world
    found = []
    at = datetime.fromisoformat(world["outages"][0][0])
    for _ in range(rng.choice((1, 1, 2))):
        at += timedelta(minutes=rng.choice((-1500, -60, 0, 0, 30, 600, 1440)))
        until = at + timedelta(minutes=rng.choice((1, 90, 720, 1440, 4000, 90_000)))
        found.append(
            {
                "since": at.isoformat(timespec="minutes"),
                "until": until.isoformat(timespec="minutes"),
                "share": rng.choice(("0", "0.5", "1", "1", "2", "0.333333")), "basis": "authority",
                "document": "No. 7", "clause": clause.choice(("art. 1", "art. 1", "art. 2")),
            }
        )  # fmt: skip
    return world | {"outage_decisions": found}
