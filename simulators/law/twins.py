"""Which naive twin a policy has, and the random seasons that it is tried on."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from simulators.law import (
    abroad,
    announced,
    counts,
    decided,
    findings,
    month_tests,
    outage_decisions,
    record_worlds,
    refund,
    russia,
    worlds,
)
from simulators.law.metered import with_meter
from simulators.law.policies import POLICIES
from simulators.law.spans import with_payers
from simulators.law.term_worlds import with_new_terms

Scenario = dict[str, Any]
Twin = Callable[[Scenario], dict[str, Any]]

#: Policy -> its twin.
TWINS: Mapping[str, Twin] = {
    **dict.fromkeys(POLICIES, refund.settle),
    record_worlds.ORDOS: counts.ordos,
    record_worlds.YINCHUAN: counts.yinchuan,
    record_worlds.LIAONING: partial(month_tests.liaoning, bands=month_tests.FORTY),
    record_worlds.DALIAN: partial(month_tests.liaoning, bands=month_tests.TWENTY),
    record_worlds.CHANGCHUN: month_tests.changchun,
    worlds.RUSSIA: russia.russia,
    worlds.COLDEST_RUSSIA: partial(russia.russia, norm=Decimal(20)),
    "NL-WW": announced.netherlands,
    "GB-SUPPLIER-24H": abroad.britain,
    "KR-KDHC": abroad.korea,
    record_worlds.POLAND: abroad.poland,
    findings.NEW_YORK: findings.new_york,
}


#: How often a household's fee was not its own all along.
OFTEN = 0.3


def world_of(policy: str, seed: int) -> Scenario:
    """A random season for a policy that has a twin; the seed says all."""
    if policy == findings.NEW_YORK:
        return findings.random_season(seed)
    if policy in record_worlds.SEASONS:
        world = record_worlds.random_season(seed, policy)
        ends = policy == record_worlds.POLAND
        return with_payers(
            announced.with_causes(record_worlds.with_ends(world) if ends else world), OFTEN
        )
    world = metered(policy, worlds.random_world(seed, policy=policy))
    warmer = {worlds.RUSSIA: 0, worlds.COLDEST_RUSSIA: 2}
    world = in_russia(world, warmer[policy]) if policy in warmer else world
    world = outage_decisions.with_decisions(announced.with_causes(world))
    world = decided.with_decisions(world) if policy in POLICIES else world
    return with_payers(world, OFTEN)


def world_of_new_terms(policy: str, seed: int) -> Scenario:
    """The season of the same seed with contract terms that change inside it."""
    return with_new_terms(world_of(policy, seed))


def metered(policy: str, world: Scenario) -> Scenario:
    """The same season, where the act makes a difference now and then of a metered household."""
    rng = Random(f"{world['id']} metered")
    rules = POLICIES.get(policy, {})
    if not rules.get("outage_of_basic") or rng.random() < 0.6:
        return world
    if rules.get("of_reading") or rules.get("of_basic_and_reading"):
        basic = rng.choice((None, None, "600.00", "0.00", "786.00", "3000.00"))
        return with_meter(rng, world, basic)
    if rng.random() < 0.1:  # the basic fee is not on record
        return world | {"contract": {"heat_price": "0.2"}}
    return world | {"contract": {"basic_fee": rng.choice(("600.00", "0.00", "786.00", "3000.00"))}}


def in_russia(world: Scenario, warmer: int) -> Scenario:
    """The same season in Moscow, now and then so much colder that a break's limits grow short."""
    by = Random(world["id"]).choice((0, 0, 2, 4, 6)) - warmer
    rooms = {
        room: [[at, str(Decimal(value) - by)] for at, value in rows]
        for room, rows in world["rooms"].items()
    }
    acts = [[at, room, str(Decimal(value) + warmer)] for at, room, value in world["acts"]]
    return world | {"rooms": rooms, "acts": acts, "zone": "Europe/Moscow"}
