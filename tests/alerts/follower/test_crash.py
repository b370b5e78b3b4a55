"""What the follower knows is lost at any moment, and nothing that people are told changes."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.episodes import memory
from alerts.follower.watch import AlertWatch
from store.books.registry import RegistryVersion
from store.books.watch import Checkpoint, Episode, Outbox
from store.readings.followers import remembered
from store.readings.readings import Readings
from tests.alerts.follower.forked import forked
from tests.alerts.follower.test_watch import EXPECTED, done, facts, story
from tests.alerts.world import Say, World, at, build

Build = Callable[..., World]
UNTIL = 300.0  # minutes
VALUES = {"t": (17.0, 17.9, 18.1, 20.0), "flow": (0.0, 12.0), "t_sup": (20.0, 45.0)}


def random_story(rng: random.Random, world: World) -> list[tuple[float, Say]]:
    """(minute of arrival, reading): cold rooms, stops, leaks, silence, delays, fast clocks."""
    told: list[tuple[float, Say]] = []
    for key in world.series:
        values = VALUES.get(key.split(".")[1], (0.05, 2.0))
        ahead = rng.choice((0, 0, 0, 4, 20))
        value, quiet_until = rng.choice(values), 0.0
        step = 10.0 if key.endswith(".t") else 5.0
        minute = rng.uniform(0, step)
        while minute < UNTIL:
            if rng.random() < 0.08:
                value = rng.choice(values)
            if rng.random() < 0.02:
                quiet_until = minute + rng.uniform(0, 120)
            if minute >= quiet_until:
                say = key, round(minute + ahead, 1), rng.choice((value, value, value, None))
                delay = rng.choice((0, 0, 0, 2, 15))
                told += [(minute + delay, say)] * rng.choice((1, 1, 1, 2))
            minute += step
    stop, start = sorted(rng.uniform(0, UNTIL) for _ in range(2))
    dark = rng.choice(("S1", "S2", "S"))  # a station, or all of it
    return sorted(
        each for each in told if not (stop < each[0] < start and each[1][0].startswith(dark))
    )


def everything(world: World) -> tuple[list[object], list[object]]:
    """Every column of every episode and message."""
    with Session(world.engine) as session:
        rows = (
            [
                tuple(row._mapping.values())
                for row in session.execute(sa.select(table.__table__).order_by(table.id))
            ]
            for table in (Episode, Outbox)
        )
        episodes, messages = rows
        return list(episodes), list(messages)


def steps(rng: random.Random, world: World) -> Iterator[list[list[Say]]]:
    """Batches that come between two looks at the clock, five minutes after each other."""
    waiting = random_story(rng, world)
    minute = 0.0
    while waiting:
        minute += 5.0
        count = sum(each[0] < minute for each in waiting)
        says, waiting = [say for _, say in waiting[:count]], waiting[count:]
        world.now = at(minute)
        cuts = sorted(rng.randrange(count + 1) for _ in range(rng.randrange(4)))
        yield [says[a:b] for a, b in zip([0, *cuts], [*cuts, count], strict=True)]


@contextmanager
def no_commit() -> Iterator[None]:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    sa.event.listen(Session, "before_commit", fail)
    try:
        yield
    finally:
        sa.event.remove(Session, "before_commit", fail)


def accident(rng: random.Random, world: World, watch: AlertWatch) -> AlertWatch:
    """A crash, a transaction that fails, a flush with its trim; or nothing."""
    match rng.randrange(6):
        case 0 | 1:
            return world.watch()
        case 2 if done(world) < world.readings.journal.last():
            with no_commit(), pytest.raises(RuntimeError, match="disk"):
                world.follow(watch)
        case 3:
            with no_commit(), pytest.raises(RuntimeError, match="disk"):
                world.tick(watch)
        case 4:
            world.readings.flush(world.now)
    return watch


@pytest.mark.parametrize("seed", range(6))
def test_crashes_flushes_and_trims_at_any_moment_change_nothing(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same batches and looks at the clock, without and with accidents in between."""
    monkeypatch.setattr(memory, "LEAST_ROWS", random.Random(seed).choice((1, 40, 300, 10**6)))
    worlds = []
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
        worlds.append(build(tmp_path / name, sources={"Q1": 2}, station_interval_s=300))
    whole, broken = worlds
    watch = whole.watch()
    for batches in steps(random.Random(seed), whole):
        for says in batches:
            whole.append(says)
        whole.follow(watch)
        whole.tick(watch)
    rng, watch = random.Random(-seed - 1), broken.watch()
    for batches in steps(random.Random(seed), broken):
        for says in batches:
            broken.append(says)
            watch = accident(rng, broken, watch)
            if rng.random() < 0.5:
                broken.follow(watch)
        watch = accident(rng, broken, watch)
        broken.follow(watch)
        watch = accident(rng, broken, watch)
        broken.tick(watch)
    assert len(whole.episodes()) > 2
    for mine, theirs in zip(everything(broken), everything(whole), strict=True):
        assert mine == theirs
    for world in worlds:
        world.engine.dispose()


