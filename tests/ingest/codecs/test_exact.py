"""Floats of binary formats as the decimals that were meant."""

import struct
from decimal import Decimal

import pytest

from ingest.codecs.exact import float_of


@pytest.mark.parametrize("form", [">e", ">f", ">d"])
@pytest.mark.parametrize("text", ["0", "21.5", "-0.25", "19.3", "-40", "100"])
def test_a_float_of_any_width_is_the_decimal_that_was_written(form: str, text: str) -> None:
    assert float_of(struct.pack(form, float(text))) == Decimal(text)


def test_what_is_no_number_is_none_either() -> None:
    assert float_of(struct.pack(">f", float("nan"))).is_nan()
    assert float_of(struct.pack(">d", float("-inf"))) == Decimal("-Infinity")
