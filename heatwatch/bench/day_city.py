"""A city for a day: a room sensor a home that reports every five minutes, and stations every minute.

The day is in the middle of a season. The season's other readings are not there, so that the lake is made
in minutes; what a day's figures read of it is the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Engine

from domain.actor import By
from domain.quantity import Role
from domain.time import to_us
from heatwatch.bench.city import (
    BENCH,
    ONE_DAY,
    SEASON,
    SINCE,
    UNTIL,
    ZONE,
    add_rows,
    as_readings,
    readings_of,
)

ROOM_S, STATION_S = 300, 60
BLOCK = 5_000  # homes of one table on the way in
HOMES = 160  # of one station
STOPPED = 400  # of so many stations one stops for two hours
#: What a station reports: (role, value that it swings about, in ticks).
REPORTED = (
    (Role.SUPPLY_TEMPERATURE, 45_000), (Role.RETURN_TEMPERATURE, 38_000), (Role.FLOW, 60_000),
    (Role.PRIMARY_SUPPLY_TEMPERATURE, 85_000), (Role.PRIMARY_RETURN_TEMPERATURE, 45_000),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayCity:
    """What is made."""

    households: int
    cold: float = 0.02  # share of homes that are below the standard all day
    silent: float = 0.01  # share of homes whose sensor says nothing for some hours
    seed: int = 11

    @property
    def stations(self) -> int:
        return -(-self.households // HOMES)


def make_day(city: DayCity, folder: Path, note: Callable[[int], None]) -> None:
    """Books, configuration and lake of the city in an empty folder."""
    from heatwatch.bench.correct import CONFIG
    from store.books.engine import open_books

    folder.mkdir(parents=True)
    (folder / "heatwatch.toml").write_text(CONFIG, encoding="utf-8")
    engine = open_books(str(folder / "books.db"))
    _register(engine, city)
    engine.dispose()
    readings_of(folder).import_tables(_tables(city, note), ONE_DAY.until)


def _tables(city: DayCity, note: Callable[[int], None]) -> Iterator[pa.Table]:
    """The day's readings by blocks of homes, then of stations, in order of series."""
    at = _times(ROOM_S)
    for first in range(0, city.households, BLOCK):
        count = min(BLOCK, city.households - first)
        value, known = _rooms(city, first, count, at.size)
        series = np.repeat(np.arange(first + 1, first + count + 1, dtype=np.int32), at.size)
        kept = known.ravel()
        note(first + count)
        yield as_readings(series[kept], np.tile(at, count)[kept], value.ravel()[kept])
    yield from _stations(city)


def _times(interval_s: int) -> NDArray[np.int64]:
    return np.arange(86_400 // interval_s, dtype=np.int64) * interval_s * 1_000_000 + to_us(
        ONE_DAY.since
    )


def _rooms(
    city: DayCity, first: int, count: int, times: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(count, times) values [0.001 Cel], and which were reported."""
    rng = np.random.default_rng([city.seed, first])
    level = rng.normal(21.0, 0.7, (count, 1)).clip(19.0, 23.5)
    level[rng.random(count) < city.cold] -= 5.0
    celsius = level + rng.normal(0.0, 0.06, (count, times))
    known = np.ones((count, times), dtype=np.bool_)
    for i in np.flatnonzero(rng.random(count) < city.silent).tolist():
        start = int(rng.integers(0, times))
        known[i, start : start + int(rng.integers(10, 120))] = False
    return np.round(celsius * 20).astype(np.int64) * 50, known


def _stations(city: DayCity) -> Iterator[pa.Table]:
    at, first = _times(STATION_S), city.households + 1
    off = slice(8 * 60, 10 * 60)  # 08:00 to 10:00
    for station in range(city.stations):
        rng = np.random.default_rng([city.seed, city.households, station])
        swing = rng.normal(0.0, 0.003, (len(REPORTED), at.size))
        value = (np.array([[each] for _, each in REPORTED]) * (1 + swing)).astype(np.int64)
        if station % STOPPED == 0:
            value[2, off] = 0
            value[:2, off] = 20_000
        series = np.arange(len(REPORTED), dtype=np.int32) + first + station * len(REPORTED)
        yield as_readings(np.repeat(series, at.size), np.tile(at, len(REPORTED)), value.ravel())


def _register(engine: Engine, city: DayCity) -> None:
    """Company, a source, stations, buildings, homes with a room and a sensor, a contract each."""
    from store.books import facts, registry
    from store.books.changes import record

    n, m, since = city.households, city.stations, SINCE.astimezone(UTC) - timedelta(days=30)
    building, home, room = 2 + m, 2 + 2 * m, 2 + 2 * m + n  # one behind them is the first of each

    def place(id_: int, code: str, kind: str, parent: int | None, use: str | None = None) -> Any:
        return {
            "id": id_, "code": code, "kind": kind, "parent_id": parent, "name": code, "room_use": use,
            "since": since, "until": None,
        }  # fmt: skip

    def series(id_: int, device: int, role: Role, at: int, interval_s: int) -> Any:
        return {
            "id": id_, "device_id": device, "channel": role.code, "role": role.code, "place_id": at,
            "interval_s": interval_s, "since": since, "until": None,
        }  # fmt: skip

    with engine.begin() as link:
        record(link, By(BENCH, since), "bench")
        add_rows(
            link, registry.Place,
            [place(1, "bench", "company", None), place(2, "S1", "source", 1)],
        )  # fmt: skip
        add_rows(
            link, registry.Place, (place(3 + i, f"S1-{i:05d}", "station", 2) for i in range(m))
        )
        add_rows(
            link, registry.Place,
            (place(building + 1 + i, f"B{i:05d}", "building", 3 + i) for i in range(m)),
        )  # fmt: skip
        add_rows(
            link, registry.Place,
            (
                place(home + 1 + i, f"H{i:06d}", "household", building + 1 + i // HOMES)
                for i in range(n)
            ),
        )  # fmt: skip
        add_rows(
            link, registry.Place,
            (place(room + 1 + i, f"H{i:06d}-bed", "room", home + 1 + i, "bedroom") for i in range(n)),
        )  # fmt: skip
        add_rows(link, registry.Device, ({"id": i + 1, "code": f"D{i:06d}"} for i in range(n + m)))
        add_rows(
            link, registry.Series,
            (series(i + 1, i + 1, Role.ROOM_TEMPERATURE, room + 1 + i, ROOM_S) for i in range(n)),
        )  # fmt: skip
        add_rows(
            link, registry.Series,
            (
                series(n + 1 + i * len(REPORTED) + j, n + 1 + i, role, 3 + i, STATION_S)
                for i in range(m)
                for j, (role, _) in enumerate(REPORTED)
            ),
        )  # fmt: skip
        season = {
            "id": 1, "code": SEASON, "company_id": 1, "policy": "CN-HA-2018", "since": SINCE,
            "until": UNTIL, "zone": str(ZONE), "design_outdoor": None,
        }  # fmt: skip
        add_rows(link, registry.Season, [season])
        add_rows(
            link, facts.Contract,
            (
                {
                    "household_id": home + 1 + i, "season_id": 1, "tariff_id": None,
                    "currency": "CNY", "season_fee": Decimal("2420.00"), "standing_consent": True,
                }
                for i in range(n)
            ),
        )  # fmt: skip
