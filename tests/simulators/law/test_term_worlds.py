"""Random contracts whose terms change lie in their season, on local midnights, and say all that holds."""

from datetime import datetime, time

from analytics.facts.facts_file import from_facts
from simulators.law.term_worlds import said_twice, with_new_terms
from simulators.law.twins import world_of, world_of_new_terms
from simulators.law.worlds import random_world

WORLDS = [with_new_terms(random_world(seed, policy="CN-TJ-2010")) for seed in range(60)]


def test_changes_are_of_the_begins_of_local_days_in_the_season() -> None:
    found = [row for world in WORLDS for row in world.get("contract_changes", ())]
    assert len(found) > 50
    for world in WORLDS:
        since, until = (datetime.fromisoformat(text) for text in world["season"])
        begins = [datetime.fromisoformat(row["since"]) for row in world.get("contract_changes", ())]
        assert begins == sorted(set(begins))
        assert all(since < at < until and at.time() == time.min for at in begins)
        from_facts(world, world["policy"])  # refuses none


def test_some_change_the_fee_some_the_agreed_temperature_and_some_nothing() -> None:
    rows = [row for world in WORLDS for row in world.get("contract_changes", ())]
    assert any("season_fee" in row for row in rows)
    assert any("season_fee" not in row for row in rows)
    assert len({row.get("agreed") for row in rows}) > 2
    assert len({row.get("area") for row in rows}) > 3  # Tianjin: the affected part of it
    assert sum("contract_changes" in with_new_terms(each, 0.2) for each in WORLDS) < 60


def test_some_rows_name_terms_that_the_act_does_not_read() -> None:
    worlds = [world_of_new_terms("CN-HA-LY-2018", seed) for seed in range(60)]
    rows = [row for world in worlds for row in world.get("contract_changes", ())]
    own = [row for row in rows if row.get("use") is None]
    assert any("agreed" in row and "bands" not in row for row in own)
    assert any("bands" in row and "heat_price" in row for row in own)
    assert any("agreed" not in row for row in own)


def test_a_use_changes_where_the_act_leaves_others_to_the_contract() -> None:
    worlds = [world_of_new_terms("CN-HA-2018", seed) for seed in range(60)]
    changed = [
        world
        for world in worlds
        if len({row.get("use") for row in (world.get("contract", {}), *world.get("contract_changes", ()))}) > 1
    ]  # fmt: skip
    assert len(changed) > 5
    assert any("room_use" in world for world in changed)
    luoyang = [world_of_new_terms("CN-HA-LY-2018", seed) for seed in range(20)]
    assert not any("room_use" in world for world in luoyang)


def test_terms_said_twice_are_those_of_the_begin() -> None:
    world = random_world(3, policy="CN-TJ-2010") | {"contract": {"agreed": "20"}}
    (row,) = said_twice(world)["contract_changes"]
    assert row == {"since": "2025-01-15T00:00", "agreed": "20"}


def test_a_meters_price_changes_too() -> None:
    worlds = [world_of_new_terms("CN-HA-LY-2018", seed) for seed in range(80)]
    metered = [world for world in worlds if "heat_price" in world.get("contract", {})]
    rows = [(world, row) for world in metered for row in world.get("contract_changes", ())]
    assert any(row.get("heat_price") not in {None, w["contract"]["heat_price"]} for w, row in rows)
    assert any("heat_price" not in row for _, row in rows)


def test_seasons_of_new_terms_are_those_of_their_seed_and_its_changes() -> None:
    for seed in range(10):
        changed = world_of_new_terms("CN-TJ-2010", seed)
        same = {key: own for key, own in changed.items() if key != "contract_changes"}
        assert same == world_of("CN-TJ-2010", seed)
