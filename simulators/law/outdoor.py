"""Days colder outdoors than the design temperature of the city, drawn for random seasons.

A scenario has `outdoor_excused_days`, local days, as facts in a file have them. Whether an act lets them
excuse the supplier is the twin's to know (`simulators.law.policies`, `outdoor`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

#: What dwellings are owed where the acts have such a clause. [Cel]
STANDARD = Decimal(18)
HOW_MANY = (0, 1, 2, 3)
BESIDE = (-1, 0, 0, 1)  # [d]


def with_cold_days(world: Mapping[str, Any]) -> dict[str, Any]:
    """The world with up to three such days, at or beside the edges of what happens in it."""
    rng = Random(f"{world['id']} outdoor")
    there = sorted({*_edges(world)})
    count = rng.choice(HOW_MANY) if there else 0
    days = {
        str(date.fromisoformat(rng.choice(there)) + timedelta(days=rng.choice(BESIDE)))
        for _ in range(count)
    }
    return {**world, "outdoor_excused_days": sorted(days)}


def _edges(world: Mapping[str, Any]) -> Iterator[str]:
    """Local days on which a room turns cold or warm, a user's fault begins or ends, or somebody asks."""
    for rows in world["rooms"].values():
        yield from (row[0][:10] for row in (*rows[:1], *rows[-1:]))
        for one, other in pairwise(rows):
            if (Decimal(one[1]) < STANDARD) != (Decimal(other[1]) < STANDARD):
                yield other[0][:10]
    for since, until in world.get("user_faults", ()):
        yield from (since[:10], until[:10])
    yield from (each[:10] for each in world["requests"])
