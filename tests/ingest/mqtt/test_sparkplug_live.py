"""Edge nodes of Sparkplug B on a real Mosquitto, with the real worker: births, gaps, crashes, changes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from domain.actor import program
from ingest.mqtt.delivery import Delivery, faults_of
from ingest.mqtt.link import Link
from store.journal.journal import Journal
from store.registry.series import SeriesIndex
from tests.books import new_books
from tests.ingest import live
from tests.ingest.codecs.edge import T0_MS, Edge, Sent, metric
from tests.ingest.run_sparkplug import CHANNELS, FEED
from tests.ingest.small import SINCE, index_of
from tests.servers.process import Server
from tests.servers.tahu import Tahu

GROWN = [*CHANNELS, ("E3", "t", "outdoor_temperature", SINCE, None)]


#: Data are stamped from here on, births earlier.
DATA_MS = T0_MS + 600_000


class LiveEdge:
    """An edge node with one meter: a client that gives its births when it is asked for them."""

    def __init__(self, port: int, tahu: Tahu, name: str) -> None:
        self.edge, self.asked, self.sent = Edge(tahu, "G", name), 0, 0
        self._lock = threading.RLock()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"edge-{name}")
        self.client.max_inflight_messages_set(1000)
        listening = threading.Event()
        self.client.on_subscribe = lambda *_: listening.set()
        self.client.on_message = self._command
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.client.subscribe(f"spBv1.0/G/NCMD/{name}", 1)
        assert listening.wait(30)

    def _command(self, _client: Any, _user: Any, message: mqtt.MQTTMessage) -> None:
        assert b"Node Control/Rebirth" in message.payload
        self.asked += 1
        self.births()

    def births(self) -> None:
        with self._lock:
            self._publish(self.edge.nbirth([]))
            self._publish(self.edge.dbirth("M1", [metric("t", 5, None), metric("p", 6, None)]))

    def data(self, count: int = 1) -> None:
        """Values by alias, each at a time of its own."""
        for _ in range(count):
            with self._lock:
                self.sent += 1
                at = DATA_MS + self.sent * 1000
                self._publish(self.edge.data([metric(None, 5, 20.5, timestamp=at)], "M1"))

    def _publish(self, sent: Sent) -> None:
        self.last = self.client.publish(*sent, qos=1)

    def wait(self) -> None:
        self.last.wait_for_publish(60)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def edges(server: Server, tahu: Tahu, *names: str) -> Iterator[list[LiveEdge]]:
    found = [LiveEdge(server.port, tahu, name) for name in names]
    try:
        yield found
    finally:
        for each in found:
            each.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(str(tmp_path / "journal.sqlite"))
    yield opened
    opened.close()


def of_series(journal: Journal, series: int) -> list[datetime]:
    """Times of the readings of the data; births are stamped otherwise."""
    start = datetime.fromtimestamp(DATA_MS / 1000, UTC)
    found = [
        at for (number, at), n in live.kept(journal).items() for _ in range(n) if number == series
    ]
    return sorted(at for at in found if at > start)


def expected(count: int) -> list[datetime]:
    start = datetime.fromtimestamp(DATA_MS / 1000, UTC)
    return [start + timedelta(seconds=i) for i in range(1, count + 1)]


class Clock:
    """Stands until it is set on."""

    def __init__(self) -> None:
        self.at = datetime.fromtimestamp(T0_MS / 1000, UTC) + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.at


def test_a_gap_brings_a_rebirth_over_the_wire_to_the_node_that_has_it(
    mosquitto: Server, tahu: Tahu, journal: Journal
) -> None:
    with (
        edges(mosquitto, tahu, "E1", "E2") as (one, two),
        live.working(mosquitto.port, journal, index_of(CHANNELS), FEED) as worker,
    ):
        for each in (one, two):
            each.births()
            each.data(300)
            each.wait()
        two.edge.lose()
        two.data(10)
        live.wait_for(lambda: two.asked == 1)
        two.data(10)
        two.wait()
        messages = 2 * 2 + 300 + 320 + 2 + 1  # with the births asked for, and our own command
        live.wait_for(lambda: worker.counts.messages == messages)
        assert (one.asked, two.asked) == (0, 1)
    assert journal.counts().refused == {}
    assert set(of_series(journal, 1)) == set(expected(300))
    assert set(of_series(journal, 3)) == set(expected(320))


def test_a_gap_is_a_fault_of_its_node_which_a_restart_does_not_tell_again(
    mosquitto: Server, tahu: Tahu, journal: Journal, tmp_path: Path
) -> None:
    """Also where the books did not have it when the worker ended."""
    books = new_books(tmp_path / "books.db")

    def faults() -> list[tuple[str, str, int | None]]:
        return [(each.kind, each.about, each.at_most) for each in faults_of(books)]

    def kept(gap: bool, delivery: Delivery | None) -> None:
        with (
            edges(mosquitto, tahu, "E1", "E2") as (one, two),
            live.working(mosquitto.port, journal, index_of(CHANNELS), FEED, delivery=delivery) as w,
        ):
            before = w.counts.messages
            for each in (one, two):
                each.births()
                each.data(20)
            if gap:
                two.edge.lose(3)
            two.data(20)
            two.wait()
            live.wait_for(lambda: w.counts.messages >= before + 64)

    kept(True, None)
    assert faults() == []
    wanted = [("sequence_gap", "G/E2", 3)]
    for gap in (False, False):
        with closing(Delivery(books, "tested", "127.0.0.1:1883", program("ingest"))) as delivery:
            kept(gap, delivery)
        assert faults() == wanted
    with closing(Delivery(books, "tested", "127.0.0.1:1883", program("ingest"))) as delivery:
        kept(True, delivery)
    assert faults() == [("sequence_gap", "G/E2", 6)]
    books.dispose()


def test_kill_nine_in_the_middle_leaves_neither_gap_nor_double_nor_question(
    mosquitto: Server, tahu: Tahu, tmp_path: Path, journal: Journal
) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.ingest.run_sparkplug",
        str(tmp_path),
        str(mosquitto.port),
    ]

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, cwd=live.REPOSITORY, stdin=subprocess.DEVNULL)

    live.make_session(mosquitto.port, "killed", "spBv1.0/#")
    with edges(mosquitto, tahu, "E1") as (edge,):
        edge.births()
        process = start()
        try:
            live.wait_for(lambda: journal.counts().messages == 2)
            for _ in range(3):
                publishing = threading.Thread(target=edge.data, args=(700,))
                publishing.start()
                at = journal.counts().messages
                live.wait_for(lambda at=at: journal.counts().messages > at + 50)  # type: ignore[misc]
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                publishing.join()
                process = start()
            live.wait_for(lambda: journal.counts().messages >= 2 + 2100, 120)
            edge.data(10)  # the last process is at work before it is stopped
            live.wait_for(lambda: journal.counts().messages >= 2 + 2110, 120)
            process.terminate()
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.wait()
        assert edge.asked == 0  # its numbers went on where the last commit had left them
    assert of_series(journal, 1) == expected(2110)
    assert (journal.counts().messages, journal.counts().refused) == (2112, {})


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_births_outlive_a_changed_registry_and_a_restart(
    mosquitto: Server, tahu: Tahu, tmp_path: Path, request: pytest.FixtureRequest, where: str
) -> None:
    sqlite = where == "sqlite"
    journal = Journal.open(str(tmp_path / "j") if sqlite else request.getfixturevalue("postgres"))
    grown, changed = index_of(GROWN), threading.Event()

    def reload(index: SeriesIndex) -> SeriesIndex | None:
        return grown if changed.is_set() and index is not grown else None

    with edges(mosquitto, tahu, "E1") as (edge,):
        with live.working(
            mosquitto.port, journal, index_of(CHANNELS), FEED, reload=reload
        ) as worker:
            edge.births()
            edge.data(5)
            changed.set()
            live.wait_for(lambda: worker._index is grown)
            edge.data(5)
            live.wait_for(lambda: worker.counts.messages == 12)
        edge.data(5)
        with live.working(mosquitto.port, journal, grown, FEED) as worker:
            edge.data(5)
            live.wait_for(lambda: worker.counts.messages == 10)
        assert edge.asked == 0
    assert of_series(journal, 1) == expected(20)
    assert journal.counts().refused == {}
    journal.close()


def test_a_request_that_is_lost_after_its_commit_is_asked_again(
    mosquitto: Server, tahu: Tahu, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, send, lost = Clock(), Link.publish, threading.Event()

    def lose_the_first(link: Link, topic: str, payload: bytes) -> None:
        if lost.is_set():
            send(link, topic, payload)
        lost.set()

    monkeypatch.setattr(Link, "publish", lose_the_first)
    with (
        edges(mosquitto, tahu, "E1") as (edge,),
        live.working(mosquitto.port, journal, index_of(CHANNELS), FEED, now=clock) as worker,
    ):
        edge.data(3)
        live.wait_for(lambda: worker.counts.refused == 3)
        assert lost.wait(60), "it is sent after the commit"
        clock.at += timedelta(seconds=61)
        edge.data()
        live.wait_for(lambda: edge.asked == 1)
        live.wait_for(lambda: worker.counts.messages == 7)  # births and our own command came back
        edge.data()
        live.wait_for(lambda: len(of_series(journal, 1)) == 1)
    assert journal.counts().refused == {"out_of_sequence": 4}
