"""SMS over a real SMPP server."""

import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.smpp import Smpp, SmppSettings
from alerts.config import AlertsConfig
from alerts.follower.sender import Sender
from store.books.engine import open_books
from store.books.watch import InboundMessage
from tests.alerts.channels.test_pdus import DELIVER_SM, ENQUIRE_LINK, deliver_sm, pdu
from tests.alerts.follower.test_sender import outbox
from tests.alerts.smpp import settings, until
from tests.alerts.world import World, at
from tests.servers.smsc import Smsc

#: Broken in one way each, with the status that answers it (SMPP 3.4 section 5.1.3).
BROKEN = {
    "text": (deliver_sm(b"174", sm_length=200, sequence=901), "deliver_sm_resp", 0x01),
    "empty": (pdu(DELIVER_SM, sequence=901), "deliver_sm_resp", 0x02),
    "optional": (deliver_sm(b"174", b"\x02", sequence=901), "deliver_sm_resp", 0xC0),
    "command": (pdu(0x0777, b"abc", sequence=901), "generic_nack", 0x03),
    "data_sm": (
        pdu(0x0103, b"\0\0\0001\0\0\0002\0\0\0\0", sequence=901),
        "generic_nack",
        0x03,
    ),
    "short": ((15).to_bytes(4) + (5).to_bytes(4) + b"\0" * 7, "deliver_sm_resp", 0x02),
}

Build = Callable[..., World]
ZH = "【供热】S1号疑似泄漏：补水1.5m³/h（平时0.05，循环12），自11-22 15:00已多补0.1m³。" * 2


def config(smsc: Smsc, **more: object) -> AlertsConfig:
    sms = {"channel": "smpp", "smpp": settings(smsc), **more}
    people = [{"name": "control-room", "phone": "13800000000"}]
    return AlertsConfig.model_validate({"sms": sms, "recipients": people})


def sender(world: World, smsc: Smsc, **more: object) -> Sender:
    return Sender(world.engine, Smpp(settings(smsc)), config(smsc, **more))


