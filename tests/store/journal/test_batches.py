"""A batch as bytes: what was changed in them is found before anybody takes it for readings."""

import random

import pyarrow as pa
import pytest

from store.journal.batches import CHECKED, DamagedBatch, decode, decoded, encode
from tests.store.batches import batch, hours

ROWS = batch(hours(50))


def test_a_batch_comes_back_as_it_was_with_and_without_a_checksum() -> None:
    data = encode(ROWS)
    assert decode(data).to_batches()[0].equals(ROWS)
    before = data[: -4 - len(CHECKED)]
    assert decode(before).to_batches()[0].equals(ROWS)


@pytest.mark.parametrize("seed", range(20))
def test_any_flipped_byte_is_found(seed: int) -> None:
    data = bytearray(encode(ROWS))
    data[random.Random(seed).randrange(len(data))] ^= 0x04
    with pytest.raises(ValueError, match=r"."):
        decode(bytes(data))


def test_a_batch_whose_checksum_is_damaged_too_is_none_from_before_checksums() -> None:
    data = encode(ROWS)
    for at in range(len(data) - 40, len(data) - 6):
        flipped = bytearray(data)
        flipped[at] ^= 0x04
        flipped[-6] ^= 0x04  # in what says that there is a checksum
        with pytest.raises(ValueError, match="not those that were written"):
            decode(bytes(flipped))


@pytest.mark.parametrize("left", [0, 1, 10, 100])
def test_a_cut_batch_is_named_with_how_to_go_on(left: int) -> None:
    with pytest.raises(DamagedBatch, match=r"batch 7 of .* = J is damaged"):
        decoded(7, encode(ROWS)[:left], "J")


def test_a_table_of_other_columns_is_no_batch() -> None:
    sink = pa.BufferOutputStream()
    other = pa.table({"x": [1]})
    with pa.ipc.new_stream(sink, other.schema) as writer:
        writer.write_table(other)
    with pytest.raises(ValueError, match="expected columns"):
        decode(bytes(sink.getvalue()))
