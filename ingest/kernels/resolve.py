"""Parsed readings meet the registry: channels found by their bytes, numbers as ticks."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@njit(cache=True)
def _ticks(mantissa: int, shift: int) -> tuple[int, bool]:
    """mantissa * 10**shift, ties to even -> (ticks, whether 62 bits hold it)."""
    limit = 1 << 62
    while shift > 0:
        if mantissa > limit // 10 or mantissa < -(limit // 10):
            return 0, False
        mantissa *= 10
        shift -= 1
    if shift == 0:
        return mantissa, -limit < mantissa < limit
    if shift < -18:
        return 0, mantissa == 0
    scale = 1
    for _ in range(-shift):
        scale *= 10
    size = abs(mantissa)
    whole = size // scale
    rest = size - whole * scale
    if 2 * rest > scale or (2 * rest == scale and whole & 1):
        whole += 1
    return (-whole if mantissa < 0 else whole), True


@njit(cache=True)
def scale(mantissa: Ints, decimals: Ints, exponent: int, ticks: Ints, held: Bytes) -> None:
    """(n,) mantissa * 10**-decimals as ticks of 10**-exponent, ties to even.

    `held` (n,) is cleared where 62 bits don't hold the ticks; where it is 0 already, nothing is done.
    """
    for i in range(ticks.size):
        if held[i]:
            ticks[i], fits = _ticks(mantissa[i], exponent - decimals[i])
            held[i] = fits


@njit(cache=True)
def build_slots(key_hash: NDArray[np.uint64], slots: Ints) -> None:
    """Open addressing over a power of two of slots: position -> key, -1 where empty."""
    mask = slots.size - 1
    slots[:] = -1
    for key in range(key_hash.size):
        at = np.int64(key_hash[key] & np.uint64(mask))
        while slots[at] >= 0:
            at = (at + 1) & mask
        slots[at] = key


@njit(cache=True)
def _find(
    data: Bytes,
    device_at: int,
    device_size: int,
    channel_at: int,
    channel_size: int,
    slots: Ints,
    key_hash: NDArray[np.uint64],
    key_offsets: Ints,
    key_bytes: Bytes,
) -> int:
    """The key `device \\0 channel`, compared byte by byte; -1 where nobody registered it."""
    prime = np.uint64(0x100000001B3)
    h = np.uint64(0xCBF29CE484222325)
    for i in range(device_at, device_at + device_size):
        h = (h ^ np.uint64(data[i])) * prime
    h *= prime  # the zero byte between
    for i in range(channel_at, channel_at + channel_size):
        h = (h ^ np.uint64(data[i])) * prime
    mask = slots.size - 1
    at = np.int64(h & np.uint64(mask))
    size = device_size + 1 + channel_size
    while slots[at] >= 0:
        key = slots[at]
        at = (at + 1) & mask
        start = key_offsets[key]
        if key_hash[key] != h or key_offsets[key + 1] - start != size:
            continue
        same = key_bytes[start + device_size] == 0
        for i in range(device_size):
            same &= key_bytes[start + i] == data[device_at + i]
        start += device_size + 1
        for i in range(channel_size):
            same &= key_bytes[start + i] == data[channel_at + i]
        if same:
            return int(key)
    return -1


@njit(cache=True)
def resolve_native(
    data: Bytes,
    frames: Ints,
    parsed: Ints,
    prefix_size: int,
    suffix_size: int,
    feed: int,
    own_clock: bool,
    now_us: int,
    right_from_us: int,
    right_until_us: int,
    never_after_us: int,
    slots: Ints,
    key_hash: Hashes,
    key_offsets: Ints,
    key_bytes: Bytes,
    span_offsets: Ints,
    span_row: Ints,
    since_us: Ints,
    ends_us: Ints,
    exponent: Ints,
    rows: Ints,
    done: Bytes,
) -> int:
    """Rows of `text.read_native` -> rows (m, 8), their count; `done` (n,) set per whole message.

    Columns of a row: frame, registry row, µs, ticks, state (1 null, 8 time of receipt),
    revision, feed, part. A message with any reading that does not resolve is left out whole.
    A time outside `right_from_us..right_until_us` is wrong: the series is then today's.
    """
    total = frames.shape[0]
    count = 0
    first = 0
    bad = -1
    for i in range(parsed.shape[0]):
        frame = parsed[i, 0]
        if frame == bad:
            continue
        if count == first or rows[count - 1, 0] != frame:
            first = count
        receiver = parsed[i, 1] < 0 or not own_clock
        at_us = now_us - total + frame if receiver else parsed[i, 1]
        wrong = at_us < right_from_us or at_us > right_until_us
        device = frames[frame, 2] + prefix_size
        key = _find(
            data,
            device,
            frames[frame, 3] - prefix_size - suffix_size,
            parsed[i, 2],
            parsed[i, 3],
            slots,
            key_hash,
            key_offsets,
            key_bytes,
        )
        row = -1
        if key >= 0 and parsed[i, 1] < never_after_us:
            when = now_us if wrong else at_us
            for k in range(span_offsets[key], span_offsets[key + 1]):
                if since_us[span_row[k]] <= when < ends_us[span_row[k]]:
                    row = span_row[k]
                    break
        ticks = 0
        held = row >= 0
        null = parsed[i, 5] < 0
        if held and not null:
            ticks, held = _ticks(parsed[i, 4], exponent[row] - parsed[i, 5])
        if not held:
            bad = frame
            done[frame] = 0
            count = first
            continue
        rows[count, 0] = frame
        rows[count, 1] = row
        rows[count, 2] = at_us
        rows[count, 3] = ticks
        rows[count, 4] = (1 if null else 0) + (8 if receiver else 0)
        rows[count, 5] = max(parsed[i, 6], 0)
        rows[count, 6] = feed
        rows[count, 7] = count - first
        count += 1
        done[frame] = 1
    return count
