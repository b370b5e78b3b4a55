"""Messages of the outbox: repeats, until somebody has acknowledged."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.in_tray import InTray
from alerts.config import AlertsConfig, Settings
from alerts.episodes.acknowledge import Declined, acknowledge, alert_of
from alerts.follower.sender import Sender
from alerts.follower.watch import Watch
from alerts.messages.codes import code_of
from alerts.messages.messages import hold_back_stale, postpone_repeats, repeat
from domain.actor import user
from store.books.watch import Episode, Outbox
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import World, at

Build = Callable[..., World]
ZONE = ZoneInfo("Asia/Shanghai")
LI, WANG = user("Li"), user("Wang")


def purposes(world: World) -> list[tuple[str, str]]:
    return [(each.purpose, each.state) for each in world.messages()]


def run(world: World, minutes: range) -> None:
    """Looks and sends at each of these minutes."""
    sender = Sender(world.engine, InTray(), world.config)
    with Session(world.engine) as session:
        city = Watch.blank(session, Settings(world.config)).city
    for minute in minutes:
        with Session(world.engine) as session, session.begin():
            repeat(session, city, at(minute))
        sender.send_due(at(minute))


def with_waiting_repeat(world: World, **sms: int) -> World:
    """An alert whose message left half an hour ago; its first repeat is made and waits."""
    world.config = AlertsConfig.model_validate({"sms": {"repeat_min": 30, **sms}})
    outbox(world)
    run(world, range(1, 31))
    with Session(world.engine) as session, session.begin():
        repeat(session, Watch.blank(session, Settings(world.config)).city, at(31))
    return world


def test_an_alert_that_nobody_acknowledges_is_sent_again_and_not_for_ever(city: Build) -> None:
    world = city()
    world.config = AlertsConfig.model_validate({"sms": {"repeat_min": 30, "most_repeats": 2}})
    outbox(world)
    run(world, range(1, 200))
    assert purposes(world) == [(each, "handed") for each in ("opened", "repeat 1", "repeat 2")]
    gaps = [each.handed_at for each in world.messages()]
    assert gaps == [at(1), at(31), at(61)]


def test_repeats_end_with_the_acknowledgement_also_those_that_wait(city: Build) -> None:
    world = with_waiting_repeat(city())
    with Session(world.engine) as session, session.begin():
        acknowledge(session, alert_of(session, code_of(1)), LI, at(31), ZONE)
    run(world, range(32, 200))
    assert purposes(world) == [("opened", "handed"), ("repeat 1", "inhibited")]
    assert world.messages()[1].problem == "acknowledged: Li"


def test_repeats_go_on_when_an_alert_is_given_back_also_where_one_was_stopped(city: Build) -> None:
    world = with_waiting_repeat(city(), most_repeats=2)
    with Session(world.engine) as session, session.begin():
        acknowledge(session, alert_of(session, code_of(1)), LI, at(31), ZONE)
    run(world, range(32, 100))
    with Session(world.engine) as session, session.begin():
        episode = session.get_one(Episode, 1)
        episode.acknowledged_by = episode.acknowledged_at = None
    run(world, range(100, 300))
    assert [(each.purpose, each.state, each.handed_at) for each in world.messages()] == [
        ("opened", "handed", at(1)),
        ("repeat 1", "inhibited", None),
        ("repeat 2", "handed", at(100)),
        ("repeat 3", "handed", at(130)),
    ], "two repeats were heard, as many as there may be"


def test_a_repeat_that_failed_counts_and_the_next_one_comes_in_its_time(city: Build) -> None:
    world = with_waiting_repeat(city(), most_repeats=3)
    with Session(world.engine) as session, session.begin():
        waiting = session.get_one(Outbox, 2)
        waiting.state, waiting.problem, waiting.due_at = "failed", "refused: 69", at(31)
    run(world, range(32, 300))
    assert [(each.purpose, each.state, each.handed_at) for each in world.messages()] == [
        ("opened", "handed", at(1)),
        ("repeat 1", "failed", None),
        ("repeat 2", "handed", at(61)),
        ("repeat 3", "handed", at(91)),
    ]


def test_postponed_repeats_come_later_also_those_that_wait(city: Build) -> None:
    world = with_waiting_repeat(city(), most_repeats=2)
    with Session(world.engine) as session, session.begin():
        postpone_repeats(session, session.get_one(Episode, 1), at(91))
    run(world, range(32, 110))
    with Session(world.engine) as session, session.begin():
        postpone_repeats(session, session.get_one(Episode, 1), at(170))
    run(world, range(110, 200))
    sent = [(each.purpose, each.handed_at) for each in world.messages()]
    assert sent == [("opened", at(1)), ("repeat 1", at(91)), ("repeat 2", at(170))]


def test_a_repeat_that_waits_when_the_alert_ends_stays(city: Build) -> None:
    world = with_waiting_repeat(city())
    with Session(world.engine) as session, session.begin():
        episode = session.get_one(Episode, 1)
        postpone_repeats(session, episode, at(91))
        episode.cleared_at = at(40)
        hold_back_stale(session, [episode])
    run(world, range(41, 200))
    assert purposes(world) == [("opened", "handed"), ("repeat 1", "inhibited")]


def test_one_has_an_alert_and_the_next_is_told_who_since_when(city: Build) -> None:
    world = city()
    outbox(world)
    with Session(world.engine) as session, session.begin():
        for minute in (5, 6):
            acknowledge(session, alert_of(session, "１３"), LI, at(minute), ZONE)
        episode = session.get_one(Episode, 1)
        assert (episode.acknowledged_by, episode.acknowledged_at) == (LI, at(5))
        with pytest.raises(Declined, match="Li has acknowledged alert 13 at 11-22 14:05 already"):
            acknowledge(session, episode, WANG, at(7), ZONE)
        session.execute(sa.update(Episode).values(cleared_at=at(8)))
        session.refresh(episode)
        with pytest.raises(Declined, match="Alert 13 is over since 11-22 14:08"):
            acknowledge(session, episode, LI, at(8) + timedelta(minutes=1), ZONE)
        with pytest.raises(Declined, match="No alert has the code 14"):
            alert_of(session, "14")
