"""One message per episode and recipient, however the stream is cut, repeated or broken off."""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.config import AlertsConfig, Settings
from alerts.follower.watch import AlertWatch
from store.books.watch import Checkpoint, Episode, Outbox
from store.readings.followers import begin, checkpoint
from tests.alerts.follower.forked import forked
from tests.alerts.world import Bench, Say, World, at, every

Build = Callable[..., World]
Facts = tuple[list[tuple[str, str, float, float | None]], list[tuple[int | None, str, str]]]


def story() -> list[Say]:
    """A cold home, an outage with cold children, a leak; two hours and a half each."""
    return [
        *every("S1-H1.t", 20.0, 0, 30, 10),
        *every("S1-H1.t", 17.0, 30, 160, 10),
        *every("S1-H1.t", 20.0, 160, 300, 10),
        *every("S1-H2.t", 17.0, 100, 300, 10),
        *every("S1.flow", 12.0, 0, 80, 5),
        *every("S1.flow", 0.0, 80, 150, 5),
        *every("S1.flow", 12.0, 150, 300, 5),
        *every("S1.makeup", 0.05, 0, 200, 5),
        *every("S1.makeup", 2.0, 200, 300, 5),
    ]


def facts(world: World) -> Facts:
    messages = [(m.episode_id, m.recipient, m.purpose) for m in world.messages()]
    assert len(set(messages)) == len(messages)
    return world.episodes(), messages


def told(bench: Bench) -> list[tuple[str, str, str, float]]:
    return sorted(bench.told())


@pytest.mark.parametrize("seed", range(12))
def test_changes_do_not_depend_on_how_the_stream_is_cut(small: World, seed: int) -> None:
    """Arrival order is fixed, with late and repeated readings in it; only the cuts differ."""
    rng = random.Random(seed)
    says = sorted(story(), key=lambda say: say[1] + rng.uniform(0, 12))
    says += rng.sample(says, 20)
    one_by_one, in_one, cut = Bench(small), Bench(small), Bench(small)
    for say in says:
        one_by_one.take([say])
    in_one.take(says)
    rest = list(says)
    while rest:
        size = rng.randint(1, 60)
        cut.take(rest[:size])
        rest = rest[size:]
    assert told(in_one) == told(one_by_one) == told(cut)
    assert told(in_one), "the story has something to tell"


@pytest.mark.parametrize("seed", range(4))
def test_repeats_change_nothing(small: World, seed: int) -> None:
    rng = random.Random(seed)
    says = sorted(story(), key=lambda say: say[1])
    once, again = Bench(small), Bench(small)
    once.take(says)
    for say in says:
        again.take([say] * rng.randint(1, 3))
    assert told(once) == told(again)


def test_replay_from_the_first_batch_gives_the_same_episodes_and_messages(city: Build) -> None:
    world = city(station_interval_s=300)
    world.live(world.watch(), story(), ticks=False)
    before = facts(world)
    assert len(before[0]) == 4
    with Session(world.engine) as session, session.begin():
        session.execute(sa.update(Checkpoint).values(batch=0, state={}))
    world.follow(world.watch())
    assert facts(world) == before
    with Session(world.engine) as session, session.begin():
        session.execute(sa.delete(Outbox))
        session.execute(sa.delete(Episode))
        session.execute(sa.update(Checkpoint).values(batch=0, state={}))
    world.follow(world.watch())
    assert facts(world)[0] == before[0]


@pytest.mark.parametrize("minute", [25, 65, 95, 150, 215])
def test_a_restart_in_the_middle_changes_nothing(city: Build, minute: float) -> None:
    world = city(station_interval_s=300)
    says = story()
    first = world.watch()
    world.live(first, [say for say in says if say[1] <= minute], ticks=False)
    world.live(world.watch(), [say for say in says if say[1] > minute], ticks=False)
    episodes, messages = facts(world)
    assert episodes == EXPECTED
    assert len(messages) == 3


