"""Outages as acts count them: clipped to the season, with the seconds of every local day."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

import numpy as np

from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged, merged
from analytics.heat.supply import HELD_US
from analytics.law import calculator
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.lines import Line
from analytics.law.reasons import NO_OUTAGE, NOT_CHARGED, OUTAGE_WITHOUT_END
from analytics.law.steps import LocalTimes, Step, hours, instant, step
from domain.language import Text, msg
from domain.time import SECOND_US

NOTHING = Claim(reason=NO_OUTAGE)
Spans = tuple[tuple[int, int], ...]
T = TypeVar("T")
Taken = tuple[tuple[int, Seconds], ...]
Judge = Callable[[Fraction, Sequence["Outage"], Mapping[int, Seconds]], Claim]


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage, clipped to the season and to what is past."""

    since_us: int
    until_us: int
    seconds: tuple[
        tuple[int, Seconds], ...
    ]  # (day, seconds without heat whose fee is not paid yet)
    charged: Spans | None = None  # its time on days that were charged; None: all of it

    @property
    def spans(self) -> Spans:
        """Its time that counts. [µs]"""
        return ((self.since_us, self.until_us),) if self.charged is None else self.charged

    @property
    def lasts_us(self) -> int:
        return sum(until - since for since, until in self.spans)

    def began(self, days: SeasonDays) -> int:
        """The local day on which it began, by index; of one from before the season its first."""
        return int(np.searchsorted(days.start_us, self.since_us, side="right")) - 1

    def part_days(self, days: SeasonDays) -> Fraction:
        """Seconds without heat by seconds of each local day (7.20, "shares of an outage")."""
        length = days.length_s
        return sum((Fraction(s) / int(length[d]) for d, s in self.seconds), Fraction(0))


