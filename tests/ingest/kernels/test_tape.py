"""A tape has the values of a JSON text, or says that it is not plain."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.kernels import tape as t


def read(payload: bytes) -> tuple[np.ndarray, np.ndarray, int]:
    data = np.frombuffer(payload or b" ", dtype=np.uint8)
    tape = np.empty((len(payload) + 2, t.COLUMNS), dtype=np.int64)
    return data, tape, t.read_tape(data, 0, len(payload), tape, np.empty(t.DEPTH, dtype=np.int64))


def key_of(data: np.ndarray, tape: np.ndarray, node: int) -> str:
    """The text that is the key of a row."""
    at, size = tape[node, [t.KEY_AT, t.KEY_SIZE]].tolist()
    return data[at : at + size].tobytes().decode() if size >= 0 else ""


def built(data: np.ndarray, tape: np.ndarray, node: int, key: Callable[..., Any] = key_of) -> Any:
    """The value at a row, as Python has it."""
    kind, at, size, after = tape[node, :4].tolist()
    if kind in {t.OBJECT, t.LIST}:
        children, child = [], node + 1
        while child < after:
            children.append(child)
            child = int(tape[child, t.AFTER])
        if kind == t.LIST:
            return [built(data, tape, each, key) for each in children]
        return {key(data, tape, each): built(data, tape, each, key) for each in children}
    if kind == t.TEXT:
        return data[at : at + size].tobytes().decode()
    if kind == t.NUMBER:
        return Decimal(int(tape[node, t.MANTISSA])).scaleb(-int(tape[node, t.DECIMALS]))
    return {t.TRUE: True, t.FALSE: False, t.NULL: None}[kind]


NUMBERS = st.one_of(st.integers(-(10**17), 10**17), st.decimals(-1000, 1000, places=3))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters='"\\'))),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text("ab楼𝄞 ", max_size=3), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


def written(value: Any, blank: str) -> str:
    if isinstance(value, dict):
        return "{" + f",{blank}".join(f'"{k}"{blank}:{blank}{written(v, blank)}' for k, v in value.items()) + blank + "}"  # fmt: skip
    if isinstance(value, list):
        return f"[{blank}" + f"{blank},".join(written(each, blank) for each in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


@settings(max_examples=300, deadline=None, database=None)
@given(VALUES, st.sampled_from(["", " ", "\r\n\t"]))
def test_a_tape_has_what_was_written(value: Any, blank: str) -> None:
    data, tape, count = read((blank + written(value, blank) + blank).encode())
    assert count > 0
    assert built(data, tape, 0) == value


@settings(max_examples=400, deadline=None, database=None)
@given(VALUES, st.lists(st.tuples(st.integers(0, 200), st.sampled_from(list(b'{}[]",:.-0e \\\x00\xff\xe3'))), min_size=1, max_size=3))  # fmt: skip
def test_what_is_broken_is_no_tape_or_what_json_reads(
    value: Any, faults: list[tuple[int, int]]
) -> None:
    payload = bytearray(written(value, "").encode())
    for at, byte in faults:
        payload[at % len(payload)] = byte
    data, tape, count = read(bytes(payload))
    if count > 0:
        assert built(data, tape, 0) == json.loads(
            payload.decode(), parse_float=Decimal, parse_int=Decimal
        )


@pytest.mark.parametrize(
    "payload",
    [b"", b" ", b"{", b"[1,]", b'{"a":1,}', b'{"a":1,"a":1}', b'{"a"}', b"[1 2]", b"1 2", b"1e5", b'"\\n"', b'"\x01"',
     b"nul", b"nulls", b"[,1]", b"{,}", b'{"a":}', b"{1:2}", b"01", b'{"a":1]', b"[1}", b'"\xc0\x80"', b'"\xed\xa0\x80"',
     b'"\xf5\x80\x80\x80"', b'"\xe6\xa5"', b"[" * 40 + b"]" * 40, b"1234567890123456789"],
)  # fmt: skip
def test_what_is_not_plain_is_no_tape(payload: bytes) -> None:
    assert read(payload)[2] == -1


@pytest.mark.compiled
@pytest.mark.parametrize(("keys", "plain"), [(500, True), (50_000, False)])
def test_an_object_of_very_many_keys_is_left_to_those_who_hash_them(keys: int, plain: bool) -> None:
    _, _, count = read(json.dumps({f"{k:06}": k for k in range(keys)}).encode())
    assert (count > 0) == plain


def test_a_tape_without_room_is_none() -> None:
    data = np.frombuffer(b"[1,2,3]", dtype=np.uint8)
    tape, stack = np.empty((3, t.COLUMNS), dtype=np.int64), np.empty(t.DEPTH, dtype=np.int64)
    assert t.read_tape(data, 0, 7, tape, stack) == -1
