"""From device and channel to series, and from place to place."""

import random
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from domain.quantity import Quantity, Role
from domain.time import Span, to_us
from domain.tree import PlaceKind
from store.registry.importing import import_registry
from store.registry.series import (
    OPEN_US,
    SeriesIndex,
    Tree,
    covered_rooms,
    feed_id,
    key_hashes,
    names,
    tree,
)
from store.registry.values import instant
from tests.actors import TEST
from tests.store.city import AUTUMN, SWAP, city, write_city

START, SWAPPED = to_us(instant(AUTUMN)), to_us(instant(SWAP))


@pytest.fixture
def peopled(books: Engine, tmp_path: Path) -> Engine:
    """Books with the small city."""
    assert import_registry(books, [write_city(tmp_path / "city", city())], by=TEST).refused == ()
    return books


def code_of(places: Tree, ids: object) -> list[str]:
    return sorted(places.code(int(each)) for each in ids)  # type: ignore[attr-defined]


def test_a_swapped_meter_fills_the_series_of_the_time(peopled: Engine) -> None:
    index, places = SeriesIndex.load(peopled), tree(peopled)
    before = index.resolve("new", "t", SWAPPED - 1)
    after = index.resolve("new", "t", SWAPPED)
    assert before is not None
    assert after is not None
    of = {int(s): places.code(int(p)) for s, p in zip(index.series, index.place, strict=True)}
    assert (of[before.series], of[after.series]) == ("H2-bed", "H1-bed")
    assert (before.since_us, before.until_us) == (START, SWAPPED)
    assert after.until_us == OPEN_US
    assert len(index.spans("new", "t")) == 2


def test_what_nobody_registered_or_registered_for_another_time_is_none(peopled: Engine) -> None:
    index = SeriesIndex.load(peopled)
    assert index.resolve("liv", "t", START - 1) is None
    assert index.resolve("old", "t", SWAPPED) is None
    assert index.resolve("liv", "co2", SWAPPED) is None
    assert index.resolve("gone", "t", SWAPPED) is None
    assert (index.slot("gone", "t"), index.spans("liv", "co2")) == (-1, ())


def test_a_series_knows_its_quantity_role_and_interval(peopled: Engine) -> None:
    index = SeriesIndex.load(peopled)
    found = index.resolve("st1", "flow", SWAPPED)
    assert found is not None
    row = index.row_of(found.series)
    assert tuple(Quantity)[found.quantity] is Quantity.FLOW
    assert tuple(Role)[index.role[row]] is Role.FLOW
    assert index.interval_s[row] == 60
    with pytest.raises(KeyError, match="series 999"):
        index.row_of(999)


def test_bulk_and_scalar_resolution_agree(peopled: Engine) -> None:
    index = SeriesIndex.load(peopled)
    dice = random.Random(20261122)
    keys = [("new", "t"), ("old", "t"), ("liv", "t"), ("liv", "rh"), ("st1", "flow"), ("gone", "t")]
    asked = [
        (*dice.choice(keys), START + dice.randint(-1, 2) * (SWAPPED - START) + dice.randint(-1, 1))
        for _ in range(300)
    ]
    slots = np.array([index.slot(device, channel) for device, channel, _ in asked])
    rows = index.resolve_rows(slots, np.array([at for _, _, at in asked]))
    bulk = [int(index.series[row]) if row >= 0 else None for row in rows]
    scalar = [index.resolve(*each) for each in asked]
    assert bulk == [None if each is None else each.series for each in scalar]
    assert len(set(bulk)) > 5


def test_keys_are_found_by_their_hash_and_bytes(peopled: Engine) -> None:
    index = SeriesIndex.load(peopled)
    assert np.all(np.diff(index.key_hash.astype(object)) > 0)
    for slot in range(index.key_hash.size):
        part = slice(index.key_offsets[slot], index.key_offsets[slot + 1])
        device, channel = index.key_bytes[part].tobytes().decode().split("\0")
        assert index.slot(device, channel) == slot
    assert np.array_equal(key_hashes(index.key_bytes, index.key_offsets), index.key_hash)
    spans = np.diff(index.span_offsets)
    assert (spans.sum(), spans.max(), spans.min()) == (index.series.size, 2, 1)