class OutageClaims:
    """Claims for outages: computed once for all homes that had the same ones and pay the same fee.

    `claim` says what a fee and its outages inside the season come to, of which there is at least
    one, given the seconds of each day whose fee those before it have paid (`left_of`). With
    `charged_only` an outage is its time on days that were charged, and those that were not are given.
    """

    def __init__(
        self, basis: Basis, claim: Judge, clause: str, *, charged_only: bool = False
    ) -> None:
        self._basis = basis
        self._claim = claim
        self._clause = clause
        self._charged_only = charged_only
        self._known: dict[tuple[Fraction, Spans, Spans, Taken], Claim] = {}

    def of(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        """(n,) one for each household; an outage pays of a day what those before have left of it."""
        claims = [NOTHING] * piece.part.household.size
        without = open_spans_of(piece.part)
        found = dict(spans_of(piece.part.outages))
        for i in sorted({*found, *without}):
            gone = calculator.not_charged if self._charged_only else calculator.taken_by
            taken = tuple(gone(before[i]).items())
            key = piece.fee[i], found.get(i, ()), without.get(i, ()), taken
            if key not in self._known:
                self._known[key] = self._judged(*key)
            claims[i] = self._known[key]
        return claims

    def _judged(self, fee: Fraction, ended: Spans, without: Spans, taken: Taken) -> Claim:
        """Of outages without a known end their claim is what the others alone make sure."""
        sure, _ = self._of(fee, ended, taken)
        if not without:
            return sure
        most, outages = self._of(fee, merged([*ended, *without], HELD_US), taken)
        days = {d for each in outages for d, _ in each.seconds}
        for end in ends_beside(ended, without[0][0], without[-1][1]):
            other, _ = self._of(fee, merged([*ended, *cut_at(without, end)], HELD_US), taken)
            most = max(most, other, key=lambda claim: claim.upper)
        return with_open_outages(self._basis, self._clause, sure, most, without, days)

    def _of(
        self, fee: Fraction, spans: Sequence[tuple[int, int]], taken: Taken
    ) -> tuple[Claim, tuple[Outage, ...]]:
        season, days = self._basis.snapshot.season, self._basis.days
        own = every = outages_of(spans, season.since_us, season.end_us, days)
        if self._charged_only and taken:
            own = tuple(charged_of(every, dict(taken), days))
        if own:
            return self._claim(fee, own, dict(taken)), own
        return (Claim(reason=NOT_CHARGED), ()) if every else (NOTHING, ())


def open_spans_of(part: Snapshot) -> dict[int, Spans]:
    """Household's row -> its outages without a known end, up to what is past of the season. [µs]"""
    return {} if part.open_outages is None else dict(spans_of(part.open_outages))


def cut_at(without: Spans, end: int) -> list[tuple[int, int]]:
    """Outages without a known end as they are where they end at an instant. [µs]"""
    return [(since, min(until, end)) for since, until in without if since < end]


def ends_beside(ended: Spans, since: int, until: int) -> Iterator[int]:
    """Ends of an outage from `since` to `until` at most, beside the others that it may run into: the last
    with which one is apart from it, the first with which they are one (7.9), and that one's own. [µs]"""
    for begin, end in ended:
        apart = begin - HELD_US
        yield from (each for each in (apart, apart + SECOND_US, end) if since < each < until)


def with_open_outages(
    basis: Basis, clause: str, sure: Claim, most: Claim, without: Spans, days: Iterable[int]
) -> Claim:
    """What ended alone makes sure, open up to what it comes to where those without an end go on.

    `days`: of all of them, by index.
    """
    if most.lines == sure.lines and most.open_days == sure.open_days:
        return sure
    steps = [*(sure.steps or ()), *(without_end(basis, clause, span) for span in without)]
    return sure._replace(
        upper=most.upper, open_days=tuple(sorted(days)), reason=None,
        waits_for=OUTAGE_WITHOUT_END, steps=steps,
    )  # fmt: skip


def without_end(basis: Basis, clause: str, span: tuple[int, int]) -> Step:
    """That nobody recorded when it ended, and no meter shows it."""
    since = basis.at(span[0])
    text = msg(
        "no heat from {since}, without a recorded end and without a meter that shows one: open "
        "until it is recorded",
        since=instant(since),
    )  # fmt: skip
    return step("outage_without_end", clause, text, since=since)


def judged_by_length(
    outages: Sequence[Outage], tables: calculator.ByDay[T], worth: Callable[[T, Outage], int],
    days: SeasonDays,
) -> list[tuple[Outage, Outage | None]]:  # fmt: skip
    """Each outage with what of it pays: all of it under the value in force when it began, or what lies behind
    a later change under the new one where that pays more; None: nothing. `worth`: 0 where it is too short."""
    found: list[tuple[Outage, Outage | None]] = []
    for each in outages:
        most = max(ways_of(each, tables, days), key=lambda way: worth(*way))
        found.append((each, most[1] if worth(*most) > 0 else None))
    return found


def ways_of(
    outage: Outage, tables: calculator.ByDay[T], days: SeasonDays
) -> list[tuple[T, Outage]]:
    """How an outage may be judged: all of it by the value in force when it began, and what lies behind each later
    change by the new one."""
    ways = [(tables.on(outage.began(days)), outage)]
    for since, table in tables.later:
        start = int(days.start_us[since])
        if outage.since_us < start < outage.until_us:
            ways.append((table, _between(outage, start, outage.until_us, days)))
    return ways


def highest(
    ways: Sequence[tuple[T, Outage]], worth: Callable[[T, Outage], int], days: SeasonDays
) -> list[tuple[T, Outage]]:
    """An outage in parts, each with the value by which it pays most of those it may be judged by (`ways_of`).

    `worth`: how often it pays by one; 0: not, and then its parts are left out.
    """
    found: list[tuple[T, int]] = []  # by which value from when on [µs]
    for n, (_, part) in enumerate(ways):
        best = max(ways[: n + 1], key=lambda way: worth(*way))  # of equals the earliest
        if worth(*best) > 0 and not (found and found[-1][0] is best[0]):
            found.append((best[0], part.since_us))
    ends = [*(since for _, since in found), ways[0][1].until_us][1:]
    return [
        (table, _between(ways[0][1], since, until, days))
        for (table, since), until in zip(found, ends, strict=True)
    ]


def reaches_an_end(basis: Basis, outage: Outage) -> bool:
    """Whether it is a late start or an early end: it reaches the season's first or last instant."""
    season = basis.snapshot.season
    return outage.since_us <= season.since_us or outage.until_us >= season.until_us


def _between(outage: Outage, since: int, until: int, days: SeasonDays) -> Outage:
    """What of an outage lies between two instants [µs] of it, each its own end or a local midnight."""
    if (since, until) == (outage.since_us, outage.until_us):
        return outage
    start = days.start_us
    seconds = tuple((d, s) for d, s in outage.seconds if since < start[d + 1] and start[d] < until)
    charged = outage.charged
    if charged is not None:
        inside = ((max(a, since), min(b, until)) for a, b in charged)
        charged = tuple((a, b) for a, b in inside if a < b)
    return replace(outage, since_us=since, until_us=until, seconds=seconds, charged=charged)


def outage_line(basis: Basis, fee: Fraction, outage: Outage, times: Fraction, clause: str) -> Line:
    """`times` the outage's shares of its days."""
    first, last = outage.seconds[0][0], outage.seconds[-1][0]
    days = outage.part_days(basis.days)
    return basis.line("outage", fee, first, last, days, times, clause, outage.seconds)


def charged_of(
    outages: Sequence[Outage], closed: Mapping[int, Seconds], days: SeasonDays
) -> Iterator[Outage]:
    """Those of the outages with any time on days that are not `closed`, with that time alone."""
    start = days.start_us.tolist()
    for each in outages:
        seconds = tuple((d, s) for d, s in each.seconds if d not in closed)
        spans = [
            (max(each.since_us, start[d]), min(each.until_us, start[d + 1])) for d, _ in seconds
        ]
        if len(seconds) == len(each.seconds):
            yield each
        elif seconds:
            yield replace(each, seconds=seconds, charged=tuple(merged(spans, 0)))


def spans_of(outages: Ragged) -> Iterator[tuple[int, Spans]]:
    """(household's row, its outages) of those that have any. [µs]"""
    for i in np.flatnonzero(outages.count()).tolist():
        own = slice(*outages.offsets[i : i + 2].tolist())
        since, until = (each[own].tolist() for each in outages.columns)
        yield i, tuple(zip(since, until, strict=True))


def left_of(
    paid: Sequence[Outage], taken: Mapping[int, Seconds], days: SeasonDays
) -> Sequence[Outage]:
    """Those of the outages whose days' fee is not all `taken`, with the seconds that are left."""
    if not taken:
        return paid
    gone, found = dict(taken), []
    for each in paid:
        left = {d: min(s, int(days.inside_s[d]) - gone.get(d, 0)) for d, s in each.seconds}
        seconds = tuple((d, s) for d, s in left.items() if s > 0)
        gone |= {d: gone.get(d, 0) + s for d, s in seconds}
        found += [replace(each, seconds=seconds)] if seconds else []
    return found


def taken_by(paid: Sequence[Outage]) -> dict[int, Seconds]:
    """Day -> seconds without heat of these outages, whose fee they take."""
    taken: dict[int, Seconds] = {}
    for day, seconds in (pair for each in paid for pair in each.seconds):
        taken[day] = taken.get(day, 0) + seconds
    return taken


def outages_of(
    spans: Sequence[tuple[int, int]], since_us: int, end_us: int, days: SeasonDays
) -> tuple[Outage, ...]:
    """Each outage inside [since, end) with the seconds of every local day it took (7.8)."""
    found = []
    for start, stop in spans:
        since, until = max(start, since_us), min(stop, end_us)
        if since < until:
            found.append(Outage(since, until, tuple(_seconds(since, until, days))))
    return tuple(found)


def _seconds(since: int, until: int, days: SeasonDays) -> Iterator[tuple[int, int]]:
    day = int(np.searchsorted(days.start_us, since, side="right")) - 1
    while day < len(days.days) and days.start_us[day] < until:
        a, b = max(since, int(days.start_us[day])), min(until, int(days.start_us[day + 1]))
        yield day, b // SECOND_US - a // SECOND_US
        day += 1


def outage_step(outage: Outage, at: LocalTimes, clause: str, wanted: Text, *, met: bool) -> Step:
    """When the outage was, how long, and whether that is the length that the act wants."""
    since, until, lasts = at(outage.since_us), at(outage.until_us), hours(outage.lasts_us)
    facts = {"since": instant(since), "until": instant(until), "lasts": lasts, "wanted": wanted}
    text = (
        msg("no heat from {since} to {until}, {lasts} h: {wanted} is reached", **facts)
        if met
        else msg("no heat from {since} to {until}, {lasts} h: {wanted} is not reached", **facts)
    )
    if outage.charged is not None:
        text = (
            msg(
                "no heat from {since} to {until}, {lasts} h of it on days that were charged: long "
                "enough ({wanted})",
                **facts,
            )
            if met
            else msg(
                "no heat from {since} to {until}, {lasts} h of it on days that were charged: too "
                "short ({wanted} needed)",
                **facts,
            )
        )
    code = "outage" if met else "outage_too_short"
    return step(code, clause, text, since=since, until=until, hours=lasts)