def test_a_chinese_message_goes_out_in_parts_and_comes_back_whole(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    outbox(world, text=ZH)
    one = sender(world, smpp_server)
    assert one.send_due(at(1)) == 1
    assert smpp_server.texts() == [("13800000000", ZH)]
    received = smpp_server.received()
    assert len(received) == 2
    assert {each["data_coding"] for each in received} == {8}
    (row,) = world.messages()
    assert row.state == "handed"
    assert row.channel_ref == ",".join(each["message_id"] for each in received)
    until(lambda: world.messages()[0].delivery == "DELIVRD", one)
    one.close()


def test_an_english_message_goes_out_in_seven_bits(city: Build, smpp_server: Smsc) -> None:
    world = city()
    text = "HEAT S1: leak? Make-up 1.5 m3/h (usual 0.05, circulation 12). Search and close now. #1"
    outbox(world, text=text)
    outbox(world, text=text * 3)
    one = sender(world, smpp_server)
    assert one.send_due(at(1)) == 2
    assert [each[1] for each in smpp_server.texts()] == [text, text * 3]
    assert {each["data_coding"] for each in smpp_server.received()} == {0}
    one.close()


def test_throttling_is_tried_again_and_sends_no_part_twice(city: Build, smpp_server: Smsc) -> None:
    world = city()
    outbox(world, text=ZH)
    one = sender(world, smpp_server)
    smpp_server.throttle(2)
    assert one.send_due(at(1)) == 0
    (row,) = world.messages()
    assert (row.state, row.attempts) == ("due", 1)
    assert "0x58" in (row.problem or "")
    assert [one.send_due(at(2)), one.send_due(at(3))] == [0, 1]
    assert smpp_server.texts() == [("13800000000", ZH)]
    one.close()


def test_a_failed_delivery_is_written_to_its_message(city: Build, smpp_server: Smsc) -> None:
    world = city()
    smpp_server.receipts("UNDELIV")
    outbox(world)
    one = sender(world, smpp_server)
    until(lambda: world.messages()[0].delivery == "UNDELIV", one)
    one.close()


def test_an_absent_message_centre_is_named_and_messages_wait_until_it_is_back(
    city: Build, smpp_server: Smsc, caplog: pytest.LogCaptureFixture
) -> None:
    world = city()
    outbox(world)
    one = sender(world, smpp_server)
    smpp_server.stop()
    assert [one.send_due(at(1)), one.send_due(at(2))] == [0, 0]
    lines = [r.getMessage() for r in caplog.records if r.name == "heatwatch.alerts"]
    assert len(lines) == 1
    assert f"SMPP at {smpp_server.host}:{smpp_server.port} is not there" in lines[0]
    assert world.messages()[0].state == "due"
    smpp_server.start()
    assert one.send_due(at(3)) == 1
    one.close()


def test_a_wrong_password_is_said_as_it_is(
    city: Build, smpp_server: Smsc, caplog: pytest.LogCaptureFixture
) -> None:
    world = city()
    outbox(world)
    smpp_server.password = "wrong"
    one = sender(world, smpp_server)
    assert one.send_due(at(1)) == 0
    assert "refuses the bind" in caplog.text
    assert world.messages()[0].state == "due"


def test_after_a_lost_line_it_binds_again_and_nothing_is_sent_twice(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    outbox(world)
    one = sender(world, smpp_server)
    assert one.send_due(at(1)) == 1
    smpp_server.drop()
    outbox(world, text="second")
    until(lambda: world.messages()[1].state == "handed", one)
    assert [each[1] for each in smpp_server.texts()] == ["leak", "second"]
    one.close()


def test_kill_minus_nine_of_the_sender_sends_no_message_twice(
    city: Build, smpp_server: Smsc
) -> None:
    """Forty messages, three kills; what was in doubt is held and said, the rest arrives once."""
    world = city()
    for n in range(40):
        outbox(world, text=f"message {n}")
    url = str(world.engine.url)
    for kill in range(3):
        child = os.fork()
        if not child:
            _send_for_ever(url, smpp_server)
        deadline = time.monotonic() + 30
        try:
            while len(smpp_server.received()) < 8 * (kill + 1) and time.monotonic() < deadline:
                time.sleep(0.001)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    one = sender(world, smpp_server)
    until(lambda: not world.messages("due", "handing"), one)
    texts = [each[1] for each in smpp_server.texts()]
    assert len(texts) == len(set(texts))
    held = [m for m in world.messages("failed") if (m.problem or "").startswith("in_doubt")]
    assert len(held) <= 3
    handed = {m.text for m in world.messages("handed")}
    assert len(handed) + len(held) == 40
    assert handed <= set(texts)
    one.close()


def _send_for_ever(url: str, smsc: Smsc) -> None:
    try:
        one = Sender(open_books(url), Smpp(settings(smsc)), config(smsc))
        while True:
            one.send_due(at(2))
    finally:
        os._exit(1)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_pdu_is_answered_and_recorded_and_the_next_message_is_taken(
    city: Build, smpp_server: Smsc, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    octets, answer, status = BROKEN[broken]
    world = city()
    one = sender(world, smpp_server)
    one.send_due(at(1))
    smpp_server.raw(octets)
    smpp_server.send("13800000000", "nothing")
    until(lambda: len(smpp_server.confirmed()) == 1, one)
    until(lambda: len(world.messages("handed")) == 1, one)  # what the sender is told
    said = [(each["command"], each["status"]) for each in smpp_server.answers()]
    assert (answer, status) in said
    assert f"can't be read: 0x{status:02X}" in caplog.text or "not taken" in caplog.text
    with Session(world.engine) as session:
        rows = session.scalars(sa.select(InboundMessage).order_by(InboundMessage.id)).all()
        kept = [(each.state, each.reason) for each in rows]
    assert kept[-1] == ("answered", "") or kept[-1][1] == "no_command"
    assert kept[:-1] == ([("refused", "unreadable")] if answer == "deliver_sm_resp" else [])
    one.close()


def test_a_broken_answer_to_a_message_leaves_no_doubt_about_it(city: Build) -> None:
    """The centre asks for a sign of life before the bind is done; the id it gives is cut short."""
    world = city()
    outbox(world)
    bodies = {2: b"", 4: b"4711", 6: b"", 9: b"centre\0"}
    with socket.create_server(("127.0.0.1", 0)) as server:
        centre = threading.Thread(target=_answer, args=(server, bodies))
        centre.start()
        where = {"port": server.getsockname()[1], "system_id": "heatwatch"}
        people = [{"name": "control-room", "phone": "13800000000"}]
        given = {"sms": {"channel": "smpp", "smpp": where}, "recipients": people}
        chosen = AlertsConfig.model_validate(given)
        one = Sender(world.engine, Smpp(SmppSettings.model_validate(where)), chosen)
        assert one.send_due(at(1)) == 1
        assert [each.state for each in world.messages()] == ["handed"]
        one.close()
        centre.join(10)


def _answer(server: socket.socket, bodies: dict[int, bytes]) -> None:
    line, _ = server.accept()
    line.settimeout(10)
    line.sendall(pdu(ENQUIRE_LINK))
    with line, line.makefile("rb") as came:
        while head := came.read(16):
            length, command, _, sequence = struct.unpack(">LLLL", head)
            came.read(length - 16)
            if command in bodies:
                line.sendall(pdu(command | 0x80000000, bodies[command], sequence=sequence))


def test_a_text_of_more_than_255_parts_is_refused_and_the_next_one_leaves(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    outbox(world, text="冷" * 67 * 256)
    outbox(world, text="second")
    one = sender(world, smpp_server)
    assert one.send_due(at(1)) == 1
    first, second = world.messages()
    assert (first.state, first.problem) == ("failed", "too_long: 256")
    assert second.state == "handed"
    one.close()
