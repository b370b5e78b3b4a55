"""A reply by SMS, over a real message centre: kept, understood, acted on, answered."""

import os
import signal
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.base import Inbound
from alerts.channels.smpp import Smpp
from alerts.config import AlertsConfig
from alerts.episodes import views
from alerts.follower.sender import Sender
from alerts.inbound import handle
from alerts.inbound.commands import commands
from alerts.inbound.keep import keep
from alerts.inbound.understand import understood
from alerts.messages.codes import code_of
from domain.actor import program
from store.books.engine import open_books
from store.books.watch import Episode, InboundMessage, InboundPart
from tests.alerts.follower.test_sender import outbox
from tests.alerts.smpp import settings, until
from tests.alerts.world import World, at
from tests.servers.smsc import Smsc

Build = Callable[..., World]
LI, WANG = "+8613800000001", "+8613800000002"


def config(smsc: Smsc, **sms: object) -> AlertsConfig:
    people = [
        {"name": "李伟", "phone": LI, "language": "zh"},
        {"name": "Wang", "phone": WANG, "language": "en"},
    ]
    table = {"channel": "smpp", "smpp": settings(smsc), **sms}
    return AlertsConfig.model_validate({"sms": table, "recipients": people})


def sender(world: World, smsc: Smsc, **sms: object) -> Sender:
    return Sender(world.engine, Smpp(settings(smsc)), config(smsc, **sms))


def listening(world: World, smsc: Smsc, **sms: object) -> Sender:
    """A sender that hears what comes in: it has connected."""
    one = sender(world, smsc, **sms)
    one.send_due(at(1))
    return one


def alert(world: World) -> str:
    """The code of a new open alert."""
    with Session(world.engine) as session, session.begin():
        began = at(session.scalar(sa.select(sa.func.count()).select_from(Episode)) or 0)
        episode = Episode(
            kind="make_up_leak", place_id=world.place["S1"], opened_at=began, updated_at=began,
            evidence={}, opened_by=program("alerts"),
        )  # fmt: skip
        session.add(episode)
        session.flush()
        return code_of(episode.id)


def shown(world: World) -> list[views.EpisodeView]:
    with Session(world.engine) as session:
        return views.open_episodes(session)


def inbox(world: World) -> list[views.ReceivedView]:
    with Session(world.engine) as session:
        return views.received(session)


def states(world: World) -> list[tuple[str, str]]:
    return [(each.state, each.reason) for each in reversed(inbox(world))]


@pytest.mark.parametrize(
    "text",
    [
        "", "收到", "close the valve 173 now", "hello", "关173", "173?", "173？", "ok 173 ???",
        "no 173", "not ok 173", "173 \N{THUMBS UP SIGN}", "173\u2400", "173 ok 184", "ok 173 please",
    ],
)  # fmt: skip
def test_what_is_no_command_is_not_guessed(text: str) -> None:
    assert understood(text) is None


def test_a_text_of_blanks_or_digits_takes_no_longer_than_its_length() -> None:
    began = time.process_time()
    for text in ("x" + " " * 39_000 + "x", "1" * 39_000 + "x1", "1 " * 39_000, "x" * 39_000):
        assert understood(text) is None
    assert time.process_time() - began < 1


def test_who_was_not_sent_an_alert_and_does_not_answer_for_its_place_cannot_acknowledge_it(
    city: Build,
) -> None:
    world = city()
    code = alert(world)
    people = [
        {"name": "kind", "phone": LI, "language": "zh", "kinds": ["station_outage"]},
        {"name": "place", "phone": WANG, "places": ["S1-H2"], "language": "en"},
        {"name": "other", "phone": "+8613800000003", "language": "zh", "places": ["S2"]},
    ]
    rules = AlertsConfig.model_validate({"recipients": people})
    for number, phone in enumerate((LI, "+8613800000003", WANG)):
        with Session(world.engine) as session, session.begin():
            keep(session, "smpp", Inbound(phone, code, f"key {number}"), at(2))
    handle.handle_received(world.engine, rules, at(2))
    assert states(world) == [("refused", "not_sent")] * 2 + [("matched", "")]
    assert shown(world)[0].acknowledged_by == "phone:place"


