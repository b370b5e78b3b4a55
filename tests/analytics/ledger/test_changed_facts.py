"""What a correction takes otherwise of a household: corrected, withdrawn and new facts, and no others."""

from pathlib import Path
from typing import Any

from analytics.ledger.changed_facts import FactChange, facts_between
from heatwatch.wiring import World
from store.registry.places import tree
from tests.analytics.books import SEASON
from tests.analytics.ledger.test_ended_facts import WHY, Says, city

__all__ = ["city"]  # fixtures

BY = WHY[:2]


def measured(says: Says, celsius: str, *how: str) -> None:
    room = ("room=H1-bed", "at=2025-01-12 18:00", f"celsius={celsius}", "signed_by=Li; Wu")
    says("evidence", "record", "measurements", *room, *how)


def drafted(says: Says) -> int:
    return int(says("settle", "draft", "--season", SEASON)["run"])


def found(world: World, first: int, second: int, home: str = "H1") -> list[FactChange]:
    return facts_between(world.books, tree(world.books).within(1), first, second, home)


def told(changes: list[FactChange]) -> list[tuple[Any, ...]]:
    return [(e.kind, e.key, e.how, str(e.by), e.reason, e.values) for e in changes]


def test_a_corrected_a_withdrawn_and_a_new_fact_are_named_with_who_and_why(
    city: tuple[World, Says],
) -> None:
    world, says = city
    measured(says, "17.9", *BY)
    first = drafted(says)
    measured(says, "15", *WHY)
    measured(says, "13.5", *WHY)
    says("evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", *WHY)
    says("evidence", "record", "requests", "household=H1", "at=2025-01-11 06:00", *BY)
    second = drafted(says)
    by = ("user:Li Wei", "of the neighbour")
    expected = {
        ("measurements", "H1-bed / 2025-01-12T10:00:00Z", "superseded", *by, (("17.9", "13.5"),)),
        ("requests", "2025-01-09T22:00:00Z", "withdrawn", *by, ()),
        ("requests", "2025-01-10T22:00:00Z", "added", "user:Li Wei", "", ()),
    }
    assert {*told(found(world, first, second))} == expected
    assert found(world, first, second, "H2") == found(world, second, second) == []


def test_what_is_recorded_behind_the_later_run_changes_nothing_of_its_letter(
    city: tuple[World, Says],
) -> None:
    world, says = city
    measured(says, "17.9", *BY)
    first = drafted(says)
    measured(says, "15", *WHY)
    says("evidence", "record", "requests", "household=H1", "at=2025-01-12 06:00", *BY)
    second = drafted(says)
    before = found(world, first, second)
    assert len(before) == 2
    measured(says, "13.5", *WHY)
    says("evidence", "withdraw", "requests", "H1", "2025-01-12T06:00", *WHY)
    says("evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", *WHY)
    assert found(world, first, second) == before


def test_a_stop_of_the_station_is_one_of_each_home_below_it_and_of_no_other(
    city: tuple[World, Says],
) -> None:
    world, says = city
    first = drafted(says)
    says(
        "evidence", "record", "outages", "place=S1-01", "since=2025-01-20 00:00",
        "until=2025-01-21 00:00", *BY,
    )  # fmt: skip
    second = drafted(says)
    (stop,) = found(world, first, second)
    assert (stop.kind, stop.key, stop.how) == ("outages", "S1-01 / 2025-01-19T16:00:00Z", "added")
    assert found(world, first, second, "H3") == []


def test_a_sensor_that_was_moved_is_named(city: tuple[World, Says], tmp_path: Path) -> None:
    world, says = city
    first = drafted(says)
    path = tmp_path / "series.csv"
    head = "device,channel,role,place,interval_s,since,until\n"
    since, until = "2024-01-01T00:00:00Z", "2025-01-12T00:00:00+08:00"
    row = f"d1,t,room_temperature,H1-bed,900,{since},{until}\n"
    path.write_text(head + row, encoding="utf-8")
    says("registry", "import", str(path), *WHY)
    second = drafted(says)
    (moved,) = found(world, first, second)
    assert (moved.kind, moved.how, moved.reason) == ("series", "superseded", "of the neighbour")
    assert found(world, first, second, "H2") == []
