"""What decisions take a household's undetermined days as, and the steps that say so."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.recorded import Decided, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.samples import Samples
from analytics.law.steps import Step, day, step
from domain.columns import IntArray
from domain.language import Text, msg, plural
from domain.quantity import Quantity
from domain.recorded import BELOW, COMPLIANT

BASES = {
    "authority": msg("decision of the authority"),
    "agreement": msg("agreement of the parties"),
    "presumption": msg("presumption of the act"),
}


class TakenAs(NamedTuple):
    """What a decision takes an undetermined day as."""

    below: bool
    share: int  # index; of a day of which nothing is known and that is below
    presumed: bool = False  # as the act presumes it: it pays the most it can


def decided_days(
    basis: Basis, part: Snapshot, home: int, samples: Samples | None = None, standard: int = 0
) -> dict[int, Decided]:
    """Day of the season -> the decision that holds for it; the days are those that its span touches.

    One on a room of several is about the days on which that room makes the dwelling below, or may:
    it is known below, or unknown while no other room is known below. That one of several is
    compliant says nothing of the others. Of several decisions on a day one as below holds, a dwelling
    being below while one of its rooms is, and of those the coldest. Without the rooms' `samples` one as below is about every day of
    its span. `standard` [0.001 °C]
    """
    if not part.recorded or not part.recorded[home]:
        return {}
    first, last = part.rooms.offsets[home : home + 2].tolist()
    names = part.room_code[first:last]
    decided: dict[int, Decided] = {}
    for each in sorted(recorded_of(part.recorded[home]).decisions, key=coldest_first):
        if each.room and each.room not in names:
            continue
        own = names.index(each.room) if each.room and len(names) > 1 else None
        for d in touched(basis, each):
            if own is not None and (
                each.outcome != BELOW
                or (
                    samples is not None
                    and not _may_be(basis, samples, (first, last, own), (each, d), standard)
                )
            ):
                continue
            decided.setdefault(d, each)
    return decided


def coldest_first(each: Decided) -> tuple[bool, Decimal]:
    """Below before compliant, the coldest first; those without a temperature behind."""
    warmest = Decimal("Infinity")
    return each.outcome != BELOW, Decimal(each.temperature) if each.temperature else warmest


def _may_be(
    basis: Basis, samples: Samples, rooms: tuple[int, int, int], decided: tuple[Decided, int],
    standard: int,
) -> bool:  # fmt: skip
    """Whether a room makes its dwelling below at some instant of a decision's day, or may."""
    first, last, own = rooms
    each, d = decided
    start = basis.days.start_us
    since, until = max(each.since, int(start[d])), min(each.until, int(start[d + 1]))
    rooms_of = [samples.of(room) for room in range(first, last)]
    marks = marks_of(rooms_of, since, until)
    told = [during(room, marks) for room in rooms_of]
    cold = [is_known & (value < standard) for value, is_known in told]
    others = np.logical_or.reduce([each for i, each in enumerate(cold) if i != own])
    return bool((cold[own] | (~told[own][1] & ~others)).any())


def marks_of(
    rooms: Sequence[tuple[IntArray, IntArray, IntArray]], since: int, until: int
) -> IntArray:
    """(k,) the instants of a span at which what is known of rooms may change, its begin too. [µs]"""
    changes = np.concatenate([at for own_at, stands, _ in rooms for at in (own_at, stands)])
    return np.append(changes[(changes > since) & (changes < until)], since)


def during(
    room: tuple[IntArray, IntArray, IntArray], marks: IntArray
) -> tuple[IntArray, NDArray[np.bool_]]:
    """(k,) what stands of a room at each instant [0.001 °C], and whether anything does."""
    at, until, value = room
    if at.size == 0:
        return np.zeros_like(marks), np.zeros(marks.size, dtype=np.bool_)
    row = np.searchsorted(at, marks, side="right") - 1
    return value[row], (row >= 0) & (marks < until[row])


def taken_as(rules: Rules, decided: Mapping[int, Decided]) -> dict[int, TakenAs]:
    """Where nothing is known: the temperature that the decision names, else just below the standard.

    So it pays the lowest band that "below" can mean, and never more than what is known and decided.
    """
    found = {}
    for d, each in decided.items():
        below = rules.standard - 1
        told = Quantity.TEMPERATURE.to_ticks(Decimal(each.temperature or 0))
        celsius = min(below, told) if each.temperature else below
        presumed = rules.term_open and each.basis == "presumption" and not each.temperature
        found[d] = TakenAs(each.outcome == BELOW, rules.on(d).share_at(celsius), presumed)
    return found


def touched(basis: Basis, decision: Decided) -> Iterator[int]:
    """Days of the season that a decision's span has an instant of."""
    start = basis.days.start_us.tolist()
    for d in range(len(basis.days.days)):
        if decision.since < start[d + 1] and decision.until > start[d]:
            yield d


def decision_steps(
    basis: Basis, decided: dict[int, Decided], settled: Sequence[int]
) -> Iterator[Step]:
    """One for each decision that settled a day: by whom, on what document, and as what."""
    for each in dict.fromkeys(decided.values()):
        days = [d for d in settled if decided[d] == each]
        if days:
            yield decision_step(basis, each, days)


def decision_step(basis: Basis, each: Decided, days: Sequence[int]) -> Step:
    """That a decision settled what was undetermined of `days`, of which there is at least one."""
    first, last = (basis.days.days[days[i]].isoformat() for i in (0, -1))
    values = {
        "first": day(first), "last": day(last), "basis": BASES[each.basis],
        "document": each.document,
        "days": plural("{n} undetermined day", "{n} undetermined days", n=len(days)),
        "outcome": OUTCOME[each.outcome], "celsius": each.temperature,
    }  # fmt: skip
    text = (
        msg(
            "{basis} ({document}): {days} from {first} to {last} count as {outcome}, {celsius} °C",
            **values,
        )
        if each.temperature
        else msg("{basis} ({document}): {days} from {first} to {last} count as {outcome}", **values)
    )
    numbers = {
        "first": first, "last": last, "days": len(days), "outcome": each.outcome,
        "basis": each.basis, "document": each.document, "actor": each.actor,
    }  # fmt: skip
    return step("decision", each.clause, text, **numbers)


OUTCOME: dict[str, Text] = {
    BELOW: msg("below the standard"), COMPLIANT: msg("compliant"),
}  # fmt: skip
