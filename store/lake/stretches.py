"""Times of a file in few numbers: stretches of one series at one interval, kept in its footer.

A reader that has them needs neither the column of series nor that of times, which take most of the
decoding. Any other Parquet reader passes them over; a file without them is read by its columns.
"""

import base64
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

KEY = "heatwatch.stretches"
#: Rows that a stretch must have on average; of shorter ones the columns are as fast.
LEAST_ROWS = 12
_CODEC = "zstd"
_FIELDS = 4
_HEAD = struct.Struct("<II")  # bytes before packing, and what the packed ones sum up to


@dataclass(frozen=True, slots=True)
class Stretches:
    """(k,) stretches of a file in the order of its rows; none goes over a row group's edge."""

    series: IntArray
    rows: IntArray
    first_us: IntArray
    step_us: IntArray  # 0 where there is one row

    def bytes(self) -> bytes:
        """As it is kept: differences, most of which are equal or nothing, packed."""
        columns = (np.diff(getattr(self, name), prepend=0) for name in self.__slots__)
        raw = np.concatenate([*columns]).astype("<i8").tobytes()
        packed = pa.compress(raw, codec=_CODEC, asbytes=True)
        return base64.b64encode(_HEAD.pack(len(raw), _sum(packed, len(raw))) + packed)


def stretches_of(series: IntArray, at_us: IntArray, group: int) -> Stretches | None:
    """Of sorted rows in row groups of `group`; None where it is not worth it or times repeat.

    >>> at = np.array([*range(20), *range(30, 50)]) * 3_600_000_000
    >>> found = stretches_of(np.full(40, 7), at, group=100)
    >>> found is None
    False
    >>> stretches_of(np.full(40, 7), at % 5, group=100) is None
    True
    """
    if at_us.size < LEAST_ROWS:
        return None
    edge = np.ones(at_us.size, dtype=np.bool_)
    edge[1:] = series[1:] != series[:-1]
    step = np.diff(at_us)
    if np.any((step <= 0) & ~edge[1:]):
        return None
    edge[::group] = True
    begins = edge.copy()
    begins[2:] |= ~edge[1:-1] & (step[1:] != step[:-1])
    first = np.flatnonzero(begins)
    if first.size * LEAST_ROWS > at_us.size:
        return None
    rows = np.diff(first, append=at_us.size)
    many = rows > 1
    steps = np.zeros(first.size, dtype=np.int64)
    steps[many] = step[first[many]]
    return Stretches(series[first].astype(np.int64), rows, at_us[first], steps)


def stretches_in(metadata: Mapping[bytes, bytes] | None, rows: int) -> Stretches | None:
    """Those in a footer's metadata; None where there are none that can be believed."""
    told = (metadata or {}).get(KEY.encode())
    if told is None:
        return None
    raw = _unpacked(told)
    if raw is None:
        return None
    columns = np.frombuffer(raw, dtype="<i8").astype(np.int64).reshape(_FIELDS, -1)
    found = Stretches(*np.cumsum(columns, axis=1))
    return found if int(found.rows.sum()) == rows else None


def _unpacked(told: bytes) -> bytes | None:
    """None where a byte is not as it was written: the columns have checksums of their own."""
    try:
        kept = base64.b64decode(told, validate=True)
    except ValueError:
        return None
    if len(kept) < _HEAD.size:
        return None
    size, total = _HEAD.unpack_from(kept)
    packed = kept[_HEAD.size :]
    if _sum(packed, size) != total:
        return None
    return bytes(pa.decompress(packed, size, codec=_CODEC, asbytes=True))


def _sum(packed: bytes, size: int) -> int:
    return zlib.crc32(packed, size)
