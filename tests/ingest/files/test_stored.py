"""Rows of a table as they can be resolved, and what they say of one instant."""

import pyarrow as pa

from domain.quality import Quality
from ingest.files.stored import COLUMNS, pairs_of, rows_of, shown
from tests.ingest.files.small_files import INDEX

SERIES = int(INDEX.series[0])
TABLE = pa.table(
    [[SERIES] * 3, [0, 0, 1], [13_000, 19_000, None], [int(Quality.GOOD)] * 3, [0, 1, 0]],
    names=COLUMNS,
)


def test_a_null_is_missing_and_its_value_zero() -> None:
    rows = rows_of(TABLE)
    assert rows.value.tolist() == [13_000, 19_000, 0]
    assert rows.mark.tolist() == [Quality.GOOD, Quality.GOOD, Quality.MISSING]
    assert pairs_of(rows).tolist() == [[SERIES, 0], [SERIES, 0], [SERIES, 1]]


def test_all_values_of_an_instant_are_shown_or_those_of_its_highest_revision() -> None:
    rows = rows_of(TABLE)
    every = shown(INDEX, rows, SERIES, 0, newest=False)
    assert (every.device, every.values) == ("A1", ["13.000 Cel", "19.000 Cel"])
    assert shown(INDEX, rows, SERIES, 0, newest=True).values == ["19.000 Cel"]
