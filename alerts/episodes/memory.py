"""What the follower must remember between batches, as it stands beside its checkpoint.

The arrays of a city of 500,000 homes are a hundred megabytes, too much for every batch: they
are written once as many readings came as there are series, and the journal keeps the batches
since (`store.readings.followers.remember`). After a start these are read again without any effect on
the books. Readings are counted, not time: the same work for each, however fast the clock runs.
"""

import base64
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from alerts.detectors.base import Kept

VERSION = 3
#: Fewer readings than this are read again quickly; small cities write no sooner.
LEAST_ROWS = 5_000


def due(rows: int, series: int) -> bool:
    """Whether to write the arrays of so many series, so many readings after the last time."""
    return rows >= max(series, LEAST_ROWS)


def pack(kept: Mapping[str, Kept]) -> dict[str, Any]:
    """JSON of the arrays."""
    parts = {
        name: {column: _text(array) for column, array in arrays.items()}
        for name, arrays in kept.items()
    }
    return {"version": VERSION, "arrays": parts}


def unpack(state: Mapping[str, Any]) -> dict[str, Kept]:
    """The arrays; none where there is nothing, or of another version."""
    if state.get("version") != VERSION:
        return {}
    return {
        name: {column: _array(text) for column, text in arrays.items()}
        for name, arrays in state["arrays"].items()
    }


def _text(array: np.ndarray[Any, Any]) -> str:
    octets = zlib.compress(np.ascontiguousarray(array).tobytes(), level=1)
    return f"{array.dtype.str} {base64.b64encode(octets).decode('ascii')}"


def _array(text: str) -> np.ndarray[Any, Any]:
    dtype, octets = text.split(" ", 1)
    return np.frombuffer(zlib.decompress(base64.b64decode(octets)), dtype=dtype).copy()
