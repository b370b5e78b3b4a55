"""An encoder of CBOR by the text of RFC 8949, section 3, which knows nothing of the reader."""

import struct
from decimal import Decimal
from typing import Any


def head(major: int, number: int) -> bytes:
    """The first bytes of an item, as short as they can be."""
    if number < 24:
        return bytes([major * 32 + number])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 256**size:
            return bytes([major * 32 + info]) + number.to_bytes(size, "big")
    raise ValueError(number)


def single(value: float) -> bytes:
    """A float of 32 bits (`value` [1])."""
    return b"\xfa" + struct.pack(">f", value)


def _integer(value: int) -> bytes:
    major, number = (0, value) if value >= 0 else (1, -1 - value)
    if number < 2**64:
        return head(major, number)
    whole = number.to_bytes(16, "big").lstrip(b"\0")
    return bytes([0xC2 + major]) + head(2, len(whole)) + whole


def dumps(value: Any) -> bytes:
    """The bytes of a value; decimals as decimal fractions."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, Decimal):
        sign, digits, exponent = value.as_tuple()
        mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
        return b"\xc4\x82" + dumps(exponent) + dumps(mantissa)
    if isinstance(value, str | bytes):
        data = value.encode() if isinstance(value, str) else value
        return head(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(dumps(each) for each in value)
    pairs = (dumps(key) + dumps(each) for key, each in value.items())
    return head(5, len(value)) + b"".join(pairs)
