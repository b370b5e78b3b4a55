"""RabbitMQ: what it acknowledged is on its disk; what it does to topics; named when it can't be used."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from domain.errors import ServerMissing
from heatwatch.bench.flood import Flood
from ingest.config import BrokerConfig
from ingest.mqtt.broker import EmbeddedBroker, free_port
from ingest.mqtt.delivery import faults_of
from ingest.mqtt.link import Link
from ingest.mqtt.rabbitmq import find_rabbitmq, unmatched
from store.journal.journal import Journal
from tests.books import new_books
from tests.ingest import live
from tests.ingest.mqtt.test_delivery import of
from tests.ingest.small import ROOMS, index_of
from tests.servers.programs import need_rabbitmq


def settings(folder: Path) -> BrokerConfig:
    need_rabbitmq()
    return BrokerConfig(engine="rabbitmq", port=free_port(), folder=folder)


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(settings(tmp_path_factory.mktemp("rabbitmq"))) as broker:
        yield broker


@contextmanager
def listening(port: int, topic: str) -> Iterator[list[mqtt.MQTTMessage]]:
    """What comes to another client, as it comes."""
    seen: list[mqtt.MQTTMessage] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    ready = threading.Event()

    def subscribe(*_: object) -> None:
        client.subscribe(topic, 1)

    client.on_connect = subscribe
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _client, _user, message: seen.append(message)
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert ready.wait(30)
    yield seen
    client.disconnect()
    client.loop_stop()


def processes_of(folder: Path) -> list[str]:
    """Command lines of the processes that were given this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text(encoding="utf-8"))
        except OSError:  # it has ended, or is another user's
            continue
    return found


def test_what_it_acknowledged_outlives_a_kill_nine_at_that_moment(tmp_path: Path) -> None:
    broker = EmbeddedBroker(settings(tmp_path))
    broker.start()
    live.make_session(broker.config.port, "late", "t/#")
    flood = Flood(broker.config.host, broker.config.port)
    flood.publish((b"t/%d" % i, b"x") for i in range(8000))
    assert flood.finish() == 8000
    broker.kill()
    live.wait_for(lambda: not processes_of(tmp_path))
    with broker:
        assert live.drain(broker.config.port, "late") == 8000
    assert not processes_of(tmp_path)


def test_it_listens_on_its_port_alone_as_one_node(rabbit: EmbeddedBroker) -> None:
    commands = processes_of(rabbit.config.folder)
    assert sum("beam" in each for each in commands) == 1
    assert not any("epmd" in Path(each.split("\0")[0]).name for each in commands)


@pytest.mark.parametrize(
    ("sent", "comes"),
    [
        ("a/b.c", "a/b/c"),
        ("a*b/c", "a+b/c"),
        ("spBv1.0/G/NDATA/N", "spBv1.0/G/NDATA/N"),
        ("温度/站 1", "温度/站 1"),
        ("a//b", "a//b"),
    ],
)
def test_a_topic_comes_as_it_was_but_for_periods_and_stars(
    rabbit: EmbeddedBroker, sent: str, comes: str
) -> None:
    with listening(rabbit.config.port, "#") as seen:
        assert live.publish(rabbit.config.port, [(sent, b"1")]) == 1
        live.wait_for(lambda: bool(seen))
    assert [each.topic for each in seen] == [comes]


@pytest.mark.parametrize("topic", ["a.b/+", "$share/g/a/+", "a*/+", "spBv1.0/G.x/#"])
def test_a_feed_that_it_never_serves_is_refused_by_its_configuration(topic: str) -> None:
    assert unmatched(topic)


@pytest.mark.parametrize("topic", ["a/{device}/b", "spBv1.0/#", "+/state"])
def test_others_are_not(topic: str) -> None:
    assert unmatched(topic) is None


def test_a_worker_takes_all_and_goes_on_in_its_session(
    rabbit: EmbeddedBroker, tmp_path: Path
) -> None:
    port, journal = rabbit.config.port, Journal.open(str(tmp_path / "journal.sqlite"))
    books = new_books(tmp_path / "books.db")
    message = b'{"channel":"t","value":20,"at":"2026-01-12T06:%02d:%02dZ"}'
    messages = [("heatwatch/v1/A1", message % divmod(i, 60)) for i in range(600)]
    for _ in range(2):
        with (
            of(books, port) as delivery,
            live.working(port, journal, index_of(), ROOMS, delivery=delivery) as worker,
        ):
            already = journal.counts().messages
            live.publish(port, messages[already : already + 200])
            live.wait_for(lambda: journal.counts().messages >= already + 200)  # noqa: B023
            assert worker.counts.refused == 0
        already = journal.counts().messages
        live.publish(port, messages[already : already + 100])  # it is away
    with live.working(port, journal, index_of(), ROOMS):
        live.wait_for(lambda: journal.counts().messages == 600)
    assert not faults_of(books)
    journal.close()


def test_what_it_sends_again_with_another_packet_id_is_kept_once(
    rabbit: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that ends between the commit and its acknowledgements."""
    port, journal = rabbit.config.port, Journal.open(str(tmp_path / "journal.sqlite"))
    config = BrokerConfig(mode="external", engine="rabbitmq", port=port)
    message = b'{"channel":"t","value":20,"at":"2026-01-13T06:%02d:%02dZ"}'
    messages = [("heatwatch/v1/A1", message % divmod(i, 60)) for i in range(100)]
    with (
        live.working(port, journal, index_of(), ROOMS, broker=config),
        monkeypatch.context() as dies,
    ):
        live.publish(port, messages[:30])
        live.wait_for(lambda: journal.counts().messages == 30)
        time.sleep(0.5)  # they are acknowledged: its packet ids go on from here
        dies.setattr(Link, "send", lambda *_: None)  # nothing of it leaves
        live.publish(port, messages[30:])
        live.wait_for(lambda: journal.counts().messages == 100)
    with live.working(port, journal, index_of(), ROOMS, broker=config) as worker:
        live.wait_for(lambda: worker.counts.redelivered == 70)
    assert journal.counts().messages == 100
    journal.close()


def test_without_it_the_way_to_get_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServerMissing, match="apt-get install rabbitmq-server"):
        find_rabbitmq(tmp_path)


@pytest.mark.parametrize("release", ["3.8.2", "3.13.0", "4.0.5", "odd"])
def test_a_release_that_reads_other_settings_is_not_started(tmp_path: Path, release: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "rabbitmq-server").touch()
    (tmp_path / "lib" / f"rabbitmq_server-{release}").mkdir(parents=True)
    with pytest.raises(ServerMissing, match=rf"3\.9 to 3\.12 \(there is {release}\)"):
        find_rabbitmq(tmp_path)
