"""The naive twins: slow, obvious, in datetimes and exact numbers. Kernels must agree with them.

Every twin cuts its span at each instant at which anything can change and looks at what is
known at the beginning of each piece. None of them shares a line with the kernels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from domain.time import Span

ZERO = timedelta(0)
US = timedelta(microseconds=1)


@dataclass(frozen=True)
class Sample:
    """A row of one series: a value in ticks of its quantity, None where it is not usable."""

    at: datetime
    value: int | None


def standing(samples: Sequence[Sample], at: datetime, hold: timedelta) -> int | None:
    """The value known at an instant: that of the last row, if it is usable and stands still."""
    before = [each for each in samples if each.at <= at]
    if not before:
        return None
    last = max(before, key=lambda each: each.at)
    return last.value if at < last.at + hold else None


def pieces(
    samples: Sequence[Sample], hold: timedelta, span: Span, cuts: Sequence[datetime] = ()
) -> Iterator[tuple[datetime, datetime, int | None]]:
    """The span as (from, to, value known), cut wherever that can change and at `cuts`."""
    instants = {span.since, span.until, *cuts}
    instants |= {each.at for each in samples} | {each.at + hold for each in samples}
    inside = sorted(at for at in instants if span.since <= at <= span.until)
    for begin, end in pairwise(inside):
        yield begin, end, standing(samples, begin, hold)


@dataclass(frozen=True)
class Cold:
    """Exact sums of one span."""

    known: timedelta
    below: timedelta
    degree_hours: Fraction  # [K·h]


def degree_hours(samples: Sequence[Sample], hold: timedelta, base_mk: int, span: Span) -> Cold:
    """Hours known and below, degree-hours below `base_mk` [0.001 Cel]."""
    known = below = ZERO
    total = Fraction(0)
    for begin, end, value in pieces(samples, hold, span):
        if value is None:
            continue
        known += end - begin
        if value < base_mk:
            below += end - begin
            total += Fraction(base_mk - value, 1000) * Fraction((end - begin) // US, 3_600_000_000)
    return Cold(known, below, total)


def mean(samples: Sequence[Sample], hold: timedelta, span: Span) -> tuple[timedelta, Fraction]:
    """Time known, and the time-weighted mean of what is known (0 where nothing is). [ticks]"""
    known = ZERO
    total = Fraction(0)
    for begin, end, value in pieces(samples, hold, span):
        if value is not None:
            known += end - begin
            total += value * Fraction((end - begin) // US)
    return known, total / Fraction(known // US) if known else Fraction(0)


def gaps(samples: Sequence[Sample], hold: timedelta, span: Span) -> list[tuple[datetime, datetime]]:
    """The unknown stretches of the span, whole."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end, value in pieces(samples, hold, span):
        if value is not None:
            continue
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


@dataclass(frozen=True)
class Run:
    """A cold run or a stop of supply."""

    since: datetime
    until: datetime
    ended: bool
    bad: timedelta  # known below, or known lost
    unknown: timedelta
    longest_unknown: timedelta
    scheduled: timedelta = ZERO
    degree_hours: Fraction = Fraction(0)
    lowest: int | None = None


def runs(
    timeline: Sequence[tuple[datetime, datetime, str]],
    held: timedelta,
    samples_at: Sequence[datetime] = (),
    least_samples: int = 0,
) -> list[tuple[datetime, datetime, bool]]:
    """Runs of a timeline of states: bad begins one, good held long enough ends it.

    `least_samples` of the instants in `samples_at` must lie in the held stretch as well.
    """
    found = []
    start: datetime | None = None
    good: datetime | None = None
    for begin, end, state in timeline:
        if state == "bad" and start is None:
            start = begin
        if state != "good":
            good = None
        elif good is None:
            good = begin
        seen = 0 if good is None else sum(good <= at < end for at in samples_at)
        if start and good and end - good >= held and seen >= least_samples:
            found.append((start, good, True))
            start = None
    if start is not None:
        found.append((start, timeline[-1][1], False))
    return found


def measured(
    timeline: Sequence[tuple[datetime, datetime, str]], run: tuple[datetime, datetime, bool]
) -> dict[str, timedelta]:
    """How long each state lasted inside a run, and its longest unknown stretch."""
    lengths = {"bad": ZERO, "unknown": ZERO, "scheduled": ZERO, "longest": ZERO}
    stretch = ZERO
    for begin, end, state in timeline:
        if not run[0] <= begin < run[1]:
            continue
        stretch = stretch + (end - begin) if state == "unknown" else ZERO
        lengths["longest"] = max(lengths["longest"], stretch)
        if state in lengths:
            lengths[state] += end - begin
    return lengths


def cold_episodes(
    samples: Sequence[Sample], hold: timedelta, standard_mk: int, recovery: timedelta, span: Span
) -> list[Run]:
    """Runs below a standard (regulations.md 7.4.2, 7.20 "held compliance", "recovery")."""
    values = list(pieces(samples, hold, span))
    timeline = [
        (begin, end, "unknown" if value is None else "bad" if value < standard_mk else "good")
        for begin, end, value in values
    ]
    first = standing(samples, span.since, hold)
    late = [each.at for each in samples if each.value is not None and each.at > span.since]
    usable = ([] if first is None else [span.since]) + late
    found = []
    for run in runs(timeline, recovery, usable, 2):
        lengths = measured(timeline, run)
        cold = degree_hours(samples, hold, standard_mk, Span(run[0], run[1]))
        known = [v for b, _, v in values if v is not None and run[0] <= b < run[1]]
        found.append(
            Run(
                run[0], run[1], run[2], cold.below, lengths["unknown"], lengths["longest"],
                degree_hours=cold.degree_hours, lowest=min(known),
            )
        )  # fmt: skip
    return found


def station_state(
    flow: Sequence[Sample],
    flow_floor: int,
    supply: Sequence[Sample],
    supply_floor: int,
    hold: timedelta,
    off: Sequence[Span],
    at: datetime,
) -> str:
    """What a station does at an instant."""
    states = []
    for samples, floor in ((flow, flow_floor), (supply, supply_floor)):
        if samples:
            value = standing(samples, at, hold)
            states.append("unknown" if value is None else "bad" if value < floor else "good")
    if "bad" in states:
        state = "bad"
    elif "unknown" in states or not states:
        state = "unknown"
    else:
        state = "good"
    planned = any(window.holds(at) for window in off)
    return "scheduled" if planned and state != "good" else state


def outages(
    flow: Sequence[Sample],
    flow_floor: int,
    supply: Sequence[Sample],
    supply_floor: int,
    hold: timedelta,
    off: Sequence[Span],
    held: timedelta,
    least: timedelta,
    span: Span,
) -> list[Run]:
    """Stops of supply at a station (regulations.md 7.9); at least `least` of known loss."""
    cuts = [at for window in off for at in (window.since, window.until)]
    marks = [begin for begin, _, _ in pieces([*flow, *supply], hold, span, cuts)] + [span.until]
    timeline = [
        (begin, end, station_state(flow, flow_floor, supply, supply_floor, hold, off, begin))
        for begin, end in pairwise(marks)
    ]
    found = []
    for run in runs(timeline, held):
        lengths = measured(timeline, run)
        if lengths["bad"] >= least:
            found.append(
                Run(
                    run[0], run[1], run[2], lengths["bad"], lengths["unknown"],
                    lengths["longest"], lengths["scheduled"],
                )
            )  # fmt: skip
    return found
