"""Receipts that a real message centre delivers, and what a message's delivery is by them."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.base import Receipt, ReceiptIds
from alerts.channels.smpp import Smpp
from alerts.follower.inbox import BooksInbox
from alerts.follower.receipts import LATEST, delivery
from alerts.follower.sender import Sender
from store.books.watch import Outbox
from tests.alerts.channels.test_pdus import pdu, tlv
from tests.alerts.channels.test_smpp import ZH, config
from tests.alerts.follower.test_sender import outbox
from tests.alerts.smpp import settings, until
from tests.alerts.world import World, at
from tests.servers.smsc import Smsc

Build = Callable[..., World]
PHONE = "13800000000"
DATA_SM = 0x0103


def bound(world: World, smsc: Smsc, ids: ReceiptIds = "automatic") -> Sender:
    """A sender whose messages the centre has taken, and says nothing of by itself."""
    smsc.receipts(None)
    chosen = settings(smsc).model_copy(update={"receipt_ids": ids})
    one = Sender(world.engine, Smpp(chosen), config(smsc))
    one.send_due(at(1))
    return one


def says(smsc: Smsc, text: str = "", *, sender: str = PHONE, **more: Any) -> None:
    octets = more.pop("octets", text.encode())
    smsc.deliver(sender, octets, **{"coding": 0, "esm_class": 4, **more})


def refs(world: World) -> list[str]:
    return [ref for each in world.messages() for ref in (each.channel_ref or "").split(",")]


def deliveries(world: World) -> list[str | None]:
    return [each.delivery for each in world.messages()]


def confirmed(smsc: Smsc, one: Sender, count: int) -> None:
    until(lambda: len(smsc.confirmed()) == count, one)


@pytest.mark.parametrize(
    ("states", "delivered"),
    [
        (("UNKNOWN", "DELIVRD"), "DELIVRD"),
        (("UNKNOWN", "UNDELIV"), "UNDELIV"),
        (("ENROUTE", "ACCEPTD", "UNKNOWN", "DELIVRD"), "DELIVRD"),
        (("DELIVRD", "ENROUTE"), "DELIVRD"),
        (("DELIVRD", "UNKNOWN"), "DELIVRD"),
        (("UNDELIV", "ACCEPTD"), "UNDELIV"),
        (("ACCEPTD", "UNKNOWN"), "UNKNOWN"),
    ],
)
def test_a_final_state_counts_after_any_other_and_stays(
    city: Build, smpp_server: Smsc, states: tuple[str, ...], delivered: str
) -> None:
    world = city()
    outbox(world)
    one = bound(world, smpp_server)
    for state in states:
        says(smpp_server, f"id:{refs(world)[0]} stat:{state}")
    confirmed(smpp_server, one, len(states))
    assert deliveries(world) == [delivered]
    one.close()


@pytest.mark.parametrize("ids", ["automatic", "decimal"])
def test_ids_in_hexadecimal_are_found_by_their_decimal_receipts(
    city: Build, smpp_server: Smsc, ids: ReceiptIds
) -> None:
    world = city()
    smpp_server.hexadecimal()
    smpp_server.count_from(0x33E9517A)
    outbox(world)
    one = bound(world, smpp_server, ids)
    assert refs(world) == ["33E9517B"]
    says(smpp_server, f"id:{0x33E9517B} stat:DELIVRD")
    until(lambda: deliveries(world) == ["DELIVRD"], one)
    one.close()


@pytest.mark.parametrize("written", ["{:020d}", "  {}  ", "{:X}", "{:x}", "0{:x}", "{}"])
def test_decimal_ids_are_found_padded_and_in_hexadecimal(
    city: Build, smpp_server: Smsc, written: str
) -> None:
    world = city()
    outbox(world)
    one = bound(world, smpp_server)
    said = written.format(int(refs(world)[0]))
    says(smpp_server, receipted_message_id=said, message_state=2)
    until(lambda: deliveries(world) == ["DELIVRD"], one)
    one.close()


def test_a_text_in_ucs_2_and_in_a_payload_and_its_contradiction_by_parameters(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    outbox(world, 3)
    one = bound(world, smpp_server)
    a, b, c = refs(world)
    says(smpp_server, octets=f"STAT:delivrd ID:{a}".encode("utf-16-be"), coding=8)
    whole = f"id:{b} stat:DELIVRD err:000 text:id:{a} stat:UNDELIV"
    says(smpp_server, message_payload=whole)
    says(smpp_server, f"id:{a} stat:DELIVRD", receipted_message_id=c, message_state=5)
    confirmed(smpp_server, one, 3)
    assert deliveries(world) == ["DELIVRD", "DELIVRD", "UNDELIV"]
    one.close()


def test_delivered_is_said_when_every_part_is_and_one_that_failed_fails_all(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    outbox(world, 2, text=ZH)
    one = bound(world, smpp_server)
    a, b, c, d = refs(world)
    for ref, state in ((a, "DELIVRD"), (b, "UNKNOWN"), (c, "DELIVRD"), (d, "EXPIRED")):
        says(smpp_server, f"id:{ref} stat:{state}")
    confirmed(smpp_server, one, 4)
    assert deliveries(world) == ["DELIVRD 1/2", "EXPIRED"]
    says(smpp_server, f"id:{b} stat:DELIVRD")
    until(lambda: deliveries(world) == ["DELIVRD", "EXPIRED"], one)
    one.close()


def test_a_message_of_which_a_part_has_not_left_is_not_delivered(
    city: Build, smpp_server: Smsc
) -> None:
    """The first of two parts left in an attempt before; the second one still waits."""
    world = city()
    outbox(world, text=ZH, channel_ref="17", due_at=at(60))
    one = bound(world, smpp_server)
    says(smpp_server, "id:17 stat:DELIVRD")
    until(lambda: deliveries(world) == ["DELIVRD 1/2"], one)
    one.send_due(at(61))
    assert [each.state for each in world.messages()] == ["handed"]
    assert deliveries(world) == ["DELIVRD 1/2"]
    says(smpp_server, f"id:{refs(world)[1]} stat:DELIVRD")
    until(lambda: deliveries(world) == ["DELIVRD"], one)
    one.close()


def test_a_receipt_comes_as_data_sm_too(city: Build, smpp_server: Smsc) -> None:
    """Section 2.11: its id and state stand in optional parameters, or its text in message_payload."""
    world = city()
    outbox(world, 2)
    one = bound(world, smpp_server)
    a, b = refs(world)
    addresses = b"\0\1\1" + PHONE.encode() + b"\0\0\0heatwatch\0"
    for n, tlvs in enumerate(
        (
            tlv(0x001E, a.encode() + b"\0") + tlv(0x0427, b"\2"),
            tlv(0x0424, f"id:{b} stat:UNDELIV".encode()),
        )
    ):
        smpp_server.raw(pdu(DATA_SM, addresses + b"\x04\0\0" + tlvs, sequence=801 + n))
    until(lambda: deliveries(world) == ["DELIVRD", "UNDELIV"], one)

    def answered() -> list[tuple[int, int]]:
        said = [each for each in smpp_server.answers() if each["command"] == "data_sm_resp"]
        return [(each["sequence"], each["status"]) for each in said]

    until(lambda: answered() == [(801, 0), (802, 0)], one)
    one.close()


def test_what_fits_nothing_is_said_in_a_line_and_confirmed(
    city: Build, smpp_server: Smsc, caplog: pytest.LogCaptureFixture
) -> None:
    world = city()
    outbox(world)
    one = bound(world, smpp_server)
    says(smpp_server, "id:999 stat:DELIVRD")
    says(smpp_server, "sub:001 stat:DELIVRD")
    says(smpp_server, "\r\nwhatever")
    confirmed(smpp_server, one, 3)
    assert deliveries(world) == [None]
    assert [each.getMessage().count("\n") for each in caplog.records] == [0, 0, 0]
    assert "receipt DELIVRD for the unknown message 999" in caplog.text
    assert {e["status"] for e in smpp_server.answers() if e["command"] == "deliver_sm_resp"} == {0}
    one.close()


def handed(world: World, *ids: str, **more: Any) -> None:
    for each in ids:
        outbox(world, channel_ref=each, state="handed", **more)


def take(world: World, reference: str, ids: ReceiptIds = "automatic", minute: int = 2) -> None:
    box = BooksInbox(world.engine, "smpp", at(minute))
    box.receipt(Receipt(reference, "DELIVRD", PHONE, ids=ids))


def test_an_id_that_may_be_of_two_messages_is_of_none(
    city: Build, caplog: pytest.LogCaptureFixture
) -> None:
    """Answers in hexadecimal: 10 is the sixteenth message, and the tenth's receipt."""
    world = city()
    handed(world, "A", "10")
    take(world, "10")
    assert deliveries(world) == [None, None]
    assert "may be of several messages (10, A)" in caplog.text
    assert "receipt_ids" in caplog.text
    take(world, "10", "decimal")
    assert deliveries(world) == ["DELIVRD", None]
    take(world, "10", "as sent")
    assert deliveries(world) == ["DELIVRD", "DELIVRD"]


