"""Gaps in numbers, as the books keep them."""

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.actor import program
from domain.time import to_us
from ingest.codecs.gaps import Gap
from ingest.codecs.memory import Missing
from ingest.mqtt.delivery import Delivery, faults_of
from ingest.mqtt.missing import LATELY, SETTLES
from tests.books import new_books

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "own.db")
    yield engine
    engine.dispose()


def of(books: Engine) -> closing[Delivery]:
    return closing(Delivery(books, "tested", "127.0.0.1:1883", program("ingest")))


def gap(about: str, since: int, until: int, at_most: int | None) -> Missing:
    """In seconds behind T0."""
    at = [to_us(T0 + timedelta(seconds=each)) for each in (since, until)]
    return Missing("edges", Gap(about, at[0], at[1], at_most))


def faults(books: Engine) -> list[tuple[str, float, float, int | None]]:
    return sorted(
        (each.about, (each.since - T0).total_seconds(), (each.until - T0).total_seconds(), each.at_most)
        for each in faults_of(books)
        if each.until is not None
    )  # fmt: skip


def test_a_gap_is_told_once_it_has_settled_and_then_brought_up_to_date(own: Engine) -> None:
    with of(own) as delivery:
        delivery.missing([gap("G/E1", 0, 5, 3)], T0)
        delivery.settle(T0 + 5 * SECOND)
        delivery._writer.submit(lambda: None).result()
        assert faults(own) == []
        delivery.missing([gap("G/E1", 0, 5, 2)], T0)  # one came late
        delivery.settle(T0 + 5 * SECOND + SETTLES)
        delivery._writer.submit(lambda: None).result()
        assert faults(own) == [("G/E1", 0, 5, 2)]
        delivery.missing([gap("G/E1", 0, 60, None)], T0)
    assert faults(own) == [("G/E1", 0, 60, None)]
    (fault,) = faults_of(own)
    assert fault.feed == "edges"
    assert fault.told_at == T0 + 5 * SECOND + SETTLES


def test_what_only_came_late_is_no_fault(own: Engine) -> None:
    with of(own) as delivery:
        delivery.missing([gap("G/E1", 0, 5, 1)], T0)
        delivery.missing([gap("G/E1", 0, 5, 0)], T0)
        delivery.settle(T0 + 60 * SECOND)
    assert faults(own) == []


def test_a_second_gap_of_a_sender_does_not_lose_the_first(own: Engine) -> None:
    with of(own) as delivery:
        delivery.missing([gap("G/E1", 0, 5, 1), gap("G/E2", 0, 5, 1)], T0)
        delivery.missing([gap("G/E1", 2000, 2005, 4)], T0)
    assert faults(own) == [("G/E1", 0, 5, 1), ("G/E1", 2000, 2005, 4), ("G/E2", 0, 5, 1)]


def test_gaps_that_the_journal_has_are_told_at_the_start_once_and_none_of_long_ago(
    own: Engine,
) -> None:
    kept = [gap("G/E1", 0, 5, 1), gap("G/E2", 0, 5 - int(LATELY.total_seconds()), 9)]
    for _ in range(2):
        with of(own) as delivery:
            delivery.told_before(kept, T0 + 5 * SECOND)
    assert faults(own) == [("G/E1", 0, 5, 1)]


def test_five_hundred_senders_are_one_line_of_the_log(
    own: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), of(own) as delivery:
        delivery.missing([gap(f"G/E{n}", 0, 5, 2) for n in range(500)], T0)
        delivery.settle(T0 + 60 * SECOND)
    assert len(faults(own)) == 500
    (line,) = caplog.messages
    assert "(G/E0, G/E1, G/E2, G/E3, G/E4 (+495); tested at 127.0.0.1:1883)" in line
    assert "up to 1000 messages since 2026-01-12 06:00:00Z are missing" in line
