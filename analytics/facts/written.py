"""A JSON object as canonical bytes, and where in them the value of each name stands."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_SCAN: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Written:
    """One sequence of bytes for one content: names in increasing order, no spaces."""

    raw: bytes
    at: Mapping[str, slice]  # in their order; empty where the bytes were written otherwise

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Written":
        parts, at, end = list[bytes](), dict[str, slice](), 0
        for name in sorted(values):
            head, own = (b"," if at else b"{") + _json(name) + b":", _json(values[name])
            parts += [head, own]
            at[name] = slice(end + len(head), end + len(head) + len(own))
            end = at[name].stop
        return cls(b"".join(parts or [b"{"]) + b"}", at)

    def put(self, name: str, value: Any) -> "Written":
        """The same with another value of a name that is there."""
        here, own = self.at[name], _json(value)
        more = len(own) - (here.stop - here.start)
        at = {
            each: slice(old.start + more * (old.start > here.start), old.stop + more * (old.start >= here.start))
            for each, old in self.at.items()
        }  # fmt: skip
        return Written(self.raw[: here.start] + own + self.raw[here.stop :], at)


def read(raw: bytes) -> tuple[Any, Written]:
    """What the bytes say, and them; ValueError: they are no JSON.

    >>> told, written = read('{"a":["\u51b7"],"b":{"c":1}}'.encode())
    >>> told, written.put("a", 20).raw, written == Written.of(told)
    ({'a': ['\u51b7'], 'b': {'c': 1}}, b'{"a":20,"b":{"c":1}}', True)
    """
    text = raw.decode()
    try:
        told, at = _parted(text)
    except (StopIteration, IndexError, TypeError):
        return json.loads(text), Written(raw, {})
    return told, Written(raw, at if text.isascii() else _in_bytes(text, at))


def _parted(text: str) -> tuple[dict[str, Any], dict[str, slice]]:
    """The values and where they stand; raises where the text is not written so."""
    told, at, end = dict[str, Any](), dict[str, slice](), 0
    while text[end] == ("," if told else "{"):
        name, colon = _SCAN(text, end + 1)
        if text[colon] != ":":
            raise StopIteration
        told[name], end = _SCAN(text, colon + 1)
        at[name] = slice(colon + 1, end)
    if text[end:] != "}" or not told:
        raise StopIteration
    return told, at


def _in_bytes(text: str, at: Mapping[str, slice]) -> dict[str, slice]:
    found, chars, size = dict[str, slice](), 0, 0
    for name, here in at.items():
        start = size + len(text[chars : here.start].encode())
        size = start + len(text[here].encode())
        found[name], chars = slice(start, size), here.stop
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
