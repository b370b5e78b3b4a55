"""What keeping costs: commits, flushes and trims as the store grows, bytes a reading, and a warm scan beside peers.

*Growth*: batches of a live stream, a flush every half minute of their clock, compaction every hour, as
maintenance does; CPU time of each step in the first and the last tenth of the flushes.

*Scan*: every reading of a season from a warm lake, summed; polars and DuckDB over the same files. Each side
is a process of its own, the best of its rounds counts, since the first one warms.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from domain.time import to_us
from heatwatch.bench.city import SINCE, UNTIL, City, readings_of, tables
from heatwatch.bench.process import answer, run

BATCHES = 10  # of a flush
ROWS = 40  # readings of a batch, each a message
SERIES = 3_000
FLUSH_S = 30
COMPACT_EVERY = 120  # flushes
ROUNDS = 4
STEPS = ("commit", "flush", "trim", "follow", "compact")
Note = Callable[[int], None]
Sums = tuple[int, ...]


def bench_store(
    folder: Path, flushes: int, households: int, flushed: Note, made: Note
) -> dict[str, Any]:
    """Growth over so many flushes, then the scan of a season of so many homes."""
    growth = _growth(folder / "growing", flushes, flushed)
    city = City(households)
    lake = readings_of(folder / "city")
    flush = lake.import_tables(tables(city, made), UNTIL + timedelta(hours=1))
    files = lake.lake.snapshot().files
    rows, size = sum(file.rows for file in files), sum(file.size for file in files)
    sides = {name: run(name, "heatwatch.bench.store", name, str(folder / "city")) for name in SIDES}
    return {
        "cores": os.cpu_count(), "load": os.getloadavg()[0], "growth": growth,
        "scan": {
            "readings": rows, "files": len(files), "flush": flush.number,
            "bytes_per_reading": round(size / rows, 3), "sides": sides,
            "times_polars": round(sides["polars"]["seconds"] / sides["heatwatch"]["seconds"], 2),
        },
    }  # fmt: skip


# -- growth ----------------------------------------------------------------------------------------


def _growth(folder: Path, flushes: int, note: Note) -> dict[str, Any]:
    from store.journal.journal import Journal
    from store.lake.compact import compact
    from store.lake.lake import Lake
    from store.readings.readings import Readings

    folder.mkdir(parents=True)
    journal, lake = Journal.open(str(folder / "journal.db")), Lake.open(str(folder / "lake"))
    readings, chance, now = Readings(journal, lake), np.random.default_rng(11), SINCE
    tenth, followed = max(flushes // 10, 1), 0
    spent: list[Counter[str]] = [Counter() for _ in range(flushes)]
    for i in range(flushes):
        now += timedelta(seconds=FLUSH_S)
        for k in range(BATCHES):
            rows = _batch(chance, now + timedelta(seconds=3 * k))
            keys = chance.integers(0, 1 << 63, ROWS).astype(np.uint64)
            with _cpu(spent[i], "commit"):
                journal.append(rows, messages=ROWS, now=now, keys=keys)
        with _cpu(spent[i], "follow"):
            for batch in readings.since(followed):
                followed = batch.number
        with _cpu(spent[i], "flush"):
            last = readings.flush(now)
        with _cpu(spent[i], "trim"):
            journal.trim(last.last_batch)
        if i % COMPACT_EVERY == COMPACT_EVERY - 1:
            with _cpu(spent[i], "compact"):
                compact(lake)
            note(i + 1)
    first, end = _mean(spent[:tenth]), _mean(spent[-tenth:])
    return {
        "flushes": flushes, "batches": BATCHES * flushes, "readings": ROWS * BATCHES * flushes,
        "first_ms": first, "last_ms": end,
        "times": {name: round(end[name] / first[name], 2) for name in STEPS if first[name]},
    }  # fmt: skip


def _batch(chance: np.random.Generator, now: datetime) -> pa.RecordBatch:
    from store.journal.schema import READING

    zero = {name: np.zeros(ROWS, READING.field(name).type.to_pandas_dtype()) for name in ("quality", "time_kind", "revision", "feed", "part")}  # fmt: skip
    columns = {
        "series": chance.integers(1, SERIES, ROWS).astype(np.int32),
        "at": np.full(ROWS, to_us(now), dtype=np.int64),
        "value": chance.integers(18_000, 22_000, ROWS),
        **zero,
    }
    arrays = [
        pa.array(columns[name]).cast(READING.field(name).type) if name in columns else pa.nulls(ROWS, READING.field(name).type)
        for name in READING.names
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(arrays, schema=READING)


@contextmanager
def _cpu(spent: "Counter[str]", name: str) -> Iterator[None]:
    start = time.process_time()
    yield
    spent[name] += time.process_time() - start  # type: ignore[assignment]


def _mean(spent: "list[Counter[str]]") -> dict[str, float]:
    """CPU milliseconds of each step per flush."""
    return {name: round(1000 * sum(each[name] for each in spent) / len(spent), 2) for name in STEPS}  # fmt: skip


# -- scan ------------------------------------------------------------------------------------------


def heatwatch_side(folder: Path) -> dict[str, Any]:
    """Our own scan of series, time and value."""
    import pyarrow.compute as pc

    from store.lake.lake import Lake

    lake = Lake.open(str(folder / "lake"))

    def scan() -> Sums:
        found = np.zeros(4, dtype=np.int64)
        for part in lake.scan(columns=["series", "at", "value"]):
            seconds = pc.divide(part["at"].cast(pa.int64()), 1_000_000)
            columns = (part["series"], part["value"], seconds)
            found += (part.num_rows, *(pc.sum(each).as_py() for each in columns))
        return tuple(found.tolist())

    return _best(scan)


def polars_side(folder: Path) -> dict[str, Any]:
    """The same by polars."""
    import polars as pl

    from store.lake.lake import Lake

    files = Lake.open(str(folder / "lake")).file_uris()
    seconds = (pl.col("at").to_physical() // 1_000_000).sum()

    def scan() -> Sums:
        every = pl.scan_parquet(files).select(
            pl.len(), pl.col("series").cast(pl.Int64).sum(), pl.col("value").sum(), seconds
        )
        return tuple(int(each) for each in every.collect().row(0))

    return _best(scan)


def duckdb_side(folder: Path) -> dict[str, Any]:
    """The same in SQL."""
    import duckdb

    from store.lake.lake import Lake

    files, link = Lake.open(str(folder / "lake")).file_uris(), duckdb.connect()
    query = """
        select count(*), sum(series), sum("value"), sum(epoch_us("at") // 1000000)
        from read_parquet($files)
    """

    def scan() -> Sums:
        return tuple(int(each) for each in link.execute(query, {"files": files}).fetchall()[0])

    return _best(scan)


def _best(scan: Callable[[], Sums]) -> dict[str, Any]:
    """Of all rounds the shortest, and what it found: readings, sums of series, values and seconds."""
    seconds, found = [], scan()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = scan()
        seconds.append(time.perf_counter() - start)
    best = min(seconds)
    return {"seconds": best, "readings_per_s": round(found[0] / best), "found": found}


SIDES = {"heatwatch": heatwatch_side, "polars": polars_side, "duckdb": duckdb_side}

if __name__ == "__main__":
    answer(SIDES[sys.argv[1]](Path(sys.argv[2])))
