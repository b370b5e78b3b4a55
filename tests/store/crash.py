"""Other processes for the tests of the lake: one that is killed at a step, one that counts."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from multiprocessing.queues import Queue
from typing import Any

import duckdb
from deltalake import DeltaTable

from store.journal.journal import Journal
from store.lake import compact as lake_compact
from store.lake.lake import Lake
from store.lake.place import LakePlace
from store.readings.readings import Readings

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

#: Every step of a flush or a compaction that leaves something on the disk, in order.
STEPS: dict[str, tuple[Any, str]] = {
    "file": (LakePlace, "write"),
    "folders": (LakePlace, "sync_folders"),
    "commit": (DeltaTable, "create_write_transaction"),
    "log": (LakePlace, "sync_log"),
    "record": (Journal, "record_flush"),
    "trim": (Journal, "trim"),
    "keys": (Journal, "_trim_keys"),
    "checkpoint": (DeltaTable, "create_checkpoint"),
    "cleanup": (DeltaTable, "cleanup_metadata"),
    "vacuum": (DeltaTable, "vacuum"),
}


def die_at(step: str, when: str, times: int) -> None:
    """From now on the `times`-th call of the step ends the process, before or after its effect."""
    owner, name = STEPS[step]
    real: Callable[..., Any] = getattr(owner, name)
    left = times

    def deadly(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*arguments, **named)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, deadly)


def work(folder: str, task: str, step: str, when: str, times: int) -> None:
    """The doomed process: opens the stores, then flushes or compacts until the step."""
    readings = Readings(Journal.open(f"{folder}/journal.db"), Lake.open(f"{folder}/lake"))
    lake_compact.LOG_KEPT = 1
    die_at(step, when, times)
    if task == "flush":
        readings.flush(NOW)
    else:
        lake_compact.compact(readings.lake)


def count(files: list[str], answer: "Queue[tuple[int, int]]") -> None:
    """(rows, identities) of these files, as DuckDB sees them."""
    found = duckdb.read_parquet(files).aggregate('count(*), count(distinct (series, "at"))')
    rows, identities = found.fetchall()[0]
    answer.put((rows, identities))


def servants() -> ForkServerContext:
    """Starts processes from one that has imported all this, but has never run any of it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context
