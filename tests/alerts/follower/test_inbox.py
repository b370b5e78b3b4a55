"""Delivery receipts, as message centres really write them."""

from collections.abc import Callable

import pytest

from alerts.channels.base import Receipt
from alerts.follower.inbox import BooksInbox
from tests.alerts.channels.test_smpp import ZH, sender, until
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import World, at
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
