"""Twins of calculators for acts outside China, held against what is settled."""

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import answer_of, comparable
from simulators.law.twins import TWINS, world_of


def differing(policy: str, seeds: range) -> tuple[list[int], int]:
    """Seeds whose season the twin settles otherwise; how many of them pay."""
    file, wrong, paying = load(policy), [], 0
    for seed in seeds:
        world = world_of(policy, seed)
        found = answer_of(settle_facts(world, file))
        paying += bool(found["lines"])
        if comparable(found) != comparable(TWINS[policy](world)):
            wrong.append(seed)
    return wrong, paying