def test_where_answers_are_decimal_an_id_is_what_it_says(city: Build) -> None:
    world = city()
    handed(world, "10", "16", "22")
    take(world, "16")
    take(world, "022")
    assert deliveries(world) == [None, "DELIVRD", "DELIVRD"]


@pytest.mark.parametrize(
    ("ids", "delivered"),
    [("as sent", (None, None, "DELIVRD")), ("decimal", ("DELIVRD", None, None)),
     ("hex", (None, "DELIVRD", None))],
)  # fmt: skip
def test_with_a_setting_an_id_is_read_in_that_way_only(
    city: Build, ids: ReceiptIds, delivered: tuple[str | None, ...]
) -> None:
    world = city()
    handed(world, "10", "22", "16", phone="13900000000")
    take(world, "0016", ids)
    assert tuple(deliveries(world)) == delivered


def test_a_message_of_long_ago_is_not_what_a_receipt_means(city: Build) -> None:
    world = city()
    handed(world, "17")
    take(world, "17", minute=int(LATEST.total_seconds() // 60) + 1)
    assert deliveries(world) == [None]


def test_no_id_is_no_id_of_a_receipt(city: Build) -> None:
    world = city()
    handed(world, "?")
    take(world, "?")
    take(world, "")
    assert deliveries(world) == [None]


def test_nothing_delivered_of_nothing_is_not_delivered() -> None:
    assert delivery({}, (), 0) is None


def test_a_flood_of_messages_hides_none_whose_id_is_whole(city: Build) -> None:
    world = city()
    handed(world, "47117")
    with Session(world.engine) as session, session.begin():
        row = session.execute(sa.select(Outbox.__table__)).mappings().one()
        more = [
            {**row, "id": None, "episode_id": None, "channel_ref": str(1000 + n)}
            for n in range(900)
        ]
        for each in more:
            del each["id"]
        session.execute(sa.insert(Outbox), more)
    take(world, "47117")
    assert deliveries(world)[0] == "DELIVRD"
