"""A room is as far below what it is owed as if everybody were owed that."""

from typing import Any

import numpy as np
import pytest

from analytics.heat.comfort import comfort
from analytics.heat.owed import Owed
from tests.analytics.columns import columns, samples
from tests.analytics.heat.test_stations import SEASON

ROOMS, HOMES = np.array([3, 5, 8, 9], np.int32), np.array([1, 1, 2, 4], np.int32)


def limits_one_by_one(owed: Owed) -> list[Any]:
    rooms = dict(zip(owed.rooms.tolist(), owed.of_room.tolist(), strict=True))
    homes = dict(zip(owed.homes.tolist(), owed.of_home.tolist(), strict=True))
    pairs = zip(ROOMS.tolist(), HOMES.tolist(), strict=True)
    return [rooms.get(room, homes.get(home, owed.general)) for room, home in pairs]


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_those_of_each_room_under_its_own_limit(seed: int) -> None:
    dice = np.random.default_rng(seed)
    owed = Owed(
        18_000,
        ROOMS[:2],
        dice.integers(9_000, 22_000, 2),
        HOMES[2:],
        dice.integers(16_000, 22_000, 2),
    )
    limits = owed.of(ROOMS, HOMES)
    assert limits.tolist() == limits_one_by_one(owed)
    rows = [
        samples(*((15 * i, int(dice.integers(8_000, 24_000))) for i in range(40))) for _ in ROOMS
    ]
    every, interval = columns(*rows), np.full(4, 900)
    found = comfort(owed.against_general(every, limits), interval, owed.general, SEASON)
    for row, limit in enumerate(limits.tolist()):
        alone = comfort(columns(rows[row]), interval[:1], limit, SEASON)
        assert found.deficit[row].tolist() == alone.deficit[0].tolist()
        assert found.below_us[row].tolist() == alone.below_us[0].tolist()
        assert found.known_us[row].tolist() == alone.known_us[0].tolist()


def test_where_all_are_owed_the_same_the_readings_are_not_copied() -> None:
    owed, every = Owed(18_000), columns(samples((0, 17_000)))
    assert owed.against_general(every, owed.of(ROOMS[:1], HOMES[:1])) is every
    assert owed.of(ROOMS, HOMES, 17_500).tolist() == [17_500] * 4
