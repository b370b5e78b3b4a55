"""A season of a city, from the lake to draft lines, beside polars doing only the degree-hours.

Each side runs in a process of its own over the same lake, so that its time from start to answer
and its peak memory are its own. The city is made from a seed: the same readings every time.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from domain.actor import By, program
from domain.errors import WrongCall
from domain.language import msg
from domain.time import to_us
from store.journal.schema import READING

ZONE = ZoneInfo("Asia/Shanghai")
SEASON = "bench"
SINCE = datetime(2025, 11, 15, tzinfo=ZONE)
UNTIL = datetime(2026, 3, 16, tzinfo=ZONE)  # 121 days, Henan
INTERVAL_S = 3600
BLOCK = 1000  # households of one table on the way in
BENCH = program("bench")
BULK = 20_000
STANDARD = 18_000  # [0.001 Cel]
TARGET_S, TARGET_MB = 20.0, 3000.0  # for 50,000 households


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
        rows = int(kept.sum())
        zero8, zero16 = (np.zeros(rows, dtype=kind) for kind in (np.int8, np.int16))
        columns = {
            "series": series[kept],
            "at": pa.array(np.tile(at, count)[kept], pa.timestamp("us", tz="UTC")),
            "value": value.ravel()[kept],
            "quality": zero8,
            "time_kind": zero8,
            "revision": zero16,
            "feed": zero16,
            "part": zero16,
            "message": pa.nulls(rows, pa.int64()),
        }
        note(first + count)
        yield pa.table(columns, schema=READING)


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
    _register(engine, city)
    engine.dispose()
    _readings(folder).import_tables(tables(city, note), UNTIL)
    told.write_text(wanted)


def _readings(folder: Path) -> Any:
    from store.journal.journal import Journal
    from store.lake.lake import Lake
    from store.readings.readings import Readings

    return Readings(Journal.open(str(folder / "journal.db")), Lake.open(str(folder / "lake")))


def _register(engine: Engine, city: City) -> None:
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

        def add(table: Any, rows: Iterator[dict[str, Any]]) -> None:
            batch: list[dict[str, Any]] = []
            for row in rows:
                batch.append(row)
                if len(batch) == BULK:
                    link.execute(insert(table), batch)
                    batch = []
            if batch:
                link.execute(insert(table), batch)

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


# -- the two sides, each in its own process ------------------------------------------------


def settle_side(folder: Path, keep: bool) -> dict[str, Any]:
    """Opens books and lake, settles the season, answers with its lines; keeps them where asked.

    `seconds` is what a clerk waits for: a kept draft's steps are made and its rows written in it.
    """
    begun = time.perf_counter()
    from analytics.facts.from_books import take
    from analytics.law.policy import load
    from analytics.ledger.drafts import save
    from analytics.settlement.settle import settle
    from store.books.engine import open_books
    from store.registry.seasons import season_of

    policy = load("CN-HA-2018")
    books, readings = open_books(str(folder / "books.db")), _readings(folder)
    loaded = time.perf_counter()
    with Session(books) as session:
        season = season_of(session, SEASON)
    snapshot = take(books, season, UNTIL)
    frozen = time.perf_counter()
    flush = readings.lake.last_flush().number
    columns_of = readings.season(snapshot.read_span, flush)
    run = settle(snapshot, columns_of, policy, flush=flush, write_steps=keep)
    done = time.perf_counter()
    if keep:
        save(books, run, By(BENCH, UNTIL))
    saved = time.perf_counter()
    told: dict[str, Any] = {
        "seconds": saved - begun,
        "phases": {
            "load": loaded - begun,
            "snapshot": frozen - loaded,
            "read_and_settle": done - frozen,
        },
        "readings": readings.lake.snapshot().rows,
        "lines": sum(len(each.lines) for each in run.results),
        "refunds": sum(each.total > 0 for each in run.results),
        "undetermined": run.undetermined(),
        "total": str(run.total()),
    }
    if keep:
        told["phases"]["keep_draft"] = saved - done
    return told


def polars_side(folder: Path, keep: bool) -> dict[str, Any]:  # noqa: ARG001
    """Degree-hours below the standard per series, each reading standing for its hour: no more."""
    begun = time.perf_counter()
    try:
        import polars as pl
    except ModuleNotFoundError:
        raise WrongCall(
            msg("polars is not installed; get it with: pip install 'heatwatch[bench]'")
        ) from None
    from store.lake.lake import Lake

    files = Lake.open(str(folder / "lake")).file_uris()
    deficit = (STANDARD - pl.col("value")).clip(lower_bound=0).sum() / 1000
    frame = pl.scan_parquet(files).group_by("series").agg(deficit.alias("kelvin_hours"), pl.len())
    found = frame.collect()
    return {
        "seconds": time.perf_counter() - begun,
        "readings": int(found["len"].sum()),
        "households": found.height,
        "cold": int((found["kelvin_hours"] > 0).sum()),
        "kelvin_hours": float(found["kelvin_hours"].sum()),
    }


SIDES = {"heatwatch": settle_side, "polars": polars_side}


def child() -> None:
    """One side, named on the command line; its answer as JSON on stdout."""
    name, folder, keep = sys.argv[1:4]
    answer = SIDES[name](Path(folder), keep == "keep")
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer |= {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": peak_mb()}
    sys.stdout.write(json.dumps(answer))


def peak_mb() -> float:
    """Peak resident memory of this process. [MB]

    From `/proc` where there is one: `ru_maxrss` is inherited from the parent across exec.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_process(name: str, folder: Path, keep: bool) -> dict[str, Any]:
    """A side in a fresh process; its wall time includes the start of Python."""
    start = time.perf_counter()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "heatwatch.bench.settle",
            name,
            str(folder),
            "keep" if keep else "-",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WrongCall(
            msg(
                "{name} failed: {why}",
                name=name,
                why=done.stderr.strip().splitlines()[-1],
            )
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer | {"wall_seconds": time.perf_counter() - start}


def bench(
    city: City, folder: Path, note: Callable[[int], None], *, keep: bool = True
) -> dict[str, Any]:
    """Makes the city, runs both sides one after the other, and puts them side by side.

    A first run over a small city fills numba's cache on disk, as any earlier settlement would.
    """
    make(city, folder, note)
    in_process("heatwatch", _small(folder), False)
    sides = {name: in_process(name, folder, keep) for name in SIDES}
    for side in sides.values():
        side["cpu_us_per_household"] = side["cpu_seconds"] / city.households * 1e6
    ours, theirs = sides["heatwatch"], sides["polars"]
    scale = city.households / 50_000
    return {
        "households": city.households,
        "readings": ours["readings"],
        "interval_s": INTERVAL_S,
        "cores": os.cpu_count(),
        "sides": sides,
        "times_polars": ours["seconds"] / theirs["seconds"],
        "times_polars_cpu": ours["cpu_seconds"] / theirs["cpu_seconds"],
        "target": {"seconds": TARGET_S * scale, "peak_mb": TARGET_MB},
        "reached": ours["seconds"] <= TARGET_S * scale and ours["peak_mb"] <= TARGET_MB,
    }


def bench_sizes(
    sizes: Sequence[int], folder: Path, note: Callable[[int], None]
) -> list[dict[str, Any]]:
    """A city of each size, one after the other; `times_first` is a household's CPU time beside the
    first size's: what stays flat however large the city is."""
    found = [bench(City(size), folder / str(size), note) for size in sizes]
    for each in found:
        for name, side in each["sides"].items():
            first = found[0]["sides"][name]["cpu_us_per_household"]
            side["times_first"] = side["cpu_us_per_household"] / first
    return found


def _small(folder: Path) -> Path:
    small = folder / "small"
    make(City(50), small, lambda _: None)
    return small


if __name__ == "__main__":
    child()
