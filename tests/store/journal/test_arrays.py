"""Arrays from numpy, as pyarrow makes them, without pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from store.journal.arrays import from_numpy

TYPES = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.timestamp("us", tz="UTC")]


@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 1000])
def test_values_and_nulls_are_those_of_pyarrow(kind: pa.DataType, size: int) -> None:
    chance = np.random.default_rng(size)
    values = chance.integers(-100, 100, 2 * size).astype(f"i{kind.bit_width // 8}")[::2]
    null = chance.random(size) < 0.3
    plain = pa.array(np.ascontiguousarray(values))
    assert from_numpy(values, kind).equals(plain.view(kind))
    masked = pa.array(np.ascontiguousarray(values), mask=null).view(kind)
    found = from_numpy(values, kind, null)
    assert found.equals(masked)
    assert found.null_count == null.sum()
    found.validate(full=True)


def test_values_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="int32 has not the size of int64"):
        from_numpy(np.zeros(1, np.int32), pa.int64())


def test_a_batch_is_made_without_pandas() -> None:
    """It would cost ingest half a second and 40 MB."""
    code = """
import sys
from tests.ingest.small import one, rows
assert one(b'{"channel":"t","value":1}').readings.num_rows == 1
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
