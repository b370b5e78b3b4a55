"""Twins of calculators for acts outside China, held against what is settled."""

from analytics.law.policy import load
from heatwatch.evaluate.law_city import answer_of, comparable, settled_together
from simulators.law.twins import TWINS, world_of


def differing(policy: str, seeds: range) -> tuple[list[int], int]:
    """Seeds whose season the twin settles otherwise; how many of them pay."""
    wrong, paying = [], 0
    worlds = [world_of(policy, seed) for seed in seeds]
    for seed, world, result in zip(
        seeds, worlds, settled_together(load(policy), worlds), strict=True
    ):
        found = answer_of(result)
        paying += bool(found["lines"])
        if comparable(found) != comparable(TWINS[policy](world)):
            wrong.append(seed)
    return wrong, paying
