# mypy: disable-error-code="assignment"
# In numba int() of an unsigned byte stays unsigned and mixes to a float: hence np.int64 throughout.
"""MQTT 3.1.1 frames in a byte buffer, found and named without an object per message."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

#: What `split` stopped for.
NEEDS_MORE, FULL, MALFORMED = 0, 1, 2

#: Columns of the frame table.
FLAGS, MID, TOPIC_AT, TOPIC_SIZE, BODY_AT, BODY_SIZE = 0, 1, 2, 3, 4, 5


@njit(cache=True)
def split(
    buffer: Bytes, start: int, end: int, frames: Ints, count: int, others: Ints, other_count: int
) -> tuple[int, int, int, int]:
    """Whole packets of `buffer[start:end]` -> (consumed up to, frames, others, why it stopped).

    PUBLISH packets append a row (flags, packet id or 0, topic at, size, payload at, size) to
    `frames`; every other packet appends (begin, end) to `others`, for the client library.
    A flag bit 3 is DUP, bit 0 RETAIN (MQTT 3.1.1, 3.3.1).
    """
    at = start
    while at < end:
        size = 0
        shift = 0
        body = at + 1
        whole = False
        while body < end:
            byte = np.int64(buffer[body])
            body += 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                whole = True
                break
            if shift > 21:
                return at, count, other_count, 2
        if not whole or body + size > end:
            return at, count, other_count, 0
        after = body + size
        head = np.int64(buffer[at])
        if head >> 4 != 3:
            if other_count == others.shape[0]:
                return at, count, other_count, 1
            others[other_count, 0] = at
            others[other_count, 1] = after
            other_count += 1
            at = after
            continue
        if count == frames.shape[0]:
            return at, count, other_count, 1
        qos = (head >> 1) & 3
        if size < 2 or qos > 1:
            return at, count, other_count, 2
        topic_size = (np.int64(buffer[body]) << 8) | np.int64(buffer[body + 1])
        payload = body + 2 + topic_size + 2 * qos
        if payload > after:
            return at, count, other_count, 2
        mid = 0
        if qos == 1:
            mid = (np.int64(buffer[payload - 2]) << 8) | np.int64(buffer[payload - 1])
        frames[count, 0] = head & 15
        frames[count, 1] = mid
        frames[count, 2] = body + 2
        frames[count, 3] = topic_size
        frames[count, 4] = payload
        frames[count, 5] = after - payload
        count += 1
        at = after
    return at, count, other_count, 0


@njit(cache=True)
def hashes(buffer: Bytes, frames: Ints, keys: Keys, contents: Keys) -> None:
    """(n,) hashes of (packet id, topic, payload) and of (topic, payload), 64 bits each.

    A polynomial over the bytes, four at a time so that the multiplications overlap, then
    murmur3's finisher. Recognises repeats; it is no defence against a forger.
    """
    p = np.uint64(0x9E3779B97F4A7C15)
    p2 = p * p
    p3 = p2 * p
    p4 = p3 * p
    for i in range(frames.shape[0]):
        h = np.uint64(frames[i, 3]) * p2 + np.uint64(frames[i, 5])
        for part in range(2):
            at = frames[i, 2 + 2 * part]
            end = at + frames[i, 3 + 2 * part]
            while at + 4 <= end:
                h = (
                    h * p4
                    + np.uint64(buffer[at]) * p3
                    + np.uint64(buffer[at + 1]) * p2
                    + np.uint64(buffer[at + 2]) * p
                    + np.uint64(buffer[at + 3])
                )
                at += 4
            while at < end:
                h = h * p + np.uint64(buffer[at])
                at += 1
        for which in range(2):
            x = h + np.uint64(which * frames[i, 1]) * p3 + np.uint64(which)
            x ^= x >> np.uint64(33)
            x *= np.uint64(0xFF51AFD7ED558CCD)
            x ^= x >> np.uint64(33)
            x *= np.uint64(0xC4CEB9FE1A85EC53)
            x ^= x >> np.uint64(33)
            if which == 1:
                keys[i] = x
            else:
                contents[i] = x


@njit(cache=True)
def pubacks(frames: Ints, out: Bytes) -> int:
    """PUBACK packets for all frames of QoS 1 into `out` (4 bytes each) -> bytes written."""
    size = 0
    for i in range(frames.shape[0]):
        if frames[i, 0] & 2:
            out[size] = 0x40
            out[size + 1] = 2
            out[size + 2] = frames[i, 1] >> 8
            out[size + 3] = frames[i, 1] & 255
            size += 4
    return size
