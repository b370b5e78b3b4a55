"""What was unknown of a household's rooms in the season, why, and how much of it a sum might rest on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np

from analytics.facts.placements import as_placed
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import merged
from analytics.law.calculator import Basis, Piece
from analytics.law.calculators import calculator
from analytics.law.cold_days.room_standards import covered
from analytics.law.cold_days.samples import Samples, most, samples_of
from analytics.law.policy import Policy
from analytics.law.record_hours import at_open_hours
from analytics.law.standing import visited
from analytics.settlement.payers import apart
from domain.columns import TIMED_MARKS, USABLE_MARKS, Columns, IntArray
from domain.language import Text, msg
from domain.names import MARKS
from domain.quality import Quality
from domain.requests import Life, State
from domain.time import to_us
from domain.validity import LEAST_BRIDGE_US, bridge_us, validity_us

NO_SENSOR, SILENT = "no_sensor", "silent"
#: Cause -> words; the others are marks of readings.
WHY: dict[str, Text] = {
    NO_SENSOR: msg("no sensor was in the room"),
    SILENT: msg("no reading came in"),
}


class Stretch(NamedTuple):
    """Nothing is known of a room from one instant to another, for one cause. [µs]"""

    since_us: int
    until_us: int
    cause: str  # NO_SENSOR, SILENT or the name of a mark


@dataclass(frozen=True, slots=True)
class Unknown:
    """All stretches of one cause, of the rooms that they are the same of."""

    rooms: tuple[str, ...]  # codes
    cause: str
    stretches: tuple[Stretch, ...]  # by time, at least one
    judged_us: int  # so much of them lies in time that is judged [µs]

    @property
    def why(self) -> Text:
        return why(self.cause)

    @property
    def whole_us(self) -> int:
        """How long they are together. [µs]"""
        return sum(each.until_us - each.since_us for each in self.stretches)

    @property
    def longest(self) -> Stretch:
        """The first one of the longest."""
        return max(self.stretches, key=lambda each: each.until_us - each.since_us)


class Judged(NamedTuple):
    """The time in which readings of the rooms can make a sum or a finding, and what makes it that."""

    spans: tuple[tuple[int, int], ...]  # apart, by time [µs]
    by: str  # "requests", "outages", "season", or "nothing": no reading decides here


def why(cause: str) -> Text:
    """A cause in words."""
    return WHY.get(cause) or msg("readings that can't be used: {mark}", mark=MARKS[cause])


def unknown_of(
    snapshot: Snapshot, columns: Columns, policy: Policy, judged: Judged
) -> tuple[Unknown, ...]:
    """Of the one household of a snapshot, up to the run's instant; by time, the earliest first."""
    snapshot = covered(at_open_hours(snapshot, policy)[0], policy)
    placed, own = as_placed(snapshot, columns)
    samples = samples_of(placed, own)
    rooms: dict[tuple[Stretch, ...], list[str]] = {}
    for row, code in enumerate(snapshot.room_code):
        found = sorted(stretches(snapshot, columns, samples, row), key=lambda each: each.cause)
        for _, same in groupby(found, key=lambda each: each.cause):
            rooms.setdefault(tuple(same), []).append(code)
    told = (
        Unknown(tuple(codes), own_[0].cause, own_, _inside(own_, judged.spans))
        for own_, codes in rooms.items()
    )
    return tuple(sorted(told, key=lambda each: (each.stretches[0], each.rooms)))


def judged_time(
    snapshot: Snapshot, columns: Columns, policy: Policy, lives: Sequence[Life]
) -> Judged:
    """When readings of a household's rooms decide something; `lives` are those of its requests."""
    season = snapshot.season.since_us, snapshot.season.end_us
    snapshot = covered(at_open_hours(snapshot, policy)[0], policy)
    basis = Basis(snapshot, policy, lambda _: columns)
    every = [calculator(name)(basis, table) for name, table in policy.tables.items()]
    reading = [each for each in every if each.reads(snapshot).any()]
    found: list[tuple[int, int]] = []
    by = "requests" if any(each.request_clause for each in every) else "nothing"
    if any(not each.request_clause for each in reading):
        by = "outages" if policy.pays() else "season"
        found = [*_outages(snapshot)] if policy.pays() else [season]
    if any(each.request_clause for each in reading):
        by = "requests"
        found += _asked(basis, columns, lives)
        found += _consented(basis, columns) if snapshot.consent[0] else ()
    return Judged(tuple(merged(_cut(found, *season))), by)


def _asked(basis: Basis, columns: Columns, lives: Sequence[Life]) -> Iterator[tuple[int, int]]:
    """While requests stand, or would if rooms of which nothing is known were below at the visit that served."""
    piece = Piece(basis.snapshot, columns, [basis.count])
    by = apart(basis, piece)
    stays = [] if by is None else [each.stay for each in by.rows]
    sure: list[int] | None = None
    for each in lives:
        asked, until = to_us(each.request), to_us(each.until)
        if each.stages[-1].state is State.SERVED:
            if sure is None:
                sure = visited(basis, piece).surely_serving(0, basis.days.start_us)
            stay = next((stay.until for stay in stays if stay.since <= asked < stay.until), None)
            later = [at for at in sure if at >= asked]
            ends = [basis.snapshot.season.end_us, *later[:1], *([] if stay is None else [stay])]
            until = max(until, min(ends))
        yield asked, until


