"""Uplinks by day in the books, as the journal's totals bring them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.actor import program
from domain.time import to_us
from ingest.codecs.memory import Missing
from ingest.codecs.uplinks import Uplinks
from ingest.mqtt.delivery import Delivery, faults_of
from ingest.mqtt.uplink_days import AT_ONCE, EVERY, KEPT, LOOK, NEW, forget_days
from store.books.delivery import UplinkDay
from store.books.uplinks import uplinks_of
from tests.books import new_books

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)
DAY = timedelta(days=1)
CITY = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "own.db")
    yield engine
    engine.dispose()


def of(books: Engine) -> closing[Delivery]:
    return closing(Delivery(books, "hw", "b:1883", program("ingest"), CITY))


def total(
    received: int, missed: int, at: datetime = T0, device: str = "A1", since: datetime = T0
) -> Missing:
    """Of a device, as the journal has it."""
    return Missing("lora", Uplinks(device, "s", 7, received, missed, to_us(since), to_us(at)))


def days(books: Engine) -> list[tuple[str, date, int, int]]:
    with Session(books) as session:
        rows = session.scalars(select(UplinkDay).order_by(UplinkDay.device, UplinkDay.day))
        return [(each.device, each.day, each.received, each.missed) for each in rows]


def test_totals_are_taken_over_once_on_the_day_of_the_city(own: Engine) -> None:
    first, second = date(2026, 1, 12), date(2026, 1, 13)
    for _ in range(2):  # the second time after a crash: the journal has it, the books have it
        with of(own) as delivery:
            delivery.told_before([total(10, 2)], T0)
    assert days(own) == [("A1", first, 10, 2)]
    with of(own) as delivery:
        delivery.missing([total(12, 3), total(13, 3), total(1, 0, device="B2")], T0)
        delivery.missing([total(20, 4, T0 + timedelta(hours=10))], T0)
    assert days(own) == [("A1", first, 10, 2), ("A1", second, 10, 2), ("B2", first, 1, 0)]
    assert delivery.uplinks.received == {"lora": 11}
    assert delivery.uplinks.sent == {"lora": 13}


def test_it_is_written_every_half_minute(own: Engine) -> None:
    with of(own) as delivery:
        delivery.settle(T0)
        delivery.missing([total(1, 0)], T0)
        delivery.settle(T0 + EVERY / 2)
        delivery._writer.submit(lambda: None).result()
        assert days(own) == []
        delivery.settle(T0 + EVERY)
        delivery._writer.submit(lambda: None).result()
        assert len(days(own)) == 1


def test_one_that_came_late_is_taken_off_its_day_or_no_other(own: Engine) -> None:
    for told in (total(10, 3), total(11, 2), total(12, 0, T0 + DAY)):
        with of(own) as delivery:
            delivery.missing([told], T0)
    assert [each[2:] for each in days(own)] == [(11, 2), (1, 0)]


def test_a_journal_of_before_and_books_that_are_new_make_no_days(own: Engine) -> None:
    with of(own) as delivery:
        delivery.missing([total(100, 3)], T0)
    with of(own) as delivery:  # restored from the day before
        delivery.missing([total(90, 2)], T0)
    with of(own) as delivery:
        delivery.missing([total(91, 2)], T0)
    assert days(own) == [("A1", date(2026, 1, 12), 101, 3)]
    with of(own) as delivery:  # counted in other books for a month
        delivery.missing([total(9_000, 70, device="B2", since=T0 - 30 * DAY)], T0)
    with of(own) as delivery:
        delivery.missing([total(9_001, 71, device="B2", since=T0 - 30 * DAY)], T0)
    assert days(own)[1:] == [("B2", date(2026, 1, 12), 1, 1)]


def test_many_devices_are_written_in_parts_and_asked_for_by_days(own: Engine) -> None:
    with of(own) as delivery:
        delivery.missing([total(9, 1, device=f"D{n}") for n in range(2 * AT_ONCE + 3)], T0)
    with Session(own) as session, session.begin():
        first = date(2026, 1, 12)
        found = uplinks_of(session, first, first + DAY)
        assert len(found) == 2 * AT_ONCE + 3
        assert {(each.received, each.missed, each.share) for each in found} == {(9, 1, 0.1)}
        assert uplinks_of(session, first + DAY, first + 2 * DAY) == []
        forget_days(session, first + KEPT)
        assert len(uplinks_of(session, first, first + DAY)) == 2 * AT_ONCE + 3
        forget_days(session, first + KEPT + DAY)
        assert uplinks_of(session, first, first + DAY) == []


def faults(books: Engine) -> list[tuple[str, datetime, datetime | None, int | None]]:
    return [
        (each.about, each.since, each.until, each.at_most)
        for each in reversed(faults_of(books))
        if each.kind == "uplinks_lost"
    ]


def look(books: Engine, now: datetime, *told: Missing, usual: float = 0.2) -> None:
    """The totals by then, and what is said of them."""
    with closing(
        Delivery(books, "hw", "b:1883", program("ingest"), CITY, lost_uplinks=usual)
    ) as delivery:
        delivery.missing(list(told), now)
        delivery._write_uplinks(None)
        delivery.settle(now)


def test_a_device_that_loses_more_than_is_usual_is_told_once_while_it_is_so(own: Engine) -> None:
    yesterday = datetime(2026, 1, 11, tzinfo=CITY)
    look(own, T0, total(40, 10), total(40, 11, device="B2"), total(3, 20, device="C3"))
    assert faults(own) == [("B2", yesterday, None, 11)]  # C3 sent too few to tell
    look(own, T0 + LOOK, total(40, 30, device="B2"))
    assert faults(own) == [("B2", yesterday, None, 30)]
    well = T0 + DAY
    look(own, well, total(400, 30, well, device="B2"))
    assert faults(own) == [("B2", yesterday, well, 30)]
    look(own, well + 2 * DAY)
    assert len(faults(own)) == 1
    assert [each.feed for each in faults_of(own)] == ["lora"]


def test_where_a_device_falls_silent_its_days_go_by(own: Engine) -> None:
    look(own, T0, total(40, 40))
    end = T0 + 2 * DAY
    look(own, end)
    assert [each[2] for each in faults(own)] == [end]


def test_where_any_loss_is_usual_none_is_told_and_it_is_looked_at_now_and_then(own: Engine) -> None:
    look(own, T0, total(1, 99), usual=1.0)
    assert faults(own) == []
    with closing(
        Delivery(own, "hw", "b:1883", program("ingest"), CITY, lost_uplinks=0.5)
    ) as delivery:
        delivery.settle(T0)
        delivery.missing([total(1, 99, device="B2")], T0)
        delivery.settle(T0 + LOOK - timedelta(seconds=1))
        delivery._writer.submit(lambda: None).result()
        assert [each[0] for each in faults(own)] == ["A1"]
        delivery.settle(T0 + LOOK)
    assert [each[0] for each in faults(own)] == ["A1", "B2"]


def test_500_devices_are_one_line_of_the_log(own: Engine, caplog: pytest.LogCaptureFixture) -> None:
    look(own, T0, *(total(60, 40, device=f"D{n}") for n in range(500)))
    assert len(faults(own)) == 500
    (line,) = caplog.messages
    assert "(D0, D1, D10, D100, D101 (+495)): up to 20000 since 2026-01-11 00:00" in line


def test_what_was_heard_long_ago_is_in_the_books(own: Engine) -> None:
    with of(own) as delivery:
        delivery.told_before([total(9, 1)], T0 + NEW)
    assert days(own) == []
