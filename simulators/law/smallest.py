"""A season in which something is wrong made as small as it stays wrong."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simulators.law.kinds import of_rooms

Scenario = dict[str, Any]
#: The seasons of one comparison: a season alone, or one with its changed twin.
Worlds = tuple[Scenario, ...]
LISTS = (
    "requests", "acts", "outages", "refusals", "user_faults", "fee_spans", "contract_changes",
    "outdoor_excused_days", "decisions", "outage_decisions", "outage_notes", "corner_rooms",
)  # fmt: skip


def smallest(worlds: Worlds, wrong: Callable[[Worlds], bool]) -> Worlds:
    """The same with every list entry, room and reading gone without which it is still `wrong`.

    What is taken away is taken from each of the seasons.
    """
    before: Worlds = ()
    while worlds != before:
        before = worlds
        for room in worlds[0]["rooms"]:
            worlds = _fewer_readings(worlds, room, wrong)
        for smaller in _smaller(worlds):
            if smaller != worlds and wrong(smaller):
                worlds = smaller
                break
    return worlds


def _smaller(worlds: Worlds) -> Iterator[Worlds]:
    """Without a room, and without an entry of a list, each in turn."""
    first = worlds[0]
    for room in first["rooms"] if len(first["rooms"]) > 1 else ():
        if not any(each[1] == room for world in worlds for each in world["acts"]):
            yield tuple(_without_room(world, room) for world in worlds)
    for key in LISTS:
        for entry in first.get(key, ()):
            yield tuple(_without(world, key, entry) for world in worlds)


def _fewer_readings(worlds: Worlds, room: str, wrong: Callable[[Worlds], bool]) -> Worlds:
    """Without halves, quarters ... and single readings of a room, as long as it is wrong."""
    times = sorted({at for world in worlds for at, _ in world["rooms"][room]})
    size = len(times)
    while size >= 1:
        first = 0
        while first < len(times):
            gone = set(times[first : first + size])
            smaller = tuple(_without_readings(world, room, gone) for world in worlds)
            if wrong(smaller):
                worlds = smaller
                times = [each for each in times if each not in gone]
            else:
                first += size
        size //= 2
    return worlds


def _without_room(world: Scenario, room: str) -> Scenario:
    parts = {"rooms", "room_area"} & world.keys()
    return of_rooms(
        world | {key: {k: v for k, v in world[key].items() if k != room} for key in parts}
    )


def _without_readings(world: Scenario, room: str, gone: set[str]) -> Scenario:
    rows = [each for each in world["rooms"][room] if each[0] not in gone]
    return world | {"rooms": world["rooms"] | {room: rows}}


def _without(world: Scenario, key: str, entry: Any) -> Scenario:
    """Without the entry, or without the one that stands at its place and its instant."""
    rows: Sequence[Any] = world.get(key, ())
    near = [each for each in rows if each == entry] or [
        each for each in rows if key == "acts" and each[:2] == entry[:2]
    ]
    kept = list(rows)
    if near:
        kept.remove(near[0])
    return world | {key: kept}
