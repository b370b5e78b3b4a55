"""Messages that nobody means to send: golden ones cut, altered and foreign, by seed and number."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.codecs.message import Message

Change = Callable[[random.Random, bytes], bytes]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null', re.DOTALL)
#: What stands in the place of a value, a key or a text.
_HOSTILE = (
    b"null", b"true", b'""', b"0", b"-1", b"1e400", b"1e999999999", b"-1e-999999999", b"NaN",
    b"Infinity", b"9" * 400, b"1" + b"0" * 5000, b'"nan"', b'"-"', b'"\\u0000"', b'"\\ud800"',
    b"[" * 3000, b'{"a":' * 3000, b"[]", b"{}", b"[null]", b'"' + b"x" * 70_000 + b'"',
    b"\xff\xfe", b"18446744073709551616", b'"1e99999"', b'"9999-12-31T23:59:59-23:59"',
    b'"0001-01-01T00:00:00+23:59"', b"253402300800000000",
)  # fmt: skip
_TOPICS = ("", "/", "#", "\0", "//", "a", "$SYS/x", "x" * 3000, "é/ü", "a/../b", "+/+", " ")


def _cut(rng: random.Random, payload: bytes) -> bytes:
    return payload[: rng.randint(0, len(payload))]


def _doubled(rng: random.Random, payload: bytes) -> bytes:
    return payload + payload[: rng.randint(0, len(payload))]


def _foreign(rng: random.Random, _payload: bytes) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 2, 5, 40, 300, 4000)))


def _flipped(rng: random.Random, payload: bytes) -> bytes:
    found = bytearray(payload)
    for _ in range(rng.randint(1, 8) if found else 0):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def _inserted(rng: random.Random, payload: bytes) -> bytes:
    at = rng.randint(0, len(payload))
    return payload[:at] + rng.randbytes(rng.randint(1, 12)) + payload[at:]


def _removed(rng: random.Random, payload: bytes) -> bytes:
    at = rng.randint(0, len(payload))
    return payload[:at] + payload[at + rng.randint(1, 12) :]


def _largest(rng: random.Random, payload: bytes) -> bytes:
    """Lengths and counts of binary formats at their ends."""
    at = rng.randint(0, len(payload))
    run = rng.choice((b"\0", b"\xff", b"\x7f", b"\x80")) * rng.randint(1, 8)
    return payload[:at] + run + payload[at + len(run) :]


def _hostile(rng: random.Random, payload: bytes) -> bytes:
    """A word of a text format becomes another, or one of the same message."""
    tokens = list(_TOKEN.finditer(payload))
    if not tokens:
        return _flipped(rng, payload)
    chosen = rng.choice(tokens)
    new = rng.choice(_HOSTILE) if rng.random() < 0.7 else rng.choice(tokens)[0]
    return payload[: chosen.start()] + new + payload[chosen.end() :]


_CHANGES: tuple[Change, ...] = (
    _cut, _doubled, _foreign, _flipped, _inserted, _removed, _largest, _hostile, _hostile, _hostile,
)  # fmt: skip


def mutated(golden: Sequence[Message], seed: int, number: int) -> Message:
    """The message of this number; the same for the same seed and golden messages."""
    rng = random.Random(f"{seed}/{number}")
    message = rng.choice(golden)
    payload = message.payload
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 3))):
        payload = rng.choice(_CHANGES)(rng, payload)
    return replace(
        message,
        topic=_topic(rng, message.topic),
        payload=payload,
        received_us=message.received_us + number,
        retained=rng.random() < 0.1,
        replayed=rng.random() < 0.05,
    )


def _topic(rng: random.Random, topic: str) -> str:
    """Mostly as it is: what comes on another topic is often not read at all."""
    if rng.random() < 0.85:
        return topic
    levels = topic.split("/")
    at = rng.randrange(len(levels))
    how = rng.randrange(3)
    if how == 0:
        return rng.choice(_TOPICS)
    levels[at : at + 1] = [] if how == 1 else [rng.choice(_TOPICS), levels[at]]
    return "/".join(levels)
