"""Steps of cold days: episodes, gates, and what made each day's share."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_days import EPISODE, MADE
from analytics.kernels.settlement_episodes import CLOCK, END, FIRST, HOW, LAST, REQUEST
from analytics.law.calculator import Basis
from analytics.law.cold_days.blocks import BlockBuilder
from analytics.law.cold_days.findings import Findings
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable, Gate
from analytics.law.cold_days.words import (
    BEGINNING,
    ENDED,
    MADE_BY,
    MADE_BY_CODE,
    MEAN_OF_DAYS,
    PLACED,
)
from analytics.law.steps import SharedStep, Step, Told, day, hours, instant, kept, kept_msg, step
from analytics.law.terms import Terms, at_least, more_than
from domain.language import msg
from domain.quantity import Quantity

OUTSIDE = msg("not in a cold spell")
BELOW = msg("unknown as below: {what}", what="")
COMPLIANT = msg("unknown as compliant: {what}", what="")


class Case(NamedTuple):
    """One household of the findings."""

    row: int
    found: Findings
    open_days: Sequence[int]


class _Said(NamedTuple):
    """What is said of a run of days."""

    first: int
    last: int
    bound: int  # -1: in both
    clause: str
    text: Told
    numbers: dict[str, str]


def _say(said: list[_Said], new: _Said) -> None:
    """Adds a day, or lets the run before it grow where the same is said of the same bound."""
    for i in range(len(said) - 1, max(len(said) - 3, -1), -1):
        old = said[i]
        if old.last == new.first - 1 and old[2:] == new[2:]:
            said[i] = old._replace(last=new.last)
            return
    said.append(new)


class ColdExplainer:
    """Steps of cold days of one season."""

    def __init__(
        self, basis: Basis, table: DayBandTable, rules: Rules, blocks: BlockBuilder | None = None
    ) -> None:
        self._blocks = blocks  # where they are paid in place of local days
        self._basis = basis
        self._table = table
        self._rules = rules
        self._shown = [each.isoformat() for each in basis.days.days]
        self._percent = [_percent(share) for share in rules.shares]
        self._share_text = [str(share) for share in rules.shares]
        self._outside = kept(OUTSIDE)
        self._ended = {how: kept(text) for how, text in ENDED.items()}
        of_days = {made.RECORD_OF_DAY: MEAN_OF_DAYS} if rules.mean_days else {}
        self._made_by = {how: kept(text) for how, text in (MADE_BY | of_days).items()}
        self._said: dict[tuple[int, int], Told] = {}
        self._gates: dict[int, Step] = {}
        self._clause = _clauses(basis.terms, table)
        self._band_clause = [self._of_share(share) for share in rules.shares]

    def steps(self, case: Case) -> tuple[Step, ...]:
        """Episodes with their gates, then days."""
        said = self._day_steps(case) if self._blocks is None else self._block_steps(case)
        return (*self._promised(), *self._episodes(case), *said)

    def _promised(self) -> Iterator[Step]:
        """The contract's temperature, where it is not the act's."""
        celsius = self._rules.standard / 1000
        if self._rules.standard != Quantity.TEMPERATURE.to_ticks(self._basis.terms.standard.temp):
            text = kept_msg(
                "promised temperature, by the contract: {celsius} °C", celsius=f"{celsius:g}"
            )
            clause = self._basis.terms.standard.clause
            yield step("promised", clause, text, celsius=f"{celsius:g}")

    def _block_steps(self, case: Case) -> Iterator[Step]:
        assert self._blocks is not None  # the caller has looked
        both = _same_episodes(case.found, case.row)
        for bound, told in self._blocks.steps(case.found, case.row, both=both):
            yield told if both or bound < 0 else _supposed(told, bound)

    def _episodes(self, case: Case) -> Iterator[Step]:
        both = _same_episodes(case.found, case.row)
        for bound in (0,) if both else (0, 1):
            for told in self._of_bound(case, bound):
                yield told if both else _supposed(told, bound)

    def _of_bound(self, case: Case, bound: int) -> Iterator[Step]:
        gate = self._table.gate
        for row in case.found.rows(case.row, bound).tolist():
            run = row[END] - row[CLOCK]
            if run == 0:
                yield self._on_fault_days(row)
                continue
            numbers = {
                "request": self._basis.at(row[REQUEST]),
                "clock_start": self._basis.at(row[CLOCK]),
                "end": self._basis.at(row[END]),
                "run_h": hours(run),
            }
            yield step(
                "episode",
                self._table.clock.clause,
                kept_msg(
                    "below from {since} to {until}, {hours} h; {ended}",
                    since=instant(numbers["clock_start"]), until=instant(numbers["end"]),
                    hours=numbers["run_h"], ended=self._ended[row[HOW]],
                ),
                **numbers,
            )  # fmt: skip
            if gate is not None:
                yield self._gate(gate, run)

    def _on_fault_days(self, row: Sequence[int]) -> Step:
        """An episode that lies on days of the user's fault alone."""
        since, until = self._basis.at(row[FIRST]), self._basis.at(row[LAST])
        text = kept_msg(
            "below from {since} to {until}, on days of the user's fault alone",
            since=instant(since), until=instant(until),
        )  # fmt: skip
        numbers = {"clock_start": since, "end": until, "run_h": hours(row[LAST] - row[FIRST])}
        return step("episode_of_fault", self._table.user_fault.clause, text, **numbers)

    def _gate(self, gate: Gate, run: int) -> Step:
        """Whether a run [µs] is long enough; many homes share the same lengths."""
        if run not in self._gates:
            self._gates[run] = SharedStep(self._gate_step(gate, run))
        return self._gates[run]

    def _gate_step(self, gate: Gate, run: int) -> Step:
        least = self._rules.gate
        met = run > least or (run == least and not self._rules.gate_open)
        wanted = kept((at_least if gate.op == ">=" else more_than)(gate.continuous_h))
        lasts = hours(run)
        text = (
            kept_msg("{lasts} h in one run: meets {wanted}", lasts=lasts, wanted=wanted)
            if met
            else kept_msg("{lasts} h in one run: misses {wanted}", lasts=lasts, wanted=wanted)
        )
        gate_h = str(gate.continuous_h)
        code = "gate_met" if met else "gate_missed"
        return step(code, gate.clause, text, run_h=lasts, gate_h=gate_h)

    def _day_steps(self, case: Case) -> Iterator[Step]:
        """Each day of an episode; neighbours that say the same are one step."""
        open_days = set(case.open_days)
        row = case.found.day[case.row]
        said: list[_Said] = []
        for d in row[:, :, EPISODE].any(axis=0).nonzero()[0].tolist():
            differ = d in open_days and (row[0, d, :MADE] != row[1, d, :MADE]).any()
            for bound in (0, 1) if differ else ((0,) if row[0, d, EPISODE] else (1,)):
                _say(said, self._day(case, d, bound, bool(differ)))
        yield from (self._told(each) for each in said)

    def _day(self, case: Case, d: int, bound: int, differ: bool) -> _Said:
        found = case.found
        low, high, how, episode = found.day[case.row, bound, d].tolist()
        if episode == 0:
            return _Said(d, d, bound if differ else -1, self._table.day.clause, self._outside, {})
        measured, value = self._measured(case, d, bound, how)
        numbers = {
            **measured,
            "share": self._share_text[low],
            "made_by": MADE_BY_CODE.get(how, "unknown"),
        }
        if low != high:
            numbers["share_at_most"] = self._share_text[high]
        text = (
            self._without_value(how, low)
            if value is None
            else kept_msg(
                "{by} {value}, share {share}", by=self._by(how), value=value, share=self._percent[low]
            )
        )  # fmt: skip
        clause = self._clause.get(how, self._band_clause[low])
        return _Said(d, d, bound if differ else -1, clause, text, numbers)

    def _by(self, how: int) -> Told:
        return self._made_by.get(how, self._made_by[made.UNKNOWN])

    def _without_value(self, how: int, low: int) -> Told:
        """What is said of a day of no temperature; months of a city's homes share it."""
        if (how, low) not in self._said:
            self._said[how, low] = kept_msg(
                "{by}, share {share}", by=self._by(how), share=self._percent[low]
            )
        return self._said[how, low]

    def _told(self, said: _Said) -> Step:
        first, last = self._shown[said.first], self._shown[said.last]
        text = (
            kept_msg("{day}: {what}", day=day(first), what=said.text)
            if said.first == said.last
            else kept_msg(
                "{first} to {last}: {what}", first=day(first), last=day(last), what=said.text
            )
        )
        told = step("day", said.clause, text, first=first, last=last, **said.numbers)
        return told if said.bound < 0 else _supposed(told, said.bound)

    def _measured(
        self, case: Case, d: int, bound: int, how: int
    ) -> tuple[dict[str, str], Told | None]:
        """The temperature that made a day's share with its room and instant, and their words."""
        found = case.found
        value = float(found.value[case.row, bound, d])
        if math.isnan(value):
            return {}, None
        celsius = f"{value / 1000:.3f}"
        if how not in PLACED:
            return {"celsius": celsius}, kept_msg("{number} °C", number=celsius)
        first = int(found.snapshot.rooms.offsets[case.row])
        room = found.snapshot.room_code[first + int(found.room[case.row, bound, d])]
        at = self._basis.at(int(found.at_us[case.row, bound, d]))
        words = (
            kept_msg("{celsius} °C ({room}, from {at})", celsius=celsius, room=room, at=instant(at))
            if how in BEGINNING
            else kept_msg("{celsius} °C ({room}, {at})", celsius=celsius, room=room, at=instant(at))
        )
        return {"celsius": celsius, "room": room, "at": at}, words

    def _of_share(self, share: Fraction) -> str:
        """The clause that pays this share; for nothing, the one that sets the standard."""
        paid = [band.clause for band in self._rules.bands if band.refund == share]
        return paid[0] if paid else self._basis.terms.standard.clause


def _same_episodes(found: Findings, row: int) -> bool:
    """Whether both bounds tell one story."""
    zero, one = found.rows(row, 0), found.rows(row, 1)
    return bool(len(zero) == len(one) and (zero == one).all())


def _supposed(told: Step, bound: int) -> Step:
    """The step with what it supposes of longer unknown stretches said before it."""
    supposed = (
        {"message": BELOW.message, "values": {"what": told["text"]}}
        if bound == 0
        else {"message": COMPLIANT.message, "values": {"what": told["text"]}}
    )
    numbers = {**told["numbers"], "unknown_as": ("below", "compliant")[bound]}
    return {**told, "text": supposed, "numbers": numbers}


def _clauses(terms: Terms, table: DayBandTable) -> dict[int, str]:
    """Where the act says what made a day, other than its temperature."""
    return {
        made.EXCLUDED: table.exclude.clause if table.exclude else "",
        made.PRESUMED: table.presumptions.clause,
        made.REFUSED: table.presumptions.clause,
        made.USER_FAULT: table.user_fault.clause,
        made.RETEST: table.retest.clause,
        made.EXCUSED: terms.standard.clause,
    }


def _percent(share: Fraction) -> str:
    return f"{(share * 100).numerator / (share * 100).denominator:g}%"
