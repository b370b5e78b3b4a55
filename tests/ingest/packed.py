"""JSON texts written as MessagePack, members and repeats as they stand."""

import json
import struct
from typing import Any

import msgspec


class Pairs(list[tuple[str, Any]]):
    """An object whose keys may stand twice."""


def packed(text: str) -> bytes:
    """MessagePack of a JSON text, its bytes as they are where it is none."""
    try:
        content = json.loads(text, object_pairs_hook=Pairs, parse_float=_Float)
    except ValueError:
        return text.encode()
    return _packed(content)


class _Float(str):
    """A number with a point; the last digit says whether it is written in 32 or 64 bits."""

    def bits(self) -> bytes:
        wide = self[-1] in "02468"
        return struct.pack(">Bd" if wide else ">Bf", 0xCB if wide else 0xCA, float(self))


def _packed(content: Any) -> bytes:
    if isinstance(content, _Float):
        return content.bits()
    if isinstance(content, Pairs):
        members = b"".join(_packed(key) + _packed(value) for key, value in content)
        return _counted(0x80, 0xDE, len(content)) + members
    if isinstance(content, list):
        return _counted(0x90, 0xDC, len(content)) + b"".join(map(_packed, content))
    return msgspec.msgpack.encode(content)


def _counted(few: int, many: int, count: int) -> bytes:
    return bytes([few + count]) if count < 16 else struct.pack(">BH", many, count)
