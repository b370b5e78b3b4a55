"""A tape has the values of CBOR as its codec reads them, or says that it is not plain."""

import struct
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.codecs.cbor import loads
from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.cbor import INTEGER
from tests.ingest.codecs import naive_cbor
from tests.ingest.kernels.test_msgpack import depth, read
from tests.ingest.kernels.test_tape import built

TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=40)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18) + 2, 10**18 - 2), st.integers(-300, 70_000), TEXTS,
    st.decimals(-(10**9), 10**9, places=3), st.integers(-99, 99).map(lambda n: Decimal(n).scaleb(3)),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=30), st.dictionaries(st.integers(-300, 300), inner, max_size=20)),
    max_leaves=40,
)  # fmt: skip


def label(_: np.ndarray, tape: np.ndarray, node: int) -> int:
    """The integer that is the key of a row."""
    assert tape[node, t.KEY_SIZE] == INTEGER
    return int(tape[node, t.KEY_AT])


def same(payload: bytes) -> bool:
    """Whether it is read; then it is what the codec reads."""
    data, tape, count = read(payload, encoding=p.JSON_OR_CBOR)
    if count > 0:
        assert tape[0, t.AFTER] == count
        assert built(data, tape, 0, label) == loads(payload)
    return count > 0


@settings(max_examples=400, deadline=None, database=None)
@given(VALUES)
def test_a_tape_has_what_was_written(value: Any) -> None:
    assert same(naive_cbor.dumps(value)) or depth(value) > 6


@settings(max_examples=600, deadline=None, database=None)
@given(VALUES, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), min_size=1, max_size=3), st.integers(0, 2))  # fmt: skip
def test_what_is_broken_is_no_tape_or_what_the_codec_reads(
    value: Any, faults: list[tuple[int, int]], short: int
) -> None:
    payload = bytearray(naive_cbor.dumps(value))
    for at, byte in faults:
        payload[at % len(payload)] = byte
    same(bytes(payload[: len(payload) - short]))


@pytest.mark.parametrize("form", [">Be", ">Bf", ">Bd"])
@pytest.mark.parametrize("value", [0.0, -0.0, 0.5, 21.5, -3.25, 1000.0])
def test_floats_of_all_sizes_are_read(form: str, value: float) -> None:
    head = {"e": 0xF9, "f": 0xFA, "d": 0xFB}[form[-1]]
    assert same(struct.pack(form, head, value))


@pytest.mark.parametrize(
    "payload",
    ["", "41 00", "a1 6161 01", "a2 01 01 01 01", "9f 01 ff", "bf 01 01 ff", "c1 01", "c2 41 01", "c4", "c4 82", "c4 82 01", "c4 81 01",
     "c4 82 1864 01", "c4 82 01 f5", "f8 ff", "f9 7c00", "f9 00", "fb 7ff8000000000000", "1b ffffffffffffffff", "3b 0de0b6b3a7640000", "1c", "18",
     "62 61", "61 ff", "61 0a", "7f 61 61 ff", "82 01", "01 01", "81818181818181 81 01", "d9d9f7 01", "ff", "e0"],
)  # fmt: skip
def test_what_is_not_plain_is_no_tape(payload: str) -> None:
    assert read(bytes.fromhex(payload), encoding=p.JSON_OR_CBOR)[2] == -1
