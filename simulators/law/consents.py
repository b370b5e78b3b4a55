"""Standing consent of random households: requests are made for them (regulations.md 7.20)."""

from collections.abc import Mapping
from random import Random
from typing import Any

OFTEN = 0.2


def with_consent(world: Mapping[str, Any]) -> dict[str, Any]:
    """The season, of a part of all with standing consent in the contract; its id and policy say all."""
    rng = Random(f"{world['id']} {world['policy']} consent")
    return {**world, "standing_consent": True} if rng.random() < OFTEN else dict(world)
