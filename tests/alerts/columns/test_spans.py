"""When something holds at a place: also for all below it, and up to its end but not at it."""

from datetime import UTC, datetime

import numpy as np

from alerts.columns.spans import Row, Spans
from domain.time import to_us
from domain.tree import PlaceKind
from tests.domain.test_tree import ROWS, tree_of

TREE = tree_of(ROWS)


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def holds(spans: Spans, place: int, *at: datetime) -> list[bool]:
    rows = np.full(len(at), TREE.row(place) if spans.places is not None else 0, dtype=np.int32)
    found: list[bool] = spans.hold(rows, np.array([to_us(each) for each in at])).tolist()
    return found


def spans(*rows: Row) -> Spans:
    return Spans.of(TREE, rows)


COMPANY = int(TREE.of_kind(PlaceKind.COMPANY)[0])
BELOW = next(int(each) for each in TREE.ids if len(TREE.path(int(each))) > 2)


def test_a_span_holds_from_its_begin_up_to_its_end_for_everything_below() -> None:
    season = spans((COMPANY, day(2), day(4)))
    for place in (COMPANY, BELOW):
        assert holds(season, place, day(1), day(2), day(3), day(4)) == [False, True, True, False]


def test_what_holds_below_does_not_hold_above() -> None:
    assert holds(spans((BELOW, day(2), None)), COMPANY, day(3)) == [False]


def test_without_an_end_it_goes_on() -> None:
    assert holds(spans((BELOW, day(2), None)), BELOW, day(1), day(31)) == [False, True]


def test_several_spans_of_one_place_each_hold() -> None:
    two = spans((BELOW, day(2), day(3)), (BELOW, day(5), day(6)), (COMPANY, day(8), day(9)))
    assert holds(two, BELOW, day(2), day(4), day(5), day(8)) == [True, False, True, True]


def test_without_spans_nothing_holds() -> None:
    assert holds(Spans(), BELOW, day(2)) == [False]
    assert holds(spans(), BELOW, day(2)) == [False]
