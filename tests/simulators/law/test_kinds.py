"""Kinds of room in random seasons, and the twins that know them, written apart from the core."""

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import answer_of, comparable
from simulators.law.kinds import (
    OWN,
    kind_of,
    more_than_general,
    of_dwellings,
    of_other_users,
    of_rooms,
    with_kinds,
)
from simulators.law.twins import TWINS, world_of

#: Seeds with rooms of such kinds whose season pays for the cold.
PAYING = {
    "CN-SD-QINGDAO-2017": (7, 16, 34),
    "RU-354": (8, 17, 20),
    "RU-354-31": (1, 17, 20),
}


def test_a_kind_is_drawn_for_policies_that_know_it_alone() -> None:
    worlds = [world_of("CN-SD-QINGDAO-2017", seed) for seed in range(12)]
    some = [any(kind_of(each, room) for room in each["rooms"]) for each in worlds]
    assert any(some)
    assert not all(some)
    for world in worlds:
        for room in world["rooms"]:
            assert more_than_general(world, room) == (-8 if kind_of(world, room) else 0)
    henan = world_of("CN-HA-2018", 3)
    assert with_kinds(henan) is henan


def test_rooms_that_are_taken_away_take_their_kind_with_them() -> None:
    world = {
        "rooms": {"a": [], "b": []}, "room_use": {"b": "kitchen", "c": "kitchen"},
        "corner_rooms": ["a", "c"],
    }  # fmt: skip
    assert of_rooms(world) == world | {"room_use": {"b": "kitchen"}, "corner_rooms": ["a"]}
    assert of_rooms({"rooms": {"a": []}}) == {"rooms": {"a": []}}


def test_a_dwelling_has_the_rooms_alone_that_its_act_names() -> None:
    acts = [["2025-01-10T09:00", "a", "17"], ["2025-01-10T09:00", "b", "12"]]
    world = {
        "policy": "CN-HA-2018", "rooms": {"a": [], "b": []}, "room_use": {"b": "kitchen"},
        "acts": acts,
    }  # fmt: skip
    assert of_other_users(world) == {"b"}
    assert of_dwellings(world) == world | {"rooms": {"a": []}, "acts": acts[:1]}
    assert of_other_users(world | {"policy": "CN-SD-QINGDAO-2017"}) == set()


@pytest.mark.parametrize("policy", sorted(OWN))
def test_settlement_and_twin_agree_on_rooms_of_each_kind_and_a_kind_forgotten_is_seen(
    policy: str,
) -> None:
    for seed in PAYING[policy]:
        world = world_of(policy, seed)
        found = comparable(answer_of(settle_facts(world, load(policy))))
        assert found == comparable(TWINS[policy](world)), seed
        plain = {key: world[key] for key in world if key not in {"room_use", "corner_rooms"}}
        assert found != comparable(TWINS[policy](plain)), seed
