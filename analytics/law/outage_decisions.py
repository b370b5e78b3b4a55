"""What decisions settle of outages of which no clause was seen that says what they refund.

A decision settles the part of an outage inside its own span, at a share of the fee of that time. Of several on an
instant the one with the highest share holds. Time of one outage that several settle alike, by the same clause at the
same share, is one line (regulations.md 7.12, 7.20): it is rounded once.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from analytics.facts.recorded import OutageDecided, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.law import formulas
from analytics.law.calculator import Basis, Seconds
from analytics.law.cold_days.decided import BASES
from analytics.law.lines import Line
from analytics.law.outages import Outage, outages_of
from analytics.law.steps import Step, hours, instant, step
from domain.language import msg

DECIDED = "outage_decided"  # kind of line
WORDS = {DECIDED: msg("outage, by decision")}

Decisions = tuple[OutageDecided, ...]


class Settled(NamedTuple):
    """What decisions came to, and what they left open."""

    lines: tuple[Line, ...]
    taken: dict[int, Seconds]  # day -> what of its fee the lines take
    steps: tuple[Step, ...]
    rest: tuple[Outage, ...]


def decisions_of(part: Snapshot, home: int) -> Decisions:
    """Those about a household's outages."""
    return recorded_of(part.recorded[home]).outages_decided if part.recorded else ()


def settled(
    basis: Basis, fee: Fraction, outages: Sequence[Outage], decisions: Decisions
) -> Settled:
    """`outages`: with the seconds of each day whose fee is left."""
    lines: list[Line] = []
    steps: list[Step] = []
    rest: list[Outage] = []
    taken: dict[int, Seconds] = {}
    for outage in outages:
        parts = _parts(basis, outage, decisions)
        rest += [part for own, part in parts if own is None]
        by_decision = [(own, part) for own, part in parts if own is not None]
        for own, part in by_decision:
            share = Fraction(own.share)
            steps.append(_step(basis, own, part, share))
            for d, seconds in part.seconds:
                taken[d] = taken.get(d, 0) + seconds * min(share, Fraction(1))
        for own, part in _of_rules(by_decision):
            if share := Fraction(own.share):
                lines.append(_line(basis, fee, own, part, share))
    return Settled(tuple(lines), {d: s for d, s in taken.items() if s}, tuple(steps), tuple(rest))


def _parts(
    basis: Basis, outage: Outage, decisions: Decisions
) -> list[tuple[OutageDecided | None, Outage]]:
    """The parts of an outage that each decision settles, and those that none does, in order."""
    turns = sorted(
        {outage.since_us, outage.until_us}
        | {at for each in decisions for at in each[:2] if outage.since_us < at < outage.until_us}
    )
    spans: list[tuple[OutageDecided | None, int, int]] = []
    for since, until in pairwise(turns):
        about = [each for each in decisions if each.since <= since and until <= each.until]
        own = max(about, key=lambda each: Fraction(each.share), default=None)
        if spans and spans[-1][0] == own:
            spans[-1] = (own, spans[-1][1], until)
        else:
            spans.append((own, since, until))
    left = dict(outage.seconds)
    parts: list[tuple[OutageDecided | None, Outage]] = []
    for own, since, until in spans:
        for each in outages_of(((since, until),), outage.since_us, outage.until_us, basis.days):
            seconds = {d: min(s, left.get(d, 0)) for d, s in each.seconds}
            for d, s in seconds.items():
                left[d] = left.get(d, 0) - s
            kept = tuple((d, s) for d, s in seconds.items() if s > 0)
            if kept:
                parts.append((own, replace(each, seconds=kept)))
    return parts


def _of_rules(
    parts: Sequence[tuple[OutageDecided, Outage]],
) -> list[tuple[OutageDecided, Outage]]:
    """Parts of one outage that touch are one where they are settled by one clause at one share."""
    found: list[tuple[OutageDecided, Outage]] = []
    for own, part in parts:
        first, before = found[-1] if found else (own, part)
        if not found or before.until_us != part.since_us or _rule(first) != _rule(own):
            found.append((own, part))
            continue
        seconds = dict(before.seconds)
        for d, s in part.seconds:
            seconds[d] = seconds.get(d, 0) + s
        found[-1] = first, replace(before, until_us=part.until_us, seconds=(*seconds.items(),))
    return found


def _rule(own: OutageDecided) -> tuple[Fraction, str]:
    return Fraction(own.share), own.clause


def _line(basis: Basis, fee: Fraction, own: OutageDecided, part: Outage, share: Fraction) -> Line:
    first, last = part.seconds[0][0], part.seconds[-1][0]
    days = part.part_days(basis.days)
    return basis.line(DECIDED, fee, first, last, days, share, own.clause, part.seconds)


def _step(basis: Basis, own: OutageDecided, part: Outage, share: Fraction) -> Step:
    """By whom it was decided, on what document, and as what share."""
    since, until = basis.at(part.since_us), basis.at(part.until_us)
    text = msg(
        "{basis} ({document}): no heat from {since} to {until}, {lasts} h, refunds {share} of the fee "
        "of this time",
        basis=BASES[own.basis], document=own.document, since=instant(since), until=instant(until),
        lasts=hours(part.lasts_us), share=formulas.share(share),
    )  # fmt: skip
    return step(
        "outage_decided", own.clause, text, since=since, until=until, share=own.share,
        basis=own.basis, document=own.document, actor=own.actor,
    )  # fmt: skip
