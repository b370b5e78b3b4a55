"""Steps of cold days: episodes, gates, and what made each day's share."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_days import EPISODE, MADE
from analytics.kernels.settlement_episodes import CLOCK, END, FIRST, HOW, LAST, REQUEST
from analytics.law.calculator import Basis
from analytics.law.cold_days.blocks import BlockBuilder
from analytics.law.cold_days.findings import Findings
from analytics.law.cold_days.record_steps import record_steps
from analytics.law.cold_days.room_standards import standard_step
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
from analytics.law.step_forms import Form, blank, to_json
from analytics.law.steps import SharedStep, Step, Told, day, hours, instant, kept, kept_msg, step
from analytics.law.terms import Terms, at_least, more_than
from domain.language import msg
from domain.quantity import Quantity

OUTSIDE = msg("not in a cold spell")
BELOW = msg("unknown as below: {what}", what="")
COMPLIANT = msg("unknown as compliant: {what}", what="")
_OUTSIDE = (-1, -1, -1, -1, -1)  # of a day of no episode in its bound


class Case(NamedTuple):
    """One household of the findings."""

    row: int
    found: Findings
    open_days: Sequence[int]


class _Body(NamedTuple):
    """What is said of days, its values blank; equal ones are one object."""

    clause: str
    text: Told
    numbers: dict[str, str]


class _Said(NamedTuple):
    """What is said of a run of days."""

    first: int
    last: int
    bound: int  # -1: in both
    body: _Body
    values: tuple[str, ...]  # temperature, room, instant: as many as it has


def _say(said: list[_Said], new: _Said) -> None:
    """Adds a day, or lets the run before it grow where the same is said of the same bound."""
    for i in range(len(said) - 1, max(len(said) - 3, -1), -1):
        old = said[i]
        if (
            old.last == new.first - 1 and old.bound == new.bound
            and old.body is new.body and old.values == new.values
        ):  # fmt: skip
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
        self._bodies: dict[str, _Body] = {}  # by their JSON
        self._days: dict[tuple[int, int, int, int, int], _Body] = {}
        self._forms: dict[tuple[int, int, bool], Form] = {}  # by body, bound, several days
        self._runs: dict[int, Form] = {}  # of episodes, by how they ended
        self._tables = basis.by_day(table)
        self._gates: dict[tuple[int, int], Step] = {}
        self._clause = _clauses(basis.terms, table)
        self._by = [id(rules.on(d)) for d in range(len(basis.days.days))]
        self._band_clause = {
            id(each): [self._of_share(each, share) for share in each.shares]
            for each in (rules, *(later for _, later in rules.later))
        }  # by the rules of the day

    def steps(self, case: Case, *, to_write: bool = False) -> tuple[Any, ...]:
        """Episodes with their gates, then days; some as JSON `to_write`."""
        said = self._day_steps(case, to_write) if self._blocks is None else self._block_steps(case)
        return (*self._promised(), *self._episodes(case, to_write), *said, *self._records(case))

    def _records(self, case: Case) -> Iterator[Step]:
        """What rests on measurement records where no sensor says anything."""
        by_room, standard = self._table.by_room, self._rules.standard
        return record_steps(self._basis, case.found, case.row, standard, by_room=by_room)

    def _promised(self) -> Iterator[Step]:
        """The room's own temperature, or the contract's, where it is not the act's."""
        if self._rules.own is not None:
            yield standard_step(self._rules.own)
            return
        if self._rules.by_use:  # said of the household: `analytics.settlement.recorded_steps`
            return
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

    def _episodes(self, case: Case, to_write: bool) -> Iterator[Any]:
        both = _same_episodes(case.found, case.row)
        if both:
            yield from self._of_bound(case, 0, to_write)
            return
        for bound in (0, 1):
            for told in self._of_bound(case, bound, to_write=False):
                yield _supposed(told, bound)

    def _of_bound(self, case: Case, bound: int, to_write: bool) -> Iterator[Any]:
        for row in case.found.rows(case.row, bound).tolist():
            run = row[END] - row[CLOCK]
            if run == 0:
                yield self._on_fault_days(row)
                continue
            at = self._basis.at
            values = (at(row[REQUEST]), at(row[CLOCK]), at(row[END]), hours(run))
            form = self._runs.get(row[HOW]) or self._run_form(row[HOW])
            yield form.json(values) if to_write else form.filled(values)
            began = self._began(row[CLOCK])
            if (gate := self._tables.on(began).gate) is not None:
                yield self._gate(gate, run, self._rules.on(began))
            yield from self._amended_gate(row[CLOCK], row[END], began)

    def _amended_gate(self, clock: int, end: int, began: int) -> Iterator[Step]:
        """That what lies behind a change of the gate is long enough, where all of the run was not."""
        start = self._basis.days.start_us
        runs = (np.array([at], dtype=np.int64) for at in (clock, end))
        paid = int(self._rules.paid_from(start, *runs)[0]) if self._rules.later else began
        gate = self._tables.on(paid).gate
        if paid > began and gate is not None:
            lasts = hours(end - int(start[paid]))
            text = kept_msg(
                "from {day} on, under the value in force from then on: {lasts} h in one run, paid from that day on",
                day=day(self._shown[paid]), lasts=lasts,
            )  # fmt: skip
            since = self._shown[paid]
            yield step(
                "gate_met",
                gate.clause,
                text,
                run_h=lasts,
                gate_h=str(gate.continuous_h),
                since=since,
            )

    def _began(self, clock: int) -> int:
        """The day of an episode's clock, by index, where that matters."""
        if not self._rules.later:
            return 0
        return int(self._basis.days.start_us.searchsorted(clock, side="right")) - 1

    def _run_form(self, how: int) -> Form:
        """What is said of an episode that ended so."""
        request, since, until, lasts = map(blank, range(4))
        text = kept_msg(
            "below from {since} to {until}, {hours} h; {ended}",
            since=instant(since), until=instant(until), hours=lasts, ended=self._ended[how],
        )  # fmt: skip
        numbers = {"request": request, "clock_start": since, "end": until, "run_h": lasts}
        self._runs[how] = Form(step("episode", self._table.clock.clause, text, **numbers))
        return self._runs[how]

    def _on_fault_days(self, row: Sequence[int]) -> Step:
        """An episode that lies on days of the user's fault alone."""
        since, until = self._basis.at(row[FIRST]), self._basis.at(row[LAST])
        lasts = hours(row[LAST] - row[FIRST])
        text = kept_msg(
            "below from {since} to {until}, {hours} h, on days of the user's fault alone",
            since=instant(since), until=instant(until), hours=lasts,
        )  # fmt: skip
        numbers = {"clock_start": since, "end": until, "run_h": lasts}
        return step("episode_of_fault", self._table.user_fault.clause, text, **numbers)

    def _gate(self, gate: Gate, run: int, rules: Rules) -> Step:
        """Whether a run [µs] is long enough; many homes share the same lengths."""
        key = run, id(rules)
        if key not in self._gates:
            self._gates[key] = SharedStep(self._gate_step(gate, run, rules))
        return self._gates[key]

    def _gate_step(self, gate: Gate, run: int, rules: Rules) -> Step:
        met = run > rules.gate or (run == rules.gate and not rules.gate_open)
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

    def _day_steps(self, case: Case, to_write: bool) -> Iterator[Any]:
        """Each day of an episode; neighbours that say the same are one step."""
        open_days = set(case.open_days)
        found, row = case.found, case.found.day[case.row]
        days = row[:, :, EPISODE].any(axis=0).nonzero()[0]
        columns = found.day, found.value, found.room, found.at_us
        told = zip(
            *(each[case.row][:, days].swapaxes(0, 1).tolist() for each in columns), strict=True
        )
        rooms = found.snapshot.room_code[int(found.snapshot.rooms.offsets[case.row]) :]
        said: list[_Said] = []
        for d, (own, value, room, at) in zip(days.tolist(), told, strict=True):
            differ = d in open_days and own[0][:MADE] != own[1][:MADE]
            for i in (0, 1) if differ else ((0,) if own[0][EPISODE] else (1,)):
                body, values = self._day(d, own[i], value[i], rooms, room[i], at[i])
                _say(said, _Said(d, d, i if differ else -1, body, values))
        yield from (self._told(each, to_write) for each in said)

    def _day(
        self, d: int, own: Sequence[int], value: float, rooms: Sequence[str], room: int, at: int
    ) -> tuple[_Body, tuple[str, ...]]:
        low, high, how, episode = own
        if math.isnan(value) or not episode:
            values: tuple[str, ...] = ()
        elif how in PLACED:
            values = f"{value / 1000:.3f}", rooms[room], self._basis.at(at)
        else:
            values = (f"{value / 1000:.3f}",)
        key = (low, high, how, len(values), self._by[d]) if episode else _OUTSIDE
        return self._days.get(key) or self._body(key), values

    def _body(self, key: tuple[int, int, int, int, int]) -> _Body:
        """What is said of days of these shares, made so, with so many values."""
        low, high, how, count, by_rules = key
        if key == _OUTSIDE:
            body = _Body(self._table.day.clause, self._outside, {})
        else:
            measured, value = _measured(how, count)
            numbers = measured | {
                "share": self._share_text[low],
                "made_by": MADE_BY_CODE.get(how, "unknown"),
            }
            if low != high:
                numbers["share_at_most"] = self._share_text[high]
            by = self._made_by.get(how, self._made_by[made.UNKNOWN])
            share: str | Told = self._percent[low]
            if low != high:  # nothing says in which band it is
                share = kept_msg("{least} to {most}", least=share, most=self._percent[high])
            text = (
                kept_msg("{by}, share {share}", by=by, share=share)
                if value is None
                else kept_msg("{by} {value}, share {share}", by=by, value=value, share=share)
            )
            body = _Body(self._clause.get(how, self._band_clause[by_rules][high]), text, numbers)
        self._days[key] = self._bodies.setdefault(to_json(body), body)
        return self._days[key]

    def _told(self, said: _Said, to_write: bool) -> Step | str:
        several = said.first != said.last
        key = id(said.body), said.bound, several
        form = self._forms.get(key) or self._forms.setdefault(
            key, _day_form(said.body, said.bound, several=several)
        )
        values = (*said.values, self._shown[said.first], self._shown[said.last])
        return form.json(values) if to_write else form.filled(values)

    def _of_share(self, rules: Rules, share: Fraction) -> str:
        """The clause that pays this share; for nothing, the one that sets the standard."""
        paid = [band.clause for band in rules.bands if band.refund == share]
        return paid[0] if paid else self._basis.terms.standard.clause


