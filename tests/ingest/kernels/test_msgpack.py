"""A tape has the values of MessagePack as its codec reads them, or says that it is not plain."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.codecs.msgpack import NoMessagePack, loads
from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.packed import read_packed
from tests.ingest.kernels.test_tape import built


def read(
    payload: bytes, rows: int | None = None, encoding: int = p.MSGPACK
) -> tuple[np.ndarray, np.ndarray, int]:
    data = np.frombuffer(bytearray(payload or b" "), dtype=np.uint8)
    tape = np.empty((len(payload) + 2 if rows is None else rows, t.COLUMNS), dtype=np.int64)
    stack, how = np.empty(t.DEPTH, dtype=np.int64), np.array([encoding], dtype=np.int64)[0]
    return data, tape, read_packed(data, 0, len(payload), how, tape, stack)


TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=40)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18) + 1, 10**18 - 1), st.integers(-200, 70_000),
    st.decimals(-1000, 1000, places=3).map(float), TEXTS,
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=20), st.dictionaries(TEXTS, inner, max_size=20)
    ),
    max_leaves=40,
)


def same(payload: bytes) -> bool:
    """Whether it is read; then it is what the codec reads."""
    data, tape, count = read(payload)
    if count > 0:
        assert tape[0, t.AFTER] == count
        assert built(data, tape, 0) == loads(payload)
    return count > 0


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


@settings(max_examples=400, deadline=None, database=None)
@given(VALUES)
def test_a_tape_has_what_was_written(value: Any) -> None:
    assert same(msgspec.msgpack.encode(value)) or depth(value) > 8


@settings(max_examples=600, deadline=None, database=None)
@given(VALUES, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), min_size=1, max_size=3), st.integers(0, 2))  # fmt: skip
def test_what_is_broken_is_no_tape_or_what_the_codec_reads(
    value: Any, faults: list[tuple[int, int]], short: int
) -> None:
    payload = bytearray(msgspec.msgpack.encode(value))
    for at, byte in faults:
        payload[at % len(payload)] = byte
    same(bytes(payload[: len(payload) - short]))


@pytest.mark.parametrize(
    "payload",
    ["", "c1", "c4 01 00", "c7 0c ff 00000000 0000000000000000", "81 01 01", "82 a161 01 a161 01", "a1 ff", "a1 0a", "a2 c3",
     "92 01", "91 01 01", "81 a161", "cf ffffffffffffffff", "cf 0de0b6b3a7640000", "d3 8000000000000000", "cb 7ff8000000000000",
     "ca 7f800000", "ca 00000001", "d6 05 00000000", "d6 ff 00", "d9", "da 00", "d9 02 61", "dc", "de 00", "cd 00", "9191919191919191 91 c0",
     "dd ffffffff 01", "d4 ff 00", "81 a161 c6"],
)  # fmt: skip
def test_what_is_not_plain_is_no_tape(payload: str) -> None:
    assert read(bytes.fromhex(payload))[2] == -1


@pytest.mark.parametrize(
    ("payload", "value"),
    [("d0 80", -128), ("d1 8000", -32768), ("d2 ffffffff", -1), ("d3 ffffffffffffffff", -1), ("cc ff", 255), ("e0", -32),
     ("d6 ff 6922bb00", 1763883776), ("d7 ff 00000004 00000001", Decimal("1.000000001")), ("db 00000001 61", "a"), ("9191919191919191 c0", None),
     ("df 00000001 a161 91 c3", {"a": [True]}), ("ca 41b8cccd", Decimal("23.1")), ("90", []), ("80", {})],
)  # fmt: skip
def test_each_way_to_write_a_value_is_read(payload: str, value: Any) -> None:
    data, tape, count = read(bytes.fromhex(payload))
    assert count > 0
    if value is not None:
        assert built(data, tape, 0) == value
    with suppress(NoMessagePack):
        assert built(data, tape, 0) == loads(bytes.fromhex(payload))