EXPECTED = [
    ("low_room_temperature", "S1-H1", 90, 220),
    ("station_outage", "S1", 90, 210),
    ("low_room_temperature", "S1-H2", 160, None),
    ("make_up_leak", "S1", 205, None),
]


def test_a_transaction_that_fails_is_as_if_it_had_not_been(city: Build) -> None:
    world = city(station_interval_s=300)
    watch = world.watch()
    world.live(watch, [say for say in story() if say[1] <= 85], ticks=False)
    world.now = at(90)
    world.append([say for say in story() if 85 < say[1] <= 90])

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    sa.event.listen(Session, "before_commit", fail)
    try:
        with pytest.raises(RuntimeError, match="disk"):
            world.follow(watch)
    finally:
        sa.event.remove(Session, "before_commit", fail)
    assert world.episodes() == []
    world.live(watch, [say for say in story() if say[1] > 90], ticks=False)
    assert facts(world)[0] == EXPECTED


def test_a_new_version_of_the_registry_keeps_what_is_known(city: Build) -> None:
    from store.books.registry import RegistryVersion

    world = city(station_interval_s=300)
    watch = world.watch()
    world.live(watch, [say for say in story() if say[1] <= 85], ticks=False)
    with Session(world.engine) as session, session.begin():
        row = session.get(RegistryVersion, 1)
        if row is None:
            session.add(RegistryVersion(id=1, number=1))
        else:
            row.number += 1
    world.live(watch, [say for say in story() if say[1] > 85], ticks=False)
    assert facts(world)[0] == EXPECTED


def test_each_company_warns_by_its_own_settings_from_the_next_season_on(small: World) -> None:
    """17 to 18 °C is cold under one law and warm under the other; flow lost by another share, too."""
    own = AlertsConfig.model_validate({"standard_c": "16", "outage": {"flow_share": "0.5"}})
    company = small.place["demo"]
    laws = [Settings(AlertsConfig(), {company: own}, at(400)), Settings(AlertsConfig())]
    watch = AlertWatch(
        small.readings, small.engine, lambda now: laws[now >= at(400)], lambda: small.now
    )
    says = [*every("S1-H1.t", 17.0, 0, 300, 10), *every("S1.flow", 12.0, 0, 100, 5)]
    says += every("S1.flow", 4.0, 100, 200, 5)
    small.live(watch, says, ticks=False)
    told = [(kind, place) for kind, place, *_ in small.episodes()]
    assert told == [("station_outage", "S1")], "a third of the usual flow is lost, 17 is warm"
    small.live(watch, every("S1-H1.t", 17.0, 400, 500, 10), ticks=False)
    assert ("low_room_temperature", "S1-H1") in [each[:2] for each in small.episodes()]


def test_kill_minus_nine_in_the_middle_changes_nothing(city: Build) -> None:
    """The story comes while the follower is killed and started again, five times."""
    world = city(station_interval_s=300)
    world.now, world.url = at(300), str(world.engine.url)
    says = sorted(story(), key=lambda say: say[1])
    minutes = sorted({say[1] for say in says})
    for n in range(5):
        before = done(world)
        for minute in minutes[n * len(minutes) // 5 : (n + 1) * len(minutes) // 5]:
            world.append([say for say in says if say[1] == minute])
        worker = forked(world, batch_by_batch)
        deadline = time.monotonic() + 60
        while done(world) <= before and time.monotonic() < deadline:
            time.sleep(0.001)  # it is at work: now
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    assert done(world) > 0, "it has never done anything"
    world.follow(world.watch())
    episodes, messages = facts(world)
    assert episodes == EXPECTED
    assert len(messages) == 3


def batch_by_batch(world: World, watch: AlertWatch) -> None:
    begin(world.readings, world.engine, watch.name)
    for batch in world.readings.since(done(world)):
        with Session(world.engine) as session, session.begin():
            watch.handle(batch, session)
            checkpoint(session, watch.name).batch = batch.number


def done(world: World) -> int:
    with Session(world.engine) as session:
        row = session.get(Checkpoint, "alerts")
        return 0 if row is None else row.batch
