"""Amendments of random seasons: on a day inside, near what happens in it."""

from datetime import date

from simulators.law.amendments import AMENDMENTS, for_twin, some_day
from simulators.law.twins import world_of


def test_a_day_lies_inside_the_season_and_is_its_seeds() -> None:
    for policy in AMENDMENTS:
        world = world_of(policy, 3)
        first, last = (date.fromisoformat(text[:10]) for text in world["season"])
        assert first < some_day(world, 3) < last
        assert some_day(world, 3) == some_day(world, 3)


def test_the_twin_is_told_beside_the_season() -> None:
    day = date(2025, 1, 15), {"outage_multiple": (48, 3)}
    assert for_twin({"id": 1}, day) == {"id": 1, "amended": (day,)}
