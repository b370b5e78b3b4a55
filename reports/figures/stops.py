"""The outages that touch a day: the dispatch's record, and what only the meters show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.heat.judged import judged_outages, without_heat
from analytics.heat.open_records import open_records
from analytics.heat.outage_reconciliation import (
    OutageOnRecord,
    RecordState,
    compare,
    records_of,
    rejections_of,
)
from analytics.heat.ragged import merged
from domain.time import Span, to_us
from domain.tree import PlaceKind
from reports.report import Sources
from store.registry.series import SeriesIndex, Tree

#: How far back the meters are looked at for an outage that began before the day.
LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Stop:
    """An outage with what of it lies in the days looked at."""

    place: int
    since: datetime
    until: datetime | None
    seen_until: datetime  # up to here it is known to go on
    us: int  # of the days [µs]; 0: it was over before, and this says when
    planned: bool
    recorded: bool  # the records hold it, as a whole or home by home
    of_record: bool  # it is a record; otherwise the meters show it
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """A verified loss of supply, and how much of it the records hold."""

    place: int
    since: datetime
    until: datetime
    state: RecordState


@dataclass(frozen=True, slots=True)
class DayStops:
    """Outages that touch a day (records, and found ones where records are silent), and losses."""

    stops: tuple[Stop, ...]
    losses: tuple[Loss, ...]


def stops_of_day(
    sources: Sources, index: SeriesIndex, day: Span, zone: ZoneInfo, as_of: int
) -> DayStops:
    """The company's recorded outages, and those that its stations' meters show, beside each other."""
    network, rule = sources.network, sources.supply
    wide = Span(day.since - LOOK_BACK, day.until)
    records = [each for each in records_of(sources.books, wide) if each.place in network.ids]
    wanted = network.of_kind(PlaceKind.STATION)
    _, every = judged_outages(
        index, sources.readings, network, wanted, wide, zone, rule, [sources.season], as_of,
        rejected=rejections_of(sources.books, wide),
    )  # fmt: skip
    over = open_records(index, sources.readings, network, records, day.until, zone, rule, as_of)
    back = {(each.record.place, each.record.since): each.back for each in over}
    stops = [
        _stop(each, day, recorded=True, of_record=True, back=since)
        for each, since in together([each for each in records if _is_of(each, day)], back)
    ]
    losses = []
    for each in without_heat(every):
        place, stop = each.place, each.found
        beside = compare(network, records, place, stop.since, stop.until, each.interval_s)
        if stop.until > day.since:
            losses.append(Loss(place, stop.since, stop.until, beside.state))
        path = network.path(place)
        if not any(record.place in path for record in beside.records):
            until = stop.until if stop.ended else None
            seen = OutageOnRecord(place, stop.since, until, planned=False, cause="", evidence="")
            recorded = beside.state is RecordState.RECORDED  # home by home
            stops.append(_stop(seen, day, recorded=recorded, of_record=False))
    return DayStops(tuple(stops), tuple(losses))


def together(
    records: Sequence[OutageOnRecord], back: Mapping[tuple[int, datetime], datetime]
) -> list[tuple[OutageOnRecord, datetime | None]]:
    """Records of a place that overlap as the one outage that they are, with when its meters were back.

    `back`: by place and begin, of records without an end. One that is open keeps the outage open; it
    is planned where all of it is. Records that only touch stay two.
    """
    found: list[list[OutageOnRecord]] = []
    for each in sorted(records, key=lambda each: (each.place, each.since)):
        last = found[-1] if found else []
        if last and last[0].place == each.place and any(_overlap(one, each) for one in last):
            last.append(each)
        else:
            found.append([each])
    return [(_one(group), _back(group, back)) for group in found]


def _overlap(earlier: OutageOnRecord, later: OutageOnRecord) -> bool:
    return earlier.until is None or later.since < earlier.until


def _one(group: Sequence[OutageOnRecord]) -> OutageOnRecord:
    ends = [each.until for each in group]
    until = None if None in ends else max(end for end in ends if end is not None)
    planned = all(each.planned for each in group)
    return replace(group[0], until=until, planned=planned)


def _back(
    group: Sequence[OutageOnRecord], back: Mapping[tuple[int, datetime], datetime]
) -> datetime | None:
    """When supply was back by the meters, where all records that are open have that."""
    shown = [back.get((each.place, each.since)) for each in group if each.until is None]
    known = [each for each in shown if each is not None]
    return max(known) if known and len(known) == len(shown) else None


def stopped_us(stops: Sequence[Stop], path: Sequence[int], day: Span) -> int:
    """Time of the day without heat at a place: recorded of it or a place above it, else seen. [µs]

    `path`: places from the company down to it. Outages that overlap count once.
    """
    own = [stop for stop in stops if stop.place in path and stop.us > 0]
    counted = [stop for stop in own if stop.recorded] or own
    spans = [_inside(stop.since, stop.until, day) for stop in counted]
    return sum(until - since for since, until in merged(spans))


def joined_stops(days: Iterable[DayStops], network: Tree) -> list[Stop]:
    """The outages of days in order, one that goes on over midnight once."""
    found: list[Stop] = []
    for day in days:
        for stop in day.stops:
            before = next((i for i, each in enumerate(found) if _goes_on(each, stop)), None)
            if before is None:
                found.append(stop)
            else:
                since, us = min(found[before].since, stop.since), found[before].us + stop.us
                found[before] = replace(stop, since=since, us=us)
    touching = [stop for stop in found if stop.us > 0]
    return sorted(touching, key=lambda stop: (stop.since, network.code(stop.place)))


def _goes_on(before: Stop, stop: Stop) -> bool:
    if (before.place, before.of_record) != (stop.place, stop.of_record):
        return False
    if stop.of_record:  # those that only touch are two
        return before.since < stop.seen_until and stop.since < before.seen_until
    return stop.since <= before.seen_until and before.since <= stop.seen_until


def joined_losses(days: Iterable[DayStops]) -> list[Loss]:
    """The losses of days in order, one that goes on over midnight once, as it stood last."""
    found: list[Loss] = []
    for day in days:
        for loss in day.losses:
            found = [each for each in found if each.place != loss.place or each.until < loss.since]
            found.append(loss)
    return found


def _is_of(record: OutageOnRecord, day: Span) -> bool:
    return record.since < day.until and (record.until is None or record.until > day.since)


def _stop(
    stop: OutageOnRecord,
    day: Span,
    *,
    recorded: bool,
    of_record: bool,
    back: datetime | None = None,
) -> Stop:
    since, until = _inside(stop.since, stop.until, day)
    return Stop(
        place=stop.place,
        since=stop.since,
        until=stop.until,
        seen_until=stop.until or day.until,
        us=max(0, until - since),
        planned=stop.planned,
        recorded=recorded,
        of_record=of_record,
        back=back,
    )


def _inside(since: datetime, until: datetime | None, day: Span) -> tuple[int, int]:
    """What of an outage that touches the day lies in it. [µs]"""
    return to_us(max(since, day.since)), to_us(min(until or day.until, day.until))
