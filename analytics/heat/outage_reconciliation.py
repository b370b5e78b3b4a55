"""What the meters found beside what the dispatch recorded.

A refund counts outage records alone, from the earliest of dispatch record and verified loss
(`docs/interpretations.md`). A verified loss that no record covers is lost to the homes below it until
somebody checks and records it: this says which, and by how much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from domain.recorded import OPERATOR, USER
from domain.time import SECOND_US, Span, from_us, to_us
from domain.tree import PlaceKind
from store.books.current import OutageRecord, RejectedOutage
from store.registry.proposals import proposal_id
from store.registry.series import Tree

LONGEST_EVIDENCE = 200  # as the registry keeps it


class RecordState(Enum):
    """How much of an outage that the meters found the records hold."""

    RECORDED = "recorded"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class OutageOnRecord:
    """An outage as the dispatch recorded it; `until` None: without end."""

    place: int
    since: datetime
    until: datetime | None
    planned: bool
    cause: str  # of `domain.recorded.OUTAGE_CAUSES`
    evidence: str
    announced_at: datetime | None = None

    def seconds(self, open_us: int) -> tuple[int, int]:
        """Since and until as settlement takes them, to the second; without end: `open_us`. [µs]"""
        until = open_us if self.until is None else to_us(self.until)
        return _second(to_us(self.since)), _second(until)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What records leave out of an outage. [µs]"""

    late_us: int  # from the verified loss until a record begins
    early_us: int  # from a record's end until supply is back
    between_us: int  # inside, between records

    @property
    def total_us(self) -> int:
        return self.late_us + self.early_us + self.between_us


@dataclass(frozen=True, slots=True)
class Comparison:
    """One found outage beside the records that explain it."""

    state: RecordState
    short: LeftOut  # of the home that its records serve worst
    homes: int  # at the station
    homes_short: int  # those of them with any time left out
    records: tuple[OutageOnRecord, ...]  # those that explain some of it, by their begin


def records_of(engine: Engine, span: Span) -> list[OutageOnRecord]:
    """The outage records that touch a span or end or begin within an hour of it, by their begin."""
    since, until = from_us(to_us(span.since) - HELD_US), from_us(to_us(span.until) + HELD_US)
    asked = (
        OutageRecord.place_id, OutageRecord.since, OutageRecord.until, OutageRecord.planned,
        OutageRecord.cause, OutageRecord.evidence, OutageRecord.announced_at,
    )  # fmt: skip
    chosen = select(*asked).where(
        OutageRecord.since < until, func.coalesce(OutageRecord.until, until) > since
    )
    with Session(engine) as session:
        rows = session.execute(chosen.order_by(OutageRecord.since, OutageRecord.place_id))
        return [OutageOnRecord(*row) for row in rows]


def rejections_of(engine: Engine, span: Span) -> dict[int, list[Span]]:
    """Place -> the spans about which a person has said that they were no outages."""
    chosen = select(RejectedOutage.place_id, RejectedOutage.since, RejectedOutage.until).where(
        RejectedOutage.since < span.until,
        func.coalesce(RejectedOutage.until, span.until) > span.since,
    )
    found: dict[int, list[Span]] = {}
    with Session(engine) as session:
        for place, since, until in session.execute(chosen.order_by(RejectedOutage.since)):
            found.setdefault(place, []).append(Span(since, until or span.until))
    return found


def compare(
    network: Tree,
    records: Sequence[OutageOnRecord],
    station: int,
    since: datetime,
    until: datetime,
    interval_s: int,
) -> Comparison:
    """An outage of a station beside the records of it and of places above and below it.

    Meters show supply back one interval late at most: a record may end by that much earlier.

    A record at the station or above it speaks for all homes, whoever caused it; one
    below it for its own homes, and only where the supplier caused it: that a home shut itself
    off explains nothing about its station.
    """
    begin, end = _second(to_us(since)), _second(to_us(until))
    near = [each for each in records if _touches(each, begin - HELD_US, end + HELD_US)]
    over = network.path(station)
    above = [each for each in near if each.place in over]
    below = [
        each
        for each in near
        if each.place not in over and each.cause != USER and station in network.path(each.place)
    ]
    groups = _groups(network, station, below)
    blind_us = interval_s * SECOND_US
    shorts = [(_short([*above, *own], begin, end, blind_us), homes) for own, homes in groups]
    left_out = [(short, homes) for short, homes in shorts if short.total_us]
    state = RecordState.PARTLY if left_out else RecordState.RECORDED
    if all(short.total_us == end - begin for short, _ in shorts):
        state = RecordState.NOT
    worst = max((short for short, _ in shorts), key=lambda short: short.total_us)
    used = [each for each in near if each in [*above, *below] and _touches(each, begin, end)]
    return Comparison(
        state,
        worst,
        sum(homes for _, homes in shorts),
        sum(homes for _, homes in left_out),
        tuple(used),
    )


def proposal(
    code: str, place: int, since: datetime, until: datetime, found: Comparison, evidence: str
) -> dict[str, object]:
    """A row of the registry's `outages` that makes the records hold the whole outage of a place.

    It overlaps with a record that holds a part, and settlement takes both as one outage. Where
    that record has the same place and begin it is changed by this row: plan, cause,
    evidence and announcement of the dispatch stay.
    """
    own = [each for each in found.records if (each.place, each.since) == (place, since)]
    same = [each.evidence for each in own]
    planned = {each.planned for each in found.records}
    cause = {each.cause for each in found.records}
    return {
        "place": code,
        "since": since,
        "until": until,
        "planned": planned == {True},
        "cause": cause.pop() if len(cause) == 1 else OPERATOR,
        "evidence": "; ".join(filter(None, [evidence, *same]))[:LONGEST_EVIDENCE],
        "proposal": proposal_id(code, since, until),
        "decision": "",
        "announced_at": next((each.announced_at for each in own), None),
    }


def _second(us: int) -> int:
    return us // SECOND_US * SECOND_US


def _touches(record: OutageOnRecord, since_us: int, until_us: int) -> bool:
    begin, end = record.seconds(until_us)
    return begin < until_us and end > since_us


def _groups(
    network: Tree, station: int, below: Sequence[OutageOnRecord]
) -> list[tuple[list[OutageOnRecord], int]]:
    """Homes of a station with the same records below it: the records, and how many homes."""
    homes = network.under(station, PlaceKind.HOUSEHOLD).tolist()
    own: dict[int, tuple[int, ...]] = dict.fromkeys(homes, ())
    for i, record in enumerate(below):
        for home in network.under(record.place, PlaceKind.HOUSEHOLD).tolist():
            own[home] += (i,)
    counts: dict[tuple[int, ...], int] = {}
    for which in own.values():
        counts[which] = counts.get(which, 0) + 1
    return [([below[i] for i in which], n) for which, n in counts.items()] or [([], 0)]


def _short(records: Sequence[OutageOnRecord], begin: int, end: int, blind_us: int) -> LeftOut:
    """What some records leave out; less than an hour between two makes them one."""
    joined = merged([each.seconds(end + HELD_US) for each in records], HELD_US)
    inside = [(max(a, begin), min(b, end)) for a, b in joined if a < end and b > begin]
    if not inside:
        return LeftOut(end - begin, 0, 0)
    covered = sum(b - a for a, b in inside)
    late, early = inside[0][0] - begin, end - inside[-1][1]
    between = end - begin - covered - late - early
    return LeftOut(late, early if early > blind_us else 0, between)
