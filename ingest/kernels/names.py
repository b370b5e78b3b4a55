# mypy: disable-error-code="assignment, no-any-return"
"""Names of SenML (RFC 8428, RFC 9039) as device and channel, as `ingest.codecs.senml` tells them apart."""

import numpy as np
from numba import njit

from ingest.kernels.text import Bytes, begins

#: RFC 8428, 4.5.1 has no limit; the codec has.
MOST_NAME = 400
_URN = np.frombuffer(b"urn:dev:", dtype=np.uint8)


@njit(cache=True)
def _is_separator(byte: int) -> bool:
    """Whether it is one of : / . _ -"""
    return byte == 58 or byte == 47 or byte == 46 or byte == 95 or byte == 45  # noqa: PLR1714


@njit(cache=True)
def _is_letter_or_digit(byte: int) -> bool:
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122


@njit(cache=True)
def is_name(data: Bytes, at: int, end: int) -> bool:
    """Whether `data[at:end]` is a name: letters, digits and separators, of which only / comes first."""
    if end <= at or end - at > MOST_NAME:
        return False
    if not _is_letter_or_digit(data[at]) and data[at] != 47:
        return False
    for i in range(at, end):
        if not _is_letter_or_digit(data[i]) and not _is_separator(data[i]):
            return False
    return True


@njit(cache=True)
def urn_end(data: Bytes, at: int, end: int) -> int:
    """The byte after the identifier of a `urn:dev:` (RFC 9039), -1 where it is none."""
    if not begins(data, at, end, _URN):
        return -1
    kind = at + _URN.size
    at = kind
    while at < end and 97 <= data[at] <= 122:
        at += 1
    if at == kind or at >= end or data[at] != 58:
        return -1
    at += 1
    first = at
    while at < end and (_is_letter_or_digit(data[at]) or data[at] == 45):
        at += 1
    return at if at > first else -1


@njit(cache=True)
def stripped(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """`data[at:end]` without separators at its ends."""
    while end > at and _is_separator(data[end - 1]):
        end -= 1
    while at < end and _is_separator(data[at]):
        at += 1
    return at, end


@njit(cache=True)
def parts_of(data: Bytes, at: int, own: int, end: int) -> tuple[int, int, int, int]:
    """A name, its own part from `own` on -> (device, its end, channel, its end); no channel: empty."""
    urn = urn_end(data, at, end)
    if urn >= 0:
        channel, channel_end = stripped(data, urn, end)
        return at, urn, channel, channel_end
    first, last = stripped(data, at, own)
    if last > first and end > own:
        return at, last, own, end
    separator = 58
    for i in range(at, end):
        if data[i] == 47:
            separator = 47
    first, last = stripped(data, at, end)
    for i in range(last - 1, first, -1):
        if data[i] == separator:
            return first, i, i + 1, last
    return at, end, end, end
