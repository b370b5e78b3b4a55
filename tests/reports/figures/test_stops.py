"""Outages of several days: one that goes on over midnight once, overlapping ones not twice."""

from datetime import UTC, datetime, timedelta

from analytics.heat.outage_reconciliation import OutageOnRecord, RecordState
from domain.time import HOUR_US, Span
from domain.tree import PlaceKind
from reports.figures.stops import (
    DayStops,
    Loss,
    Stop,
    joined_losses,
    joined_stops,
    stopped_us,
    together,
)
from tests.domain.test_tree import ROWS, tree_of

TREE = tree_of(ROWS)
COMPANY, STATION = (int(TREE.of_kind(kind)[0]) for kind in (PlaceKind.COMPANY, PlaceKind.STATION))
MIDNIGHT = datetime(2026, 1, 15, tzinfo=UTC)
DAY = Span(MIDNIGHT, MIDNIGHT + timedelta(days=1))


def hour(n: int) -> datetime:
    return MIDNIGHT + timedelta(hours=n)


def stop(since: int, until: int, *, place: int = STATION, recorded: bool = True) -> Stop:
    us = (min(until, 24) - max(since, 0)) * HOUR_US
    return Stop(
        place, hour(since), hour(until), hour(until), max(0, us),
        planned=False, recorded=recorded, of_record=recorded,
    )  # fmt: skip


def test_overlapping_records_of_a_place_and_of_one_above_count_once() -> None:
    stops = [stop(1, 4), stop(3, 6, place=COMPANY), stop(20, 30)]
    assert stopped_us(stops, [COMPANY, STATION], DAY) == 9 * HOUR_US
    assert stopped_us(stops, [COMPANY], DAY) == 3 * HOUR_US


def test_what_meters_show_counts_only_where_records_are_silent() -> None:
    seen = stop(1, 9, recorded=False)
    assert stopped_us([seen], [STATION], DAY) == 8 * HOUR_US
    assert stopped_us([seen, stop(2, 4)], [STATION], DAY) == 2 * HOUR_US
    assert stopped_us([], [STATION], DAY) == 0


def test_an_outage_over_midnight_is_one_with_the_hours_of_both_days() -> None:
    for recorded in (True, False):
        first, second = (stop(20, 30, recorded=recorded) for _ in range(2))
        days = [DayStops((first,), ()), DayStops((second,), ())]
        (joined,) = joined_stops(days, TREE)
        assert (joined.since, joined.us) == (hour(20), 2 * first.us)


def test_two_outages_stay_two_in_the_order_of_their_begins() -> None:
    days = [DayStops((stop(10, 12), stop(1, 2)), ())]
    assert [each.since for each in joined_stops(days, TREE)] == [hour(1), hour(10)]


def test_one_that_was_over_before_the_days_is_left_out() -> None:
    assert joined_stops([DayStops((stop(-5, -2),), ())], TREE) == []


def test_a_loss_over_midnight_stands_once_as_it_stood_last() -> None:
    def loss(since: int, until: int, state: RecordState) -> Loss:
        return Loss(STATION, hour(since), hour(until), state)

    first, last = loss(20, 24, RecordState.NOT), loss(20, 30, RecordState.PARTLY)
    other = loss(40, 41, RecordState.NOT)
    days = [DayStops((), (first,)), DayStops((), (last, other))]
    assert joined_losses(days) == [last, other]


def record(since: int, until: int | None, *, planned: bool = False) -> OutageOnRecord:
    end = None if until is None else hour(until)
    return OutageOnRecord(STATION, hour(since), end, planned, "operator", "")


def test_records_that_overlap_are_one_outage_and_those_that_touch_are_two() -> None:
    records = [record(3, 8), record(1, 4, planned=True), record(8, 9), record(12, None)]
    found = [(each.since, each.until, each.planned) for each, _ in together(records, {})]
    assert found == [
        (hour(1), hour(8), False), (hour(8), hour(9), False), (hour(12), None, False),
    ]  # fmt: skip
    (long, _), *rest = together([record(1, 9), record(2, 3), record(4, 5)], {})
    assert (long.since, long.until, rest) == (hour(1), hour(9), [])


def test_an_open_record_keeps_the_outage_open_until_its_meters_were_back() -> None:
    records = [record(1, 4), record(3, None)]
    ((one, back),) = together(records, {(STATION, hour(3)): hour(6)})
    assert (one.since, one.until, back) == (hour(1), None, hour(6))
    assert together(records, {})[0][1] is None


def test_overlapping_records_over_midnight_are_one_row() -> None:
    first = stop(18, 30)  # two records, 18 to 26 and 20 to 30, as the first day has them
    second = Stop(
        STATION,
        hour(20),
        hour(30),
        hour(30),
        6 * HOUR_US,
        planned=False,
        recorded=True,
        of_record=True,
    )
    (joined,) = joined_stops([DayStops((first,), ()), DayStops((second,), ())], TREE)
    assert (joined.since, joined.until, joined.us) == (hour(18), hour(30), 12 * HOUR_US)
    touching = [DayStops((stop(1, 4), stop(4, 6)), ())]
    assert len(joined_stops(touching, TREE)) == 2
