"""Keys that stand twice in one object of a message: which of the two values holds, nobody knows."""

import json
from typing import Any

import msgspec

_JSON = msgspec.json.Decoder(float_hook=str)  # 1e400 is no float
_encode = msgspec.json.Encoder().encode


class Repeated(ValueError):
    """A key with two values that differ."""


def refuse_repeats(payload: bytes, content: Any = msgspec.UNSET) -> None:
    """Raises Repeated where a key of `payload`, good JSON, has two values in one object.

    `content` is the decoded payload where it is at hand. A value that is written twice is one value.

    >>> refuse_repeats(b'{"value": 21.5, "value": 99}')
    Traceback (most recent call last):
    ...
    ingest.codecs.repeats.Repeated: key 'value' stands twice, with 21.5 and 99
    """
    decoded = _JSON.decode(payload) if content is msgspec.UNSET else content
    # A member that was dropped takes its colon along; an escape may stand for a colon.
    dropped = payload.count(b":") != _encode(decoded).count(b":")
    if dropped or b"\\" in payload:
        json.loads(payload, object_pairs_hook=_distinct, parse_float=str, parse_int=str)


def may_repeat(payload: bytes, keys: tuple[bytes, ...]) -> bool:
    """Whether one of these keys, with its quotes, may stand twice in a payload of one object.

    >>> may_repeat(b'{"value": 21.5, "unit": "Cel"}', (b'"value"', b'"unit"'))
    False
    """
    return b"\\" in payload or any(payload.count(key) > 1 for key in keys)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise Repeated(
                f"key {key!r} stands twice, with {_short(found[key])} and {_short(value)}"
            )
        found[key] = value
    return found


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}..."
