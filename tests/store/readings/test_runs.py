"""Rows of the lake as arrays: what is missing has a mark, and what is plain costs nothing."""

import pyarrow as pa

from domain.quality import Quality
from store.readings.runs import to_run


def rows(values: list[int | None], **more: pa.Array) -> pa.RecordBatch:
    n = len(values)
    columns = {
        "series": pa.array([1] * n, pa.int32()),
        "at": pa.array(range(n), pa.timestamp("us", "UTC")),
        "value": pa.array(values, pa.int64()),
        **more,
    }
    return pa.RecordBatch.from_pydict(columns)


def test_plain_rows_have_no_marks_and_no_revisions() -> None:
    run = to_run(rows([5, 6]))
    assert (run.value.tolist(), run.at_us.tolist()) == ([5, 6], [0, 1])
    assert (run.mark, run.revision) == (None, None)


def test_a_value_reported_as_unknown_is_marked_missing_and_holds_nothing() -> None:
    run = to_run(rows([5, None]))
    assert run.mark is not None
    assert run.mark.tolist() == [Quality.GOOD, Quality.MISSING]
    assert run.value.tolist() == [5, 0]


def test_a_cause_that_is_known_stays_and_its_value_is_not_used() -> None:
    quality = pa.array([Quality.OUT_OF_RANGE, Quality.OUT_OF_RANGE, Quality.GOOD], pa.int8())
    run = to_run(rows([999, None, 7], quality=quality))
    assert run.mark is not None
    assert run.mark.tolist() == [Quality.OUT_OF_RANGE, Quality.OUT_OF_RANGE, Quality.GOOD]
    assert run.value.tolist() == [0, 0, 7]


def test_revisions_come_along_where_there_are_some() -> None:
    run = to_run(rows([5, 6], revision=pa.array([0, 2], pa.int16())))
    assert run.revision is not None
    assert run.revision.tolist() == [0, 2]
