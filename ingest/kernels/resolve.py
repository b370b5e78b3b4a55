"""Parsed readings meet the registry: channels found by their bytes, numbers as ticks."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ingest.kernels.plan import OPTIONAL

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@njit(cache=True)
def ticks_of(mantissa: int, shift: int) -> tuple[int, bool]:
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
            ticks[i], fits = ticks_of(mantissa[i], exponent - decimals[i])
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
def _find_key(
    keys: Bytes,
    at: int,
    size: int,
    slots: Ints,
    key_hash: Hashes,
    key_offsets: Ints,
    key_bytes: Bytes,
) -> int:
    """The key `keys[at:at + size]`, compared byte by byte; -1 where nobody registered it."""
    prime = np.uint64(0x100000001B3)
    h = np.uint64(0xCBF29CE484222325)
    for i in range(at, at + size):
        h = (h ^ np.uint64(keys[i])) * prime
    mask = slots.size - 1
    slot = np.int64(h & np.uint64(mask))
    while slots[slot] >= 0:
        key = slots[slot]
        slot = (slot + 1) & mask
        start = key_offsets[key]
        if key_hash[key] != h or key_offsets[key + 1] - start != size:
            continue
        i = 0
        while i < size and key_bytes[start + i] == keys[at + i]:
            i += 1
        if i == size:
            return int(key)
    return -1


@njit(cache=True)
def _in_unit(mantissa: int, decimals: int, how: Ints) -> tuple[int, bool]:
    """mantissa * 10**-decimals of a unit as ticks, ties to even -> (ticks, whether 62 bits held all).

    `how` (4,): 0, it measures something else; 1, a power of ten; 2, numerator, denominator and offset.
    """
    if how[0] == 1:
        return ticks_of(mantissa, how[1] - decimals)
    limit = 1 << 61
    if how[0] == 0 or decimals > 17 or abs(mantissa) > limit // how[1]:
        return 0, False
    scale = 10**decimals
    if scale > limit // how[2] or abs(how[3]) > limit // scale:
        return 0, False
    below = how[2] * scale
    above = mantissa * how[1] + how[3] * scale
    size = abs(above)
    whole = size // below
    rest = size - whole * below
    if rest > below - rest or (rest == below - rest and whole & 1):
        whole += 1
    return (-whole if above < 0 else whole), True


@njit(cache=True)
def _row_of(key: int, when: int, span_offsets: Ints, span_row: Ints, since_us: Ints, ends_us: Ints) -> int:  # fmt: skip
    """The registry row of a key at a time, -1 where there is none."""
    for k in range(span_offsets[key], span_offsets[key + 1]):
        if since_us[span_row[k]] <= when < ends_us[span_row[k]]:
            return int(span_row[k])
    return -1


@njit(cache=True)
def resolve_readings(
    parsed: Ints,
    keys: Bytes,
    frame_count: int,
    feed: int,
    own_clock: bool,
    now_us: int,
    right_from_us: int,
    right_until_us: int,
    slots: Ints,
    key_hash: Hashes,
    key_offsets: Ints,
    key_bytes: Bytes,
    span_offsets: Ints,
    span_row: Ints,
    since_us: Ints,
    ends_us: Ints,
    exponent: Ints,
    quantity: NDArray[np.int8],
    units: Ints,
    rows: Ints,
    done: Bytes,
) -> int:
    """Rows of `messages.read_messages` -> rows (m, 9), their count; `done` (n,) set per whole message.

    Columns of a row: frame, registry row, µs, ticks, state (8 time of receipt beside the bits of
    `parsed`), revision, feed, part, unit (-1: none is said). `units` (units, quantities, 4) as `_in_unit`
    takes them. A message with any reading that does not resolve is left out whole. A time outside
    `right_from_us..right_until_us` is wrong: the series is then today's.
    """
    count = first = 0
    bad = -1
    for i in range(parsed.shape[0]):
        frame = parsed[i, 0]
        if frame == bad:
            continue
        if count == first or rows[count - 1, 0] != frame:
            first = count
        receiver = parsed[i, 1] < 0 or not own_clock
        at_us = now_us - frame_count + frame if receiver else parsed[i, 1]
        wrong = at_us < right_from_us or at_us > right_until_us
        key = _find_key(
            keys, parsed[i, 2], parsed[i, 3], slots, key_hash, key_offsets, key_bytes
        )  # fmt: skip
        if key < 0 and parsed[i, 8] & OPTIONAL:
            continue
        row = -1
        if key >= 0:
            when = now_us if wrong else at_us
            row = _row_of(key, when, span_offsets, span_row, since_us, ends_us)
        ticks = 0
        unit = parsed[i, 7]
        held = row >= 0 and unit > -2
        if held and not parsed[i, 8] & 1:
            if unit < 0:
                ticks, held = ticks_of(parsed[i, 4], exponent[row] - parsed[i, 5])
            else:
                ticks, held = _in_unit(parsed[i, 4], parsed[i, 5], units[unit, quantity[row]])
        if not held:
            bad = frame
            done[frame] = 0
            count = first
            continue
        rows[count, 0] = frame
        rows[count, 1] = row
        rows[count, 2] = at_us
        rows[count, 3] = ticks
        rows[count, 4] = (parsed[i, 8] & ~OPTIONAL) | (8 if receiver else 0)
        rows[count, 5] = parsed[i, 6]
        rows[count, 6] = feed
        rows[count, 7] = count - first
        rows[count, 8] = unit
        count += 1
        done[frame] = 1
    return count
