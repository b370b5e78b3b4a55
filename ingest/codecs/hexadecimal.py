"""Payloads of frames: the bytes themselves, or their hexadecimal as gateways and people write it."""

import re

#: No message of meters is longer; what is would be somebody else's. [bytes]
MOST_BYTES = 65_536
_HEX = re.compile(rb"(?:0x)?[0-9A-Fa-f]{2}(?:[\s:,;_|-]*(?:0x)?[0-9A-Fa-f]{2})*", re.ASCII)
_BETWEEN = re.compile(rb"0x|[\s:,;_|-]+", re.ASCII)


def is_hexadecimal(text: bytes) -> bool:
    """Whether it writes bytes in hexadecimal, and nothing else.

    >>> is_hexadecimal(b" 68 03\\r"), is_hexadecimal(b"68 0")
    (True, False)
    """
    return _HEX.fullmatch(text.strip()) is not None


def frame_bytes(payload: bytes) -> bytes:
    """The bytes that a payload means: those that it writes in hexadecimal, else itself.

    Raises ValueError where it holds nothing, or more than frames of meters are long.

    >>> frame_bytes(b"68 03:0x03 68"), frame_bytes(bytes([0x68, 3]))
    (b'h\\x03\\x03h', b'h\\x03')
    """
    if len(payload) > 4 * MOST_BYTES:
        raise ValueError(f"a message of {len(payload)} bytes; allowed: {MOST_BYTES}")
    text = payload.strip()
    data = bytes.fromhex(_BETWEEN.sub(b"", text).decode()) if _HEX.fullmatch(text) else payload
    if len(data) > MOST_BYTES:
        raise ValueError(f"a message of {len(data)} bytes; allowed: {MOST_BYTES}")
    if not data:
        raise ValueError("a message without bytes")
    return data


def frame_or_nothing(payload: bytes) -> bytes:
    """The same, without an error: no bytes where it can be no frames."""
    try:
        return frame_bytes(payload)
    except ValueError:
        return b""
