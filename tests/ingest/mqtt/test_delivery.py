"""What a broker may have lost is told, by what real brokers do."""

import logging
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from domain.actor import program
from domain.delivery_faults import Kind
from ingest.mqtt.broker import answers, free_port
from ingest.mqtt.counters import Dropped
from ingest.mqtt.delivery import TAKE_OVERS, Delivery, faults_of
from ingest.mqtt.mosquitto import find_mosquitto
from ingest.mqtt.session import prepare
from store.books.delivery import BrokerSession, DeliveryFault
from store.journal.journal import Journal
from tests.books import lock_lost, new_books
from tests.ingest import live
from tests.ingest.mqtt.test_session import broker_at
from tests.ingest.small import ROOMS, index_of
from tests.servers.process import Server

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)
BY = program("ingest")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "own.db")
    yield engine
    engine.dispose()


@contextmanager
def of(books: Engine, port: int = 1883, client_id: str = "tested") -> Iterator[Delivery]:
    """All is written behind it."""
    delivery = Delivery(books, client_id, f"127.0.0.1:{port}", BY)
    try:
        yield delivery
    finally:
        delivery.close()


def faults(books: Engine) -> list[tuple[Kind, str, datetime, datetime | None]]:
    with Session(books) as session:
        rows = session.scalars(select(DeliveryFault).order_by(DeliveryFault.id))
        return [(Kind(each.kind), each.about, each.since, each.until) for each in rows]


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def test_the_first_session_is_no_loss_and_a_forgotten_one_is_since_it_last_worked(
    own: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with of(own) as first:
        first.connected(False, (), T0)
        first.steady(after(40))
        first.steady(after(45))  # noted every ten seconds
    with of(own) as again:
        again.connected(True, (), after(60))
        again.steady(after(70))
    assert faults(own) == []
    with caplog.at_level(logging.ERROR), of(own) as forgotten:
        forgotten.connected(False, (), after(600))
    assert faults(own) == [(Kind.SESSION_LOST, "", after(70), after(600))]
    assert "forgotten our session (tested at 127.0.0.1:1883)" in caplog.text
    assert "messages since 2026-01-12 06:01:10Z may be missing" in caplog.text


def test_a_session_that_is_lost_again_and_again_is_one_fault(own: Engine) -> None:
    with of(own) as delivery:
        for second in (0, 30, 60, 90, 600):
            delivery.connected(False, (), after(second))
    assert faults(own) == [
        (Kind.SESSION_LOST, "", T0, after(90)),
        (Kind.SESSION_LOST, "", after(90), after(600)),
    ]


def test_sessions_of_other_ids_and_brokers_are_others(own: Engine) -> None:
    with of(own) as one, of(own, port=1884) as elsewhere, of(own, client_id="other") as other:
        one.connected(True, (), T0)
        elsewhere.connected(False, (), T0)
        other.connected(False, (), T0)
    assert faults(own) == []
    with Session(own) as session:
        assert len(session.scalars(select(BrokerSession)).all()) == 3


def test_a_lower_level_goes_on_until_it_is_granted(own: Engine) -> None:
    with of(own) as delivery:
        delivery.connected(False, ["a/#", "b/#"], T0)
        delivery.connected(True, ["a/#", "b/#"], after(5))
        delivery.connected(True, ["b/#"], after(9))
    assert faults(own) == [
        (Kind.QOS_LOWERED, "a/#", T0, after(9)),
        (Kind.QOS_LOWERED, "b/#", T0, None),
    ]


def test_connections_that_end_at_once_are_another_client_unless_the_broker_was_away(
    own: Engine,
) -> None:
    with of(own) as delivery:
        for number in range(TAKE_OVERS):
            delivery.ended_at_once(after(number))
            delivery.broker_away()
        for number in range(2 * TAKE_OVERS):
            delivery.ended_at_once(after(10 + number))
    assert faults(own) == [(Kind.ID_TAKEN, "", after(10), None)]
    with of(own) as delivery:
        delivery.steady(after(60))
    assert faults(own) == [(Kind.ID_TAKEN, "", after(10), after(60))]


def test_books_that_are_locked_are_written_when_they_are_free(own: Engine) -> None:
    """A worker goes on meanwhile: its messages wait for nothing but the journal."""
    with of(own) as delivery, own.connect() as other:
        other.execute(delete(DeliveryFault))  # takes the lock
        delivery.connected(False, ["a/#"], T0)
        other.rollback()
    assert faults(own) == [(Kind.QOS_LOWERED, "a/#", T0, None)]


def dropped(count: int, up: float, connected: float, heard: float) -> Dropped:
    """A count at `heard` of a broker that has been up so long; all in seconds."""
    uptime = timedelta(seconds=up)
    return Dropped("counter", count, uptime, after(connected) - uptime, after(heard) - uptime, after(heard))  # fmt: skip


@pytest.mark.parametrize(
    ("second", "at_most"),
    [
        (dropped(700, 4_140, 4_000, 4_010), 200),  # the same run, and a clock that was set
        (dropped(700, 4_190, 4_000, 4_010), 200),  # the same run
        (dropped(500, 4_190, 4_000, 4_010), None),
        (dropped(30, 4_190, 4_000, 4_010), 30),  # it fell: another run
        (dropped(700, 150, 4_000, 4_010), 700),  # up for less than before
        (dropped(700, 1_000, 4_000, 4_010), 700),  # up for longer than then, but started later
        (dropped(0, 150, 4_000, 4_010), None),
    ],
    ids=["clock", "more", "same", "fell", "young", "later", "none"],
)
def test_a_broker_that_has_started_since_counts_from_0(
    own: Engine, second: Dropped, at_most: int | None
) -> None:
    with of(own) as delivery:
        delivery.counted(dropped(500, 200, 0, 10), after(10))
        delivery.counted(second, after(4_010))
    assert [each.at_most for each in faults_of(own)] == ([] if at_most is None else [at_most])
    assert all(each.since == after(10) for each in faults_of(own))


def test_counts_of_several_nodes_add_up_and_what_comes_soon_again_is_the_same_overflow(
    own: Engine,
) -> None:
    with of(own) as delivery:
        for second, first, other in ((0, 0, 5), (60, 4, 6), (120, 4, 8), (400, 5, 8)):
            for topic, count in (("one", first), ("other", other)):
                found = replace(dropped(count, 100 + second, 0, second), topic=topic)
                delivery.counted(found, after(second))
    assert [(each.since, each.until, each.at_most) for each in faults_of(own)] == [
        (after(120), after(400), 1),
        (T0, after(120), 7),
    ]


# --- against a real broker ------------------------------------------------------------------


def intruder(port: int, stop: threading.Event) -> None:
    """Somebody's debugging tool with our id and a clean session, which connects again and again."""
    while not stop.wait(0.5):
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="tested", clean_session=True)
        client.connect("127.0.0.1", port)
        client.loop_start()
        stop.wait(0.3)
        client.loop_stop()


