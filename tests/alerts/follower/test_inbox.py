"""Delivery receipts, as message centres really write them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.base import Handed, Inbound, Inbox, Outgoing, PartOf, Receipt
from alerts.config import AlertsConfig
from alerts.follower import inbox
from alerts.follower.inbox import BooksInbox
from alerts.follower.sender import Sender
from store.books.engine import open_books
from store.books.watch import InboundMessage, Outbox
from store.server.single_instance import HeldBy
from tests.alerts.channels.test_smpp import ZH, sender
from tests.alerts.follower.test_sender import outbox
from tests.alerts.smpp import until
from tests.alerts.world import World, at
from tests.books import lock_lost
from tests.servers.smsc import Smsc

Build = Callable[..., World]


@pytest.mark.parametrize("mode", ["hex", "pad", "tlv", "inter"])
def test_odd_receipts_find_their_message(city: Build, smpp_server: Smsc, mode: str) -> None:
    """Ids in hexadecimal or with zeros before them, TLVs without a text, a state on the way."""
    world = city()
    smpp_server.odd_receipts(mode)
    outbox(world, text=ZH)
    one = sender(world, smpp_server)
    until(lambda: world.messages()[0].delivery == "DELIVRD", one)
    one.close()


def test_a_receipt_that_comes_twice_counts_for_one_part(city: Build, smpp_server: Smsc) -> None:
    world = city()
    smpp_server.count_from(1)  # of two parts the centre sends receipts for the even one
    smpp_server.odd_receipts("twice")
    outbox(world, text=ZH)
    one = sender(world, smpp_server)
    until(lambda: world.messages()[0].delivery is not None, one)
    one.send_due(at(3))
    assert world.messages()[0].delivery == "DELIVRD 1/2"
    one.close()


def test_an_id_that_the_centre_uses_again_is_the_newest_messages(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    one = sender(world, smpp_server)
    for n in range(2):
        smpp_server.count_from(100)
        outbox(world, text=f"message {n}")
        smpp_server.receipts("DELIVRD" if n == 0 else "UNDELIV")
        until(lambda n=n: world.messages()[n].delivery is not None, one)  # type: ignore[misc]
    assert [each.delivery for each in world.messages()] == ["DELIVRD", "UNDELIV"]
    assert len({each.channel_ref for each in world.messages()}) == 1
    one.close()


def test_another_spelling_counts_only_for_the_same_phone(
    city: Build, caplog: pytest.LogCaptureFixture
) -> None:
    world = city()
    outbox(world, channel_ref="870928762", state="handed")
    inbox = BooksInbox(world.engine, "smpp", at(2))
    inbox.receipt(Receipt("33E9517A", "DELIVRD", "8613900000000"))
    assert world.messages()[0].delivery is None
    assert "unknown message 33E9517A" in caplog.text
    inbox.receipt(Receipt("33E9517A", "DELIVRD", "8613800000000"))
    assert world.messages()[0].delivery == "DELIVRD"


class Line:
    """A centre that hands in the same message until it is confirmed."""

    name, repeatable = "smpp", False

    def __init__(self, message: Inbound) -> None:
        self.message, self.sent, self.confirmed = message, list[str](), 0

    def ready(self) -> None: ...

    def close(self) -> None: ...

    def poll(self, inbox: Inbox) -> None:
        if not self.confirmed:
            inbox.receipt(Receipt("a\0b", "DELIVRD\0", "861"))
            inbox.receipt(Receipt("9" * 5000, "DELIVRD", "861"))
            inbox.message(self.message)
            inbox.confirmed(self.message)
            self.confirmed += 1

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Handed:
        self.sent.append(message.text)
        accepted("1")
        return Handed()


@pytest.mark.parametrize(
    "message",
    [
        Inbound("86\x0013", "h\0", "k"),
        Inbound("8613", "half \ud83d", "k"),
        Inbound("8613", "x", "k", PartOf(2**31, 2, 1)),
        Inbound("8613", "x", "k\0", PartOf(2**70, 2, 1)),
    ],
    ids=ascii,
)
def test_whatever_one_phone_sends_messages_leave_on_postgresql(
    postgres_books: str, message: Inbound
) -> None:
    engine = open_books(postgres_books)
    with Session(engine) as session, session.begin():
        session.add(
            Outbox(
                purpose="test", recipient="li", phone="+8613800138001", text="leak", state="due",
                created_at=at(0), due_at=at(0), channel="smpp",
            )
        )  # fmt: skip
    line = Line(message)
    Sender(engine, line, AlertsConfig()).send_due(at(1))
    assert (line.sent, line.confirmed) == (["leak"], 1)
    with Session(engine) as session:
        (row,) = session.scalars(sa.select(InboundMessage))
        assert row.state == "refused"
        assert row.reason in ("unknown_number", "impossible")
    engine.dispose()


def test_ids_with_commas_and_without_a_character_are_one_part_each(city: Build) -> None:
    world = city()
    outbox(world)
    said = ["17,4\0", "", "18"]

    class Odd(Line):
        def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Handed:
            for each in said:
                accepted(each)
            return Handed()

    Sender(world.engine, Odd(Inbound("8613", "x", "k")), AlertsConfig()).send_due(at(1))
    box = BooksInbox(world.engine, "smpp", at(2))
    for each in said[::2]:
        box.receipt(Receipt(each, "DELIVRD", "13800000000"))
    assert world.messages()[0].delivery == "DELIVRD 2/3"


def test_a_receipt_that_the_books_refuse_holds_nothing_up(
    city: Build, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = city()

    def fault(*_: object) -> None:
        raise ValueError("boom")

    monkeypatch.setattr(inbox, "take_receipt", fault)
    BooksInbox(world.engine, "smpp", at(0)).receipt(Receipt("17", "DELIVRD"))
    assert "a delivery receipt is left out" in caplog.text


def test_a_message_that_cannot_be_kept_is_kept_as_refused_with_its_reason(
    city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = city()

    def fault(*_: object) -> int:
        raise ValueError("boom")

    monkeypatch.setattr(inbox, "keep", fault)
    BooksInbox(world.engine, "smpp", at(0)).message(Inbound("8613", "1029", "k"))
    with Session(world.engine) as session:
        (row,) = session.scalars(sa.select(InboundMessage))
        assert (row.state, row.reason, row.text) == ("refused", "fault", "'1029'")


def test_without_its_lock_an_inbox_refuses_nothing_and_tells_no_fault_of_ours(
    city: Build, caplog: pytest.LogCaptureFixture
) -> None:
    world = city()
    box = BooksInbox(world.engine, "smpp", at(0))
    with lock_lost(world.engine):
        with pytest.raises(HeldBy):
            box.message(Inbound("8613", "1029", "k"))
        with pytest.raises(HeldBy):
            box.receipt(Receipt("17", "DELIVRD"))
    assert not caplog.text
