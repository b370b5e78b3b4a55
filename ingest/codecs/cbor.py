"""CBOR (RFC 8949) as packs of readings need it: maps, lists, texts, bytes and exact numbers.

Foreign bytes meet bounds here before anything is made of them: a length can't exceed the bytes that
are left, nesting ends at `MOST_DEPTH`, integers at 16 bytes, and of the tags only those of numbers
(2, 3 and 4) and of CBOR itself are known. A key with two values is refused, as in JSON. A short float
is the shortest decimal that means it, which is what the device wrote: libraries widen it first.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from ingest.codecs.exact import float_of

#: A pack is a list of maps of numbers; a decimal fraction is one level more.
MOST_DEPTH = 8
#: Bytes of an integer beyond 64 bits, and powers of ten of a decimal fraction.
MOST_INTEGER, MOST_EXPONENT = 16, 100
_CBOR_ITSELF = 55_799
_INDEFINITE = -1
_BREAK = object()
_SIMPLE = {20: False, 21: True, 22: None, 23: None}


class NoCbor(ValueError):
    """The bytes are no CBOR, or none that is known here."""


def loads(data: bytes) -> Any:
    """The one value of `data`; raises NoCbor."""
    reader = _Reader(data)
    value = reader.item(MOST_DEPTH)
    if reader.at != len(data):
        raise NoCbor(f"{len(data) - reader.at} bytes follow the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def item(self, depth: int, *, may_break: bool = False) -> Any:
        if depth < 0:
            raise NoCbor("it is nested too deep")
        head = self._take(1)[0]
        major, info = head >> 5, head & 31
        if head == 0xFF and may_break:
            return _BREAK
        if major == 7:
            return self._simple(info)
        count = self._count(major, info)
        return self._OF[major](self, count, depth)

    def _take(self, size: int) -> bytes:
        taken = self._data[self.at : self.at + size]
        if len(taken) != size:
            raise NoCbor("it ends inside a value")
        self.at += size
        return taken

    def _count(self, major: int, info: int) -> int:
        """The number behind a head; _INDEFINITE where an end mark follows instead."""
        if info < 24:
            return info
        if info <= 27:
            return int.from_bytes(self._take(1 << (info - 24)), "big")
        if info == 31 and 2 <= major <= 5:
            return _INDEFINITE
        raise NoCbor(f"head {major << 5 | info} means nothing")

    def _simple(self, info: int) -> Any:
        if info in {25, 26, 27}:
            return float_of(self._take(1 << (info - 24)))
        if info not in _SIMPLE:
            raise NoCbor(f"simple value {info} means nothing")
        return _SIMPLE[info]

    def _integer(self, count: int, _depth: int) -> int:
        return count

    def _negative(self, count: int, _depth: int) -> int:
        return -1 - count

    def _bytes(self, count: int, _depth: int, major: int = 2) -> bytes:
        if count != _INDEFINITE:
            return self._take(count)
        parts: list[bytes] = []
        while (head := self._take(1)[0]) != 0xFF:
            if head >> 5 != major or head & 31 == 31:
                raise NoCbor("a part of a text is none")
            parts.append(self._take(self._count(major, head & 31)))
        return b"".join(parts)

    def _text(self, count: int, depth: int) -> str:
        try:
            return self._bytes(count, depth, 3).decode("utf-8")
        except UnicodeDecodeError:
            raise NoCbor("a text is no UTF-8") from None

    def _list(self, count: int, depth: int) -> list[Any]:
        if count > len(self._data) - self.at:
            raise NoCbor("it ends inside a value")
        found: list[Any] = []
        while count == _INDEFINITE or len(found) < count:
            value = self.item(depth - 1, may_break=count == _INDEFINITE)
            if value is _BREAK:
                break
            found.append(value)
        return found

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        done = 0
        while count == _INDEFINITE or done < count:
            key = self.item(depth - 1, may_break=count == _INDEFINITE)
            if key is _BREAK:
                break
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise NoCbor("a key is neither a text nor an integer")
            value = self.item(depth - 1)
            if key in found and found[key] != value:
                raise NoCbor(f"key {str(key)!r} has two values")
            found[key], done = value, done + 1
        return found

    def _tagged(self, tag: int, depth: int) -> Any:
        value = self.item(depth - 1)
        if tag == _CBOR_ITSELF:
            return value
        if tag in {2, 3} and isinstance(value, bytes) and len(value) <= MOST_INTEGER:
            whole = int.from_bytes(value, "big")
            return whole if tag == 2 else -1 - whole
        if tag == 4 and isinstance(value, list) and [type(each) for each in value] == [int, int]:
            return _fraction(*value)
        raise NoCbor(f"tag {tag} is not known here")

    _OF: ClassVar[dict[int, Callable[..., Any]]] = {
        0: _integer, 1: _negative, 2: _bytes, 3: _text, 4: _list, 5: _map, 6: _tagged,
    }  # fmt: skip


def _fraction(exponent: int, mantissa: int) -> Decimal:
    """Tag 4: mantissa * 10 ** exponent."""
    if abs(exponent) > MOST_EXPONENT:
        raise NoCbor(f"a decimal fraction with exponent {exponent}")
    digits = tuple(int(each) for each in str(abs(mantissa)))
    return Decimal((int(mantissa < 0), digits, exponent))
