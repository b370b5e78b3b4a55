"""Certificates are spans, and a channel's readings may be filed under any of its series."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from domain.actor import By, user
from domain.time import to_us
from store.books.columns import OPEN_US
from store.registry.certificates import Verified, siblings
from store.registry.importing import check_registry, import_registry
from store.registry.rooms import CoveredRooms, by_certificates, covered_rooms
from store.registry.values import instant
from tests.actors import TEST, WHEN
from tests.store.city import AUTUMN, SWAP, approved, change, city, write_city

Row = tuple[int, int, bool]


def rooms(*spans: tuple[int, int]) -> CoveredRooms:
    n = len(spans)
    ids = np.arange(n, dtype=np.int32)
    since, until = (np.array(each, dtype=np.int64) for each in zip(*spans, strict=True))
    return CoveredRooms(ids, ids, ids, np.full(n, 900, np.int32), np.ones(n, bool), since, until)


def verified(*rows: tuple[int, int, int]) -> Verified:
    device, since, until = zip(*rows, strict=True) if rows else ((), (), ())
    return Verified(
        np.array(device, dtype=np.int32), np.array(since, dtype=np.int64),
        np.array(until, dtype=np.int64),
    )  # fmt: skip


def split(found: CoveredRooms, series: int) -> list[Row]:
    mine = found.where(found.series == series)
    rows = zip(mine.since_us.tolist(), mine.until_us.tolist(), mine.verified.tolist(), strict=True)
    return sorted(rows)


@pytest.mark.parametrize(
    ("certificates", "expected"),
    [
        ([(7, 0, 100)], [(10, 50, True)]),
        ([(7, 20, 30)], [(10, 20, False), (20, 30, True), (30, 50, False)]),
        ([(7, 20, OPEN_US)], [(10, 20, False), (20, 50, True)]),
        ([(7, 0, 20), (7, 15, 30)], [(10, 20, True), (20, 30, True), (30, 50, False)]),
        ([(7, 0, 40), (7, 15, 20)], [(10, 40, True), (40, 50, False)]),
        ([(7, 60, 70)], [(10, 50, False)]),
        ([(7, 0, 5)], [(10, 50, False)]),
        ([(8, 0, 5)], [(10, 50, True)]),
    ],
)
def test_a_row_is_split_where_certificates_begin_and_end(
    certificates: list[tuple[int, int, int]], expected: list[Row]
) -> None:
    found = by_certificates(rooms((10, 50)), np.array([7], dtype=np.int32), verified(*certificates))
    assert split(found, 0) == expected


@pytest.mark.parametrize("seed", range(20))
def test_each_instant_is_verified_just_when_a_certificate_covers_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    device = np.array([1, 2, 3], dtype=np.int32)
    table = sorted(
        (int(rng.integers(1, 3)), int(a), int(a + rng.integers(1, 30)))
        for a in rng.integers(0, 90, size=rng.integers(0, 6))
    )
    own = rooms(*((int(a), int(a + 40)) for a in rng.integers(0, 60, size=3)))
    flags = rng.random(3) < 0.5
    found = by_certificates(replace(own, verified=flags), device, verified(*table))
    for i in range(3):
        spans = [(a, b) for d, a, b in table if d == device[i]]
        for at in range(130):
            mine = [v for a, b, v in split(found, i) if a <= at < b]
            inside = own.since_us[i] <= at < own.until_us[i]
            covered = any(a <= at < b for a, b in spans) if spans else bool(flags[i])
            assert mine == ([covered] if inside else [])


def test_only_series_of_one_channel_are_siblings() -> None:
    rows, under = siblings(np.array([5, 6, 7, 8]), np.array([1, 1, 1, 2]), ["t", "t", "x", "t"])
    assert list(zip(rows.tolist(), under.tolist(), strict=True)) == [(0, 6), (1, 5)]
    assert siblings(np.array([5]), np.array([1]), ["t"])[0].size == 0


def test_a_placement_recorded_later_finds_readings_filed_before(
    books: Engine, tmp_path: Path
) -> None:
    rows = city() | {"certificates": [["new", SWAP, "", "c 1"]]}
    assert import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST).clean
    found = covered_rooms(books, by_reading=True)
    plain = covered_rooms(books)
    assert plain.series.size == np.unique(plain.series).size
    day, first = to_us(instant(SWAP)), to_us(instant(AUTUMN))
    new = {int(each) for each in found.series if (found.series == each).sum() > 1}
    assert len(new) == 2  # the channel of `new` had two series: each is looked for in both rooms
    for series in new:
        assert split(found, series) == [(first, day, False), (day, OPEN_US, True)]


@pytest.mark.parametrize(
    ("column", "value"), [("place", "H3-bed"), ("until", "2025-12-11T00:00:00+08:00")]
)
def test_a_placement_is_corrected_with_a_reason_only(
    books: Engine, tmp_path: Path, column: str, value: str
) -> None:
    assert import_registry(books, [write_city(tmp_path / "a", city())], by=TEST).clean
    files = [write_city(tmp_path / "b", change(city(), "series", "old", column, value))]
    (refused,) = import_registry(books, files, by=TEST).refused
    assert (refused.file, refused.column) == ("series.csv", column)
    assert "--reason" in str(refused.why)
    assert import_registry(books, files, by=By(user("Li"), WHEN, "was moved")).clean


@pytest.mark.parametrize(("until", "asks"), [("2025-12-11", True), ("2026-03-16", False)])
def test_a_first_end_inside_a_settled_season_needs_a_reason(
    sqlite_books: Engine, tmp_path: Path, until: str, asks: bool
) -> None:
    assert import_registry(sqlite_books, [write_city(tmp_path / "a", city())], by=TEST).clean
    at = f"{until}T00:00:00+08:00"
    moved = ["liv", "t", "room_temperature", "H2-bed", "900", at, ""]
    rows = change(city(), "series", "liv", "until", at)["series"][3:4]
    files = [write_city(tmp_path / "b", {"series": [*rows, moved]})]
    assert check_registry(sqlite_books, files).refused == ()
    approved(sqlite_books)
    refused = check_registry(sqlite_books, files).refused
    assert [each.column for each in refused] == (["until", "since"] if asks else [])
    if asks:
        assert "season 2025 ended, of which run 1 is approved; allowed: with a reason" in str(
            refused[0].why
        )
    assert check_registry(sqlite_books, files, reason="moved on the 11th").refused == ()
