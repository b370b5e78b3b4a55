"""The workers together, and on both kinds of books."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.config import AlertsConfig, Recipient, SmsConfig
from alerts.follower.run import Pace, run_alerts
from tests.alerts.channels.test_smpp import config as smpp_config
from tests.alerts.follower.test_watch import EXPECTED, done, story
from tests.alerts.world import T0, World, at, build, us
from tests.servers.smsc import Smsc

Build = Callable[..., World]


def test_the_workers_follow_tick_and_send_until_they_are_stopped(
    city: Build, smpp_server: Smsc
) -> None:
    world = city(station_interval_s=300)
    world.config = AlertsConfig(
        recipients=(Recipient(name="crew", phone="+8613800000000", language="en"),),
        sms=smpp_config(smpp_server, group_wait_s=0).sms,
    )
    stop = threading.Event()
    args = (world.readings, world.engine, world.config, world.settings, lambda: world.now, stop)
    worker = threading.Thread(target=run_alerts, args=args)
    worker.start()
    says = sorted(story(), key=lambda say: say[1])
    for since in range(0, 300, 50):
        world.now = at(since + 50)
        world.append([say for say in says if since <= say[1] < since + 50])
        deadline = time.monotonic() + 30
        while done(world) < world.readings.journal.last() and time.monotonic() < deadline:
            time.sleep(0.01)
    while len(smpp_server.texts()) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    worker.join(30)
    assert not worker.is_alive()
    assert [each for each in world.episodes() if each[0] != "silent_sensor"] == EXPECTED
    texts = [
        text for _, text in smpp_server.texts() if "silent" not in text and "nothing" not in text
    ]
    assert len(texts) == 3
    assert sum("no heat" in text for text in texts) == 1


def test_what_came_last_is_seen_and_sent_before_the_workers_end(city: Build) -> None:
    world = city(station_interval_s=300)
    world.config = AlertsConfig(sms=SmsConfig(group_wait_s=0))
    world.now = at(300)
    world.append(sorted(story(), key=lambda say: say[1]))
    stop = threading.Event()
    stop.set()
    run_alerts(world.readings, world.engine, world.config, world.settings, lambda: world.now, stop)
    assert [each for each in world.episodes() if each[0] != "silent_sensor"] == EXPECTED
    assert not world.messages("due", "handing", "failed")


def test_trouble_is_told_once_and_the_work_goes_on(
    city: Build, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = city(station_interval_s=300)
    world.append(story()[:5])
    broken = True
    since = world.readings.since

    def sometimes(batch: int) -> object:
        if broken:
            raise OSError("the disk is away")
        return since(batch)

    monkeypatch.setattr(world.readings, "since", sometimes)
    stop = threading.Event()
    args = (world.readings, world.engine, world.config, world.settings, lambda: world.now, stop)
    worker = threading.Thread(target=run_alerts, args=args)
    worker.start()
    time.sleep(1.0)
    broken = False
    deadline = time.monotonic() + 20
    while "going on" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    worker.join(20)
    lines = [r.getMessage() for r in caplog.records if "disk" in r.getMessage()]
    assert len(lines) == 1
    assert "going on" in caplog.text


def test_it_is_not_going_on_while_the_clock_can_not_be_looked_at(
    city: Build, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = city(station_interval_s=300)
    tries = [0]

    def full(*_: object, **__: object) -> None:
        tries[0] += 1
        raise OSError(f"the disk is full\n[parameters: {tries[0]}]")

    monkeypatch.setattr("alerts.follower.run.tick", full)
    stop = threading.Event()
    args = (world.readings, world.engine, world.config, world.settings, lambda: world.now, stop)
    worker = threading.Thread(target=run_alerts, args=args)
    worker.start()
    deadline = time.monotonic() + 30
    while tries[0] < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    worker.join(20)
    assert tries[0] >= 4
    lines = [r.getMessage() for r in caplog.records if "disk" in r.getMessage()]
    assert len(lines) == 1
    assert "going on" not in caplog.text


def test_a_clock_that_catches_up_is_noticed_and_settles() -> None:
    pace = Pace()
    fast = [pace.catching_up(second, T0 + timedelta(minutes=10 * second), 0) for second in range(5)]
    assert all(fast), "after a start it is not known, so assumed"
    late = T0 + timedelta(minutes=40)
    slow = [
        pace.catching_up(4 + second, late + timedelta(seconds=second), 0)
        for second in (1, 29, 31, 60)
    ]
    assert slow == [True, True, False, False]


def test_while_what_waited_still_comes_the_run_catches_up() -> None:
    """Each half minute a quarter of an hour of readings, from three hours ago to now."""
    pace = Pace()
    minutes = [*range(0, 181, 15), *(180 + 25 * n / 60 for n in range(13, 16))]
    told = [
        pace.catching_up(25 * n, at(180) + timedelta(seconds=25 * n), us(minute))
        for n, minute in enumerate(minutes)
    ]
    assert told == [True] * 13 + [True, False, False]


def test_readings_that_come_late_for_another_reason_are_no_catching_up() -> None:
    pace = Pace()
    told = [pace.catching_up(40 * n, at(n * 40 / 60), us(n * 40 / 60 - 100)) for n in range(5)]
    assert told == [True, False, False, False, False]


def test_while_the_clock_catches_up_nothing_is_silent_that_could_not_have_come(city: Build) -> None:
    world = city(station_interval_s=300)
    watch = world.watch()
    world.live(watch, [say for say in story() if say[1] <= 50], ticks=False)
    world.now = at(5000)
    from alerts.follower.run import tick

    tick(world.engine, watch, world.now, catching_up=True)
    assert "silent_sensor" not in {each[0] for each in world.episodes()}


def test_the_same_story_on_postgresql(postgres: str, tmp_path: Path) -> None:
    world = build(tmp_path, station_interval_s=300, books=postgres)
    world.live(world.watch(), story(), ticks=False)
    assert world.episodes() == EXPECTED
    assert len(world.messages("due")) == 3
    world.tick(world.watch())
    world.engine.dispose()
