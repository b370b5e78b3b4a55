"""One feed, gateway or bridge dies while others speak: one fault, whatever it carried."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.columns.feeds import METERS, SENSORS
from alerts.detectors.base import Opened
from store.books.watch import Episode
from tests.alerts.world import STATION_CHANNELS, Bench, Say, World, at, build, every

Build = Callable[..., World]
DEAD, UNTIL = 60, 150
VALUES = {"flow": 12.0, "t_sup": 45.0, "makeup": 0.05}


def meters(stations: int, dies: Mapping[str, float], step: int = 5) -> list[Say]:
    """Each station's meters, out of step with the others', until it dies."""
    says: list[Say] = []
    for n in range(1, stations + 1):
        name = f"S{n}"
        for i, channel in enumerate(STATION_CHANNELS):
            since = (n + i) % step
            until = dies.get(name, UNTIL)
            says += every(f"{name}.{channel}", VALUES[channel], since, until, step)
    return says


def rooms(stations: int, until: float, step: int = 10) -> list[Say]:
    return [
        say
        for n in range(1, stations + 1)
        for home in (1, 2)
        for say in every(f"S{n}-H{home}.t", 20.0, (3 * n + home) % step, until, step)
    ]


def all_episodes(world: World) -> list[Episode]:
    with Session(world.engine) as session:
        return list(session.scalars(sa.select(Episode).order_by(Episode.id)))


def code_of(world: World, episode: Episode) -> str:
    return next(code for code, place in world.place.items() if place == episode.place_id)


def told(world: World) -> list[str]:
    """Places of the messages that leave, or would."""
    places = {episode.id: code_of(world, episode) for episode in all_episodes(world)}
    return [places[each.episode_id or 0] for each in world.messages("due", "handed")]


def test_a_dead_bridge_of_the_stations_meters_is_one_fault_with_its_stations_as_children(
    city: Build,
) -> None:
    world = city(sources={"Q1": 5, "Q2": 2}, station_interval_s=300)
    dies = {f"S{n}": DEAD for n in range(1, 6)}
    says = [*meters(7, dies), *rooms(7, UNTIL)]
    watch = world.watch()
    world.live(watch, [say for say in says if say[1] < 100])
    episodes = all_episodes(world)
    top = [each for each in episodes if each.parent_id is None]
    assert [(code_of(world, each), each.evidence["reason"]) for each in top] == [("Q1", METERS)]
    assert (top[0].evidence["stations"], top[0].evidence["of"]) == (5, 5)
    children = {code_of(world, each) for each in episodes if each.parent_id == top[0].id}
    assert children == {"S1", "S2", "S3", "S4", "S5"}
    assert told(world) == ["Q1"], "what opened before it has waited for it"
    [message] = world.messages("due")
    assert "5/5" in message.text
    again = world.watch()  # as after a start
    world.tick(again)
    back = [say for say in meters(7, {}) if say[1] >= 100]
    world.live(again, [*back, *(say for say in says if say[1] >= 100 and ".t" in say[0])])
    assert all(each.cleared_at for each in all_episodes(world))
    assert len(all_episodes(world)) == len(episodes)


def test_a_dead_feed_of_the_homes_sensors_is_one_fault_of_the_company(city: Build) -> None:
    world = city(sources={"Q1": 2, "Q2": 2}, station_interval_s=300)
    watch = world.watch()
    world.live(watch, [*meters(4, {}), *rooms(4, DEAD)])
    episodes = all_episodes(world)
    top = [each for each in episodes if each.parent_id is None]
    assert [(code_of(world, each), each.evidence["reason"]) for each in top] == [("demo", SENSORS)]
    assert told(world) == ["demo"]


def test_a_station_that_died_long_before_the_feed_keeps_its_own_alert(city: Build) -> None:
    world = city(sources={"Q1": 4}, station_interval_s=300)
    watch = world.watch()
    dies = {"S1": 10, **{f"S{n}": DEAD + 20 for n in range(2, 5)}}
    world.live(watch, [*meters(4, dies), *rooms(4, UNTIL)])
    top = {code_of(world, each) for each in all_episodes(world) if each.parent_id is None}
    assert top == {"S1", "Q1"}
    assert sorted(told(world)) == ["Q1", "S1"]


@pytest.mark.parametrize("seed", range(12))
def test_what_does_not_fall_silent_together_is_never_one_fault(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Random deaths: the rule, written down once more from the stations' own last values."""
    dice = random.Random(seed)
    world = build(tmp_path_factory.mktemp("deaths"), sources={"Q1": 6}, station_interval_s=300)
    count = dice.randint(1, 6)
    dies = {f"S{n}": dice.randint(30, 110) for n in dice.sample(range(1, 7), count)}
    says = [*meters(6, dies), *rooms(6, UNTIL)]
    bench = Bench(world)
    bench.tick(0)
    for minute in range(UNTIL):
        bench.take([say for say in says if say[1] == minute])
        bench.tick(minute)
    opened = [each for each in bench.changes if isinstance(each, Opened)]
    last = {name: max(m for key, m, _ in says if key.startswith(f"{name}.")) for name in dies}
    wait, need = 20, 2  # minutes: four intervals; 0.3 of six stations
    groups = [[name for name in last if 0 <= last[name] - since <= wait] for since in last.values()]
    largest = max(groups, key=len, default=[])
    grouped = [each for each in opened if each.reason == METERS]
    assert bool(grouped) == (len(largest) >= need), (dies, last)
    for each in grouped:
        since = datetime.fromisoformat(each.numbers["since"])
        assert any(at(minute) == since for minute in last.values())
        assert each.numbers["stations"] >= need
    alone = [each for each in opened if each.reason != METERS]
    codes = {bench.watch.city.places.codes[each.place] for each in alone}
    assert codes == set(dies), "every dead station has an episode of its own"
    world.engine.dispose()
