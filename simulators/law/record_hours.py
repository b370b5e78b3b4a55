"""Records of random households at, beside and inside the hours at which their act lets nobody measure."""

import random
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from simulators.law.policies import POLICIES

BESIDE = (0, 0, -1, 1, 90)  # [min]


def with_closed_hours(world: Mapping[str, Any]) -> dict[str, Any]:
    """The world, with half of its records moved to an end of these hours, where its act has any."""
    hours = POLICIES.get(world["policy"], {}).get("nobody_measures")
    if hours is None:
        return dict(world)
    rng = random.Random(f"{world['id']} closed hours")
    moved = {
        (_near(rng, at, hours) if rng.random() < 0.5 else at, room): celsius
        for at, room, celsius in world["acts"]
    }
    acts = [[at, room, celsius] for (at, room), celsius in sorted(moved.items())]
    return {**world, "acts": acts}


def _near(rng: random.Random, at: str, hours: tuple[time, time]) -> str:
    """The record's day at, or beside, an end."""
    end = datetime.combine(datetime.fromisoformat(at), rng.choice(hours))
    return (end + timedelta(minutes=rng.choice(BESIDE))).isoformat(timespec="minutes")
