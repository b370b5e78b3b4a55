"""Records of random households are moved to the hours at which nobody may measure, under acts that have some."""

from datetime import datetime, time

from simulators.law.record_hours import with_closed_hours
from simulators.law.worlds import random_world


def test_records_lie_on_both_sides_of_both_ends() -> None:
    worlds = [random_world(seed, policy="CN-HL-2021") for seed in range(60)]
    at = {datetime.fromisoformat(act[0]).time() for world in worlds for act in world["acts"]}
    assert {time(9, 59), time(10), time(13, 59), time(14)} <= at


def test_each_keeps_its_day_and_none_is_made_twice() -> None:
    for seed in range(30):
        world = random_world(seed, policy="CN-TJ-2010")
        assert with_closed_hours(world) == world
        moved = with_closed_hours({**world, "policy": "CN-HL-2021"})
        days = {(at[:10], room) for at, room, _ in world["acts"]}
        assert {(at[:10], room) for at, room, _ in moved["acts"]} == days
        keys = [(at, room) for at, room, _ in moved["acts"]]
        assert keys == sorted(set(keys))
