"""Mosquitto: found, started with settings that lose nothing, named when missing."""

import os
import time
from pathlib import Path

import pytest

from domain.errors import ServerMissing
from heatwatch.bench.flood import Flood
from ingest.config import BrokerConfig
from ingest.mqtt import mosquitto
from ingest.mqtt.broker import ENGINES, EmbeddedBroker, answers, free_port
from ingest.mqtt.mosquitto import find_mosquitto
from store.journal.journal import Journal
from tests.ingest import live
from tests.ingest.small import ROOMS, index_of


def test_a_queue_outlives_kill_nine_once_it_was_saved(tmp_path: Path) -> None:
    config = BrokerConfig(port=free_port(), folder=tmp_path / "broker")
    broker = EmbeddedBroker(config)
    broker.start()
    live.make_session(config.port, "late", "t/#")
    flood = Flood(config.host, config.port)
    flood.publish((b"t/%d" % i, b"x") for i in range(3000))  # more than Mosquitto's default queue
    assert flood.finish() == 3000
    time.sleep(2.5)  # saved every second
    broker.kill()
    with EmbeddedBroker(config):
        assert live.drain(config.port, "late") == 3000
    assert not answers(config.host, config.port)


def test_without_mosquitto_the_way_to_get_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(ServerMissing, match="apt-get install mosquitto"):
        find_mosquitto(tmp_path)


def test_an_unpacked_mosquitto_is_found_with_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    for name in ("usr/sbin/mosquitto", "usr/lib/x86_64-linux-gnu/libmosquitto.so.1"):
        path = tmp_path / "mosquitto" / name
        path.parent.mkdir(parents=True)
        path.touch()
    program = find_mosquitto(tmp_path)
    assert program.path.name == "mosquitto"
    assert program.environment["LD_LIBRARY_PATH"].endswith("usr/lib/x86_64-linux-gnu")


def test_the_settings_queue_without_limit_and_save_every_second(tmp_path: Path) -> None:
    text = mosquitto.write_settings(tmp_path, "127.0.0.1", 1234).read_text()
    for line in (
        "listener 1234 127.0.0.1",
        "max_queued_messages 0",
        "max_inflight_messages 0",
        "autosave_interval 1",
        "persistence true",
    ):
        assert line in text.splitlines()
    assert ("user root" in text) == (os.geteuid() == 0)


def test_without_mosquitto_amqtt_serves_and_says_what_it_may_lose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    config = BrokerConfig(port=free_port(), folder=tmp_path / "broker")
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    monkeypatch.setitem(ENGINES, "mosquitto", lambda each: mosquitto.command(each, tmp_path))
    with EmbeddedBroker(config):
        assert "ARE LOST" in caplog.text
        with live.working(config.port, journal, index_of(), ROOMS) as worker:
            flood = Flood(config.host, config.port)
            for _ in range(100):  # it loses some also while all are connected
                flood.publish_one(b"heatwatch/v1/A1", b'{"channel":"t","value":20}')
                if worker.counts.readings:
                    break
                time.sleep(0.1)
            flood.finish()
            assert worker.counts.readings
    assert "ARE LOST" in (config.folder / "mosquitto.log").read_text()
