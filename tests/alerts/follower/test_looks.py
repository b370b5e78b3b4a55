"""What is on its way is not missed: ingest held back, links away, clocks that catch up."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from alerts.follower import run
from alerts.follower.run import SETTLE_S, Pace, _step, tick
from domain.quality import TimeKind
from tests.alerts.detectors.test_silent_sensor import station
from tests.alerts.world import T0, Bench, Say, World, at, every, us

Build = Callable[..., World]
SILENT = "silent_sensor"
UNTIL = 400
#: The one sensor that is silent in truth, from this minute on; found four intervals later.
DEAD, LAST = "S1-H1.t", 100
FOUND = (SILENT, "S1-H1-bed", LAST + 40, None)


def reports() -> list[Say]:
    """Everything of two stations with two homes each, but for the dead one."""
    says: list[Say] = []
    for place in ("S1", "S2"):
        for key, value in (("flow", 12.0), ("t_sup", 45.0), ("makeup", 0.05)):
            says += every(f"{place}.{key}", value, 0, UNTIL, 5)
        for home in (1, 2):
            says += every(f"{place}-H{home}.t", 20.0, 0, UNTIL, 10)
    says = [say for say in says if say[0] != DEAD or say[1] <= LAST]
    return sorted(says, key=lambda say: say[1])


def held_back(world: World, lag: Callable[[int], float], fast: float, catching_up: bool) -> None:
    """Five minutes' readings are committed `lag` [min] after they were sent; one clock is `fast`."""
    watch = world.watch()
    tick(world.engine, watch, world.now)
    says = reports()
    for minute in range(0, UNTIL, 5):
        world.now = at(minute + lag(minute))
        sent = [say for say in says if say[1] == minute]
        world.append([(k, m + fast * (k == "S2-H1.t"), v) for k, m, v in sent])
        world.follow(watch)
        tick(world.engine, watch, world.now, catching_up=catching_up)


def mountain(minute: int) -> float:
    """No lag, two hours of it in the middle, none again; time never goes back. [min]"""
    return max(0.0, 120.0 - abs(minute - 200))


@pytest.mark.parametrize("fast", [0, 9])
def test_ingest_held_back_in_a_run_that_catches_up_silences_nobody(city: Build, fast: int) -> None:
    world = city(sources={"Q1": 2}, station_interval_s=120)
    held_back(world, mountain, fast, catching_up=True)
    assert world.episodes() == [FOUND]


@pytest.mark.parametrize("fast", [0, 9])
def test_ingest_held_back_in_real_life_is_one_fault_of_the_whole_network(
    city: Build, fast: int
) -> None:
    world = city(sources={"Q1": 1, "Q2": 1}, station_interval_s=120)
    held_back(world, mountain, fast, catching_up=False)
    episodes = world.episodes()
    assert [each for each in episodes if each[1] != "demo"] == [FOUND]
    ((kind, _, opened, cleared),) = [each for each in episodes if each[1] == "demo"]
    assert kind == SILENT
    assert 90 < opened < 200
    assert 290 < (cleared or 0) < 330


def test_true_silence_is_found_within_its_limit_and_the_lag(bench: Bench) -> None:
    bench.tick(0)
    bench.live([*station(0, 60), *every("S1-H1.t", 20.0, 0, 60, 10), ("S1-H2.t", 0, 20.0)])
    assert bench.tick(40) == []
    bench.tick(41)
    assert bench.told() == [("opened", SILENT, "S1-H2-bed", 40)]


def test_times_of_receipt_say_nothing_of_what_still_waits(bench: Bench) -> None:
    newest, watched = bench.watch.newest, bench.watch.city.watched
    world = bench.world

    def take(key: str, minute: float, committed: float, kind: TimeKind) -> None:
        batch = pa.Table.from_batches([world.batch([(key, minute, 20.0)])])
        column = pa.array([int(kind)], pa.int8())
        i = batch.schema.get_field_index("time_kind")
        newest.admit(batch.set_column(i, batch.schema.field(i), column), watched, us(committed))

    take("S1-H1.t", 10, 40, TimeKind.METER)
    take("S1-H2.t", 40, 40, TimeKind.RECEIVER)
    assert newest.until_us() == us(10)
    take("S1-H2.t", 51, 51, TimeKind.RECEIVER)
    assert newest.until_us() == us(51), "no other clock has spoken for ten minutes"


def test_a_slow_ingest_in_a_fast_run_silences_nobody(
    city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock runs for 30 s at 800 times the wall's; ingest needs three times as long again."""
    wall_s, stop = 0.0, threading.Event()
    monkeypatch.setattr(run, "time", SimpleNamespace(monotonic=lambda: wall_s))
    world = city(sources={"Q1": 2}, station_interval_s=300)
    watch, pace, says = world.watch(), Pace(), reports()

    def now() -> datetime:
        return T0 + timedelta(seconds=min(wall_s * UNTIL * 2, UNTIL * 60 + wall_s))

    for minute in range(0, UNTIL + 200, 5):
        batch = world.batch([say for say in says if say[1] == minute])
        world.readings.journal.append(batch, messages=batch.num_rows, now=now())
        wall_s += 120.0 / (UNTIL / 5)
        _step(world.readings, world.engine, watch, now, pace, stop)
    assert wall_s > 120 + SETTLE_S
    assert not pace.catching_up(wall_s + 1, now(), watch.until_us)
    assert world.episodes() == [FOUND]


def test_a_late_reading_ends_the_silence_that_it_disproves(city: Build) -> None:
    """It is older than the instant at which the silence was certain."""
    world = city(station_interval_s=300)
    says = [say for say in reports() if say[0].startswith("S1") and say[1] <= LAST + 50]
    watch = world.watch()
    world.live(watch, says)
    assert FOUND in world.episodes()
    world.append([(DEAD, LAST + 20, 20.0)])
    world.follow(watch)
    world.tick(watch)
    assert (*FOUND[:3], LAST + 40) in world.episodes()


def test_a_silence_that_is_over_when_its_readings_come_is_told(city: Build) -> None:
    """All of it comes at once, after a stop of ingest or of this worker; so does its end."""
    world = city(sources={"Q1": 2}, station_interval_s=300)
    watch = world.watch()
    says = [*reports(), *every(DEAD, 20.0, LAST + 90, UNTIL, 10)]
    world.live(watch, [say for say in says if say[1] <= LAST - 10])
    world.now = at(UNTIL)
    world.append(sorted(say for say in says if say[1] > LAST - 10))  # one series after the other
    world.follow(watch)
    tick(world.engine, watch, world.now, catching_up=True)
    assert world.episodes() == [(*FOUND[:3], LAST + 90)]


def test_where_nobody_spoke_nobody_was_silent(city: Build) -> None:
    """The link lost two hours of everything while this worker was away, too."""
    world = city(sources={"Q1": 2}, station_interval_s=300)
    watch = world.watch()
    says = [*reports(), *every(DEAD, 20.0, LAST + 10, UNTIL, 10)]
    world.live(watch, [say for say in says if say[1] <= LAST])
    world.now = at(UNTIL)
    later = sorted((say for say in says if say[1] > LAST + 120), key=lambda say: say[1])
    world.append(later)
    world.follow(watch)
    tick(world.engine, watch, world.now, catching_up=True)
    assert world.episodes() == []
