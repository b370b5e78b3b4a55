"""SMS over a real SMPP server."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from alerts.channels.smpp import Smpp, SmppSettings
from alerts.config import AlertsConfig
from alerts.follower.sender import Sender
from store.books.engine import open_books
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import World, at
from tests.servers.smsc import Smsc

Build = Callable[..., World]
ZH = "【供热】S1号疑似漏水：补水1.5m³/h（平时0.05，循环12），自11-22 15:00已多补0.1m³。" * 2


def config(smsc: Smsc, **more: object) -> AlertsConfig:
    sms = {"channel": "smpp", "smpp": settings(smsc), **more}
    people = [{"name": "control-room", "phone": "13800000000"}]
    return AlertsConfig.model_validate({"sms": sms, "recipients": people})


def settings(smsc: Smsc) -> SmppSettings:
    return SmppSettings(
        host=smsc.host,
        port=smsc.port,
        system_id=smsc.system_id,
        password=smsc.password,
        timeout_s=3.0,
    )


def sender(world: World, smsc: Smsc, **more: object) -> Sender:
    return Sender(world.engine, Smpp(settings(smsc)), config(smsc, **more))


def until(done: Callable[[], bool], one: Sender, minute: float = 2) -> None:
    """Sends and polls until it is so, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        one.send_due(at(minute))
        time.sleep(0.02)
    assert done()


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
    held = [m for m in world.messages("failed") if (m.problem or "").startswith("in doubt")]
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
