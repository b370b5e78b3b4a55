"""Registers to consumption: one year of one meter, and a year of a city's daily sums, beside peers in the same run.

Each side runs in a process of its own over the same lake. Polars and DuckDB do the plain delta alone: the last value of
a meter's local day less that of the day before, without gaps, spikes, exchanges or marks.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Engine

from domain.actor import By
from domain.quantity import Role
from domain.time import HOUR_US, Span, to_us
from heatwatch.bench.city import BENCH, ZONE, add_rows, as_readings, readings_of
from heatwatch.bench.process import answer, run

YEAR = Span(datetime(2025, 7, 1, tzinfo=ZONE), datetime(2026, 7, 1, tzinfo=ZONE))
NOW = YEAR.until + timedelta(hours=1)
HOURS = (YEAR.until - YEAR.since) // timedelta(hours=1)
INTERVAL_S = 3600
BLOCK = 500  # meters of one table on the way in
HOMES = 100  # of one building, of which there are ten below a station
MOST_WH = 6_000  # of one hour
ONE = 1  # series of the one meter
OFFSET_US = 8 * HOUR_US  # of the zone, all year


@dataclass(frozen=True, slots=True)
class MeterCity:
    """What is made: homes with a heat meter each that is read every hour for a year."""

    meters: int
    silent: float = 0.05  # share of meters that say nothing for some days
    spikes: float = 0.05  # share of meters that show a zero now and then
    seed: int = 19


def make(city: MeterCity, folder: Path, note: Callable[[int], None]) -> None:
    """Books and lake of the city in an empty folder."""
    from store.books.engine import open_books

    folder.mkdir(parents=True)
    engine = open_books(str(folder / "books.db"))
    _register(engine, city)
    engine.dispose()
    readings_of(folder).import_tables(_tables(city, note), NOW)


def registers(
    city: MeterCity, first: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(count, hours + 1) registers [Wh] of meters from `first` on, and which readings came."""
    rng = np.random.default_rng([city.seed, first])
    day = np.arange(HOURS) / 24.0
    winter = np.clip(0.5 + 0.6 * np.cos(2 * np.pi * (day - 200) / 365), 0.02, None)
    used = (rng.random((count, HOURS)) * winter * MOST_WH).astype(np.int64)
    start = rng.integers(1_000_000, 50_000_000, (count, 1))
    value = np.concatenate([start, start + np.cumsum(used, axis=1)], axis=1)
    known = np.ones(value.shape, dtype=np.bool_)
    for i in np.flatnonzero(rng.random(count) < city.silent).tolist():
        at = int(rng.integers(24, HOURS - 240))
        known[i, at : at + int(rng.integers(30, 200))] = False
    for i in np.flatnonzero(rng.random(count) < city.spikes).tolist():
        value[i, rng.integers(24, HOURS - 24, 5)] = 0
    return value, known


def _tables(city: MeterCity, note: Callable[[int], None]) -> Iterator[pa.Table]:
    at = to_us(YEAR.since) + np.arange(HOURS + 1, dtype=np.int64) * HOUR_US
    for first in range(0, city.meters, BLOCK):
        count = min(BLOCK, city.meters - first)
        value, known = registers(city, first, count)
        series = np.repeat(np.arange(first + 1, first + count + 1, dtype=np.int32), at.size)
        kept = known.ravel()
        note(first + count)
        yield as_readings(series[kept], np.tile(at, count)[kept], value.ravel()[kept])


