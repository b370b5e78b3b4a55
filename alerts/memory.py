"""What the follower must remember between batches, as it stands in its checkpoint.

The arrays are written about every ten seconds, not with every batch; after a start the
batches since then are read again without any effect on the books.
"""

import base64
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from alerts.detectors.base import Kept

VERSION = 2


def pack(batch: int, kept: Mapping[str, Kept]) -> dict[str, Any]:
    """JSON of the arrays as they were after this batch."""
    parts = {
        name: {column: _text(array) for column, array in arrays.items()}
        for name, arrays in kept.items()
    }
    return {"version": VERSION, "batch": batch, "arrays": parts}


def unpack(state: Mapping[str, Any]) -> tuple[int, dict[str, Kept]]:
    """The batch and the arrays; (0, {}) where there is nothing, or of another version."""
    if state.get("version") != VERSION:
        return 0, {}
    parts = {
        name: {column: _array(text) for column, text in arrays.items()}
        for name, arrays in state["arrays"].items()
    }
    return int(state["batch"]), parts


def _text(array: np.ndarray[Any, Any]) -> str:
    octets = zlib.compress(np.ascontiguousarray(array).tobytes(), level=1)
    return f"{array.dtype.str} {base64.b64encode(octets).decode('ascii')}"


def _array(text: str) -> np.ndarray[Any, Any]:
    dtype, octets = text.split(" ", 1)
    return np.frombuffer(zlib.decompress(base64.b64decode(octets)), dtype=dtype).copy()