def test_kill_minus_nine_between_flushes_that_trim_changes_nothing(
    city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five processes follow; each is killed with what it knows, and the journal is emptied."""
    monkeypatch.setattr(memory, "LEAST_ROWS", 60)
    world = city(station_interval_s=300)
    world.url = str(world.engine.url)
    says = sorted(story(), key=lambda say: say[1])
    minutes = sorted({say[1] for say in says})
    for n in range(5):
        worker = forked(world, World.follow)
        for minute in minutes[n * len(minutes) // 5 : (n + 1) * len(minutes) // 5]:
            world.now = at(minute)
            world.append([say for say in says if say[1] == minute])
        deadline = time.monotonic() + 60
        while done(world) < world.readings.journal.last() and time.monotonic() < deadline:
            time.sleep(0.001)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        assert done(world) == world.readings.journal.last(), "it could not follow"
        world.readings.flush(world.now)
    assert world.readings.journal.trimmed() > 0
    world.follow(world.watch())
    episodes, messages = facts(world)
    assert episodes == EXPECTED
    assert len(messages) == 3


def minute_by_minute(world: World, watch: AlertWatch, since: float, until: float) -> None:
    world.live(watch, [say for say in story() if since < say[1] <= until], ticks=False)


def test_where_nothing_was_remembered_the_journal_is_read_from_its_beginning(city: Build) -> None:
    """As after an update of heatwatch whose memory is another."""
    world = city(station_interval_s=300)
    minute_by_minute(world, world.watch(), -1, 85)
    with Session(world.engine) as session, session.begin():
        session.execute(sa.delete(Checkpoint).where(Checkpoint.follower == "alerts/state"))
    minute_by_minute(world, world.watch(), 85, 300)
    assert world.episodes() == EXPECTED


def test_the_journal_keeps_what_the_state_is_rebuilt_from_and_no_more(
    city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "LEAST_ROWS", 50)
    world = city(station_interval_s=300)
    watch = world.watch()
    minute_by_minute(world, watch, -1, 150)
    with Session(world.engine) as session:
        batch, _ = remembered(session, watch.name)
    assert 0 < batch < done(world)
    world.readings.flush(world.now)
    assert world.readings.journal.trimmed() == batch


@pytest.mark.parametrize("stop", [125, 160, 212])
def test_a_follower_far_behind_reads_the_lake_and_tells_the_same(
    city: Build, stop: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal is trimmed in the middle of a flush that the dead follower had begun."""
    world = city(station_interval_s=300)
    watch = world.watch()
    monkeypatch.setattr(memory, "LEAST_ROWS", 1)
    minute_by_minute(world, watch, -1, 120)
    world.readings.flush(world.now)
    monkeypatch.setattr(memory, "LEAST_ROWS", 10**6)
    minute_by_minute(world, watch, 120, stop)
    for minute in range(int(stop) + 1, 281):
        world.now = at(minute)
        if says := [say for say in story() if minute - 1 < say[1] <= minute]:
            world.append(says)
    bounded = Readings(world.readings.journal, world.readings.lake, world.engine, keep_batches=2)
    bounded.flush(world.now)
    assert world.readings.journal.trimmed() > done(world)
    minute_by_minute(world, world.watch(), 280, 300)
    assert world.episodes() == EXPECTED
    assert len(facts(world)[1]) == 3


def test_a_changed_registry_is_remembered_at_once(city: Build) -> None:
    world = city(station_interval_s=300)
    watch = world.watch()
    world.tick(watch)
    minute_by_minute(world, watch, -1, 85)
    with Session(world.engine) as session, session.begin():
        session.execute(sa.update(RegistryVersion).values(number=RegistryVersion.number + 1))
    world.tick(watch)
    with Session(world.engine) as session:
        assert remembered(session, watch.name)[0] == done(world)
