"""A season of a city, from the lake to draft lines, beside polars doing only the degree-hours.

Each side runs in a process of its own over the same lake, so that its time from start to answer
and its peak memory are its own.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from heatwatch.bench.bandwidth import explicit_times
from heatwatch.bench.city import BENCH, INTERVAL_S, SEASON, UNTIL, City, make, readings_of
from heatwatch.bench.correct import corrected
from heatwatch.bench.process import answer, run

STANDARD = 18_000  # [0.001 Cel]
TARGET_S, TARGET_MB = 20.0, 3000.0  # for 50,000 households


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
    books, readings = open_books(str(folder / "books.db")), readings_of(folder)
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
    answer(SIDES[name](Path(folder), keep == "keep"))


def in_process(name: str, folder: Path, keep: bool) -> dict[str, Any]:
    """A side in a fresh process; its wall time includes the start of Python."""
    return run(name, "heatwatch.bench.settle", name, str(folder), "keep" if keep else "-")


def bench(city: City, folder: Path, note: Callable[[int], None]) -> dict[str, Any]:
    """Makes the city, runs both sides one after the other, and puts them side by side.

    Behind them one home in a hundred is corrected.

    A first run over a small city fills numba's cache on disk, as any earlier settlement would.
    """
    make(city, folder, note)
    in_process("heatwatch", _small(folder), False)
    sides = {name: in_process(name, folder, True) for name in SIDES}
    correction = corrected(folder, city.households, sides["heatwatch"])
    for side in (*sides.values(), correction):
        side["cpu_us_per_household"] = side["cpu_seconds"] / city.households * 1e6
    ours, theirs = sides["heatwatch"], sides["polars"]
    scale = city.households / 50_000
    return {
        "households": city.households,
        "readings": ours["readings"],
        "interval_s": INTERVAL_S,
        "cores": os.cpu_count(),
        "sides": sides,
        "correction": correction,
        "explicit_times": explicit_times(),
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
        for name, side in sides_of(each).items():
            first = sides_of(found[0])[name]["cpu_us_per_household"]
            side["times_first"] = side["cpu_us_per_household"] / first
    return found


def sides_of(size: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The sides of a size by name, behind them the correction."""
    return {**size["sides"], "correction": size["correction"]}


def _small(folder: Path) -> Path:
    small = folder / "small"
    make(City(50), small, lambda _: None)
    return small


if __name__ == "__main__":
    child()
