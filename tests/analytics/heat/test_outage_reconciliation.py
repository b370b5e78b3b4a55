"""Found stops beside the dispatch's records, in the town of `tests.analytics.books`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from analytics.heat.outage_reconciliation import (
    Comparison,
    OutageOnRecord,
    RecordState,
    compare,
    proposal,
    records_of,
)
from domain.time import Span
from store.books import registry as reg
from store.registry.series import Tree, tree
from tests.analytics.books import add, fill, local
from tests.books import new_books

COMPANY, SOURCE, STATION, OTHER_STATION, BUILDING = 1, 2, 3, 4, 5
H1, H2 = 11, 12
FOUND = (local(25), local(25, 18))
MINUTE_US = 60_000_000
INTERVAL_S = 300


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = new_books(tmp_path_factory.mktemp("town") / "books.sqlite")
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def network(books: Engine) -> Tree:
    return tree(books)


def record(
    place: int, since: datetime, until: datetime | None, planned: bool = False,
    cause: str = "operator", evidence: str = "",
) -> OutageOnRecord:  # fmt: skip
    return OutageOnRecord(place, since, until, planned, cause, evidence)


def beside(network: Tree, *records: OutageOnRecord) -> Comparison:
    return compare(network, records, STATION, *FOUND, INTERVAL_S)


def minutes(found: Comparison) -> tuple[float, float, float]:
    short = found.short
    return tuple(us / MINUTE_US for us in (short.late_us, short.early_us, short.between_us))  # type: ignore[return-value]


def test_a_stop_without_any_record_is_not_recorded(network: Tree) -> None:
    found = beside(network)
    assert (found.state, found.records) == (RecordState.NOT, ())
    assert (found.homes, found.homes_short) == (2, 2)
    assert minutes(found) == (18 * 60, 0, 0)


@pytest.mark.parametrize("place", [STATION, SOURCE], ids=["station", "source"])
@pytest.mark.parametrize("until", [local(25, 18), local(26), None], ids=["same", "later", "open"])
@pytest.mark.parametrize("cause", ["operator", "user"])
def test_a_record_of_the_station_or_above_it_explains_the_whole_stop(
    network: Tree, place: int, until: datetime | None, cause: str
) -> None:
    found = beside(network, record(place, local(24, 23), until, planned=True, cause=cause))
    assert (found.state, found.homes_short, minutes(found)) == (RecordState.RECORDED, 0, (0, 0, 0))
    assert len(found.records) == 1


def test_a_record_of_another_station_or_of_another_day_explains_nothing(network: Tree) -> None:
    found = beside(
        network,
        record(OTHER_STATION, *FOUND),
        record(STATION, local(24), FOUND[0]),
        record(STATION, FOUND[1], local(26)),
    )
    assert (found.state, found.records) == (RecordState.NOT, ())


def test_how_much_later_a_record_begins_and_how_much_earlier_it_ends(network: Tree) -> None:
    found = beside(network, record(STATION, local(25, 6), local(25, 17)))
    assert (found.state, minutes(found)) == (RecordState.PARTLY, (360, 60, 0))
    assert beside(network, record(STATION, local(25), local(25, 17))).short.late_us == 0


def test_a_record_may_end_while_the_meters_could_not_know_yet(network: Tree) -> None:
    interval, second = timedelta(seconds=INTERVAL_S), timedelta(seconds=1)
    assert (
        beside(network, record(STATION, FOUND[0], FOUND[1] - interval)).state
        is RecordState.RECORDED
    )
    found = beside(network, record(STATION, FOUND[0], FOUND[1] - interval - second))
    assert found.short.early_us == (INTERVAL_S + 1) * 1_000_000


def test_less_than_an_hour_between_two_records_is_no_gap_and_an_hour_is(network: Tree) -> None:
    first = record(STATION, local(24), local(25, 6))
    near = record(SOURCE, local(25, 7) - timedelta(seconds=1), None)
    assert beside(network, first, near).state is RecordState.RECORDED
    found = beside(network, first, record(SOURCE, local(25, 7), None))
    assert (found.state, minutes(found)) == (RecordState.PARTLY, (0, 0, 60))


def test_a_record_before_and_one_after_the_begin_join_as_settlement_joins_them(
    network: Tree,
) -> None:
    before = record(STATION, local(24), local(25) - timedelta(minutes=10))
    found = beside(network, before, record(STATION, local(25) + timedelta(minutes=40), local(26)))
    assert found.state is RecordState.RECORDED


def test_what_settlement_drops_below_a_second_is_no_difference(network: Tree) -> None:
    late = record(STATION, FOUND[0] + timedelta(milliseconds=999), FOUND[1])
    assert beside(network, late).state is RecordState.RECORDED
    later = record(STATION, FOUND[0] + timedelta(seconds=1), FOUND[1])
    assert beside(network, later).state is RecordState.PARTLY


def test_records_below_speak_for_their_own_homes_only(network: Tree) -> None:
    one = beside(network, record(H1, *FOUND))
    assert (one.state, one.homes, one.homes_short) == (RecordState.PARTLY, 2, 1)
    assert minutes(one) == (18 * 60, 0, 0)
    both = beside(network, record(H1, *FOUND), record(H2, local(25, 1), None))
    assert (both.state, both.homes_short, minutes(both)) == (RecordState.PARTLY, 1, (60, 0, 0))
    assert beside(network, record(BUILDING, *FOUND)).state is RecordState.RECORDED


def test_that_a_home_shut_itself_off_explains_nothing(network: Tree) -> None:
    found = beside(network, record(H1, *FOUND, cause="user"), record(H2, *FOUND, cause="user"))
    assert (found.state, found.records) == (RecordState.NOT, ())


def test_a_station_without_homes_is_compared_too(books: Engine) -> None:
    add(books, reg.Place(
        id=90, code="S1-09", kind="station", parent_id=2, name="", name_en="", address="",
        room_use=None, since=local(1), until=None, area_m2=None,
    ))  # fmt: skip
    network = tree(books)
    assert compare(network, [], 90, *FOUND, INTERVAL_S).state is RecordState.NOT
    found = compare(network, [record(SOURCE, local(25, 6), None)], 90, *FOUND, INTERVAL_S)
    assert (found.state, found.homes, minutes(found)) == (RecordState.PARTLY, 0, (360, 0, 0))


def test_the_row_to_import_holds_the_whole_stop(network: Tree) -> None:
    row = proposal("S1-01", STATION, *FOUND, beside(network), "meters")
    assert row == {
        "place": "S1-01", "since": FOUND[0], "until": FOUND[1], "planned": False,
        "cause": "operator", "evidence": "meters", "decision": "", "announced_at": None,
        "proposal": "S1-01@20250124T160000Z+64800",
    }  # fmt: skip


def test_the_row_keeps_what_the_dispatch_said(network: Tree) -> None:
    said = record(STATION, FOUND[0], local(25, 12), True, "user", "valve")
    row = proposal("S1-01", STATION, *FOUND, beside(network, said), "meters")
    assert (row["planned"], row["cause"], row["evidence"]) == (True, "user", "meters; valve")
    mixed = [record(SOURCE, local(25, 1), local(25, 2), True), record(STATION, local(25, 3), None)]
    row = proposal("S1-01", STATION, *FOUND, beside(network, *mixed), "meters")
    assert (row["planned"], row["cause"], row["evidence"]) == (False, "operator", "meters")
    long = record(STATION, FOUND[0], local(25, 12), evidence="x" * 200)
    row = proposal("S1-01", STATION, *FOUND, beside(network, long), "meters")
    assert len(str(row["evidence"])) == 200


def test_records_are_read_where_they_touch_the_span_or_come_within_an_hour_of_it(
    books: Engine,
) -> None:
    since, until = local(20), local(20, 18)  # the record of the town, at its second station

    def near(a: datetime, b: datetime) -> list[OutageOnRecord]:
        return records_of(books, Span(a, b))

    hour, second = timedelta(hours=1), timedelta(seconds=1)
    assert near(until, local(21)) == near(local(19), since) == near(since, until)
    [found] = near(since, until)
    assert (found.place, found.since, found.until, found.cause) == (4, since, until, "operator")
    assert near(until + hour - second, local(21)) == [found]
    assert near(until + hour, local(21)) == near(local(19), since - hour) == []