def _register(engine: Engine, city: MeterCity) -> None:
    """Company, source, stations, buildings, homes with a meter each."""
    from store.books import registry
    from store.books.changes import record

    n, since = city.meters, YEAR.since.astimezone(UTC) - timedelta(days=30)
    buildings = -(-n // HOMES)
    stations = -(-buildings // 10)
    first = 2 + stations  # the id before the first building's
    homes = first + buildings

    def place(id_: int, code: str, kind: str, parent: int | None) -> dict[str, Any]:
        return {
            "id": id_, "code": code, "kind": kind, "parent_id": parent, "name": code,
            "since": since, "until": None,
        }  # fmt: skip

    with engine.begin() as link:
        record(link, By(BENCH, since), "bench")
        top = [place(1, "bench", "company", None), place(2, "S1", "source", 1)]
        add_rows(link, registry.Place, top)
        for kind, code, count, before, parent in (
            ("station", "ST", stations, 2, lambda _: 2),
            ("building", "B", buildings, first, lambda i: 3 + i // 10),
            ("household", "H", n, homes, lambda i: first + 1 + i // HOMES),
        ):
            rows = (place(before + 1 + i, f"{code}{i:06d}", kind, parent(i)) for i in range(count))
            add_rows(link, registry.Place, rows)
        add_rows(link, registry.Device, ({"id": i + 1, "code": f"D{i:06d}"} for i in range(n)))
        series = (
            {
                "id": i + 1, "device_id": i + 1, "channel": "energy", "role": Role.ENERGY.code,
                "place_id": homes + 1 + i, "interval_s": INTERVAL_S, "since": since, "until": None,
            }
            for i in range(n)
        )  # fmt: skip
        add_rows(link, registry.Series, series)


def heatwatch_side(folder: Path, one: bool) -> dict[str, Any]:
    """The year's local days of one home, or of every station by the sum of its homes."""
    begun = time.perf_counter()
    from analytics.heat.energy import consumption, edges_of
    from analytics.heat.meters import Meters
    from domain.tree import PlaceKind
    from store.books.engine import open_books
    from store.registry.places import tree
    from store.registry.series import SeriesIndex

    books = open_books(str(folder / "books.db"))
    network = tree(books, PlaceKind.HOUSEHOLD)
    meters = Meters(books, readings_of(folder), SeriesIndex.load(books), network, NOW)
    code, kind = ("H000000", PlaceKind.HOUSEHOLD) if one else ("bench", PlaceKind.STATION)
    root = int(network.ids[network.by_code[code]])
    parts = list(consumption(meters, root, kind, edges_of(YEAR, ZONE, "day")))
    done = time.perf_counter()
    return {
        "seconds": done - begun,
        "sums": sum(part.amount.size for part in parts),
        "kwh": sum(int(part.amount.sum()) for part in parts) / 1000,
    }


def polars_side(folder: Path, one: bool) -> dict[str, Any]:
    """The plain delta of each meter's days, then its sum over all meters."""
    begun = time.perf_counter()
    import polars as pl

    from store.lake.lake import Lake

    every = pl.scan_parquet(Lake.open(str(folder / "lake")).file_uris())
    every = every.filter(pl.col("series") == ONE) if one else every
    day = pl.col("at").dt.convert_time_zone(ZONE.key).dt.date().alias("day")
    last = every.group_by("series", day).agg(pl.col("value").max()).sort("series", "day")
    delta = last.with_columns(pl.col("value").diff().over("series"))
    found = delta.group_by("day").agg(pl.col("value").sum()).collect()
    return {
        "seconds": time.perf_counter() - begun, "sums": found.height,
        "kwh": float(found["value"].sum()) / 1000,
    }  # fmt: skip


def duckdb_side(folder: Path, one: bool) -> dict[str, Any]:
    """The same in SQL."""
    begun = time.perf_counter()
    import duckdb

    from store.lake.lake import Lake

    files = Lake.open(str(folder / "lake")).file_uris()
    only = f"where series = {ONE}" if one else ""
    link = duckdb.connect()
    rows = link.execute(
        f"""
        with d as (
            select series, (epoch_us("at") + {OFFSET_US}) // {24 * HOUR_US} as day, max(value) as v
            from read_parquet($files) {only} group by all
        ), e as (
            select day, v - lag(v) over (partition by series order by day) as v from d
        )
        select day, sum(v) from e group by day
        """,
        {"files": files},
    ).fetchall()
    return {
        "seconds": time.perf_counter() - begun, "sums": len(rows),
        "kwh": sum(float(each or 0) for _, each in rows) / 1000,
    }  # fmt: skip


SIDES = {"heatwatch": heatwatch_side, "polars": polars_side, "duckdb": duckdb_side}


def bench_energy(city: MeterCity, folder: Path, note: Callable[[int], None]) -> dict[str, Any]:
    """Makes the city, runs every side over one meter and over all, one after the other."""
    make(city, folder / "city", note)
    make(MeterCity(50), folder / "small", lambda _: None)
    _side(
        "heatwatch", folder / "small", False
    )  # fills numba's cache on disk, as any earlier day would
    found = {
        which: {name: _side(name, folder / "city", which == "one_meter") for name in SIDES}
        for which in ("one_meter", "city")
    }
    return {
        "meters": city.meters, "readings": city.meters * (HOURS + 1), "interval_s": INTERVAL_S,
        "cores": os.cpu_count(), **found,
        "times_polars": found["city"]["heatwatch"]["seconds"] / found["city"]["polars"]["seconds"],
    }  # fmt: skip


def _side(name: str, folder: Path, one: bool) -> dict[str, Any]:
    return run(name, "heatwatch.bench.energy", name, str(folder), "one" if one else "all")


if __name__ == "__main__":
    answer(SIDES[sys.argv[1]](Path(sys.argv[2]), sys.argv[3] == "one"))
