"""What is kept in the checkpoint comes back, also into a changed registry."""

from datetime import timedelta

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.config import AlertsConfig, Settings
from alerts.episodes import memory
from alerts.follower.watch import Watch
from store.books.registry import Series
from store.books.watch import Episode
from tests.actors import changing
from tests.alerts.episodes.told import Build
from tests.alerts.world import Bench, at, every
from tests.books import new_books


def test_arrays_come_back_as_they_were(bench: Bench) -> None:
    bench.take(every("S1-H1.t", 17.0, 0, 50, 10))
    kept = memory.unpack(memory.pack(bench.watch.kept()))
    for name, arrays in bench.watch.kept().items():
        for column, array in arrays.items():
            np.testing.assert_array_equal(kept[name][column], array)


def test_a_state_of_another_version_is_not_read() -> None:
    assert memory.unpack({}) == {}
    assert memory.unpack(memory.pack({}) | {"version": 0}) == {}


def test_what_is_known_finds_its_row_when_series_were_added(city: Build) -> None:
    world = city()
    bench = Bench(world)
    bench.take(every("S1-H2.t", 17.0, 0, 50, 10))
    with changing(world.engine) as session:
        session.execute(
            sa.update(Series).where(Series.id == world.series["S1-H1.t"]).values(id=100)
        )
        world.series["S1-H1.t"] = 100
    later = Bench(world)
    later.watch.put_back(bench.watch.kept())
    later.take(every("S1-H2.t", 17.0, 50, 61, 10))
    later.take(every("S1-H1.t", 17.0, 0, 61, 10))
    assert [each[2:] for each in later.told()] == [("S1-H2", 60), ("S1-H1", 60)]


def test_an_empty_registry_is_watched_without_complaint(city: Build) -> None:
    world = city()
    engine = new_books(world.folder / "empty.db")
    with Session(engine) as session:
        watch = Watch.blank(session, Settings(AlertsConfig()))
    bench = Bench(world)
    bench.watch = watch
    assert bench.take([("S1-H1.t", 0, 17.0)]) == []
    assert bench.tick(100) == []
    engine.dispose()


def test_an_open_episode_says_every_few_minutes_how_it_is_now(city: Build) -> None:
    world = city()
    watch = world.watch()
    world.live(watch, [*every("S1-H1.t", 17.0, 0, 61, 10), *every("S1-H1.t", 15.5, 70, 81, 10)])
    with Session(world.engine) as session:
        (cold,) = session.scalars(sa.select(Episode).where(Episode.kind == "low_room_temperature"))
    assert cold.evidence["celsius"] == "15.500"
    assert cold.evidence["lowest_c"] == "15.500"
    assert cold.evidence["since"] == at(0).isoformat()
    assert at(80) - cold.updated_at < timedelta(minutes=10)
