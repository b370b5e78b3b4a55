"""Homes that a wider cause explains are its children, for as long as it explains them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from store.books.watch import Episode
from tests.alerts.episodes.told import Build, outage
from tests.alerts.world import at, every


def test_homes_that_get_cold_in_an_outage_are_its_children_and_not_told(city: Build) -> None:
    world = city(homes=5, station_interval_s=300)
    homes = [say for n in range(1, 6) for say in every(f"S1-H{n}.t", 17.0, 60, 140, 10)]
    world.live(world.watch(), [*outage("S1", 20, 140), *homes], ticks=False)
    kinds = [each[0] for each in world.episodes()]
    assert kinds == ["station_outage"] + ["low_room_temperature"] * 5
    (message,) = world.messages()
    assert "影响5户" in message.text
    with Session(world.engine) as session:
        (parent,) = session.scalars(sa.select(Episode).where(Episode.kind == "station_outage"))
        assert parent.evidence["children"] == 5
        cold = session.scalars(sa.select(Episode).where(Episode.parent_id == parent.id)).all()
        assert len(cold) == 5


def test_a_home_that_was_cold_before_the_outage_stays_on_its_own(city: Build) -> None:
    world = city(homes=1, station_interval_s=300)
    world.live(
        world.watch(), [*outage("S1", 40, 140), *every("S1-H1.t", 17.0, 0, 140, 10)], ticks=False
    )
    assert len(world.messages("due")) == 2


def test_a_child_that_outlasts_its_cause_by_half_a_day_is_told_after_all(city: Build) -> None:
    world = city(homes=1, station_interval_s=300)
    watch = world.watch()
    back = every("S1.flow", 12.0, 140, 220, 5)
    world.live(
        watch, [*outage("S1", 20, 140), *back, *every("S1-H1.t", 17.0, 60, 220, 10)], ticks=False
    )
    assert len(world.messages()) == 1
    world.now = at(200 + 12 * 60 - 1)
    world.tick(watch)
    assert [m.recipient for m in world.messages() if "低于18℃" in m.text] == []
    world.now = at(201 + 12 * 60)
    world.tick(watch)
    world.tick(watch)
    assert len([m for m in world.messages() if "低于18℃" in m.text]) == 1
