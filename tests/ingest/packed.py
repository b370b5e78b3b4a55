"""JSON texts written as MessagePack or as SenML's CBOR, members and repeats as they stand."""

import json
import struct
from decimal import Decimal
from typing import Any

import msgspec

from ingest.codecs.senml import _LABELS
from tests.ingest.codecs import naive_cbor

NUMBERS = {name: number for number, name in _LABELS.items()}


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

    def labelled(self) -> bytes:
        """As CBOR: a decimal fraction where the last digit is 5."""
        if self[-1] == "5":
            return naive_cbor.dumps(Decimal(self))
        return bytes([self.bits()[0] + 0x30]) + self.bits()[1:]


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


def labelled(text: str) -> bytes:
    """CBOR of a pack of SenML in JSON, its bytes as they are where it is none."""
    try:
        return _labelled(json.loads(text, object_pairs_hook=Pairs, parse_float=_Float))
    except ValueError:
        return text.encode()


def _labelled(content: Any) -> bytes:
    if isinstance(content, _Float):
        return content.labelled()
    if isinstance(content, Pairs):
        members = b"".join(
            _labelled(NUMBERS.get(key, key)) + _labelled(value) for key, value in content
        )
        return naive_cbor.head(5, len(content)) + members
    if isinstance(content, list):
        return naive_cbor.head(4, len(content)) + b"".join(map(_labelled, content))
    return naive_cbor.dumps(content)
