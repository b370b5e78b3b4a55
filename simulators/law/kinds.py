"""Kinds of room that an act owes more or less than the general standard, drawn for random seasons.

A scenario has `room_use`, room -> its use, and `corner_rooms`, as facts in a file have them.
"""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

#: Policy -> kind of room -> how much more than the general standard it is owed. [K]
OWN: Mapping[str, Mapping[str, Decimal]] = {
    "CN-SD-QINGDAO-2017": {"kitchen": Decimal(-8)},  # art. 31
    "RU-354": {"corner": Decimal(2)},  # item 15
    "RU-354-31": {"corner": Decimal(2)},
}
OTHERS = ("kitchen", "bathroom", "other")  # that the acts do not name (Henan, art. 26)
OFTEN, MOVED = 0.35, 0.7


def kind_of(scenario: Mapping[str, Any], room: str) -> str:
    """What the scenario says of a room that its act has a standard for; "": nothing."""
    own = OWN.get(scenario["policy"], {})
    use = scenario.get("room_use", {}).get(room, "")
    if use in own:
        return str(use)
    return "corner" if "corner" in own and room in scenario.get("corner_rooms", ()) else ""


def more_than_general(scenario: Mapping[str, Any], room: str) -> Decimal:
    """How much more than the general standard a room is owed. [K]"""
    kind = kind_of(scenario, room)
    return OWN[scenario["policy"]][kind] if kind else Decimal(0)


def of_rooms(world: dict[str, Any]) -> dict[str, Any]:
    """The world with the kinds of the rooms that it has alone, after some were taken away."""
    left = {
        "room_use": {
            room: use for room, use in world.get("room_use", {}).items() if room in world["rooms"]
        },
        "corner_rooms": [room for room in world.get("corner_rooms", ()) if room in world["rooms"]],
    }
    return world | {key: left[key] for key in left if key in world}


def of_other_users(scenario: Mapping[str, Any]) -> set[str]:
    """Rooms that count for users who are not residential only."""
    named = OWN.get(scenario.get("policy", ""), {})
    uses = scenario.get("room_use", {})
    return {room for room, use in uses.items() if use in OTHERS and use not in named}


def of_dwellings(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The season of the rooms that an act names."""
    away = of_other_users(scenario)
    rooms = {room: rows for room, rows in scenario["rooms"].items() if room not in away}
    acts = [each for each in scenario["acts"] if each[1] not in away]
    return {**scenario, "rooms": rooms, "acts": acts}


def with_kinds(world: dict[str, Any]) -> dict[str, Any]:
    """Now and then a room of such a kind, mostly with its temperatures at the edges of its standard."""
    rng = Random(f"{world['id']} {world['policy']} kinds")
    for kind in OWN.get(world["policy"], ()):
        for room in sorted(world["rooms"]):
            if rng.random() < OFTEN:
                world = _of_kind(world, room, kind, moved=rng.random() < MOVED)
    return world


def _of_kind(world: dict[str, Any], room: str, kind: str, *, moved: bool) -> dict[str, Any]:
    by = OWN[world["policy"]][kind] if moved else Decimal(0)
    rows = [[at, str(Decimal(celsius) + by)] for at, celsius in world["rooms"][room]]
    acts = [
        [at, where, str(Decimal(celsius) + by) if where == room else celsius]
        for at, where, celsius in world["acts"]
    ]
    found = {**world, "rooms": world["rooms"] | {room: rows}, "acts": acts}
    if kind == "corner":
        return found | {"corner_rooms": [*world.get("corner_rooms", ()), room]}
    return found | {"room_use": world.get("room_use", {}) | {room: kind}}
