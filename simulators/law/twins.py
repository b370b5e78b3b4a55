"""Which naive twin a policy has, and the random seasons that it is tried on."""

from collections.abc import Callable, Mapping
from typing import Any

from simulators.law import counts, record_worlds, refund, season, worlds

Scenario = dict[str, Any]
Twin = Callable[[Scenario], dict[str, Any]]

#: Policy -> its twin.
TWINS: Mapping[str, Twin] = {
    **dict.fromkeys(season.POLICIES, refund.settle),
    record_worlds.ORDOS: counts.ordos,
    record_worlds.YINCHUAN: counts.yinchuan,
}


def world_of(policy: str, seed: int) -> Scenario:
    """A random season for a policy that has a twin; the seed says all."""
    if policy in record_worlds.SEASONS:
        return record_worlds.random_season(seed, policy)
    return worlds.random_world(seed, policy=policy)
