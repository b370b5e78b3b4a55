"""The bench of shapes measures messages that are read, and by the compiled loops."""

import numpy as np
import pytest

from domain.time import to_us
from heatwatch.bench.shapes import NOW, SHAPES, Shape, _frames, _index, bench_shapes, shapes_table
from ingest.batch.compiled import compiled_readers
from ingest.batch.feed import Feed
from ingest.batch.table import SeriesTable


@pytest.fixture(scope="module")
def table() -> SeriesTable:
    return SeriesTable(_index())


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_message_is_plain(shape: Shape, table: SeriesTable) -> None:
    (reader,) = compiled_readers([Feed(shape.feed, 1, {})], table)
    buffer, frames, _ = _frames(shape.made(40))
    done = np.zeros(40, dtype=np.uint8)
    rows = reader.read(buffer, frames, to_us(NOW), done)
    assert done.all()
    assert len(rows) == 40 * shape.readings


def test_a_run_has_a_row_of_each_shape() -> None:
    said: list[str] = []
    answer = bench_shapes(said.append, 100, 1)
    assert [each["shape"] for each in answer] == [shape.name for shape in SHAPES]
    assert len(said) == len(SHAPES)
    assert all(each["heatwatch_per_s"] > 0 < each["msgspec_per_s"] for each in answer)
    assert shapes_table(answer)
