"""MessagePack as messages of readings need it, with exact numbers and bounds as `ingest.codecs.cbor`.

A key with two values is refused, as in JSON, and a float of 32 bits is the shortest decimal that means it:
a library drops the first value and widens the float. Of extensions the timestamp is known.
"""

from decimal import Decimal
from typing import Any

from ingest.codecs.exact import float_of

MOST_DEPTH = 8
_TIMESTAMP = -1
_PLAIN = {0xC0: None, 0xC2: False, 0xC3: True}
#: Head -> bytes of the length behind it.
_TEXTS, _BYTES = {0xD9: 1, 0xDA: 2, 0xDB: 4}, {0xC4: 1, 0xC5: 2, 0xC6: 4}
_LISTS, _MAPS = {0xDC: 2, 0xDD: 4}, {0xDE: 2, 0xDF: 4}
_EXTENSIONS = {0xC7: 1, 0xC8: 2, 0xC9: 4}
#: Head -> bytes of the number behind it.
_FLOATS = {0xCA: 4, 0xCB: 8}
_UNSIGNED = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
_SIGNED = {0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}


class NoMessagePack(ValueError):
    """The bytes are no MessagePack, or none that is known here."""


def loads(data: bytes) -> Any:
    """The one value of `data`; a timestamp is a Decimal [s]. Raises NoMessagePack."""
    reader = _Reader(data)
    value = reader.item(MOST_DEPTH)
    if reader.at != len(data):
        raise NoMessagePack(f"{len(data) - reader.at} bytes follow the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def _take(self, size: int) -> bytes:
        taken = self._data[self.at : self.at + size]
        if len(taken) != size:
            raise NoMessagePack("it ends inside a value")
        self.at += size
        return taken

    def _number(self, size: int, *, signed: bool = False) -> int:
        return int.from_bytes(self._take(size), "big", signed=signed)

    def item(self, depth: int) -> Any:
        if depth < 0:
            raise NoMessagePack("it is nested too deep")
        head = self._take(1)[0]
        if head < 0x80 or head >= 0xE0:
            return head if head < 0x80 else head - 0x100
        if head < 0x90:
            return self._map(head & 0x0F, depth)
        if head < 0xA0:
            return self._list(head & 0x0F, depth)
        if head < 0xC0:
            return self._text(head & 0x1F)
        return self._long(head, depth)

    def _long(self, head: int, depth: int) -> Any:
        if head in _PLAIN:
            return _PLAIN[head]
        if head in _FLOATS:
            return float_of(self._take(_FLOATS[head]))
        if head in _UNSIGNED:
            return self._number(_UNSIGNED[head])
        if head in _SIGNED:
            return self._number(_SIGNED[head], signed=True)
        if head in _TEXTS:
            return self._text(self._number(_TEXTS[head]))
        if head in _BYTES:
            return self._take(self._number(_BYTES[head]))
        if head in _LISTS:
            return self._list(self._number(_LISTS[head]), depth)
        if head in _MAPS:
            return self._map(self._number(_MAPS[head]), depth)
        return self._extension(head)

    def _text(self, size: int) -> str:
        try:
            return self._take(size).decode("utf-8")
        except UnicodeDecodeError:
            raise NoMessagePack("a text is no UTF-8") from None

    def _list(self, count: int, depth: int) -> list[Any]:
        if count > len(self._data) - self.at:
            raise NoMessagePack("it ends inside a value")
        return [self.item(depth - 1) for _ in range(count)]

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(count):
            key, value = self.item(depth - 1), self.item(depth - 1)
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise NoMessagePack("a key is neither a text nor an integer")
            if key in found and found[key] != value:
                raise NoMessagePack(f"key {str(key)!r} has two values")
            found[key] = value
        return found

    def _extension(self, head: int) -> Decimal:
        size = 1 << (head - 0xD4) if 0xD4 <= head <= 0xD8 else None
        if size is None and head not in _EXTENSIONS:
            raise NoMessagePack(f"head {head} means nothing")
        size = self._number(_EXTENSIONS[head]) if size is None else size
        kind, data = self._number(1, signed=True), self._take(size)
        if kind != _TIMESTAMP or size not in {4, 8, 12}:
            raise NoMessagePack(f"extension {kind} is not known here")
        return _seconds(data)


def _seconds(data: bytes) -> Decimal:
    """A timestamp of 32, 64 or 96 bits [s]."""
    if len(data) == 4:
        return Decimal(int.from_bytes(data, "big"))
    whole = int.from_bytes(data, "big")
    if len(data) == 8:
        seconds, nanoseconds = whole & (1 << 34) - 1, whole >> 34
    else:
        seconds, nanoseconds = int.from_bytes(data[4:], "big", signed=True), whole >> 64
    return seconds + Decimal(nanoseconds).scaleb(-9)
