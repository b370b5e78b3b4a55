"""A Mosquitto with its stock limits, 20 in flight and 1,000 queued, drops: ingest tells how many."""

import getpass
import logging
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.delivery_faults import Kind
from ingest.config import BrokerConfig
from ingest.mqtt import overflow
from ingest.mqtt.delivery import Delivery, faults_of, sessions_of
from ingest.mqtt.overflow import SUFFIX, OverflowWatch
from store.books.delivery import DeliveryFault, DroppedCount
from store.journal.journal import Journal
from tests.books import new_books
from tests.ingest import live
from tests.ingest.mqtt.test_delivery import of
from tests.ingest.small import ROOMS, index_of
from tests.servers.process import Server, free_port
from tests.servers.programs import need

TOPIC = "heatwatch/v1/A1"
#: What a stock Mosquitto keeps for a session that is away.
KEEPS = 1_000


@contextmanager
def stock(folder: Path, interval_s: int = 1) -> Iterator[Server]:
    """A Mosquitto with its own limits; its counters come each second instead of every ten."""
    folder.mkdir()
    port, conf = free_port(), folder / "mosquitto.conf"
    conf.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nuser {getpass.getuser()}\n"
        f"sys_interval {interval_s}\n"
    )
    server = Server([need("mosquitto"), "-c", str(conf)], port, folder / "mosquitto.log")
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Server]:
    with stock(tmp_path / "broker") as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "books.db")
    yield engine
    engine.dispose()


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def watching(books: Engine, port: int) -> Iterator[Delivery]:
    config = BrokerConfig(mode="external", port=port)
    with of(books, port) as delivery, closing(OverflowWatch(config, "tested", delivery, now)):
        yield delivery


def count_read(books: Engine) -> tuple[int, datetime] | None:
    """The broker's counter, and when it was read last."""
    with Session(books) as session:
        found = session.scalars(select(DroppedCount)).one_or_none()
        return None if found is None else (found.dropped, found.read_at)


def read_again(books: Engine) -> None:
    """Returns once the counter has been read of a time from now on."""
    since = now()
    live.wait_for(lambda: (found := count_read(books)) is not None and found[1] > since)


def wait_for_count(books: Engine, wanted: int) -> None:
    """Returns once the counter is read as this."""
    live.wait_for(lambda: (found := count_read(books)) is not None and found[0] == wanted)


def overflows(books: Engine) -> list[DeliveryFault]:
    return [each for each in faults_of(books) if each.kind == Kind.QUEUE_OVERFLOW.value]


def kept(journal: Journal) -> int:
    """Messages in it."""
    return sum(batch.messages for batch in journal.since(0))


def flood(port: int, count: int) -> None:
    messages = [(TOPIC, b'{"at":%d,"t":21.5}' % (1_768_000_000_000 + i)) for i in range(count)]
    assert live.publish(port, messages) == count


def test_what_overflowed_while_ingest_was_away_is_told_at_its_return(
    broker: Server, own: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    live.make_session(broker.port, "tested", TOPIC)
    with watching(own, broker.port):
        read_again(own)
    assert overflows(own) == []
    left = count_read(own)
    flood(broker.port, 3 * KEEPS)
    with caplog.at_level(logging.ERROR), watching(own, broker.port):
        live.wait_for(lambda: bool(overflows(own)))
    (fault,) = overflows(own)
    missing = 3 * KEEPS - live.drain(broker.port, "tested")
    assert missing == 2 * KEEPS
    assert left == (0, fault.since)
    assert fault.at_most == missing
    assert fault.until == fault.told_at
    assert "queue overflowed (tested at 127.0.0.1" in caplog.text
    assert f"up to {missing} messages since" in caplog.text


def test_an_ingest_that_is_held_is_told_how_many_it_misses(
    broker: Server, own: Engine, tmp_path: Path
) -> None:
    """SIGSTOP: its connection is there, and nobody reads."""
    worker = live.start_process(tmp_path, broker.port, 1)
    try:
        live.wait_for(lambda: count_read(own) is not None and bool(sessions_of(own)))
        worker.send_signal(signal.SIGSTOP)
        flood(broker.port, 5 * KEEPS)
        worker.send_signal(signal.SIGCONT)
        live.wait_for(lambda: bool(overflows(own)))
        with closing(Journal.open(str(tmp_path / "journal.sqlite"))) as journal:
            live.wait_for(lambda: kept(journal) >= KEEPS)
        read_again(own)
    finally:
        worker.send_signal(signal.SIGCONT)
        worker.terminate()
        worker.wait()
    with closing(Journal.open(str(tmp_path / "journal.sqlite"))) as journal:
        missing = 5 * KEEPS - kept(journal)
    (fault,) = overflows(own)
    assert fault.at_most is not None
    assert fault.at_most >= missing > 0


def test_an_overflow_that_goes_on_is_one_and_a_broker_that_started_again_counts_from_0(
    broker: Server, own: Engine
) -> None:
    live.make_session(broker.port, "tested", TOPIC)
    with watching(own, broker.port):
        read_again(own)
        for dropped in (KEEPS, 3 * KEEPS):
            flood(broker.port, 2 * KEEPS)
            wait_for_count(own, dropped)
        broker.restart()
        live.make_session(broker.port, "tested", TOPIC)
        flood(broker.port, KEEPS + 10)
        wait_for_count(own, 10)
    (fault,) = overflows(own)
    assert fault.at_most == 3 * KEEPS + 10
    assert fault.until is not None
    assert fault.until > fault.told_at


def test_where_nothing_was_dropped_nothing_is_told(
    broker: Server, own: Engine, tmp_path: Path
) -> None:
    with (
        closing(Journal.open(str(tmp_path / "journal.sqlite"))) as journal,
        watching(own, broker.port) as delivery,
        live.working(broker.port, journal, index_of(), ROOMS, delivery=delivery) as worker,
    ):
        flood(broker.port, KEEPS // 2)
        live.wait_for(lambda: worker.counts.messages == KEEPS // 2)
        read_again(own)
    assert faults_of(own) == []
    ((session, dropped),) = sessions_of(own)
    assert (session.client_id, dropped) == ("tested", 0)


def test_a_broker_that_says_nothing_of_it_is_named_once(
    own: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(overflow, "SILENT_S", 0.1)
    with (
        stock(tmp_path / "silent", interval_s=0) as silent,
        caplog.at_level(logging.WARNING),
        watching(own, silent.port) as delivery,
    ):
        delivery.connected(False, (), now())
        live.wait_for(lambda: "does not say how many messages it drops" in caplog.text)
        live.wait_for(lambda: bool(sessions_of(own)))
        silent.restart()
        live.wait_for(lambda: silent.log.read_text().count(f"as tested{SUFFIX}") == 2)
    assert caplog.text.count("does not say") == 1
    ((session, dropped),) = sessions_of(own)
    assert (session.client_id, dropped) == ("tested", None)


def test_it_ends_at_once_also_where_no_broker_is(own: Engine) -> None:
    begun = time.monotonic()
    with watching(own, free_port()):
        pass
    assert time.monotonic() - begun < 3
