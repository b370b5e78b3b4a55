"""Which of several readings counts for one identity."""

import numpy as np
import pyarrow as pa
import pytest

from domain.quality import Quality
from store.journal.schema import READING
from store.readings.readings import Readings
from store.readings.resolve import Rows, resolve
from tests.store.batches import NOW, YEAR, Row, batch, keep, row
from tests.store.readings.kept import CITY, readings

__all__ = ["readings"]  # fixtures


def verdict(readings: Readings, *rows: Row) -> tuple[int, Quality]:
    """What counts of these rows of one identity."""
    keep(readings.journal, rows)
    at_us, value, mark = readings.columns(CITY, YEAR).of(1)
    assert at_us.size == 1
    return int(value[0]), Quality(mark[0])


@pytest.mark.parametrize(
    ("rows", "value", "mark"),
    [
        ([row(1, 1, 18_000), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 17_900), row(1, 1, 18_000)], 0, Quality.CONFLICT),
        ([row(1, 1, 17_900), row(1, 1, 18_000, revision=1)], 18_000, Quality.GOOD),
        ([row(1, 1, 17_900, revision=2), row(1, 1, 1, revision=2)], 0, Quality.CONFLICT),
        ([row(1, 1, None)], 0, Quality.MISSING),
        ([row(1, 1, None), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 18_000), row(1, 1, None, revision=1)], 0, Quality.MISSING),
        ([row(1, 1, None), row(1, 1, None, Quality.DEVICE_ERROR)], 0, Quality.DEVICE_ERROR),
        ([row(1, 1, 99_000, Quality.OUT_OF_RANGE), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 18_000, Quality.RETAINED), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 18_000, Quality.CLOCK_CORRECTED)], 18_000, Quality.CLOCK_CORRECTED),
        ([row(1, 1, 99_000, Quality.OUT_OF_RANGE)], 0, Quality.OUT_OF_RANGE),
    ],
    ids=[
        "equal values are one",
        "different values are a conflict",
        "the higher revision wins",
        "a conflict among the highest revision",
        "unknown is missing",
        "saying nothing contradicts nobody",
        "a correction may take a value back",
        "the named cause is kept",
        "an impossible value contradicts nobody",
        "the better mark of equal values",
        "a corrected clock is usable",
        "an impossible value is not used",
    ],
)
def test_what_counts_for_one_identity(
    readings: Readings, rows: list[Row], value: int, mark: Quality
) -> None:
    assert verdict(readings, *rows) == (value, mark)


def test_two_messages_of_one_instant_of_receipt_conflict_only_where_they_differ(
    readings: Readings,
) -> None:
    def received(*pairs: tuple[int, int]) -> pa.RecordBatch:
        rows = pa.Table.from_batches([batch([row(1, i // 2, v) for i, (v, _) in enumerate(pairs)])])
        kind = pa.array([3] * len(pairs), pa.int8())
        message = pa.array([m for _, m in pairs], pa.int64())
        rows = rows.set_column(4, "time_kind", kind).set_column(8, "message", message)
        return rows.cast(READING).to_batches()[0]

    data = received((18_000, 11), (18_000, 12), (18_000, 13), (17_000, 14))
    readings.journal.append(data, messages=4, now=NOW)
    readings.flush(NOW)
    assert readings.lake.snapshot().rows == 4  # both stay
    _, value, mark = readings.columns(CITY, YEAR).of(1)
    assert value.tolist() == [18_000, 0]
    assert mark.tolist() == [Quality.GOOD, Quality.CONFLICT]


@pytest.mark.parametrize("number", range(5), ids=lambda n: f"seed-{n}")
def test_resolved_rows_may_be_joined_again(number: int) -> None:
    chance = np.random.default_rng(number)
    n = 300
    mark = chance.choice([0, 1, 4, 7], n).astype(np.uint8)
    value = np.where(np.isin(mark, [0, 4]), chance.integers(1, 4, n), 0)
    series, at = chance.integers(1, 4, n), chance.integers(1, 9, n)
    rows = Rows(series, at, value, mark, chance.integers(0, 2, n).astype(np.int16))
    once = resolve(rows)
    half = np.arange(n) < n // 2
    again = resolve(Rows.join([resolve(rows.take(~half)), resolve(rows.take(half)), once]))
    for name in Rows.__slots__:
        assert getattr(again, name).tobytes() == getattr(once, name).tobytes()


def test_times_too_far_apart_for_one_key_are_put_in_order_all_the_same() -> None:
    series = np.array([9, 1, 9, 1, 9], dtype=np.int64)
    at = np.array([2**61, 2**61, -(2**61), 0, 2**61], dtype=np.int64)
    plain = np.zeros(5, dtype=np.uint8)
    rows = Rows(series, at, np.arange(5), plain, np.array([0, 0, 0, 0, 1], dtype=np.int16))
    found = resolve(rows)
    assert found.series.tolist() == [1, 1, 9, 9]
    assert found.value.tolist() == [3, 1, 2, 4]
