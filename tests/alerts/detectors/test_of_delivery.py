"""Messages that a broker may have lost, as alerts: one SMS for each, whatever dies in between."""

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.columns.delivery import Fault
from alerts.config import AlertsConfig, Settings, SmsConfig
from alerts.detectors.of_delivery import together
from domain.actor import program
from domain.delivery_faults import AGAIN, QUIET, Kind
from store.books.delivery import DeliveryFault
from store.books.watch import Episode, Outbox
from tests.alerts.follower.forked import forked
from tests.alerts.world import READER, T0, World, at

Build = Callable[..., World]
SESSION = {"client_id": "hw", "broker": "10.0.0.9:1883", "told_by": program("ingest")}
KINDS = [kind.value for kind in Kind]
SECOND = timedelta(seconds=1)


def tell(world: World, kind: Kind, **more: Any) -> None:
    """A fault of the hour before, told now and over unless `more` says other."""
    said = {"since": world.now - timedelta(hours=1), "until": world.now, "about": "", **more}
    with Session(world.engine) as session, session.begin():
        session.add(DeliveryFault(kind=kind.value, told_at=world.now, **SESSION, **said))


def change(world: World, **values: Any) -> None:
    """Of all faults."""
    with Session(world.engine) as session, session.begin():
        session.execute(sa.update(DeliveryFault).values(**values))


def evidence(world: World) -> dict[str, Any]:
    with Session(world.engine) as session:
        (found,) = session.scalars(sa.select(Episode.evidence).where(Episode.kind.in_(KINDS)))
    return dict(found)


def alerts(world: World) -> list[tuple[str, str, float, float | None]]:
    """Without the sensors of the city, of which none says anything here."""
    return [each for each in world.episodes() if each[0] in KINDS]


def messages(world: World) -> list[tuple[str, str]]:
    """(purpose, text) of them."""
    sent = sa.select(Outbox).join(Episode).where(Episode.kind.in_(KINDS)).order_by(Outbox.id)
    with Session(world.engine) as session:
        return [(each.purpose, each.text) for each in session.scalars(sent)]


def test_a_forgotten_session_is_over_at_once_and_told_once(city: Build) -> None:
    world = city()
    world.config = AlertsConfig(
        recipients=(READER.model_copy(update={"language": "en"}),), sms=SmsConfig(tell_cleared=True)
    )
    watch = world.watch()
    world.tick(watch)
    tell(world, Kind.SESSION_LOST)
    for _ in range(3):
        world.now += SECOND
        world.tick(watch)
    world.tick(world.watch())
    assert alerts(world) == [("session_lost", "demo", 0, 0)]
    ((purpose, text),) = messages(world)
    assert purpose == "opened"
    assert "the broker 10.0.0.9:1883 has forgotten our session" in text
    assert "messages since 11-22 13:00 may be missing" in text


def test_an_overflow_lasts_while_more_is_lost_and_says_how_much(city: Build) -> None:
    world = city()
    watch = world.watch()
    tell(world, Kind.QUEUE_OVERFLOW, at_most=500)
    world.tick(watch)
    assert evidence(world)["at_most"] == 500
    world.now = at(6)
    change(world, until=world.now, at_most=4_500)
    world.tick(watch)
    assert evidence(world)["at_most"] == 4_500
    change(world, until=world.now, at_most=4_800)
    world.now += AGAIN
    world.tick(watch)
    assert alerts(world) == [("queue_overflow", "demo", 0, None)]
    world.now += SECOND
    world.tick(watch)
    assert alerts(world) == [("queue_overflow", "demo", 0, 6)]
    assert evidence(world)["end_at_most"] == 4_800
    ((_, text),) = messages(world)
    assert "500" in text


def test_filters_of_one_connection_are_one_alert_until_all_are_granted(city: Build) -> None:
    world = city()
    watch = world.watch()
    for about in ("a/#", "b/#"):
        tell(world, Kind.QOS_LOWERED, until=None, about=about)
    world.tick(watch)
    assert evidence(world)["about"] == "a/#, b/#"
    world.now = at(1)
    with Session(world.engine) as session, session.begin():
        session.get_one(DeliveryFault, 1).until = world.now
    world.tick(watch)
    assert alerts(world) == [("qos_lowered", "demo", 0, None)]
    change(world, until=world.now)
    world.tick(watch)
    assert alerts(world) == [("qos_lowered", "demo", 0, 1)]
    assert len(messages(world)) == 1


def test_faults_of_several_kinds_are_alerts_of_their_own(city: Build) -> None:
    world = city()
    tell(world, Kind.SESSION_LOST)
    tell(world, Kind.ID_TAKEN, until=None)
    world.tick(world.watch())
    assert alerts(world) == [("id_taken", "demo", 0, None), ("session_lost", "demo", 0, 0)]
    assert len(messages(world)) == 2


