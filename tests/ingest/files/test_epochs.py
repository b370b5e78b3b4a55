"""Times as numbers."""

import numpy as np
import pyarrow as pa
import pytest

from domain.time import from_us
from ingest.files.epochs import CUT, NO_EPOCH, epochs, serials


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.int64(), pa.float64()])
def test_numbers_of_any_type_are_read(kind: pa.DataType) -> None:
    column = pa.array([1764000000, None, 1764000000000]).cast(kind)
    why = np.full(3, "", dtype=object)
    at_us, corrected = epochs(column, "s", why)
    assert at_us[[0, 2]].tolist() == [1_764_000_000_000_000] * 2
    assert corrected.tolist() == [False, False, True]
    assert why.tolist() == ["", NO_EPOCH, ""]


def test_digits_that_are_gone_are_told() -> None:
    column = pa.array(["1.764E9", "1.764000000E9", "1.764000000E12", "1.764000001E+18"])
    why = np.full(4, "", dtype=object)
    epochs(column, "s", why)
    assert why.tolist() == [CUT, "", "", ""]


def test_a_spreadsheets_days_are_read_to_the_second() -> None:
    at_us, kind = serials(pa.array([45662.33333, 45662.999994, float("nan")]), "1899-12-30")
    assert [from_us(each).isoformat() for each in at_us[:2].tolist()] == [
        "2025-01-05T08:00:00+00:00", "2025-01-05T23:59:59+00:00"]  # fmt: skip
    assert kind.tolist() == [2, 2, 0]
