"""A season of a city, from the lake to draft lines, beside polars doing only the degree-hours.

Each side runs in a process of its own over the same lake, so that its time from start to answer
and its peak memory are its own.
"""

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from heatwatch.bench.bandwidth import explicit_times
from heatwatch.bench.city import INTERVAL_S, City, make
from heatwatch.bench.correct import CASES, corrected
from heatwatch.bench.process import run
from heatwatch.bench.settle_sides import DAYS, SIDES

#: What a draft of a million households may take, a smaller city its share of the time. [s], [MB]
TARGET_S, TARGET_MB, TARGET_HOMES = 60.0, 8000.0, 1_000_000
#: CPU time beside what polars takes for its degree-hours.
TARGET_POLARS = 1.2
#: Speed at which times of their own are looked through, of the speed at which memory is read.
TARGET_READ = 0.6
#: By how much a further household's CPU time may differ between sizes.
TARGET_FLAT = 0.15
#: A correction of one home in a hundred, of a whole draft's CPU time.
TARGET_CORRECTION = 0.03


def in_process(name: str, folder: Path, keep: bool) -> dict[str, Any]:
    """A side in a fresh process; its wall time includes the start of Python."""
    return run(name, "heatwatch.bench.settle_sides", name, str(folder), "keep" if keep else "-")


def bench(city: City, folder: Path, note: Callable[[int], None]) -> dict[str, Any]:
    """Makes the city, runs both sides one after the other, and puts them side by side.

    Behind them the comfort of one day is taken, and one home in a hundred is corrected, twice
    (`heatwatch.bench.correct`).

    A first run over a small city fills numba's cache on disk, as any earlier settlement would.
    """
    make(city, folder, note)
    in_process("heatwatch", _small(folder), False)
    sides = {name: in_process(name, folder, True) for name in SIDES}
    days = {name: in_process(name, folder, False) for name in DAYS}
    corrections = corrected(folder, city.households, sides["heatwatch"])
    for side in (*sides.values(), *days.values(), *corrections.values()):
        side["cpu_us_per_household"] = side["cpu_seconds"] / city.households * 1e6
    ours, theirs = sides["heatwatch"], sides["polars"]
    found = {
        "households": city.households,
        "readings": ours["readings"],
        "interval_s": INTERVAL_S,
        "cores": os.cpu_count(),
        "sides": sides,
        **days,
        **corrections,
        "explicit_times": explicit_times(),
        "times_polars": ours["seconds"] / theirs["seconds"],
        "times_polars_cpu": ours["cpu_seconds"] / theirs["cpu_seconds"],
    }
    return found | {"targets": targets(found)}


def targets(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What was wished for -> {target, found, reached}, of one size's answer."""
    ours, share = found["sides"]["heatwatch"], found["households"] / TARGET_HOMES
    return {
        "seconds": _at_most(TARGET_S * share, ours["seconds"]),
        "peak_mb": _at_most(TARGET_MB, ours["peak_mb"]),
        "times_polars_cpu": _at_most(TARGET_POLARS, found["times_polars_cpu"]),
        "correction": _at_most(TARGET_CORRECTION, found["correction"]["of_draft"]["cpu_seconds"]),
        "of_read": _at_least(TARGET_READ, found["explicit_times"]["of_read"]),
    }


def flatness(sizes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What each further household costs from one size to the next, and by how much that differs. [CPU µs]

    The start of the program is in none of them.
    """
    cost = [(each["households"], each["sides"]["heatwatch"]["cpu_seconds"]) for each in sizes]
    further = [
        (later - sooner) / (more - less) * 1e6
        for (less, sooner), (more, later) in pairwise(cost)
        if more > less
    ]
    if len(further) < 2:
        return {"further_us": further}
    return {"further_us": further, **_at_most(TARGET_FLAT, max(further) / min(further) - 1)}


def _at_most(target: float, found: float) -> dict[str, Any]:
    return {"target": target, "found": found, "reached": found <= target}


def _at_least(target: float, found: float) -> dict[str, Any]:
    return {"target": target, "found": found, "reached": found >= target}


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
    """The sides of a size by name, behind them one day and the corrections."""
    return {**size["sides"], **{name: size[name] for name in (*DAYS, *CASES)}}


def _small(folder: Path) -> Path:
    small = folder / "small"
    make(City(50), small, lambda _: None)
    return small
