"""A season made small keeps what is wrong and nothing else."""

from simulators.law.smallest import LISTS, Worlds, smallest
from simulators.law.twins import TWINS, world_of

#: Lists that are taken as they are: from when to when, and what an instrument read.
WHOLE = {"season", "meter", "outdoor"}


def test_only_what_is_needed_stays_in_every_season() -> None:
    first = world_of("CN-SD-LINYI-2017", 8) | {
        "requests": ["2025-01-01T00:00", "2025-01-02T00:00"],
        "rooms": {
            "bedroom": [[f"2025-01-01T{h:02d}:00", "17.000"] for h in range(24)],
            "living": [],
        },
        "acts": [
            ["2025-01-05T09:00", "bedroom", "17.000"],
            ["2025-01-06T09:00", "bedroom", "16.000"],
        ],
        "room_area": {"bedroom": "12.00", "living": "15.00"},
    }
    colder = first | {"acts": [[at, room, "15.000"] for at, room, _ in first["acts"]]}

    def wrong(worlds: Worlds) -> bool:
        one, other = worlds
        return (
            ["2025-01-01T07:00", "17.000"] in one["rooms"].get("bedroom", [])
            and "2025-01-02T00:00" in one["requests"]
            and any(each[0] == "2025-01-06T09:00" for each in other["acts"])
        )

    one, other = smallest((first, colder), wrong)
    assert one["rooms"] == {"bedroom": [["2025-01-01T07:00", "17.000"]]} == other["rooms"]
    assert one["requests"] == ["2025-01-02T00:00"] == other["requests"]
    assert one["acts"] == [["2025-01-06T09:00", "bedroom", "16.000"]]
    assert other["acts"] == [["2025-01-06T09:00", "bedroom", "15.000"]]
    assert one["outages"] == []
    assert set(one["room_area"]) == {"bedroom"}


def test_changes_of_terms_that_say_nothing_are_gone() -> None:
    rows = [{"since": f"2025-01-{day}T00:00", "season_fee": "0.00"} for day in (10, 20)]
    world = world_of("CN-SD-LINYI-2017", 8) | {"contract_changes": rows}
    (one,) = smallest((world,), lambda worlds: rows[1] in worlds[0]["contract_changes"])
    assert one["contract_changes"] == [rows[1]]


def test_every_list_of_facts_of_a_season_is_made_smaller() -> None:
    worlds = [world_of(policy, seed) for policy in TWINS for seed in range(12)]
    lists = {key for world in worlds for key, rows in world.items() if isinstance(rows, list)}
    assert "outage_decisions" in lists
    assert lists - WHOLE <= {*LISTS}


def test_decisions_on_outages_that_say_nothing_are_gone() -> None:
    rows = [{"since": f"2025-01-{day}T00:00", "share": "0.5"} for day in (10, 20)]
    world = world_of("CN-SD-TAIAN-2020", 8) | {"outage_decisions": rows}
    (one,) = smallest((world,), lambda worlds: rows[1] in worlds[0]["outage_decisions"])
    assert one["outage_decisions"] == [rows[1]]
