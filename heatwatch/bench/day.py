"""What a control room asks for every day, of a city: comfort, outages and the daily report of one day.

Each is the command itself in a process of its own, so that its time from start to answer and its peak memory
are its own. Beside them polars counts the hours below 18 °C of every room from the same files.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from heatwatch.bench.city import ONE_DAY
from heatwatch.bench.day_city import ROOM_S, DayCity, make_day
from heatwatch.bench.process import answer, run

TARGET_S, TARGET_MB = 60.0, 2000.0  # for 500,000 households
_DAY, _NEXT = (f"{each:%Y-%m-%d}" for each in (ONE_DAY.since, ONE_DAY.until))
_SPAN = ("--since", _DAY, "--until", _NEXT)
#: Side -> the command that it is.
COMMANDS = {
    "comfort": ("comfort", "--base", "18", *_SPAN),
    "outages": ("outages", *_SPAN),
    "day's figures": ("report", "daily", "--date", _DAY, "--format", "json"),
    "daily report": ("report", "daily", "--date", _DAY),
}
#: What the target is for. The report's pages are drawn for people, each station a line.
FIGURES = ("comfort", "outages", "day's figures")


def command_side(name: str, folder: Path) -> dict[str, Any]:
    """Runs a command over the bench's city; its output goes to a file.

    CPU time and memory are those of the command, the only child of this process.
    """
    out = folder / f"{name}.out"
    words = [*COMMANDS[name], "--config", str(folder / "heatwatch.toml")]
    if words[0] == "report":
        words += ["--out", str(folder / name)]
    begun = time.perf_counter()
    with out.open("w", encoding="utf-8") as file:
        done = subprocess.run([sys.executable, "-m", "heatwatch", *words], stdout=file, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
        "bytes": out.stat().st_size,
    }


def polars_side(folder: Path, rooms: int) -> dict[str, Any]:
    """Of the first `rooms` series, which are the rooms': hours below 18 Cel of each room, each reading standing for its five minutes: no more."""
    begun = time.perf_counter()
    import polars

    from store.lake.lake import Lake

    below = (polars.col("value") < 18_000).sum() * ROOM_S / 3600
    files = polars.scan_parquet(Lake.open(str(folder / "lake")).file_uris())
    found = files.filter(polars.col("series") <= rooms).group_by("series").agg(below).collect()
    return {"seconds": time.perf_counter() - begun, "rooms": found.height}


def bench_day(city: DayCity, folder: Path, note: Callable[[int], None]) -> dict[str, Any]:
    """Makes the city, runs every side one after the other, and says whether the targets hold."""
    make_day(city, folder / "city", note)
    make_day(DayCity(200), folder / "small", lambda _: None)
    for name in COMMANDS:  # fills numba's cache on disk, as any earlier day would
        side_of(name, folder / "small", 200)
    sides = {
        name: side_of(name, folder / "city", city.households) for name in (*COMMANDS, "polars")
    }
    seconds = TARGET_S * max(1.0, city.households / 500_000)
    ours = [sides[name] for name in FIGURES]
    return {
        "households": city.households,
        "stations": city.stations,
        "cores": os.cpu_count(),
        "sides": sides,
        "target": {"seconds": seconds, "peak_mb": TARGET_MB},
        "reached": all(
            each["wall_seconds"] <= seconds and each["peak_mb"] <= TARGET_MB for each in ours
        ),
    }


def side_of(name: str, folder: Path, rooms: int) -> dict[str, Any]:
    return run(name, "heatwatch.bench.day", name, str(folder), str(rooms))


if __name__ == "__main__":
    side, where, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    answer(polars_side(where, count) if side == "polars" else command_side(side, where))
