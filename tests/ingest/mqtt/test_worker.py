"""The worker against a real Mosquitto: kept, then acknowledged; nothing lost, nothing double."""

import os
import random
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from domain.errors import ServerMissing, WrongCall
from heatwatch.bench.flood import Flood
from ingest.codecs.mapped_settings import MappedConfig
from ingest.config import BrokerConfig, FeedConfig
from ingest.mqtt.broker import answers, free_port
from ingest.mqtt.mosquitto import find_mosquitto
from ingest.mqtt.worker import IngestWorker
from store.journal.journal import Journal
from tests.ingest import live
from tests.ingest.small import CHANNELS, INGEST, NOW, ROOMS, SINCE, index_of
from tests.servers.process import Server

STATIONS = FeedConfig(
    name="stations",
    topic="scada/{company}/{device}/telemetry",
    format="mapped",
    clock="server",
    mapping=MappedConfig.model_validate({"time": "$.ts", "channels": {"t": "$.data.t"}}),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(str(tmp_path / "journal.sqlite"))


def reading(i: int) -> bytes:
    at = SINCE + timedelta(seconds=i)
    return b'{"channel":"t","time":"%s","value":%d.5}' % (at.isoformat().encode(), i % 30)


def publish(server: Server, messages: list[tuple[str, bytes]]) -> int:
    return live.publish(server.port, messages)


def test_messages_of_two_feeds_are_kept_and_a_poison_message_stops_nothing(
    mosquitto: Server, journal: Journal
) -> None:
    messages = [("heatwatch/v1/A1", reading(i)) for i in range(500)]
    messages[100] = ("heatwatch/v1/A1", b"\x00\xffpoison")
    messages[200] = ("heatwatch/v1/nobody", reading(7))
    messages += [("scada/demo/B2/telemetry", b'{"ts": 1764000000000, "data": {"t": 47.06}}')]
    with live.working(mosquitto.port, journal, index_of(), ROOMS, STATIONS) as worker:
        assert publish(mosquitto, messages) == 501
        live.wait_for(lambda: worker.counts.messages == 501)
    counts = journal.counts()
    assert (counts.messages, counts.readings) == (501, 499)
    assert counts.refused == {"undecodable": 1, "unmapped": 1}
    assert [r.payload for r in journal.refused("undecodable")] == [b"\x00\xffpoison"]


def test_a_shared_subscription_gets_its_messages(mosquitto: Server, journal: Journal) -> None:
    feeds = [
        feed.model_copy(update={"topic": f"$share/heat/{feed.topic}"}) for feed in (ROOMS, STATIONS)
    ]
    with live.working(mosquitto.port, journal, index_of(), *feeds) as worker:
        messages = [("heatwatch/v1/A1", reading(i)) for i in range(50)]
        messages += [("scada/demo/B2/telemetry", b'{"ts": 1764000000000, "data": {"t": 47.06}}')]
        assert publish(mosquitto, messages) == 51
        live.wait_for(lambda: worker.counts.messages == 51)
    assert (journal.counts().readings, journal.counts().refused) == (51, {})


def test_a_fault_of_our_own_in_a_codec_keeps_the_message_and_goes_on(
    mosquitto: Server, journal: Journal
) -> None:
    with live.working(mosquitto.port, journal, index_of(), STATIONS) as worker:

        def broken(message: object, memory: object) -> None:
            raise ZeroDivisionError("a bug")

        worker._decoder.feeds[0].codec = broken  # type: ignore[assignment]
        publish(mosquitto, [("scada/demo/B2/telemetry", b"{}")])
        live.wait_for(lambda: worker.counts.messages == 1)
    (refused,) = journal.refused()
    assert (refused.payload, refused.detail) == (b"{}", "ZeroDivisionError: a bug")


def test_what_is_published_while_the_worker_is_away_comes_when_it_is_back(
    mosquitto: Server, journal: Journal
) -> None:
    with live.working(mosquitto.port, journal, index_of(), ROOMS):
        pass
    publish(mosquitto, [("heatwatch/v1/A1", reading(i)) for i in range(5000)])
    with live.working(mosquitto.port, journal, index_of(), ROOMS) as worker:
        live.wait_for(lambda: worker.counts.messages >= 5000)
    with live.working(mosquitto.port, journal, index_of(), ROOMS) as worker:
        time.sleep(0.3)
        assert worker.counts.messages == 0  # a clean stop leaves nothing unacknowledged
    assert max(live.kept(journal).values()) == 1
    assert journal.counts().messages == 5000


def test_a_broker_that_restarts_gets_its_worker_back_and_loses_nothing(
    mosquitto: Server, journal: Journal
) -> None:
    with live.working(mosquitto.port, journal, index_of(), ROOMS) as worker:
        publish(mosquitto, [("heatwatch/v1/A1", reading(i)) for i in range(100)])
        mosquitto.restart()
        live.wait_for(lambda: worker.counts.connects >= 2 and worker.subscribed)
        publish(mosquitto, [("heatwatch/v1/A1", reading(i)) for i in range(100, 200)])
        live.wait_for(lambda: len(live.kept(journal)) == 200)


def test_a_registry_that_grows_is_taken_over_without_a_restart(
    mosquitto: Server, journal: Journal
) -> None:
    grown = index_of([*CHANNELS, ("new", "t", "room_temperature", SINCE, None)])
    known = threading.Event()
    with live.working(
        mosquitto.port, journal, index_of(), ROOMS,
        reload=lambda index: grown if known.is_set() and index is not grown else None,
    ) as worker:  # fmt: skip
        publish(mosquitto, [("heatwatch/v1/new", reading(1))])
        live.wait_for(lambda: worker.counts.refused == 1)
        known.set()
        live.wait_for(lambda: worker._index is grown)
        publish(mosquitto, [("heatwatch/v1/new", reading(2))])
        live.wait_for(lambda: worker.counts.readings == 1)


@pytest.mark.parametrize(
    ("mode", "hint"),
    [("external", "systemctl start mosquitto"), ("embedded", "`heatwatch run` without names")],
)
def test_a_missing_broker_is_named_with_how_to_start_it(
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    mode: Literal["external", "embedded"],
    hint: str,
) -> None:
    monkeypatch.setattr("ingest.mqtt.worker.FIRST_CONNECT_S", 0.1)
    port = free_port()
    broker = BrokerConfig(mode=mode, port=port)
    worker = IngestWorker(INGEST, broker, journal, index_of(), {"rooms": 1}, lambda: NOW)
    with pytest.raises(ServerMissing, match=f"127.0.0.1:{port}.*{hint}"):
        worker.run(threading.Event())


@pytest.mark.parametrize("seed", [1, 2], ids=lambda s: f"seed {s}")
def test_kill_nine_at_any_moment_loses_and_doubles_nothing(
    mosquitto: Server, tmp_path: Path, seed: int
) -> None:
    rooms, total, kills = 50, 9_000, 3
    rng = random.Random(seed)
    live.make_session(mosquitto.port, "killed", "heatwatch/v1/+")
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    publish(mosquitto, [("heatwatch/v1/nobody", b"{}")])
    process = live.start_process(tmp_path, mosquitto.port, rooms)
    try:
        live.wait_for(lambda: journal.counts().messages == 1)  # it is at work
        publisher = threading.Thread(target=_publish_slowly, args=(mosquitto, rooms, total))
        publisher.start()
        for _ in range(kills):
            time.sleep(rng.uniform(0.05, 1.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
            process = live.start_process(tmp_path, mosquitto.port, rooms)
        publisher.join()
        live.wait_for(lambda: len(live.kept(journal)) >= total, 120)
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    counted = live.kept(journal)
    assert len(counted) == total
    assert set(counted.values()) == {1}
    assert journal.counts().messages == total + 1


def _publish_slowly(server: Server, rooms: int, total: int) -> None:
    """About 3,000 a second, each (room, second) once."""
    flood = Flood(server.host, server.port, "rooms")
    for start in range(0, total, 300):
        batch = range(start, start + 300)
        flood.publish((b"heatwatch/v1/R%04d" % (i % rooms), reading(i)) for i in batch)
        time.sleep(0.1)
    assert flood.finish() == total


def test_the_brokers_refusal_of_a_password_is_a_wrong_call(
    tmp_path: Path, journal: Journal
) -> None:
    port = free_port()
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    conf = tmp_path / "strict.conf"
    user = "user root\n" if os.geteuid() == 0 else ""
    listener = f"listener {port} 127.0.0.1\nallow_anonymous false\n"
    conf.write_text(f"{listener}password_file {passwords}\n{user}")
    process = subprocess.Popen(
        [*find_mosquitto().command, "-c", str(conf)], stderr=subprocess.DEVNULL
    )
    try:
        live.wait_for(lambda: answers("127.0.0.1", port))
        broker = BrokerConfig(mode="external", port=port, username="x", password="y")
        worker = IngestWorker(INGEST, broker, journal, index_of(), {"rooms": 1}, lambda: NOW)
        with pytest.raises(WrongCall, match=r"broker.username.*Not authorized"):
            worker.run(threading.Event())
    finally:
        process.terminate()
        process.wait()


def test_time_of_receipt_comes_from_the_given_clock(mosquitto: Server, journal: Journal) -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)
    with live.working(mosquitto.port, journal, index_of(), ROOMS, now=lambda: past) as worker:
        publish(mosquitto, [("heatwatch/v1/A1", b'{"channel":"t","value":20}')])
        live.wait_for(lambda: worker.counts.readings == 1)
    ((_, at),) = live.kept(journal)
    assert past - timedelta(seconds=1) < at <= past
