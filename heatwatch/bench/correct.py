"""A season of which one home in a hundred reads otherwise since it was approved, corrected.

What it costs beside the draft of the whole city is what people wait for when readings come late. Twice:
homes chosen at random that read on as they did, and after them gateways all of whose homes read cold.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from domain.actor import By, user
from domain.collector import collector_seldom
from domain.time import Span, to_us
from heatwatch.bench.city import INTERVAL_S, SEASON, SINCE, as_readings
from heatwatch.bench.process import answer, run
from heatwatch.wiring import World, open_world

ONE_IN = 100  # of so many gateways one sends later
GATEWAY = 50  # homes of one
HOURS = range(24 * 50, 24 * 52)  # of the season, of which they are
LATE = 15_000  # what they read [0.001 Cel]
CONFIG = """\
[city]
name = "bench"
company = "bench"
[store]
journal = "journal.db"
lake = "lake"
books = "books.db"
[broker]
[[ingest.feeds]]
name = "rooms"
topic = "heatwatch/v1/{device}"
format = "native"
[alerts]
[reports]
[console]
"""


def correct_side(folder: Path) -> dict[str, Any]:
    """Corrects the approved run of a bench's city whose late readings are there (`make_late`)."""
    begun = time.perf_counter()
    collector_seldom()  # as the command does
    from heatwatch.services.correcting import correct

    made = correct(open_world(folder / "heatwatch.toml"), SEASON, user("bench"))
    return {
        "seconds": time.perf_counter() - begun,
        "settled": made.settled,
        "households": made.households,
        "whole": made.why_all is not None,
    }


def make_late(folder: Path, late: Callable[[World], pa.Table]) -> None:
    """Approves the city's newest run, then brings readings between those that it read."""
    from analytics.ledger.drafts import runs
    from analytics.ledger.entries import approve

    config = folder / "heatwatch.toml"
    config.write_text(CONFIG, encoding="utf-8")
    world = open_world(config)
    approve(world.books, runs(world.books, SEASON)[0].run, By(user("approver"), world.now()))
    world.readings.import_table(late(world), world.now())
    world.books.dispose()


def as_in_city(world: World, households: int) -> pa.Table:
    """What homes chosen at random read, once more half an hour later: one in ten is cold, as of all."""
    rng = np.random.default_rng([households, ONE_IN])
    homes = rng.choice(households, max(1, households // ONE_IN), replace=False)
    span = Span(
        *(SINCE + timedelta(seconds=hour * INTERVAL_S) for hour in (HOURS[0], HOURS[-1] + 1))
    )
    found = world.readings.columns((np.sort(homes) + 1).astype(np.int32), span)
    series = np.repeat(found.series, np.diff(found.offsets))
    return as_readings(series, found.at_us + INTERVAL_S // 2 * 1_000_000, found.value)


def all_cold(_world: World, households: int) -> pa.Table:
    """Readings half an hour after those of some gateways' homes, colder than an act allows."""
    every = np.arange(households, dtype=np.int32)
    gateway = every // min(GATEWAY, max(1, households // ONE_IN))
    series = every[gateway % ONE_IN == 0] + 1
    at = (np.array(HOURS, dtype=np.int64) * INTERVAL_S + INTERVAL_S // 2) * 1_000_000 + to_us(SINCE)
    value = np.full(series.size * at.size, LATE, dtype=np.int64)
    return as_readings(np.repeat(series, at.size), np.tile(at, series.size), value)


#: What is brought late -> name of its correction, in the order in which they are made.
CASES = {"correction_as_city": as_in_city, "correction": all_cold}


def corrected(folder: Path, households: int, draft: dict[str, Any]) -> dict[str, Any]:
    """Corrects one home in a hundred, each way; `of_draft` are shares of the whole draft's time."""
    found: dict[str, Any] = {}
    for name, late in CASES.items():
        make_late(folder, lambda world, late=late: late(world, households))  # type: ignore[misc]
        side = run(name, "heatwatch.bench.correct", str(folder))
        shares = {each: side[each] / draft[each] for each in ("seconds", "cpu_seconds")}
        found[name] = side | {"of_draft": shares}
    return found


if __name__ == "__main__":
    answer(correct_side(Path(sys.argv[1])))
