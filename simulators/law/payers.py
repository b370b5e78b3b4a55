"""Who bore the fee of each day of a season: a part of the refund's naive twin (regulations.md 7.11, 7.18)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from simulators.law.season import Season


def of_payers(
    scenario: Mapping[str, Any],
) -> Iterator[tuple[str, Mapping[str, Any], dict[date, Fraction]]]:
    """(payer, its requests and its part of the fee, the days that are not its) of each."""
    season = Season(scenario)

    def span_at(at: datetime) -> Mapping[str, str] | None:
        held = [
            each
            for each in scenario["fee_spans"]
            if season.instant(each["since"]) <= at
            and (not each.get("until") or at < season.instant(each["until"]))
        ]
        return max(held, key=lambda each: season.instant(each["since"])) if held else None

    def bearer(at: datetime) -> str:
        span = span_at(at)
        while span is not None and span["state"] in {"moved_out", "paused", "arrears"}:
            span = span_at(season.instant(span["since"]) - timedelta(microseconds=1))
        return "" if span is None else span.get("payer", "")

    def lives(at: datetime) -> str:
        """A row that only names who has borne the fee all along is no change of him."""
        name = bearer(at)
        rows = sorted(scenario["fee_spans"], key=lambda each: season.instant(each["since"]))
        for each in rows:
            begins = season.instant(each["since"]) > at
            if not name and begins and each["state"] in {"charged", "moved_in", "sold"}:
                return each.get("payer", "") if each["state"] == "charged" else ""
        return name

    bears: dict[date, tuple[str, str, str] | None] = {}
    for day in season.days(season.since, season.until):
        span = span_at(max(season.day_span(day)[0], season.since))
        charged = span is None or span["state"] in {"charged", "moved_in", "sold"}
        names = ("payer", "subsidy_percent", "subsidy_by")
        told = [(span or {}).get(name, "") for name in names]
        bears[day] = (told[0], told[1] or "0", told[2]) if charged else None
    kinds = list(dict.fromkeys(each for each in bears.values() if each is not None))
    lived = {day: lives(max(season.day_span(day)[0], season.since)) for day in bears}
    several = len({lived[day] for day, each in bears.items() if each is not None}) > 1
    for payer, percent, by in kinds:
        others = {d: season.part_inside(d) for d, e in bears.items() if e != (payer, percent, by)}
        his = {lived[day] for day, each in bears.items() if each == (payer, percent, by)}
        asked = [
            each
            for each in scenario["requests"]
            if not several or lives(season.instant(each)) in his
        ]
        subsidy = Fraction(percent) / 100
        for who, share in ((payer, 1 - subsidy), (by, subsidy)):
            if share:
                fee = str(Fraction(scenario["season_fee"]) * share)
                yield who, {**scenario, "requests": asked, "season_fee": fee}, dict(others)
