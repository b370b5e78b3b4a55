"""CBOR by the examples of RFC 8949, appendix A, and by an encoder written beside it."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs.cbor import MOST_DEPTH, NoCbor, loads
from tests.ingest.codecs.naive_cbor import dumps


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("00", 0), ("17", 23), ("1818", 24), ("1903e8", 1000), ("1a000f4240", 10**6),
        ("1bffffffffffffffff", 2**64 - 1), ("c249010000000000000000", 2**64),
        ("3bffffffffffffffff", -(2**64)), ("c349010000000000000000", -(2**64) - 1),
        ("20", -1), ("3903e7", -1000), ("f90000", Decimal(0)), ("f93e00", Decimal("1.5")),
        ("f97bff", Decimal(65504)), ("fa47c35000", Decimal(100000)),
        ("fb3ff199999999999a", Decimal("1.1")), ("fbc010666666666666", Decimal("-4.1")),
        ("f4", False), ("f5", True), ("f6", None), ("f7", None), ("c48221196ab3", Decimal("273.15")),
        ("4401020304", b"\1\2\3\4"), ("6449455446", "IETF"), ("62c3bc", "ü"), ("80", []),
        ("8301820203820405", [1, [2, 3], [4, 5]]), ("a201020304", {1: 2, 3: 4}),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}), ("5f42010243030405ff", b"\1\2\3\4\5"),
        ("7f657374726561646d696e67ff", "streaming"), ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}), ("d9d9f700", 0),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_is_what_the_standard_says(written: str, value: Any) -> None:
    found = loads(bytes.fromhex(written))
    assert (found, type(found)) == (value, type(value))


def test_a_short_float_is_the_decimal_that_was_meant() -> None:
    assert [str(loads(bytes.fromhex(each))) for each in ("fa41b8cccd", "f94dc6")] == [
        "23.1",
        "23.1",
    ]
    assert loads(bytes.fromhex("f97e00")).is_nan()
    assert loads(bytes.fromhex("f97c00")) == Decimal("Infinity")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "it ends inside a value"), ("19", "it ends inside a value"), ("0000", "1 bytes follow"),
        ("9bffffffffffffffff", "it ends inside a value"), ("bb7fffffffffffffff", "it ends inside"),
        ("5bffffffffffffffff", "it ends inside a value"), ("1c", "head 28 means nothing"),
        ("ff", "simple value 31 means nothing"), ("e0", "simple value 0 means nothing"),
        ("9f", "it ends inside a value"), ("a1f500", "neither a text nor an integer"),
        ("a201020103", "key '1' has two values"), ("62ffff", "a text is no UTF-8"),
        ("7f4101ff", "a part of a text is none"), ("7f7fffff", "a part of a text is none"),
        ("c0613a", "tag 0 is not known here"), ("c48219270f01", "with exponent 9999"),
        ("c2582a" + "ff" * 42, "tag 2 is not known here"), ("81" * 40 + "00", "nested too deep"),
        ("d8" + "1c" + "80", "tag 28"), ("c6" * 40 + "00", "nested too deep"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_none_is_named(written: str, why: str) -> None:
    with pytest.raises(NoCbor, match=why):
        loads(bytes.fromhex(written))


def test_nesting_ends_at_its_bound() -> None:
    assert loads(b"\x81" * MOST_DEPTH + b"\x00")
    with pytest.raises(NoCbor):
        loads(b"\x81" * (MOST_DEPTH + 1) + b"\x00")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=30)
    | st.binary(max_size=30) | st.decimals(-(10**6), 10**6, places=3),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.integers(-10, 10) | st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


def depth(value: Any) -> int:
    """How deep a value is nested; a decimal fraction is a tag with a list."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return 1 + max((depth(each) for each in value), default=0)
    return 2 if isinstance(value, Decimal) else 1


@seed(20261127)
@settings(max_examples=200, deadline=None)
@given(value=VALUES)
def test_what_another_encoder_writes_is_read_back(value: Any) -> None:
    if depth(value) <= MOST_DEPTH:
        assert loads(dumps(value)) == value


@seed(20261128)
@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=80))
def test_any_bytes_are_a_value_or_no_cbor(data: bytes) -> None:
    with suppress(NoCbor):
        loads(data)
