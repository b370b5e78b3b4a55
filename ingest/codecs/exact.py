"""Numbers of binary formats as the decimals that were meant."""

import struct
from decimal import Decimal

import numpy as np

_NARROW = {2: ">f2", 4: ">f4"}


def float_of(data: bytes) -> Decimal:
    """A big-endian float of 2, 4 or 8 bytes: whole numbers exactly, else the shortest decimal that means it.

    >>> float_of(bytes.fromhex("41b8cccd")), float_of(bytes.fromhex("7bff"))
    (Decimal('23.1'), Decimal('65504'))
    """
    if len(data) == 8:
        return Decimal(repr(struct.unpack(">d", data)[0]))
    narrow = np.frombuffer(data, dtype=_NARROW[len(data)])[0]
    return Decimal(int(narrow)) if float(narrow).is_integer() else Decimal(str(narrow))