def test_gaps_of_500_nodes_are_one_alert_until_there_is_none_for_a_while(city: Build) -> None:
    world = city()
    world.config = AlertsConfig(
        recipients=(READER.model_copy(update={"language": "en"}),), sms=SmsConfig(tell_cleared=True)
    )
    watch = world.watch()
    for n in range(500):
        tell(world, Kind.SEQUENCE_GAP, about=f"G/E{n}", at_most=2)
    world.tick(watch)
    world.now += QUIET - SECOND
    tell(world, Kind.SEQUENCE_GAP, about="G/E7", since=world.now, at_most=3)
    world.tick(watch)
    world.now += QUIET
    for each in (watch, world.watch()):  # the second one starts anew
        world.tick(each)
        assert alerts(world) == [("sequence_gap", "demo", 0, None)]
    assert evidence(world)["at_most"] == 1_003
    world.now += SECOND
    world.tick(world.watch())
    ((*_, opened, cleared),) = alerts(world)
    assert (opened, cleared) == (0, 2 * QUIET / timedelta(minutes=1) - 1 / 60)
    ((purpose, text),) = messages(world)
    assert purpose == "opened"
    assert "up to 1000 messages of G/E0, G/E1, G/E2, G/E3, G/E4 (+495) are missing" in text


def test_lost_uplinks_of_500_devices_are_one_alert_until_all_are_well(city: Build) -> None:
    world = city()
    watch = world.watch()
    for n in range(500):
        tell(world, Kind.UPLINKS_LOST, about=f"D{n}", at_most=40, until=None)
    world.tick(watch)
    world.now = at(30)
    change(world, until=world.now)
    tell(world, Kind.UPLINKS_LOST, about="D7", at_most=40, until=None)
    world.tick(watch)
    assert alerts(world) == [("uplinks_lost", "demo", 0, None)]
    world.now = at(60)
    change(world, until=world.now)
    world.tick(world.watch())
    assert alerts(world) == [("uplinks_lost", "demo", 0, 60)]
    ((_, text),) = messages(world)
    assert "D0, D1, D2, D3, D4 (+495)" in text
    assert "20000" in text


def test_what_concerns_senders_of_another_company_is_no_alert_of_this_one(city: Build) -> None:
    world = city()

    def settings(_now: datetime) -> Settings:
        return Settings(world.config, of_others={world.place["demo"]: frozenset({"theirs"})})

    world.settings = settings  # type: ignore[method-assign]
    watch = world.watch()
    tell(world, Kind.SEQUENCE_GAP, about="G/E1", at_most=2, feed="theirs")
    tell(world, Kind.UPLINKS_LOST, about="A1", at_most=2, feed="theirs", until=None)
    world.tick(watch)
    assert alerts(world) == []
    tell(world, Kind.SEQUENCE_GAP, about="G/E2", at_most=3, feed="ours")
    tell(world, Kind.SESSION_LOST)
    world.tick(watch)
    assert [each[0] for each in alerts(world)] == ["sequence_gap", "session_lost"]
    assert [text for _, text in messages(world) if "E1" in text] == []


def test_a_gap_whose_numbers_came_round_says_no_number(city: Build) -> None:
    world = city()
    tell(world, Kind.SEQUENCE_GAP, about="G/E1", at_most=None)
    world.tick(world.watch())
    assert evidence(world)["reason"] == "uncounted"
    ((_, text),) = messages(world)
    assert "None" not in text
    assert "G/E1" in text


def test_kill_minus_nine_of_the_alerts_worker_sends_no_second_message(city: Build) -> None:
    world = city()
    world.url = str(world.engine.url)
    for number in range(3):
        world.now = T0 + number * timedelta(hours=1)
        tell(world, Kind.SESSION_LOST)
        worker = forked(world, World.tick)
        end = time.monotonic() + 60
        while len(alerts(world)) <= number and time.monotonic() < end:
            time.sleep(0.001)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    world.tick(world.watch())
    assert [each[2:] for each in alerts(world)] == [(0, 0), (60, 60), (120, 120)]
    assert len(messages(world)) == 3


def test_what_was_over_long_ago_is_no_alert_and_one_that_was_left_open_is_over(
    city: Build,
) -> None:
    """The alerts were away for two days."""
    world = city()
    tell(world, Kind.ID_TAKEN, until=None)
    world.tick(world.watch())
    change(world, until=world.now)
    tell(world, Kind.SESSION_LOST)
    world.now += timedelta(days=2)
    world.tick(world.watch())
    assert alerts(world) == [("id_taken", "demo", 0, 2 * 24 * 60)]


def fault(told: float, until: float | None) -> Fault:
    end = None if until is None else at(until)
    return Fault(Kind.ID_TAKEN, at(told), end, at(told), None, "hw", "b:1883", "")


def test_faults_that_overlap_are_together() -> None:
    spans = [(0, 10), (5, 6), (10, 12), (13, None), (14, 15), (90, 91)]
    faults = [fault(*each) for each in spans]
    runs = list(together(faults, at(100)))
    assert [(len(each.faults), each.ended) for each in runs] == [(3, at(12)), (3, None)]
    assert list(together([], at(0))) == []


def test_how_many_at_most_is_known_where_each_says_it() -> None:
    def counted(at_most: int | None) -> Fault:
        now: datetime = at(0)
        return Fault(Kind.QUEUE_OVERFLOW, now, now, now, at_most, "hw", "b:1883", "")

    for counts, wanted in (((3, 4), 7), ((3, None), None), ((0,), 0)):
        (run,) = together([counted(each) for each in counts], at(0))
        assert run.numbers["at_most"] == wanted
