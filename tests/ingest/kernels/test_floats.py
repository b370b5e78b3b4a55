"""A float is the decimal that the codecs take, or not plain."""

import struct
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.codecs.exact import float_of
from ingest.kernels.floats import decimal_of


def read(data: bytes) -> Decimal | None:
    size = np.array([len(data)], dtype=np.int64)
    bits = np.frombuffer(data, dtype={8: ">i8", 4: ">u4", 2: ">u2"}[len(data)]).astype(np.int64)
    mantissa, decimals = decimal_of(bits[0], size[0])
    return Decimal(int(mantissa)).scaleb(-int(decimals)) if decimals >= 0 else None


def agrees(data: bytes) -> bool:
    """Whether it is read; then it is what the codec has."""
    found = read(data)
    if found is not None:
        assert found == float_of(data)
        assert int(found.as_tuple().exponent) < 0  # never a whole number as messages count things
    return found is not None


WRITTEN = st.decimals(-100_000, 100_000, places=4).map(float)
EXAMPLES = (0.0, -0.0, 0.1 + 0.2, 21.400000000000002, 5e-324, 1e-310, 1e22, 2.0**53, 2.0**52 + 0.5, 1e300, 0.5, 64.0, 1 / 3, 9007199254740991.0, 1e-7, 123456789.123456789, 8.41e21, 9.5367431640625e-07, 2.0**-44, 65504.0, 16777216.0, 33554432.0, 3.4e38)  # fmt: skip


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("value", EXAMPLES)
def test_an_odd_float_is_its_decimal_or_not_plain(value: float) -> None:
    agrees(struct.pack(">d", value))
    agrees(np.array(value, dtype=">f4").tobytes())


@settings(max_examples=3000, deadline=None, database=None)
@given(st.one_of(st.binary(min_size=8, max_size=8), st.binary(min_size=4, max_size=4)))
@example(b"\x7f\xf0" + bytes(6))
@example(b"\xff\xf8" + bytes(6))
@example(b"\x7f\x80\0\0")
@example(b"\0\0\0\1")
@example(b"\x80\0\0\0")
def test_any_bits_are_the_decimal_of_the_codec_or_not_plain(data: bytes) -> None:
    agrees(data)


@settings(max_examples=3000, deadline=None, database=None)
@given(st.floats(1e-6, 1e9) | st.floats(-1e9, -1e-6) | st.floats(2.0**-13, 1e6, width=32))
def test_any_float_of_the_size_of_readings_is_its_decimal(value: float) -> None:
    agrees(struct.pack(">d", value))
    agrees(struct.pack(">f", value))


@settings(max_examples=1000, deadline=None, database=None)
@given(st.integers(1, 2**24), st.integers(1, 30))
@example(int(54088.4375 * 16), 4)
def test_a_float_between_two_decimals_is_the_even_one(fraction: int, halvings: int) -> None:
    value = fraction / 2**halvings
    agrees(struct.pack(">d", value))
    assert agrees(struct.pack(">f", value)) or fraction.bit_count() == 1


def test_every_half_is_its_decimal_or_not_plain() -> None:
    read = sum(agrees(bits.to_bytes(2, "big")) for bits in range(1 << 16))
    assert read > 59_000


@settings(max_examples=1000, deadline=None, database=None)
@given(WRITTEN)
@example(54088.4356)
def test_a_number_of_a_few_decimals_is_plain(value: float) -> None:
    assert agrees(struct.pack(">d", value))
    assert agrees(struct.pack(">f", value))


@pytest.mark.compiled
def test_nearly_all_floats_of_the_size_of_readings_are_plain() -> None:
    chance = np.random.default_rng(5)
    values = chance.uniform(-1000, 1000, 20_000)
    wide = sum(agrees(struct.pack(">d", each)) for each in values)
    narrow = sum(agrees(struct.pack(">f", each)) for each in values)
    assert min(wide, narrow) > 19_990
