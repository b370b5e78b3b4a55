"""Blocks of 24 hours from the clock's start, where an act counts them in place of local days (7.3).

A block pays its band's share of a day; of each local day that it lies in, the part that lies there,
as far as an outage left it. What is left behind the last whole block is dropped, or is open.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analytics.kernels.settlement_days import UNKNOWN
from analytics.kernels.settlement_episodes import END, KIND, PRESUMED_ALONE, REQUEST
from analytics.law.calculator import Basis, Seconds, part_days
from analytics.law.cold_days.decided import TakenAs
from analytics.law.cold_days.findings import Findings
from analytics.law.cold_days.lines import NOTHING_DECIDED, ColdLines
from analytics.law.cold_days.open_by_text import between, nobody_came, passes, recurrence
from analytics.law.cold_days.rules import ByteArray, Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.cold_days.words import BEGINNING, MADE_BY, MADE_BY_CODE
from analytics.law.lines import Line, total
from analytics.law.reasons import RECURRENCE_OPEN, REMAINDER_OPEN, Reason
from analytics.law.steps import Step, instant, step
from domain.language import msg
from domain.time import SECOND_US


class Block(NamedTuple):
    """One block of an episode: what it pays at least and at most, as indices of shares."""

    begin_us: int
    stop_us: int
    low: int
    high: int
    made: int  # as kernels.settlement_days has it
    celsius: float  # [0.001 °C], NaN: nothing is known
    at_us: int
    room: int  # index into the household's rooms
    remainder: bool
    own: int  # the share that its temperature pays; -1: nothing is known of it
    recurs: bool = False  # nothing but that a cold recurs pays for it


class Part(NamedTuple):
    """What of a block lies in one local day."""

    day: int
    seconds: int
    low: int
    high: int
    own: int  # of its block


class BlockBuilder:
    """Draws lines and steps of blocks for the households of one season."""

    def __init__(self, basis: Basis, table: DayBandTable, rules: Rules, closed: ByteArray) -> None:
        self._basis = basis
        self._table = table
        self._rules = rules
        self._closed = closed.tolist()
        self._start = basis.days.start_us.tolist()
        self._inside = basis.days.inside_s.tolist()
        self._clause = {band.refund: band.clause for band in rules.bands}

    def blocks(self, found: Findings, row: int, bound: int) -> list[Block]:
        """A household's blocks in one bound, in the order of time."""
        entries, worst = found.entries, self._rules.worst
        assert entries is not None  # rules.block says so
        first = bound * found.episode.shape[1] + int(found.episode_start[row])
        blocks = []
        for k, episode in enumerate(found.rows(row, bound).tolist(), first):
            if episode[KIND] == PRESUMED_ALONE:  # all its records pass
                continue
            if not passes(self._rules, episode):
                continue
            presumed = self._rules.term_open and nobody_came(found, row, episode)
            for e in range(int(entries.start[k]), int(entries.start[k + 1])):
                own, stop = int(entries.share[e]), int(entries.stop[e])
                part = stop > episode[END]  # the act does not say what it pays
                blocks.append(
                    Block(
                        int(entries.begin[e]), stop, 0 if part else max(own, 0),
                        worst if own < 0 or presumed else own, int(entries.made[e]),
                        float(entries.value[e]), int(entries.at[e]), int(entries.room[e]), part, own,
                    )
                )  # fmt: skip
        return blocks

    def _recurring(self, found: Findings, row: int, blocks: Sequence[Block]) -> list[Block]:
        """The time between the blocks over which a cold recurs: it may pay as much as they, or nothing."""
        recurs = recurrence(found, row, self._rules) if self._rules.recurs else None
        if recurs is None:
            return []
        paid = [(each.begin_us, each.stop_us) for each in blocks]
        return [
            Block(begin, stop, 0, recurs.share, UNKNOWN, math.nan, 0, 0, False, -1, recurs=True)
            for begin, stop in between(recurs, paid)
        ]

    def _bounds(self, found: Findings, row: int) -> tuple[list[Part], list[Part]]:
        """The parts of days with unknown stretches as below, what recurs among them, and as compliant."""
        below = self.blocks(found, row, 0)
        below = sorted(
            [*below, *self._recurring(found, row, below)], key=lambda each: each.begin_us
        )
        fault = () if found.fault is None else np.flatnonzero(found.fault[row]).tolist()
        return self.parts(below, fault), self.parts(self.blocks(found, row, 1))

    def parts(self, blocks: Sequence[Block], fault: Collection[int] = ()) -> list[Part]:
        """What of the blocks lies in each local day that pays for temperature; `fault`: days of the user's."""
        until = self._basis.snapshot.season.until_us
        found = []
        for block in blocks:
            day = _day_of(self._start, block.begin_us)
            while day < len(self._closed) and self._start[day] < block.stop_us:
                since = max(block.begin_us, self._start[day])
                to = min(block.stop_us, self._start[day + 1], until)
                seconds = to // SECOND_US - since // SECOND_US
                closed = self._closed[day] or (block.recurs and day in fault)
                if seconds > 0 and not closed:
                    found.append(Part(day, seconds, block.low, block.high, block.own))
                day += 1
        return found

    def draw(
        self, fee: Fraction, taken: Mapping[int, Seconds], found: Findings, row: int,
        decided: Mapping[int, TakenAs] = NOTHING_DECIDED,
    ) -> ColdLines:  # fmt: skip
        """One household's lines; each local day pays the smaller of its two bounds.

        `decided` says what a decision takes a day as: it counts where the day is undetermined.
        """
        below, compliant = self._bounds(found, row)
        drawn = self._drawn(fee, taken, below, compliant)
        settled = tuple(day for day in drawn.open_days if day in decided)
        if not settled:
            return drawn
        smaller = self._smaller(taken, below, compliant)
        own = {day: _as_decided(day, below, smaller, decided[day]) for day in settled}
        below, compliant = (_with(parts, own) for parts in (below, compliant))
        return replace(self._drawn(fee, taken, below, compliant), settled=settled)

    def _drawn(
        self, fee: Fraction, taken: Mapping[int, Seconds], below: list[Part], compliant: list[Part]
    ) -> ColdLines:
        if below == compliant and all(part.low == part.high for part in below):
            return self._decided(fee, taken, below)
        most, least = self._of_days(taken, below, 1), self._of_days(taken, compliant, 0)
        chosen = self._smaller(taken, below, compliant)
        lines = tuple(self._lines(fee, taken, chosen, 0))
        paid = self._of_days(taken, chosen, 0)
        open_days = tuple(
            day
            for day in sorted(most.keys() | least.keys())
            if most.get(day, 0) != paid.get(day, 0) or least.get(day, 0) != paid.get(day, 0)
        )
        upper, lower = (
            total(list(self._lines(fee, taken, parts, which)))
            for parts, which in ((below, 1), (compliant, 0))
        )
        owed = total(lines)
        if not open_days:
            return ColdLines(lines, owed, owed, (), paid)
        return ColdLines(lines, upper, min(owed, lower), open_days, paid)

    def _smaller(
        self, taken: Mapping[int, Seconds], below: Sequence[Part], compliant: Sequence[Part]
    ) -> list[Part]:
        """Of each day the parts of the bound that pays less at least."""
        zero, least = self._of_days(taken, below, 0), self._of_days(taken, compliant, 0)
        from_below = {day for day in zero if zero[day] < least.get(day, 0)}
        chosen = [part for part in below if part.day in from_below]
        chosen += [part for part in compliant if part.day not in from_below and part.day in zero]
        return sorted(chosen, key=lambda part: part.day)

    def _decided(
        self, fee: Fraction, taken: Mapping[int, Seconds], parts: Sequence[Part]
    ) -> ColdLines:
        lines = tuple(self._lines(fee, taken, parts, 0))
        owed = total(lines)
        return ColdLines(lines, owed, owed, (), self._of_days(taken, parts, 0))

    def _left(
        self, taken: Mapping[int, Seconds], parts: Sequence[Part], most: int
    ) -> Iterator[tuple[Part, int, Seconds]]:
        """(part, index of its share, seconds that it pays) of those that pay any."""
        gone = dict(taken)
        for part in parts:
            share = part.high if most else part.low
            left = self._inside[part.day] - gone.get(part.day, 0)
            seconds = min(part.seconds, left)
            if share and seconds > 0:
                gone[part.day] = gone.get(part.day, 0) + seconds
                yield part, share, seconds

    def _of_days(
        self, taken: Mapping[int, Seconds], parts: Sequence[Part], most: int
    ) -> dict[int, Seconds]:
        """Day -> seconds of its fee that are paid."""
        found: dict[int, Seconds] = {part.day: 0 for part in parts}
        for part, share, seconds in self._left(taken, parts, most):
            found[part.day] += Fraction(seconds) * self._rules.shares[share]
        return found

    def _lines(
        self, fee: Fraction, taken: Mapping[int, Seconds], parts: Sequence[Part], most: int
    ) -> Iterator[Line]:
        """Blocks at one share, one after the other, are one line."""
        last = band = -1
        paid: dict[int, Seconds] = {}
        for part, share, seconds in self._left(taken, parts, most):
            if paid and (share != band or part.day > last + 1):
                yield self._line(fee, paid, band)
                paid = {}
            paid[part.day] = paid.get(part.day, 0) + seconds
            last, band = part.day, share
        if paid:
            yield self._line(fee, paid, band)

    def _line(self, fee: Fraction, paid: Mapping[int, Seconds], band: int) -> Line:
        """`paid`: day -> its seconds that are paid, of days one after the other."""
        share, each = self._rules.shares[band], list(paid.items())
        days = part_days(self._basis, paid)
        return self._basis.line(
            "temperature", fee, each[0][0], each[-1][0], days, share, self._clause[share], each
        )

    def open_by_text(self, found: Findings, row: int) -> Reason | None:
        """What alone is open, where no measurement tells it: what a remainder pays, or that a cold recurs."""
        below, compliant = (self.blocks(found, row, bound) for bound in (0, 1))
        known = all(each.remainder or each.low == each.high for each in below)
        if str(below) != str(compliant) or not known:  # as text, since NaN is not itself
            return None
        return RECURRENCE_OPEN if self._recurring(found, row, below) else REMAINDER_OPEN

    def steps(self, found: Findings, row: int, *, both: bool) -> Iterator[tuple[int, Step]]:
        """(bound, what made the share of each block); once where both bounds tell one story."""
        rooms = found.snapshot.rooms.offsets
        codes = found.snapshot.room_code[int(rooms[row]) : int(rooms[row + 1])]
        for bound in (0,) if both else (0, 1):
            for block in self.blocks(found, row, bound):
                yield bound, self._step(block, codes)
        yield from ((-1, each) for each in self._open_steps(found, row))

    def _open_steps(self, found: Findings, row: int) -> Iterator[Step]:
        """What the act names without a term."""
        for episode in found.rows(row, 0).tolist():
            if (
                self._rules.term_open
                and passes(self._rules, episode)
                and nobody_came(found, row, episode)
            ):
                at, share = self._basis.at(episode[REQUEST]), self._rules.shares[-1]
                text = msg(
                    "nobody measured after the request of {at}: the act refunds {percent}% for that "
                    "without saying by when; open up to it",
                    at=instant(at), percent=f"{float(share * 100):g}",
                )  # fmt: skip
                clause = self._table.presumptions.clause
                yield step("presumption_open", clause, text, at=at, share=str(share))
        recurs = recurrence(found, row, self._rules) if self._rules.recurs else None
        if recurs is not None and self._table.recurrence is not None:
            since, until = self._basis.at(recurs.since_us), self._basis.at(recurs.until_us)
            share = self._rules.shares[recurs.share]
            text = msg(
                "{since} to {until}: met within the hours of the act and cold again; it refunds all the "
                "time without saying how soon that is; open, at most {percent}% of a day's fee",
                since=instant(since), until=instant(until), percent=f"{float(share * 100):g}",
            )  # fmt: skip
            numbers = {"since": since, "until": until, "share": str(share)}
            yield step("recurrence_open", self._table.recurrence.clause, text, **numbers)

    def _step(self, block: Block, rooms: Sequence[str]) -> Step:
        since, until = self._basis.at(block.begin_us), self._basis.at(block.stop_us)
        share = self._rules.shares[block.high if block.own < 0 else block.own]
        numbers = {
            "since": since, "until": until, "share": str(share),
            "made_by": MADE_BY_CODE.get(block.made, "unknown"),
        }  # fmt: skip
        words: dict[str, object] = {
            "since": instant(since), "until": instant(until),
            "percent": f"{float(share * 100):g}",
            "by": MADE_BY.get(block.made, MADE_BY[UNKNOWN]),
        }  # fmt: skip
        clause = self._clause.get(share, self._basis.terms.standard.clause)
        if block.remainder:
            text = msg(
                "{since} to {until}: a block of 24 h that is not full; what it pays is open, at most "
                "{percent}% of a day's fee",
                **words,
            )
            return step("block_remainder", self._table.day.clause, text, **numbers)
        if math.isnan(block.celsius):
            text = msg("{since} to {until}: {by}, at most {percent}% of a day's fee", **words)
            return step("block", clause, text, **numbers)
        celsius = f"{block.celsius / 1000:.3f}"
        room, at = rooms[block.room], self._basis.at(block.at_us)
        numbers |= {"celsius": celsius, "room": room, "at": at}
        words |= {"celsius": celsius, "room": room, "at": instant(at)}
        text = (
            msg(
                "{since} to {until}: {by} {celsius} °C ({room}, from {at}), refund {percent}% of a "
                "day's fee",
                **words,
            )
            if block.made in BEGINNING
            else msg(
                "{since} to {until}: {by} {celsius} °C ({room}, {at}), refund {percent}% of a day's fee",
                **words,
            )
        )
        return step("block", clause, text, **numbers)


def _as_decided(
    day: int, below: Sequence[Part], smaller: Sequence[Part], decided: TakenAs
) -> list[Part]:
    """A day's parts with one share each: as below what is known of the blocks, or the least."""
    if not decided.below:
        return [part._replace(high=part.low) for part in smaller if part.day == day]
    found = []
    for part in below:
        if part.day == day:
            share = max(part.low, min(decided.share, part.high)) if part.own < 0 else part.own
            share = part.high if decided.presumed else share
            found.append(part._replace(low=share, high=share, own=share))
    return found


def _with(parts: Sequence[Part], own: Mapping[int, Sequence[Part]]) -> list[Part]:
    """The parts, those of some days replaced."""
    found = [part for part in parts if part.day not in own]
    found += [part for each in own.values() for part in each]
    return sorted(found, key=lambda part: part.day)


def _day_of(start: Sequence[int], instant_us: int) -> int:
    """Index of the local day of an instant [µs]; 0 where it lies before the first."""
    low, high = 0, len(start) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if start[middle] <= instant_us:
            low = middle
        else:
            high = middle - 1
    return low