def _measured(how: int, count: int) -> tuple[dict[str, str], Told | None]:
    """The temperature that made a day's share with its room and instant, and their words: blank."""
    celsius, room, at = map(blank, range(3))
    if count == 0:
        return {}, None
    if count == 1:
        return {"celsius": celsius}, kept_msg("{number} °C", number=celsius)
    words = (
        kept_msg("{celsius} °C ({room}, from {at})", celsius=celsius, room=room, at=instant(at))
        if how in BEGINNING
        else kept_msg("{celsius} °C ({room}, {at})", celsius=celsius, room=room, at=instant(at))
    )
    return {"celsius": celsius, "room": room, "at": at}, words


def _day_form(body: _Body, bound: int, *, several: bool) -> Form:
    """What is said of a day, or of several: behind its other values their first and last."""
    count = sum(name in body.numbers for name in ("celsius", "room", "at"))
    first, last = blank(count), blank(count + 1)
    text = (
        kept_msg("{first} to {last}: {what}", first=day(first), last=day(last), what=body.text)
        if several
        else kept_msg("{day}: {what}", day=day(first), what=body.text)
    )
    told = step("day", body.clause, text, first=first, last=last, **body.numbers)
    return Form(told if bound < 0 else _supposed(told, bound))


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
        made.DEEMED: table.presumptions.clause,
        made.REFUSED: table.presumptions.clause,
        made.USER_FAULT: table.user_fault.clause,
        made.RETEST: table.retest.clause,
        made.EXCUSED: terms.standard.clause,
        made.BY_CAUSE: terms.outages.clause if terms.outages else "",
    }


def _percent(share: Fraction) -> str:
    """As percent; a part that has no short decimal as the fraction that it is."""
    percent = share * 100
    if share < 1 and (percent * 100).denominator != 1:
        return str(share)
    return f"{percent.numerator / percent.denominator:g}%"