def _cut(spans: Sequence[tuple[int, int]], since: int, until: int) -> list[tuple[int, int]]:
    cut = ((max(a, since), min(b, until)) for a, b in spans)
    return [each for each in cut if each[0] < each[1]]


def _outages(snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    for spans in (snapshot.outages, snapshot.open_outages):
        if spans is not None:
            yield from zip(*(each.tolist() for each in spans.columns[:2]), strict=True)


def _consented(basis: Basis, columns: Columns) -> list[tuple[int, int]]:
    """The stay of whoever consented."""
    by = apart(basis, Piece(basis.snapshot, columns, [basis.count]))
    if by is None:
        return [(basis.snapshot.season.since_us, basis.snapshot.season.end_us)]
    return [(each.stay.since, each.stay.until) for each in by.rows if each.consents]


def stretches(
    snapshot: Snapshot, columns: Columns, samples: Samples, row: int
) -> Iterator[Stretch]:
    """Of one room of a snapshot, longer than what is bridged; `samples` are what counts of it."""
    since, until = snapshot.season.since_us, snapshot.season.end_us
    _, interval = _series(snapshot, row)
    bridged = int(most(bridge_us(interval), np.array([0, interval.size]), LEAST_BRIDGE_US)[0])
    at, ends, _ = samples.of(row)
    begins = np.append(at.clip(since, until), until)
    over = np.maximum.accumulate(np.append(since, ends.clip(since, until)))
    causes = [*_causes(snapshot, columns, row)]
    for i in np.flatnonzero(begins - over > bridged).tolist():
        yield from _joined(_apart(int(over[i]), int(begins[i]), causes), bridged)


def _series(snapshot: Snapshot, row: int) -> tuple[IntArray, IntArray]:
    own = slice(*snapshot.series.offsets[row : row + 2].tolist())
    ids, interval = (each[own] for each in snapshot.series.columns)
    return ids, interval


def _causes(snapshot: Snapshot, columns: Columns, row: int) -> Iterator[Stretch]:
    """What speaks against readings of a room, and where no sensor was there; by cause."""
    ids, interval = _series(snapshot, row)
    own = slice(*snapshot.series.offsets[row : row + 2].tolist())
    forever = [(snapshot.season.since_us, snapshot.season.end_us)] * ids.size
    spans = (
        forever
        if snapshot.spans is None
        else list(zip(*(each[own].tolist() for each in snapshot.spans.columns[:2]), strict=True))
    )
    for number, stands, span in zip(
        ids.tolist(), validity_us(interval).tolist(), spans, strict=True
    ):
        yield from _marked(columns, number, stands, span)
    ends = snapshot.season.since_us
    for since, until in [*merged(sorted(spans)), (snapshot.season.end_us,) * 2]:
        if since > ends:
            yield Stretch(ends, since, NO_SENSOR)
        ends = max(ends, until)


def _marked(columns: Columns, series: int, stands: int, span: tuple[int, int]) -> Iterator[Stretch]:
    """Where a series has readings of one mark that can't be used, one soon after the other."""
    at, _, mark = columns.of(series)
    own = TIMED_MARKS[mark] & (at >= span[0]) & (at < span[1])
    at, mark = at[own], mark[own]
    ends = np.minimum(at + stands, np.append(at[1:], span[1]))
    bad = np.flatnonzero(~USABLE_MARKS[mark])
    if not bad.size:
        return
    goes_on = (np.diff(bad) == 1) & (np.diff(mark[bad].astype(np.int64)) == 0)
    goes_on &= ends[bad[:-1]] == at[bad[1:]]
    first = np.flatnonzero(np.append(True, ~goes_on))
    last = np.append(first[1:], bad.size) - 1
    for i, j in zip(bad[first].tolist(), bad[last].tolist(), strict=True):
        yield Stretch(int(at[i]), int(ends[j]), Quality(int(mark[i])).name.lower())


def _apart(since: int, until: int, causes: Sequence[Stretch]) -> Iterator[Stretch]:
    """A stretch by its causes: of several the first one given, silence where there is none."""
    own = [each for each in causes if each.since_us < until and each.until_us > since]
    inner = {at for each in own for at in each[:2] if since < at < until}
    edges = [since, *sorted(inner), until]
    for a, b in pairwise(edges):
        here = (each.cause for each in own if each.since_us <= a and each.until_us >= b)
        yield Stretch(a, b, next(here, SILENT))


def _joined(parts: Iterator[Stretch], bridged: int) -> list[Stretch]:
    """Neighbours of one cause as one; a part too short to be called unknown is of the one before it."""
    found: list[Stretch] = []
    for each in parts:
        short = each.until_us - each.since_us <= bridged
        if found and (short or found[-1].cause == each.cause):
            found[-1] = found[-1]._replace(until_us=each.until_us)
        elif found and found[-1].until_us - found[-1].since_us <= bridged:
            found[-1] = each._replace(since_us=found[-1].since_us)
        else:
            found.append(each)
    return found


def _inside(own: Sequence[Stretch], spans: Sequence[tuple[int, int]]) -> int:
    return sum(
        max(0, min(each.until_us, until) - max(each.since_us, since))
        for each in own
        for since, until in spans
    )