def test_who_was_sent_an_alert_acknowledges_it_also_when_it_is_not_theirs_any_more(
    city: Build,
) -> None:
    world = city()
    code = alert(world)
    outbox(world, phone=LI, recipient="li", episode_id=1, state="handed")
    people = [{"name": "li", "phone": LI, "language": "zh", "kinds": ["station_outage"]}]
    with Session(world.engine) as session, session.begin():
        keep(session, "smpp", Inbound(LI, code, "key"), at(2))
    handle.handle_received(world.engine, AlertsConfig.model_validate({"recipients": people}), at(2))
    assert states(world) == [("matched", "")]


def test_full_width_digits_in_seven_and_sixteen_bits_are_read(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    codes, one = [alert(world), alert(world)], listening(world, smpp_server)
    wide = codes[0].translate({48 + n: 0xFF10 + n for n in range(10)})
    smpp_server.send(LI.lstrip("+"), wide)
    smpp_server.send(LI.lstrip("+"), f"aCk {codes[1]}", coding=0)
    until(lambda: states(world) == [("answered", "")] * 2, one)
    assert {each.acknowledged_by for each in shown(world)} == {"phone:李伟"}
    one.close()


def test_an_unknown_number_is_kept_and_refused_and_gets_no_answer(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    code, one = alert(world), listening(world, smpp_server)
    for _ in range(3):
        smpp_server.send("13999999999", code)
    until(lambda: len(smpp_server.confirmed()) == 3, one)
    assert states(world)[0] == ("refused", "unknown_number")
    assert inbox(world)[-1].text == code
    assert shown(world)[0].acknowledged_by is None
    assert smpp_server.texts() == []
    one.close()


def test_refusals_name_their_reason_in_the_recipients_language(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    code, over, one = alert(world), alert(world), sender(world, smpp_server)
    with Session(world.engine) as session, session.begin():
        session.execute(sa.update(Episode).where(Episode.id == 2).values(cleared_at=at(1)))
    one.send_due(at(1))
    for text in (code, over, "99", "what?"):
        smpp_server.send(LI, text)
        until(lambda: all(state == "answered" for state, _ in states(world)), one)
    smpp_server.send(WANG, code)
    until(lambda: len(smpp_server.texts()) == 5, one)
    assert commands()["acknowledge"].shown().to("zh") == "编号，或“收到”加编号（确认告警）"
    assert [reason for _, reason in states(world)] == [
        "", "over", "unknown_code", "no_command", "taken",
    ]  # fmt: skip
    assert [text for _, text in smpp_server.texts()] == [
        f"【供热】告警{code}已由李伟确认。",
        f"【供热】告警{over}已于11-22 14:01解除。",
        "【供热】没有编号为99的告警。",
        f"【供热】无法识别。可回复：{'; '.join(each.shown().to('zh') for each in commands().values())}。",
        f"HEAT 李伟 has acknowledged alert {code} at 11-22 14:02 already.",
    ]
    one.close()


def test_what_was_not_confirmed_comes_again_and_counts_once(city: Build, smpp_server: Smsc) -> None:
    """Kept and committed, then the process dies before it confirms; then after it has acted."""
    world = city()
    code = alert(world)
    for die in (die_before_confirming, die_before_answering):
        child = os.fork()
        if not child:
            die(str(world.engine.url), smpp_server)
        smpp_server.send(LI, code if die is die_before_confirming else f"ok {code}")
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
    one = sender(world, smpp_server, in_doubt="resend")
    until(lambda: states(world) == [("answered", "")] * 2, one)
    until(lambda: set(smpp_server.confirmed()) == {"1", "2"}, one)
    with Session(world.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(InboundMessage)) == 2
        assert set(session.scalars(sa.select(InboundPart.confirmed))) == {True}
    assert len(smpp_server.texts()) == 2, "one answer each"
    assert shown(world)[0].acknowledged_by == "phone:李伟"
    one.close()


def die_before_confirming(url: str, smsc: Smsc) -> None:
    """In a child: kill -9 between the commit of a message and its confirmation."""
    channel = Smpp(settings(smsc))
    channel._reply = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    _work(url, channel, smsc)


def die_before_answering(url: str, smsc: Smsc) -> None:
    """In a child: kill -9 between the commit of an acknowledgement and its answer."""
    channel = Smpp(settings(smsc))
    channel.submit = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore
    _work(url, channel, smsc)


def _work(url: str, channel: Smpp, smsc: Smsc) -> None:
    try:
        one = Sender(open_books(url), channel, config(smsc))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            one.send_due(at(2))
            time.sleep(0.01)
    finally:
        os._exit(1)


def test_answers_to_one_phone_are_bounded(city: Build, smpp_server: Smsc) -> None:
    world = city()
    one = listening(world, smpp_server, most_answers=2)
    for n in range(5):
        smpp_server.send(LI, f"robot {n} of 5")
    until(lambda: len(smpp_server.confirmed()) == 5, one)
    until(lambda: all(reason == "no_command" for _, reason in states(world)), one)
    assert len(smpp_server.texts()) == 2
    one.close()


def test_a_fault_in_one_message_does_not_hold_up_the_others(
    city: Build, smpp_server: Smsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = city()
    code, one = alert(world), sender(world, smpp_server)
    outbox(world, phone=WANG, due_at=at(2))
    right = understood

    def wrong(text: str) -> object:
        if text == "boom":
            raise RuntimeError(text)
        return right(text)

    monkeypatch.setattr(handle, "understood", wrong)
    one.send_due(at(1))
    smpp_server.send(LI, "boom")
    smpp_server.send(LI, code)
    until(lambda: states(world) == [("refused", "fault"), ("answered", "")], one)
    assert "leak" in [text for _, text in smpp_server.texts()]
    one.close()


def test_a_number_that_is_another_persons_now_has_no_rights_of_the_one_before(city: Build) -> None:
    world = city()
    code = alert(world)
    outbox(world, phone=LI, recipient="li", episode_id=1, state="handed")
    for minute, (name, phone) in enumerate((("new", LI), ("li", WANG)), start=2):
        person = {"name": name, "phone": phone, "places": ["S2"]}
        with Session(world.engine) as session, session.begin():
            keep(session, "smpp", Inbound(LI, code, f"key {minute}"), at(minute))
        rules = AlertsConfig.model_validate({"recipients": [person]})
        handle.handle_received(world.engine, rules, at(minute))
    assert states(world) == [("refused", "not_sent"), ("refused", "unknown_number")]
    assert shown(world)[0].acknowledged_by is None


def test_two_that_handle_the_same_message_act_once(city: Build) -> None:
    world = city()
    code = alert(world)
    people = [{"name": "li", "phone": LI}]
    rules = AlertsConfig.model_validate({"recipients": people})
    with Session(world.engine) as session, session.begin():
        number = keep(session, "smpp", Inbound(LI, code, "key"), at(2))
    handle.handle_received(world.engine, rules, at(2))
    with Session(world.engine) as session, session.begin():
        handle._handle(session, session.get_one(InboundMessage, number), rules, at(3))
    assert states(world) == [("matched", "")]
    assert [each.purpose for each in world.messages()] == ["answer"]


def test_a_flood_of_messages_does_not_hold_up_an_alert_that_is_due(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    one = listening(world, smpp_server)

    def came() -> int:
        with Session(world.engine) as session:
            return session.scalars(sa.select(sa.func.count()).select_from(InboundMessage)).one()

    for number in range(300):
        smpp_server.send("+8613900000009", f"spam {number}")
    outbox(world)
    time.sleep(0.5)  # all of it lies in the socket
    assert one.send_due(at(2)) == 1
    assert 0 < came() <= 100
    until(lambda: came() == 300, one)
    one.close()
