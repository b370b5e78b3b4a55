"""A city of homes with one hourly sensor each, made from a seed: the same readings every time."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, insert

from domain.actor import By, program
from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span, to_us
from store.journal.schema import READING

ZONE = ZoneInfo("Asia/Shanghai")
SEASON = "bench"
SINCE = datetime(2025, 11, 15, tzinfo=ZONE)
UNTIL = datetime(2026, 3, 16, tzinfo=ZONE)  # 121 days, Henan
ONE_DAY = Span(datetime(2026, 1, 15, tzinfo=ZONE), datetime(2026, 1, 16, tzinfo=ZONE))
INTERVAL_S = 3600
BLOCK = 1000  # households of one table on the way in
BENCH = program("bench")
BULK = 20_000


@dataclass(frozen=True, slots=True)
class City:
    """What is made: homes with one bedroom sensor each, an hourly season of readings."""

    households: int
    cold: float = 0.10  # share of homes that are below the standard for some days
    consent: float = 1.0  # share of homes with standing consent; the others request when cold
    gaps: float = 0.02  # share of homes whose sensor is silent for some hours or days
    seed: int = 7

    @property
    def hours(self) -> int:
        return int((UNTIL - SINCE) / timedelta(seconds=INTERVAL_S))


def temperatures(city: City, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(count, hours) values [0.001 Cel] of households from `first` on, and which were reported."""
    rng = np.random.default_rng([city.seed, first])
    hours = city.hours
    level = rng.normal(21.0, 0.7, (count, 1)).clip(19.0, 23.5)
    hour = np.arange(hours)
    daily = 0.4 * np.sin(2 * np.pi * (hour + rng.integers(0, 24, (count, 1))) / 24)
    celsius = level + daily + rng.normal(0.0, 0.06, (count, hours))
    known = np.ones((count, hours), dtype=np.bool_)
    for i in np.flatnonzero(rng.random(count) < city.cold).tolist():
        for _ in range(int(rng.integers(1, 4))):
            start, lasts = int(rng.integers(0, hours - 24)), int(rng.integers(6, 24 * 8))
            celsius[i, start : start + lasts] -= rng.choice((3.5, 4.5, 6.0, 9.0))
    for i in np.flatnonzero(rng.random(count) < city.gaps).tolist():
        start, lasts = int(rng.integers(0, hours - 24)), int(rng.integers(2, 72))
        known[i, start : start + lasts] = False
    return np.round(celsius * 20).astype(np.int64) * 50, known  # a sensor of 0.05 degrees


def tables(city: City, note: Callable[[int], None]) -> Iterator[pa.Table]:
    """The season's readings by blocks of households, in order of series."""
    at = np.arange(city.hours, dtype=np.int64) * INTERVAL_S * 1_000_000 + to_us(SINCE)
    for first in range(0, city.households, BLOCK):
        count = min(BLOCK, city.households - first)
        value, known = temperatures(city, first, count)
        series = np.repeat(np.arange(first + 1, first + count + 1, dtype=np.int32), city.hours)
        kept = known.ravel()
        note(first + count)
        yield as_readings(series[kept], np.tile(at, count)[kept], value.ravel()[kept])


def as_readings(
    series: NDArray[np.int32], at_us: NDArray[np.int64], value: NDArray[np.int64]
) -> pa.Table:
    """(n,) good readings of n series, times and values. [µs], [0.001 Cel]"""
    zero8, zero16 = (np.zeros(series.size, dtype=kind) for kind in (np.int8, np.int16))
    columns = {
        "series": series, "at": pa.array(at_us, pa.timestamp("us", tz="UTC")), "value": value,
        "quality": zero8, "time_kind": zero8, "revision": zero16, "feed": zero16, "part": zero16,
        "message": pa.nulls(series.size, pa.int64()),
    }  # fmt: skip
    return pa.table(columns, schema=READING)


def make(city: City, folder: Path, note: Callable[[int], None]) -> None:
    """Books and lake of the city in a folder; kept and used again where they are there."""
    from store.books.engine import open_books

    told = folder / "city.json"
    wanted = json.dumps({name: getattr(city, name) for name in City.__dataclass_fields__})
    if told.is_file():
        if told.read_text() != wanted:
            raise WrongCall(
                msg(
                    "--folder {folder} holds another city: {city}; name another",
                    folder=folder,
                    city=told.read_text(),
                )
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise WrongCall(
            msg(
                "--folder {folder} is not empty; allowed: a new or an earlier bench's folder",
                folder=folder,
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    engine = open_books(str(folder / "books.db"))
    register(engine, city)
    engine.dispose()
    readings_of(folder).import_tables(tables(city, note), UNTIL)
    told.write_text(wanted)


def readings_of(folder: Path) -> Any:
    from store.journal.journal import Journal
    from store.lake.lake import Lake
    from store.readings.readings import Readings

    return Readings(Journal.open(str(folder / "journal.db")), Lake.open(str(folder / "lake")))


def add_rows(link: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Inserts the rows, some thousands at a time."""
    left = iter(rows)
    while batch := list(islice(left, BULK)):
        link.execute(insert(table), batch)


def register(engine: Engine, city: City) -> None:
    """Company, homes with one bedroom and one sensor, contracts, requests of the cold."""
    from store.books import facts as facts_
    from store.books import registry as tables_
    from store.books.changes import record

    n, since = city.households, SINCE.astimezone(UTC) - timedelta(days=30)
    rng = np.random.default_rng([city.seed, 0, 1])
    consent = rng.random(n) < city.consent
    asks = SINCE + timedelta(days=40)
    with engine.begin() as link:
        record(link, By(BENCH, since), "bench")
        add = partial(add_rows, link)

        def place(
            id_: int, code: str, kind: str, parent: int | None, use: str | None
        ) -> dict[str, Any]:
            return {
                "id": id_, "code": code, "kind": kind, "parent_id": parent, "name": code,
                "room_use": use, "since": since, "until": None,
            }  # fmt: skip

        add(tables_.Place, iter([place(1, "bench", "company", None, None)]))
        add(tables_.Place, (place(i + 2, f"H{i:06d}", "household", 1, None) for i in range(n)))
        add(
            tables_.Place,
            (place(n + i + 2, f"H{i:06d}-bed", "room", i + 2, "bedroom") for i in range(n)),
        )
        add(tables_.Device, ({"id": i + 1, "code": f"D{i:06d}"} for i in range(n)))
        add(
            tables_.Series,
            (
                {
                    "id": i + 1, "device_id": i + 1, "channel": "t", "role": "room_temperature",
                    "place_id": n + i + 2, "interval_s": INTERVAL_S, "since": since, "until": None,
                }
                for i in range(n)
            ),
        )  # fmt: skip
        season = {
            "id": 1, "code": SEASON, "company_id": 1, "policy": "CN-HA-2018", "since": SINCE,
            "until": UNTIL, "zone": str(ZONE), "design_outdoor": None,
        }  # fmt: skip
        add(tables_.Season, iter([season]))
        add(
            facts_.Contract,
            (
                {
                    "household_id": i + 2, "season_id": 1, "tariff_id": None, "currency": "CNY",
                    "season_fee": Decimal("2420.00"), "standing_consent": bool(consent[i]),
                }
                for i in range(n)
            ),
        )  # fmt: skip
        some = np.flatnonzero(~consent & (rng.random(n) < city.cold)).tolist()
        add(facts_.Request, ({"household_id": i + 2, "at": asks, "by": "bench"} for i in some))
