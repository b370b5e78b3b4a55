"""`block_days`: so many hours of an outage count as a day, by the time of day and the month."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds, part_days
from analytics.law.lines import Line
from analytics.law.outages import Outage, OutageClaims, outage_step
from analytics.law.reasons import NO_OUTAGE, OUTAGE_TOO_SHORT, Reason
from analytics.law.sense import hours_fault, outside
from analytics.law.steps import Step, day, step
from analytics.law.terms import Cited, Exact, Row, Table, Terms, TimeOfDay, at_least
from domain.language import Text, msg, plural
from domain.time import HOUR_US, to_us


class Block(Cited):
    """In these months and hours of the day, so many hours without heat are one day."""

    months: tuple[int, ...] = Field(min_length=1)
    since: TimeOfDay
    until: TimeOfDay  # the same as `since`: the whole day
    hours: Exact = Field(gt=0)  # [h]


class BlockDaysTable(Cited):
    """Which hours of an outage make a day of the fee."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True

    blocks: tuple[Block, ...] = Field(min_length=1)
    of_days: ClassVar[bool] = False  # an outage of hours may pay days

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        for each in self.blocks:
            when = msg(
                "outage in months {months}, {since} to {until}",
                months=", ".join(map(str, each.months)), since=each.since, until=each.until,
            )  # fmt: skip
            yield when, msg("each {number} h: 1 day's fee", number=each.hours), each.clause


class Calculator:
    """Hours of one outage in the same kind of hours are summed, and whole blocks of them are days."""

    Table: ClassVar[type[Table]] = BlockDaysTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, OUTAGE_TOO_SHORT)
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "whole-blocks-only",
        "blocks-of-one-outage",
        "season-fee-is-the-most",
    )
    request_clause = ""

    def __init__(self, basis: Basis, table: BlockDaysTable) -> None:
        self._basis = basis
        self._table = table
        self._outages = OutageClaims(basis, self._claim, table.clause, charged_only=True)
        zone = basis.snapshot.season.zone
        self._blocks = [
            (int(each.hours * HOUR_US), _spans(basis.days.days, each, zone))
            for each in table.blocks
        ]
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: BlockDaysTable) -> Iterator[Text]:
        for each in table.blocks:
            yield from hours_fault("blocks.hours", each.hours)
            for month in each.months:
                if not 1 <= month <= 12:
                    yield outside("blocks.months", month, 1, 12)
        for name in Calculator.interpretations:
            if not terms.interprets(name):
                yield msg(
                    "blocks needs the interpretation {name!r}: what is meant would be open",
                    name=name,
                )

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._outages.of(piece, before)

    def _claim(
        self, fee: Fraction, outages: Sequence[Outage], closed: Mapping[int, Seconds]
    ) -> Claim:
        left = self._basis.count - part_days(self._basis, closed)
        lines: list[Line] = []
        steps: list[Step] = []
        for outage in outages:
            full = self._full(outage)
            count = sum(full.values())
            days = Fraction(count) if self._basis.fee_of_days else min(Fraction(count), left)
            wanted = at_least(min(each.hours for each in self._table.blocks))
            steps.append(outage_step(outage, self._basis.at, self.clause, wanted, met=count > 0))
            if days <= 0:
                continue
            left -= days
            first, last, length = (
                outage.seconds[0][0],
                outage.seconds[-1][0],
                self._basis.days.length_s,
            )
            lie = [(d, days * each / count * int(length[d])) for d, each in sorted(full.items())]
            own = fee, first, last, days, Fraction(1), self.clause, lie
            lines.append(self._basis.line("outage", *own))
            steps.append(self._counted(lines[-1], count))
        why = None if lines else OUTAGE_TOO_SHORT
        return Claim.decided(lines, reason=why, steps=tuple(steps))

    def _full(self, outage: Outage) -> dict[int, int]:
        """Day -> whole blocks of the outage's hours, of each kind of hours, that are full on it."""
        found: dict[int, int] = {}
        for hours, spans in self._blocks:
            told = 0
            for since, until in ((max(a, c), min(b, d)) for a, b in outage.spans for c, d in spans):
                if since >= until:
                    continue
                blocks = (told + until - since) // hours - told // hours
                told += until - since
                day = int(np.searchsorted(self._basis.days.start_us, since, side="right")) - 1
                if blocks:
                    found[day] = found.get(day, 0) + blocks
        return found

    def _counted(self, line: Line, count: int) -> Step:
        first, last = line.first.isoformat(), line.last.isoformat()
        text = plural(
            "{first} to {last}: {n} whole block of hours, {n} day's fee",
            "{first} to {last}: {n} whole blocks of hours, {n} days' fee",
            n=count, first=day(first), last=day(last),
        )  # fmt: skip
        return step("outage_blocks", self.clause, text, first=first, last=last, days=count)


@lru_cache(maxsize=64)  # one season is settled many times over
def _spans(days: tuple[date, ...], block: Block, zone: str) -> tuple[tuple[int, int], ...]:
    """The block's hours of every local day, in its months. [us]"""
    own = ZoneInfo(zone)
    since, until = time.fromisoformat(block.since), time.fromisoformat(block.until)
    found: list[tuple[int, int]] = []
    for each in days:
        if each.month not in block.months:
            continue
        midnight, begin, end = (
            to_us(datetime.combine(each, at, own)) for at in (time.min, since, until)
        )
        after = to_us(datetime.combine(each + timedelta(days=1), time.min, own))
        found += [(begin, end)] if since < until else [(midnight, end), (begin, after)]
    return tuple(found)
