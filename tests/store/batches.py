"""Readings for tests: short to write, exact, and a slow obvious twin of resolving."""

import signal
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue

import numpy as np
import pyarrow as pa

from domain.columns import Columns
from domain.quality import USABLE, Quality
from domain.time import Span, to_us
from store.journal.journal import Journal
from store.journal.schema import READING
from tests.store import crash
from tests.store.crash import NOW

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = Span(START, datetime(2027, 1, 1, tzinfo=UTC))

__all__ = ["NOW", "START", "YEAR", "batch", "hours", "keep", "row", "same", "table"]

#: (series, hour of the year, value or None, quality, revision)
Row = tuple[int, float, int | None, int, int]


def row(series: int, hour: float, value: int | None, quality: int = 0, revision: int = 0) -> Row:
    """One reading of a test; `hour` counts from the start of the year. [h]"""
    return series, hour, value, quality, revision


def batch(rows: Iterable[Row]) -> pa.RecordBatch:
    """Rows as ingest hands them over."""
    rows = list(rows)
    series, hours, values, quality, revision = zip(*rows, strict=True) if rows else ((),) * 5
    columns = {
        "series": series,
        "at": [START + timedelta(hours=hour) for hour in hours],
        "value": values,
        "quality": quality,
        "revision": revision,
        **{name: [0] * len(rows) for name in ("time_kind", "feed", "part")},
        "message": [None] * len(rows),
    }
    arrays = [pa.array(columns[field.name], field.type) for field in READING]
    return pa.record_batch(arrays, schema=READING)


def table(rows: Iterable[Row]) -> pa.Table:
    """The same as a table, for imports."""
    return pa.Table.from_batches([batch(rows)])


def hours(count: int, series: int = 1, first: int = 0) -> list[Row]:
    """One warm reading an hour, each value telling its hour."""
    return [row(series, first + i, 20_000 + first + i) for i in range(count)]


def keep(journal: Journal, rows: Iterable[Row]) -> int:
    """Appends one batch of as many messages as rows."""
    data = batch(rows)
    return journal.append(data, messages=data.num_rows, now=NOW)


def same(one: Columns, other: Columns) -> bool:
    """Identical to the bit."""
    names = ("series", "offsets", "at_us", "value", "mark")
    return all(getattr(one, n).tobytes() == getattr(other, n).tobytes() for n in names)


def naive(rows: Sequence[Row], series: Iterable[int]) -> Columns:
    """What `store.readings.resolve` says, one identity after the other."""
    found: dict[tuple[int, float], list[Row]] = defaultdict(list)
    for each in rows:
        found[each[0], each[1]].append(each)
    wanted = sorted(set(series))
    at, value, mark, offsets = [], [], [], [0]
    for number in wanted:
        for key in sorted(k for k in found if k[0] == number):
            v, m = _verdict(found[key])
            at.append(to_us(START + timedelta(hours=key[1])))
            value.append(v)
            mark.append(m)
        offsets.append(len(at))
    return Columns(
        np.array(wanted, np.int32),
        np.array(offsets, np.int64),
        np.array(at, np.int64),
        np.array(value, np.int64),
        np.array(mark, np.uint8),
    )


def _verdict(rows: Sequence[Row]) -> tuple[int, int]:
    """(value, mark) of the rows of one identity."""
    newest = [r for r in rows if r[4] == max(r[4] for r in rows)]
    usable = [r for r in newest if r[2] is not None and Quality(r[3]) in USABLE]
    if not usable:
        causes = [Quality.MISSING if Quality(r[3]) in USABLE else r[3] for r in newest]
        return 0, min(causes)
    if len({r[2] for r in usable}) > 1:
        return 0, Quality.CONFLICT
    return int(usable[0][2] or 0), min(r[3] for r in usable)


def counted_elsewhere(files: Sequence[str]) -> tuple[int, int]:
    """(rows, identities) as DuckDB counts them in another process over these files."""
    context = crash.servants()
    answer: Queue[tuple[int, int]] = context.Queue()
    process = context.Process(target=crash.count, args=(list(files), answer))
    process.start()
    found = answer.get(timeout=120)
    process.join()
    return found


def killed(folder: str, task: str, step: str, when: str, times: int) -> bool:
    """Runs a flush or a compaction that dies at a step; whether it came that far."""
    process = crash.servants().Process(target=crash.work, args=(folder, task, step, when, times))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL
