"""MessagePack against what another library writes, and bytes that are none."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs.msgpack import MOST_DEPTH, NoMessagePack, loads

encode = msgspec.msgpack.encode
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=300)
    | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=4), inner, max_size=20),
    max_leaves=12,
)  # fmt: skip


@seed(20261127)
@settings(max_examples=200, deadline=None)
@given(value=VALUES)
def test_what_another_library_writes_is_read_back(value: Any) -> None:
    with suppress(NoMessagePack):  # nested deeper than messages are
        assert loads(encode(value)) == value


@seed(20261128)
@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=80))
def test_any_bytes_are_a_value_or_none(data: bytes) -> None:
    with suppress(NoMessagePack):
        loads(data)


def test_numbers_and_times_are_exact() -> None:
    assert loads(encode(21.35)) == Decimal("21.35")
    assert loads(bytes.fromhex("ca41aacccd")) == Decimal("21.35")
    for at, text in ((datetime(2026, 11, 22, 6, tzinfo=UTC), "1795327200"),
                     (datetime(2026, 11, 22, 6, 0, 0, 250_000, tzinfo=UTC), "1795327200.25"),
                     (datetime(1960, 1, 1, tzinfo=UTC), "-315619200")):  # fmt: skip
        assert loads(encode(at)) == Decimal(text)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "it ends inside a value"), ("cd01", "it ends inside a value"), ("0000", "1 bytes follow"),
        ("ddffffffff", "it ends inside a value"), ("dfffffffff", "it ends inside a value"),
        ("c6ffffffff", "it ends inside a value"), ("c1", "head 193 means nothing"),
        ("82a16101a16102", "key 'a' has two values"), ("81c000", "neither a text nor an integer"),
        ("a2ffff", "a text is no UTF-8"), ("d40500", "extension 5 is not known here"),
        ("d4ff00", "extension -1 is not known here"), ("91" * 40 + "00", "nested too deep"),
    ],
)  # fmt: skip
def test_what_is_none_is_named(written: str, why: str) -> None:
    with pytest.raises(NoMessagePack, match=why):
        loads(bytes.fromhex(written))
    assert MOST_DEPTH == 8
