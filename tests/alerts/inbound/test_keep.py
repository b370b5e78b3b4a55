"""Messages that came in are kept once, however often and in whatever order they come."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from alerts.channels.base import Inbound, PartOf
from alerts.inbound.keep import confirm, keep
from store.books.watch import InboundMessage
from tests.alerts.inbound.test_handle import LI, alert, inbox, listening, sender, states
from tests.alerts.smpp import until
from tests.alerts.world import World, at
from tests.servers.smsc import Smsc

Build = Callable[..., World]


def part(number: int, text: str, *, reference: int = 9, sender: str = LI) -> Inbound:
    key = f"{sender}/{reference}/{number}/{text}"
    return Inbound(sender, text, key, PartOf(reference, 2, number))


def test_a_message_in_parts_counts_when_all_are_there_in_any_order(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    code, one = alert(world), listening(world, smpp_server)
    first, second = (text.encode("utf-16-be") for text in ("收到 ", code))
    smpp_server.deliver(LI, bytes([5, 0, 3, 9, 2, 2]) + second, esm_class=0x40)
    until(lambda: states(world) == [("incomplete", "")], one)
    smpp_server.deliver(LI, bytes([5, 0, 3, 9, 2, 1]) + first, esm_class=0x40)
    until(lambda: states(world) == [("answered", "")], one)
    assert inbox(world)[0].text == f"收到 {code}"
    fields = {"sar_msg_ref_num": 9, "sar_total_segments": 2}
    smpp_server.deliver(LI, b"never", coding=0, sar_segment_seqnum=1, **fields)
    until(lambda: states(world)[1:] == [("incomplete", "")], one)
    until(lambda: states(world)[1:] == [("refused", "incomplete")], one, minute=63)
    one.close()


def test_the_same_delivery_is_one_message_and_the_same_words_later_are_another(city: Build) -> None:
    said = Inbound(LI, "ok 174", "key")
    with Session(city().engine) as session:
        first = keep(session, "smpp", said, at(0))
        assert keep(session, "smpp", said, at(9)) == first
        assert keep(session, "smpp", said, at(60)) == first, "never confirmed: it comes again"
        assert keep(session, "other", said, at(1)) != first
        confirm(session, "smpp", said, at(60))
        assert keep(session, "smpp", said, at(61)) != first


def test_parts_of_two_messages_with_one_number_are_not_mixed(city: Build) -> None:
    with Session(city().engine) as session:
        old = keep(session, "smpp", part(1, "a"), at(0))
        assert keep(session, "smpp", part(2, "b", sender="+999"), at(1)) != old
        assert keep(session, "smpp", part(1, "c"), at(2)) != old, "it has its first part"
        late = keep(session, "smpp", part(2, "d"), at(100))
        assert session.get_one(InboundMessage, late).state == "incomplete"
        assert keep(session, "smpp", part(1, "e"), at(101)) == late
        assert session.get_one(InboundMessage, late).text == "ed"


def test_of_a_message_of_255_long_parts_the_beginning_is_kept_and_it_is_answered(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    one = sender(world, smpp_server)
    with Session(world.engine) as session, session.begin():
        for number in range(255, 0, -1):  # the last one first
            text = f"{number % 10}" * 67 if number > 1 else "🔥" * 33
            piece = Inbound(LI, text, f"key {number}", PartOf(7, 255, number))
            assert keep(session, "smpp", piece, at(1)) == 1
    assert len(inbox(world)[0].text) == 2000
    assert inbox(world)[0].text.startswith("🔥" * 33 + "2")
    one.send_due(at(2))
    until(lambda: states(world) == [("answered", "no_command")], one)
    one.close()
