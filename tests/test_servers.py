"""The fixtures give real servers; a missing one skips, or fails where servers are required."""

import os
import re
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import psycopg
import pytest
import smpplib.client
import smpplib.consts
import smpplib.gsm
from paho.mqtt.enums import CallbackAPIVersion

from tests.servers.influx import Bucket
from tests.servers.process import Server, accepts
from tests.servers.programs import ROOT
from tests.servers.smsc import Smsc
from tests.shared import shared_folder

FIXTURES = ("mosquitto", "postgres", "influxd", "smpp_server", "chromium")


def client(server: Server, name: str, *, clean: bool) -> mqtt.Client:
    made = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=clean)
    made.connect(server.host, server.port)
    made.loop_start()
    return made


def wait(what: str, until: Callable[[], bool], within_s: float = 10.0) -> None:
    end = time.monotonic() + within_s
    while not until():
        assert time.monotonic() < end, f"{what} did not come within {within_s} s"
        time.sleep(0.01)


def test_the_broker_keeps_two_thousand_messages_for_an_absent_client_over_kill_9(
    mosquitto: Server,
) -> None:
    subscriber = client(mosquitto, "archive", clean=False)
    wait("connection", subscriber.is_connected)
    subscriber.subscribe("t/#", qos=1)
    time.sleep(0.2)
    subscriber.disconnect()
    subscriber.loop_stop()
    publisher = client(mosquitto, "publisher", clean=True)
    sent = [publisher.publish("t/x", str(n), qos=1) for n in range(2000)]
    for each in sent:
        each.wait_for_publish(10)
    publisher.disconnect()
    publisher.loop_stop()
    time.sleep(2.5)  # autosave_interval is a second
    mosquitto.kill()
    assert not accepts(mosquitto.port)
    mosquitto.restart()
    got: set[bytes] = set()
    again = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="archive", clean_session=False)
    again.on_message = lambda _client, _data, message: got.add(bytes(message.payload))
    again.connect(mosquitto.host, mosquitto.port)
    again.loop_start()
    wait("all messages", lambda: len(got) == 2000)
    again.disconnect()
    again.loop_stop()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_postgres_database(postgres: str, turn: int) -> None:
    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
        assert tables == (0,)
        connection.execute("CREATE TABLE left_behind (turn integer)")


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_influx_bucket(influxd: Bucket, turn: int) -> None:
    base = f"{influxd.url}/api/v2"
    headers = {"Authorization": f"Token {influxd.token}", "Content-Type": "application/vnd.flux"}
    query = f'from(bucket: "{influxd.bucket}") |> range(start: 0)'.encode()

    def post(path: str, body: bytes) -> bytes:
        request = urllib.request.Request(f"{base}/{path}", data=body, headers=headers)
        with urllib.request.urlopen(request) as answer:
            return bytes(answer.read())

    assert b"21.5" not in post(f"query?org={influxd.org}", query)
    post(f"write?org={influxd.org}&bucket={influxd.bucket}", b"room t=21.5")
    assert b"21.5" in post(f"query?org={influxd.org}", query)


@contextmanager
def bound(smsc: Smsc, password: str) -> Iterator[smpplib.client.Client]:
    made = smpplib.client.Client(smsc.host, smsc.port, allow_unknown_opt_params=True, timeout=5)
    made.connect()
    try:
        made.bind_transceiver(system_id=smsc.system_id, password=password)
        yield made
        made.unbind()
    finally:
        made.disconnect()


def send(sender: smpplib.client.Client, phone: str, text: str, *, receipts: bool) -> list[int]:
    """Sends the text in parts; the command status of every part's answer, once all is read."""
    parts, encoding, message_type = smpplib.gsm.make_parts(text)
    answers: list[int] = []
    came: list[bytes] = []
    sender.set_message_sent_handler(lambda pdu: answers.append(pdu.status))
    sender.set_message_received_handler(lambda pdu: came.append(pdu.short_message))
    sender.set_error_pdu_handler(lambda pdu: None)
    for part in parts:
        sender.send_message(
            source_addr="106",
            destination_addr=phone,
            short_message=part,
            data_coding=encoding,
            esm_class=message_type,
            registered_delivery=receipts,
        )
    while len(answers) < len(parts) or (receipts and len(came) < len(parts)):
        sender.read_once()
    assert all(b"stat:DELIVRD" in each for each in came)
    return answers


def test_the_smpp_server_takes_long_chinese_text_and_answers_with_receipts(
    smpp_server: Smsc,
) -> None:
    text = "供热站 S1-03 失水 12 吨/时。" * 12
    with bound(smpp_server, smpp_server.password) as sender:
        assert send(sender, "13800000001", text, receipts=True) == [0, 0, 0, 0]
    assert smpp_server.texts() == [("13800000001", text)]
    assert {each["data_coding"] for each in smpp_server.received()} == {8}  # UCS-2


def test_the_smpp_server_throttles_on_command_and_keeps_its_file_over_a_restart(
    smpp_server: Smsc,
) -> None:
    smpp_server.throttle(1)
    with bound(smpp_server, smpp_server.password) as sender:
        assert send(sender, "138", "one", receipts=False) == [smpplib.consts.SMPP_ESME_RTHROTTLED]
        assert send(sender, "138", "two", receipts=False) == [smpplib.consts.SMPP_ESME_ROK]
    smpp_server.restart()
    assert smpp_server.texts() == [("138", "two")]


def test_the_smpp_server_refuses_a_wrong_password(smpp_server: Smsc) -> None:
    with (
        pytest.raises(smpplib.exceptions.PDUError, match="Invalid Password"),
        bound(smpp_server, "wrong"),
    ):
        pass


def test_chromium_starts(chromium: Path) -> None:
    done = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True)
    assert "Chrom" in done.stdout


HIDDEN = """\
from pathlib import Path
from tests.servers import programs
programs.folders = lambda: []
programs.shared_path = lambda: Path("/nowhere")
import tests.shared
tests.shared.shared_path = programs.shared_path
from tests.conftest import *
"""


@pytest.mark.parametrize(("required", "expected"), [("", "6 skipped"), ("1", "1 failed, 5 errors")])
def test_a_missing_server_skips_and_where_servers_are_required_it_fails(
    tmp_path: Path, required: str, expected: str
) -> None:
    inner = "".join(f"def test_{each}({each}): pass\n" for each in FIXTURES)
    inner += "def test_data():\n    from tests.shared import shared_folder\n    shared_folder()\n"
    (tmp_path / "conftest.py").write_text(HIDDEN)
    (tmp_path / "test_inner.py").write_text(textwrap.dedent(inner))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rsfE", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": "",
            "PYTHONPATH": str(ROOT),
            "HEATWATCH_REQUIRE_SERVERS": required,
        },
    )
    assert expected in done.stdout, done.stdout
    for word in ("mosquitto", "initdb", "influxd", "node", "chromium", "shared data"):
        assert re.search(rf"(the )?{word} is not there: .{{20,}}", done.stdout), word


def test_the_shared_folder_is_found_beside_the_clone() -> None:
    assert (shared_folder() / "data" / "SOURCES.md").is_file()
