"""A damaged file of the lake is told as such, however deep it lies in the error."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from heatwatch.cli.damage import damaged


def test_a_cut_file_is_known_by_what_its_reader_says(tmp_path: Path) -> None:
    file = tmp_path / "part.parquet"
    file.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(Exception, match=r".") as failed:
        pq.ParquetFile(file)
    assert damaged(failed.value)
    outer = RuntimeError("the settlement failed")
    outer.__cause__ = failed.value
    assert damaged(outer)


@pytest.mark.parametrize("error", [ValueError("parquet"), KeyError("x"), None], ids=repr)
def test_other_errors_are_not(error: BaseException | None) -> None:
    assert not damaged(error)