def test_a_tool_with_our_id_is_named(mosquitto: Server, own: Engine, tmp_path: Path) -> None:
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    stop = threading.Event()
    with (
        of(own, mosquitto.port) as delivery,
        live.working(mosquitto.port, journal, index_of(), ROOMS, delivery=delivery),
    ):
        thread = threading.Thread(target=intruder, args=(mosquitto.port, stop))
        thread.start()
        try:
            wanted = {Kind.ID_TAKEN, Kind.SESSION_LOST}
            live.wait_for(lambda: wanted <= {kind for kind, *_ in faults(own)})
        finally:
            stop.set()
            thread.join()
        live.wait_for(lambda: all(until is not None for *_, until in faults(own)))
    journal.close()


def test_a_session_that_is_prepared_says_whether_it_was_there(mosquitto: Server) -> None:
    assert not prepare(broker_at(mosquitto.port), "late", ["rooms/+"])
    assert prepare(broker_at(mosquitto.port), "late", ["rooms/+"])


@pytest.fixture
def without_qos_1(tmp_path: Path) -> Iterator[int]:
    """The port of a Mosquitto that grants QoS 0 at most."""
    port = free_port()
    conf = tmp_path / "mosquitto.conf"
    conf.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_qos 0\n")
    process = subprocess.Popen([*find_mosquitto().command, "-c", str(conf)])
    try:
        live.wait_for(lambda: answers("127.0.0.1", port))
        yield port
    finally:
        process.terminate()
        process.wait()


def test_a_broker_that_grants_less_is_named_with_the_filter(
    without_qos_1: int, own: Engine, tmp_path: Path
) -> None:
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    with (
        of(own, without_qos_1) as delivery,
        live.working(without_qos_1, journal, index_of(), ROOMS, delivery=delivery),
    ):
        live.wait_for(lambda: bool(faults(own)))
    ((kind, about, _, until),) = faults(own)
    assert (kind, about, until) == (Kind.QOS_LOWERED, "heatwatch/v1/+", None)
    journal.close()


def test_without_its_lock_nothing_is_written_and_no_fault_of_ours_is_told(
    own: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with of(own) as delivery, lock_lost(own):
        delivery.counted(Dropped("$SYS/dropped", 3, timedelta(hours=1), T0, T0, T0), T0)
        delivery.close()
    assert not caplog.text
