"""The embedded broker: found, started with settings that lose nothing, stopped, named when missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import ServerMissing
from ingest.config import BrokerConfig
from ingest.mqtt.broker import ENGINES, EmbeddedBroker, free_port


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    config = BrokerConfig(port=free_port(), folder=tmp_path)
    with EmbeddedBroker(config), pytest.raises(ServerMissing, match=r"is taken.*mode = 'external'"):
        EmbeddedBroker(config).start()


#: A stand-in for a broker that was still starting: the first SIGTERM is lost on it.
FORGETS_ONE = """
import signal, sys, time
seen = []
signal.signal(signal.SIGTERM, lambda *_: seen.append(1) if not seen else sys.exit(0))
print("ready", flush=True)
while True:
    time.sleep(0.1)
"""


def test_a_broker_that_forgot_the_first_signal_is_stopped_by_the_next(tmp_path: Path) -> None:
    broker = EmbeddedBroker(BrokerConfig(port=free_port(), folder=tmp_path))
    process = subprocess.Popen([sys.executable, "-c", FORGETS_ONE], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        broker._process = process
        broker.stop()
        assert process.returncode == 0


def test_a_broker_that_ends_at_once_is_named_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "mosquitto", lambda _: ("/bin/sh", "-c", "echo no; exit 7"))
    config = BrokerConfig(port=free_port(), folder=tmp_path)
    with pytest.raises(ServerMissing, match=r"exit code 7.*mosquitto\.log"):
        EmbeddedBroker(config).start()
    assert (tmp_path / "mosquitto.log").read_text() == "no\n"
