"""Faults of delivery that alerts look at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from alerts.columns.delivery import LATELY, Fault, Faults
from domain.actor import program
from domain.delivery_faults import AGAIN, Kind
from store.books.delivery import DeliveryFault
from tests.alerts.world import World, at

Build = Callable[..., World]


def test_what_goes_on_or_was_over_lately_is_read_in_the_order_it_was_told(city: Build) -> None:
    world, now = city(), at(0)
    by = program("ingest")
    ends = {"old": now - LATELY, "lately": now - LATELY + timedelta(seconds=1), "open": None}
    with Session(world.engine) as session, session.begin():
        for hours, (client, until) in enumerate(reversed(ends.items())):
            since = now - timedelta(days=30 + hours)
            session.add(
                DeliveryFault(
                    kind="id_taken", client_id=client, broker="b:1", about="", since=since,
                    until=until, told_at=since, told_by=by, at_most=7,
                )
            )  # fmt: skip
    faults = Faults()
    assert list(faults.found) == []
    with Session(world.engine) as session:
        faults.read(session, now)
    assert [(each.client_id, each.at_most) for each in faults.found] == [("lately", 7), ("open", 7)]


def test_a_lost_session_is_over_when_it_is_told_and_an_overflow_when_nothing_more_is_lost() -> None:
    lost = Fault(Kind.SESSION_LOST, at(0), at(9), at(5), None, "hw", "b:1883", "")
    assert lost.ended(at(9)) == at(5)
    overflow = replace(lost, kind=Kind.QUEUE_OVERFLOW)
    assert overflow.ended(at(9) + AGAIN) is None
    assert overflow.ended(at(9) + AGAIN + timedelta(seconds=1)) == at(9)
    assert replace(lost, kind=Kind.ID_TAKEN, until=None).ended(at(100)) is None
