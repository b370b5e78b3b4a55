"""From device and channel to series, and from place to place."""

import random
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from domain.errors import WrongCall
from domain.quantity import Quantity, Role
from domain.tree import PlaceKind
from store.registry.importing import import_registry
from store.registry.series import (
    OPEN_US,
    SeriesIndex,
    covered_rooms,
    feed_id,
    key_hashes,
    registry_version,
    tree,
)
from tests.actors import TEST
from tests.store.city import city, write_city
from tests.store.registry.indexed import START, SWAPPED, code_of, peopled

__all__ = ["peopled"]  # fixtures


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
    assert registry_version(peopled) == index.version
    rows["devices"].append(["more", "", "true"])
    import_registry(peopled, [write_city(tmp_path / "city", rows)], by=TEST)
    assert registry_version(peopled) > index.version
    assert SeriesIndex.load(peopled).version == registry_version(peopled)


def test_series_of_a_role_come_with_their_places(peopled: Engine) -> None:
    index, places = SeriesIndex.load(peopled), tree(peopled)
    series, at = index.of_role(Role.ROOM_TEMPERATURE)
    assert code_of(places, at) == ["H1-bath", "H1-bed", "H1-bed", "H1-liv", "H2-bed"]
    stations = places.of_kind(PlaceKind.STATION)
    series, at = index.of_role(Role.FLOW, stations)
    assert (series.size, code_of(places, at)) == (1, ["S1-01"])


def test_a_role_that_this_program_does_not_know_is_a_sentence() -> None:
    columns = [(1,), ("S1",), ("c",), ("torque",), (1,), (60,), (START,), (OPEN_US,)]
    with pytest.raises(WrongCall, match=r"series of role 'torque'.* known: room_temperature, "):
        SeriesIndex(1, columns)


def test_empty_books_have_an_index_too(books: Engine) -> None:
    index = SeriesIndex.load(books)
    assert index.resolve("a", "b", 0) is None
    assert index.resolve_rows(np.array([-1]), np.array([0])).tolist() == [-1]
    assert tree(books).ids.size == covered_rooms(books, unmeasured=True).room.size == 0


def test_a_feed_keeps_its_id(books: Engine) -> None:
    first = feed_id(books, "rooms", True, TEST)
    assert feed_id(books, "stations", True, TEST) != first
    assert feed_id(books, "rooms", True, TEST) == first


def test_a_register_closes_at_the_instant_its_row_ends_unless_another_begins_there() -> None:
    rows = [
        ("old", "e", "energy", 0, 100),
        ("moved", "e", "energy", 0, 100),
        ("moved", "e", "energy", 100, 200),
        ("room", "t", "room_temperature", 0, 100),
        ("gone", "v", "volume", 100, 100),
        ("stays", "v", "volume", 0, OPEN_US),
    ]
    told = [(i, d, c, r, 1, 900, since, until) for i, (d, c, r, since, until) in enumerate(rows)]
    index = SeriesIndex(1, list(zip(*told, strict=True)))
    assert (index.ends_us - index.until_us).tolist() == [1, 0, 1, 0, 0, 0]
    found = [index.resolve(d, c, 100) for d, c in (("old", "e"), ("moved", "e"), ("room", "t"))]
    assert [each and each.series for each in found] == [0, 2, None]
    slots = np.array([index.slot("old", "e"), index.slot("moved", "e"), index.slot("gone", "v")])
    assert index.resolve_rows(slots, np.array([100, 100, 100])).tolist() == [0, 2, -1]
    assert index.resolve_rows(slots, np.array([101, 200, 101])).tolist() == [-1, 2, -1]
    assert index.begun(int(slots[1]), np.array([-1, 0, 100])).tolist() == [0, 1, 2]
    assert index.begun(-1, np.array([5])).tolist() == [0]