def test_an_index_is_current_until_the_registry_changes(peopled: Engine, tmp_path: Path) -> None:
    index = SeriesIndex.load(peopled)
    rows = city()
    import_registry(peopled, [write_city(tmp_path / "city", rows)], by=TEST)
    assert index.is_current(peopled)
    rows["devices"].append(["more", "", "true"])
    import_registry(peopled, [write_city(tmp_path / "city", rows)], by=TEST)
    assert not index.is_current(peopled)
    assert SeriesIndex.load(peopled).is_current(peopled)


def test_series_of_a_role_come_with_their_places(peopled: Engine) -> None:
    index, places = SeriesIndex.load(peopled), tree(peopled)
    series, at = index.of_role(Role.ROOM_TEMPERATURE)
    assert code_of(places, at) == ["H1-bath", "H1-bed", "H1-bed", "H1-liv", "H2-bed"]
    stations = places.of_kind(PlaceKind.STATION)
    series, at = index.of_role(Role.FLOW, stations)
    assert (series.size, code_of(places, at)) == (1, ["S1-01"])


def test_empty_books_have_an_index_too(books: Engine) -> None:
    index = SeriesIndex.load(books)
    assert index.resolve("a", "b", 0) is None
    assert index.resolve_rows(np.array([-1]), np.array([0])).tolist() == [-1]
    assert tree(books).ids.size == covered_rooms(books, unmeasured=True).room.size == 0


def test_the_tree_knows_who_stands_above_whom(peopled: Engine) -> None:
    places = tree(peopled)
    ids = dict(zip(places.codes, places.ids.tolist(), strict=True))
    assert code_of(places, places.under(ids["S1-01"], PlaceKind.HOUSEHOLD)) == ["H1", "H2"]
    assert code_of(places, places.under(ids["demo"], PlaceKind.STATION)) == ["S1-01", "S1-02"]
    assert places.under(ids["H1"], PlaceKind.HOUSEHOLD).tolist() == [ids["H1"]]
    rooms = np.array([ids["H3-bed"], ids["H1-bed"]], dtype=np.int32)
    assert places.above(rooms, PlaceKind.STATION).tolist() == [ids["S1-02"], ids["S1-01"]]
    assert places.above(rooms, PlaceKind.ZONE).tolist() == [-1, -1]
    assert [places.code(each) for each in places.path(ids["H1-bed"])] == [
        "demo", "S1", "S1-01", "B1", "H1", "H1-bed",
    ]  # fmt: skip
    assert code_of(places, places.children(ids["S1"])) == ["S1-01", "S1-02"]
    with pytest.raises(KeyError, match="place 999"):
        places.row(999)


def test_names_fall_back_to_chinese_and_then_to_the_code(peopled: Engine) -> None:
    places = tree(peopled)
    ids = dict(zip(places.codes, places.ids.tolist(), strict=True))
    wanted = [ids["demo"], ids["S1-02"], ids["S1-01"]]
    assert [names(peopled, wanted, "en")[each] for each in wanted] == ["Demo Heat", "二站", "S1-01"]
    assert [names(peopled, wanted, "zh")[each] for each in wanted] == ["示范热力", "二站", "S1-01"]
    assert [places.name(each, "en") for each in wanted] == ["Demo Heat", "二站", "S1-01"]
    assert [places.name(each, "zh") for each in wanted] == ["示范热力", "二站", "S1-01"]


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


def test_a_feed_keeps_its_id(books: Engine) -> None:
    first = feed_id(books, "rooms", True, TEST)
    assert feed_id(books, "stations", True, TEST) != first
    assert feed_id(books, "rooms", True, TEST) == first
