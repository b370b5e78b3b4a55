"""A side of `heatwatch bench settle` as a process: `python -m heatwatch.bench.settle_sides NAME FOLDER keep`.

A side imports what it needs itself, when its clock runs: the start of one is not the other's.
"""

import sys
import time
from datetime import UTC
from pathlib import Path
from typing import Any

from domain.collector import collector_seldom
from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span
from heatwatch.bench.process import answer

STANDARD = 18_000  # [0.001 Cel]


def settle_side(folder: Path, keep: bool) -> dict[str, Any]:
    """Opens books and lake, settles the season, answers with its lines; keeps them where asked.

    `seconds` is what a clerk waits for: a kept draft's steps are made and its rows written in it.
    """
    begun = time.perf_counter()
    collector_seldom()  # as the command does
    from sqlalchemy.orm import Session

    from analytics.facts.from_books import take
    from analytics.law.policy import load
    from analytics.ledger.drafts import save
    from analytics.settlement.settle import settle
    from domain.actor import By
    from heatwatch.bench.city import BENCH, SEASON, UNTIL, readings_of
    from store.books.engine import open_books
    from store.evidence.since import newest_change
    from store.registry.seasons import season_of

    policy = load("CN-HA-2018")
    books, readings = open_books(str(folder / "books.db")), readings_of(folder)
    loaded = time.perf_counter()
    with Session(books) as session:
        season = season_of(session, SEASON)
    seen = newest_change(books)
    snapshot = take(books, season, UNTIL)
    frozen = time.perf_counter()
    flush = readings.lake.last_flush().number
    columns_of = readings.season(snapshot.read_span, flush)
    run = settle(snapshot, columns_of, policy, flush=flush, write_steps=keep)
    done = time.perf_counter()
    if keep:
        save(books, run, By(BENCH, UNTIL), last_change=seen)
    saved = time.perf_counter()
    own = run.results.own.values()  # those that something was judged of
    told: dict[str, Any] = {
        "seconds": saved - begun,
        "phases": {
            "load": loaded - begun,
            "snapshot": frozen - loaded,
            "read_and_settle": done - frozen,
        },
        "readings": readings.lake.snapshot().rows,
        "lines": sum(len(each.lines) for each in own),
        "refunds": sum(each.total > 0 for each in own),
        "undetermined": run.undetermined(),
        "total": str(run.total()),
    }
    if keep:
        told["phases"]["keep_draft"] = saved - done
    return told


def polars_side(folder: Path, keep: bool, span: Span | None = None) -> dict[str, Any]:  # noqa: ARG001
    """Degree-hours below the standard per series, each reading standing for its hour: no more."""
    begun = time.perf_counter()
    try:
        import polars as pl
    except ModuleNotFoundError:
        raise WrongCall(
            msg("polars is not installed; get it with: pip install 'heatwatch[bench]'")
        ) from None
    from store.lake.lake import Lake

    every = pl.scan_parquet(Lake.open(str(folder / "lake")).file_uris())
    if span is not None:
        begin, end = (each.astimezone(UTC) for each in (span.since, span.until))
        every = every.filter(pl.col("at").is_between(begin, end, closed="left"))
    deficit = (STANDARD - pl.col("value")).clip(lower_bound=0).sum() / 1000
    found = every.group_by("series").agg(deficit.alias("kelvin_hours"), pl.len()).collect()
    return {
        "seconds": time.perf_counter() - begun,
        "readings": int(found["len"].sum()),
        "households": found.height,
        "cold": int((found["kelvin_hours"] > 0).sum()),
        "kelvin_hours": float(found["kelvin_hours"].sum()),
    }


def one_day_side(folder: Path, keep: bool) -> dict[str, Any]:  # noqa: ARG001
    """The comfort of every home on one day of the season: what a new day's readings cost."""
    begun = time.perf_counter()
    collector_seldom()
    from analytics.heat.homes import room_comfort
    from heatwatch.bench.city import ONE_DAY, readings_of
    from store.books.engine import open_books

    books, readings = open_books(str(folder / "books.db")), readings_of(folder)
    found = room_comfort(books, readings, ONE_DAY, STANDARD)
    return {
        "seconds": time.perf_counter() - begun,
        "households": len(found),
        "cold": int((found.deficit > 0).sum()),
    }


def one_day_polars_side(folder: Path, keep: bool) -> dict[str, Any]:
    from heatwatch.bench.city import ONE_DAY

    return polars_side(folder, keep, ONE_DAY)


SIDES = {"heatwatch": settle_side, "polars": polars_side}
#: What one day of the season costs, in a lake that holds it all.
DAYS = {"one_day": one_day_side, "one_day_polars": one_day_polars_side}


def child() -> None:
    """One side, named on the command line; its answer as JSON on stdout."""
    name, folder, keep = sys.argv[1:4]
    answer((SIDES | DAYS)[name](Path(folder), keep == "keep"))


if __name__ == "__main__":
    child()
