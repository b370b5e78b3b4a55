"""A season of a city, from the lake to draft lines, beside polars doing only the degree-hours.

Each side runs in a process of its own over the same lake, so that its time from start to answer
and its peak memory are its own.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from heatwatch.bench.bandwidth import explicit_times
from heatwatch.bench.city import INTERVAL_S, City, make
from heatwatch.bench.correct import CASES, corrected
from heatwatch.bench.process import run
from heatwatch.bench.settle_sides import SIDES

TARGET_S, TARGET_MB = 20.0, 3000.0  # for 50,000 households


def in_process(name: str, folder: Path, keep: bool) -> dict[str, Any]:
    """A side in a fresh process; its wall time includes the start of Python."""
    return run(name, "heatwatch.bench.settle_sides", name, str(folder), "keep" if keep else "-")


def bench(city: City, folder: Path, note: Callable[[int], None]) -> dict[str, Any]:
    """Makes the city, runs both sides one after the other, and puts them side by side.

    Behind them one home in a hundred is corrected, twice (`heatwatch.bench.correct`).

    A first run over a small city fills numba's cache on disk, as any earlier settlement would.
    """
    make(city, folder, note)
    in_process("heatwatch", _small(folder), False)
    sides = {name: in_process(name, folder, True) for name in SIDES}
    corrections = corrected(folder, city.households, sides["heatwatch"])
    for side in (*sides.values(), *corrections.values()):
        side["cpu_us_per_household"] = side["cpu_seconds"] / city.households * 1e6
    ours, theirs = sides["heatwatch"], sides["polars"]
    scale = city.households / 50_000
    return {
        "households": city.households,
        "readings": ours["readings"],
        "interval_s": INTERVAL_S,
        "cores": os.cpu_count(),
        "sides": sides,
        **corrections,
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
    """The sides of a size by name, behind them the corrections."""
    return {**size["sides"], **{name: size[name] for name in CASES}}


def _small(folder: Path) -> Path:
    small = folder / "small"
    make(City(50), small, lambda _: None)
    return small
