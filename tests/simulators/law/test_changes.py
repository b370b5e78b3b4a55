"""Changes that may not pay less: each changes what it says, and never the season it is given."""

import json
from decimal import Decimal
from random import Random

import pytest

from simulators.law.changes import (
    PROPERTIES,
    failing_record,
    gap_filled_cold,
    meter_reading_between,
    shuffled,
)
from simulators.law.twins import TWINS, world_of

CHANGES = [change for changes in PROPERTIES.values() for change in changes]
LINYI = "CN-SD-LINYI-2017"
LUOYANG = "CN-HA-LY-2018"  # where meters are read


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_a_change_leaves_its_season_alone_and_is_the_same_for_a_seed(change: object) -> None:
    assert callable(change)
    changed = 0
    for seed in range(30):
        world = world_of(LUOYANG if change is meter_reading_between else LINYI, seed)
        before = json.dumps(world)
        found = change(world, Random(seed))
        assert json.dumps(world) == before
        assert found == change(world, Random(seed))
        changed += found is not None and found != world
    assert changed >= 5, "the seeds must show it"


def test_another_order_has_the_same_facts() -> None:
    world = world_of(LINYI, 3)
    mixed = shuffled(world, Random(3))
    assert mixed != world
    assert {room: sorted(rows) for room, rows in mixed["rooms"].items()} == {
        room: sorted(rows) for room, rows in world["rooms"].items()
    }
    assert all(sorted(mixed[key]) == sorted(world[key]) for key in ("acts", "requests", "outages"))


def test_every_list_of_facts_is_put_into_another_order() -> None:
    """Decisions on outages, causes of outages, corner rooms and the outdoor series were left as they stood."""
    moved: set[str] = set()
    lists: set[str] = set()
    for policy in TWINS:
        for seed in range(12):
            world = world_of(policy, seed)
            mixed = shuffled(world, Random(seed))
            own = {key for key, rows in world.items() if isinstance(rows, list)}
            lists |= {key for key in own if len(world[key]) > 1}
            moved |= {key for key in own if mixed[key] != world[key]}
            assert mixed["season"] == world["season"]
    assert {"outage_decisions", "outdoor", "decisions"} <= lists
    assert moved == lists - {"season"}


@pytest.mark.parametrize("policy", TWINS)
def test_a_policys_season_is_its_own_and_the_same_for_a_seed(policy: str) -> None:
    assert world_of(policy, 5)["policy"] == policy
    assert world_of(policy, 5) == world_of(policy, 5) != world_of(policy, 6)


def test_a_gap_is_filled_as_cold_as_the_record_in_it() -> None:
    rows = [["2024-12-05T22:46", "16.000"], ["2024-12-06T04:46", "16.500"]]
    season = {
        "policy": "CN-HA-2018", "interval_min": 30, "rooms": {"bedroom": rows},
        "acts": [["2024-12-05T23:30", "bedroom", "14.000"]],
    }  # fmt: skip
    changed = gap_filled_cold(season, Random(1))
    assert changed is not None
    added = [row for row in changed["rooms"]["bedroom"] if row not in rows]
    assert {value for _, value in added} == {"14.000"}
    assert len(added) == 11


@pytest.mark.parametrize("key", ["contract", "contract_changes"])
def test_a_failing_record_fails_also_where_the_contract_agrees_on_less(key: str) -> None:
    terms = {"since": "2025-01-01T00:00", "agreed": "16.5"}
    scenario = {
        "policy": "CN-BJ-BF2022-0501", "interval_min": 15, "rooms": {"living": [["2025-02-01T08:00", "17"]]},
        "acts": [], "requests": [], "outages": [], key: terms if key == "contract" else [terms],
    }  # fmt: skip
    for seed in range(20):
        changed = failing_record(scenario, Random(seed))
        assert changed is not None
        ((_, _, celsius),) = changed["acts"]
        assert Decimal(celsius) < Decimal("16.5")
