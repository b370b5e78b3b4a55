"""The connection: over TLS as over TCP, never hammering a broker that refuses."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.config import BrokerConfig, IngestConfig
from ingest.mqtt.broker import answers, free_port
from ingest.mqtt.link import LinkLost
from ingest.mqtt.mosquitto import find_mosquitto
from ingest.mqtt.worker import BACK_OFF_S, IngestWorker
from store.journal.journal import Journal
from tests.ingest import live
from tests.ingest.small import INGEST, NOW, ROOMS, index_of
from tests.servers.process import Server

CONF = """\
listener {plain} 127.0.0.1
allow_anonymous true
listener {tls} 127.0.0.1
certfile {folder}/cert.pem
keyfile {folder}/key.pem
allow_anonymous true
max_queued_messages 0
max_inflight_messages 0
{user}"""


@pytest.fixture
def tls_broker(tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    """(plain port, TLS port, certificate) of a Mosquitto with both."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate: apt-get install openssl")
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]  # fmt: skip
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    plain, tls = free_port(), free_port()
    conf = tmp_path / "tls.conf"
    user = "user root\n" if os.geteuid() == 0 else ""
    conf.write_text(CONF.format(plain=plain, tls=tls, folder=tmp_path, user=user))
    process = subprocess.Popen(
        [*find_mosquitto().command, "-c", str(conf)], stderr=subprocess.DEVNULL
    )
    try:
        live.wait_for(lambda: answers("127.0.0.1", plain))
        yield plain, tls, tmp_path / "cert.pem"
    finally:
        process.terminate()
        process.wait()


def test_readings_come_in_over_tls(tls_broker: tuple[int, int, Path], tmp_path: Path) -> None:
    plain, tls, certificate = tls_broker
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    broker = BrokerConfig(mode="external", port=tls, tls=True, ca_file=certificate)
    worker = IngestWorker(
        INGEST,
        broker,
        journal,
        index_of(),
        {"rooms": 1},
        lambda: datetime.now(UTC),
    )
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        live.wait_for(lambda: worker.subscribed)
        live.publish(
            plain,
            [("heatwatch/v1/A1", b'{"channel":"t","value":%d}' % (i % 30)) for i in range(20_000)],
        )
        live.wait_for(lambda: worker.counts.messages >= 20_000)
    finally:
        stop.set()
        thread.join()
    assert journal.counts().readings == 20_000


def test_a_broker_that_refuses_again_and_again_is_asked_slower_each_time(
    mosquitto: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = IngestWorker(
        INGEST, BrokerConfig(mode="external", port=mosquitto.port),
        Journal.open(str(tmp_path / "j.sqlite")), index_of(), {"rooms": 1}, lambda: NOW,
    )  # fmt: skip
    stop = threading.Event()
    asked: list[float] = []

    def refuse(_: threading.Event) -> None:
        asked.append(time.monotonic())
        if len(asked) == 5:
            stop.set()
        raise LinkLost("not now")

    monkeypatch.setattr(worker, "_step", refuse)
    worker.run(stop)
    waits = [b - a for a, b in pairwise(asked)]
    assert all(wait >= least for wait, least in zip(waits, BACK_OFF_S, strict=False))


def test_two_with_one_name_do_not_throw_each_other_out_without_end(
    mosquitto: Server, tmp_path: Path
) -> None:
    broker = BrokerConfig(mode="external", port=mosquitto.port)
    stop, threads, workers = threading.Event(), [], []
    for name in ("first", "second"):
        journal = Journal.open(str(tmp_path / f"{name}.sqlite"))
        config = IngestConfig(feeds=(ROOMS,), client_id="same")
        worker = IngestWorker(config, broker, journal, index_of(), {"rooms": 1}, lambda: NOW)
        worker.warm_up()
        workers.append(worker)
        threads.append(threading.Thread(target=worker.run, args=(stop,)))
    for thread in threads:
        thread.start()
    time.sleep(6.0)
    stop.set()
    for thread in threads:
        thread.join()
    connects = sum(worker.counts.connects for worker in workers)
    assert 4 <= connects <= 24, connects
