"""Which rooms of a household the acts cover, and when."""

from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from domain.time import Span
from domain.tree import RoomUse
from store.registry.importing import import_registry
from store.registry.rooms import rooms_of
from store.registry.series import (
    OPEN_US,
    covered_rooms,
    tree,
)
from store.registry.values import instant
from tests.actors import TEST
from tests.store.city import AUTUMN, SWAP, city, write_city
from tests.store.registry.indexed import SWAPPED, code_of, peopled

__all__ = ["peopled"]  # fixtures


def test_covered_rooms_are_bedrooms_and_living_rooms_by_household(peopled: Engine) -> None:
    places, rooms = tree(peopled), covered_rooms(peopled)
    rows = zip(rooms.household, rooms.room, rooms.interval_s, rooms.verified, strict=True)
    assert [(places.code(int(h)), places.code(int(r)), int(i), bool(v)) for h, r, i, v in rows] == (
        sorted(
            [
                ("H1", "H1-bed", 900, False),
                ("H1", "H1-bed", 600, True),
                ("H1", "H1-liv", 900, True),
                ("H2", "H2-bed", 900, True),
            ],
            key=lambda row: (places.codes.index(row[0]), places.codes.index(row[1])),
        )
    )
    assert np.all(np.diff(rooms.household) >= 0)
    swapped = rooms.interval_s == 600
    assert (rooms.since_us[swapped].item(), rooms.until_us[swapped].item()) == (SWAPPED, OPEN_US)


def test_rooms_without_a_sensor_are_listed_when_asked_for(peopled: Engine) -> None:
    places, rooms = tree(peopled), covered_rooms(peopled, unmeasured=True)
    assert code_of(places, rooms.room[rooms.series < 0]) == ["H3-bed"]
    assert rooms.interval_s[rooms.series < 0].tolist() == [0]


def test_covered_rooms_of_a_span_are_those_valid_in_it(peopled: Engine) -> None:
    places = tree(peopled)
    late = Span(instant(SWAP), instant("2026-01-01T00:00:00Z"))
    rooms = covered_rooms(peopled, span=late, unmeasured=True)
    measured = rooms.where(rooms.series >= 0)
    assert code_of(places, measured.room) == ["H1-bed", "H1-liv"]
    assert code_of(places, rooms.room[rooms.series < 0]) == ["H2-bed", "H3-bed"]
    early = Span(instant("2020-01-01T00:00:00Z"), instant(AUTUMN))
    assert covered_rooms(peopled, span=early, unmeasured=True).room.size == 0


def test_covered_rooms_of_some_households(peopled: Engine) -> None:
    places = tree(peopled)
    home = places.ids[[places.codes.index("H2")]]
    assert code_of(places, covered_rooms(peopled, home).room) == ["H2-bed"]


def test_a_room_is_covered_while_its_household_is(books: Engine, tmp_path: Path) -> None:
    rows = city()
    next(row for row in rows["places"] if row[0] == "H1")[9] = "2025-10-01T00:00:00+08:00"
    rows["contracts"] = []
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    places, rooms = tree(books), covered_rooms(books)
    assert code_of(places, rooms.room) == ["H1-bed", "H1-liv", "H2-bed"]
    assert OPEN_US not in rooms.until_us[rooms.household == places.ids[places.codes.index("H1")]]


def test_rooms_of_a_household_are_all_its_rooms_with_their_use(peopled: Engine) -> None:
    found = rooms_of(peopled, "H1")
    assert [each.code for each in found] == sorted(each.code for each in found)
    uses = {each.code: each.use for each in found}
    assert (uses["H1-bed"], uses["H1-liv"]) == (RoomUse.BEDROOM, RoomUse.LIVING)
    assert rooms_of(peopled, "no such home") == []
