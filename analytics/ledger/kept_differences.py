"""Bytes kept as their difference to others: a correction takes nearly all that its base took.

A difference is a line of JSON and own bytes behind it. The line lists the pieces in their order: of the
other bytes a [start, end), or how many of the own bytes come next.
"""

import json
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from analytics.facts.written import Written

Piece = tuple[int, int] | bytes  # of the other bytes [start, end), or own ones


def by_values(base: Written, own: Written) -> bytes:
    """Of two JSON objects: names whose values differ are own bytes.

    >>> one = Written.of({"a": 1, "b": [2, 3], "c": 4})
    >>> by_values(one, one.put("b", [20]))
    b'[[0, 6], 9, [16, 23]]\\n,"b":[20]'
    """
    left, right = memoryview(base.raw), memoryview(own.raw)
    pieces, end = list[Piece](), 0
    for name, here in own.at.items():
        mine, end = right[end : here.stop], here.stop
        stop = base.at[name].stop if name in base.at else 0
        start = stop - len(mine)
        same = start >= 0 and left[start:stop] == mine
        pieces.append((start, stop) if same else bytes(mine))
    rest, last = own.raw[end:], len(base.raw)
    return _told([*pieces, (last - len(rest), last) if base.raw.endswith(rest) else rest])


def by_rows(base: bytes, own: bytes, size: int) -> bytes | None:
    """Of as many rows of `size` bytes: those that differ are own bytes; None: they are not as many.

    >>> by_rows(b"aabbccdd", b"aabXccdd", 2)
    b'[[0, 2], 2, [4, 8]]\\nbX'
    """
    if len(base) != len(own) or len(own) % size:
        return None
    one, other = (np.frombuffer(each, dtype=np.uint8).reshape(-1, size) for each in (base, own))
    differs = (one != other).any(axis=1)
    edges = ((np.flatnonzero(np.diff(differs)) + 1) * size).tolist()
    cuts = pairwise([0, *edges, len(own)])
    return _told(own[a:b] if differs[a // size] else (a, b) for a, b in cuts if a < b)


def _told(pieces: Iterable[Piece]) -> bytes:
    """Pieces that lie beside each other become one."""
    line, own = list[int | list[int]](), list[bytes]()
    for each in pieces:
        last = line[-1] if line else None
        if isinstance(each, bytes):
            own.append(each)
            line[-1:] = [last + len(each)] if isinstance(last, int) else [*line[-1:], len(each)]
        elif isinstance(last, list) and last[1] == each[0]:
            last[1] = each[1]
        else:
            line.append([*each])
    return json.dumps(line).encode() + b"\n" + b"".join(own)


def whole(base: bytes, difference: bytes) -> bytes:
    """The bytes of which it is the difference; ValueError: it is none.

    >>> whole(b"aabbccdd", by_rows(b"aabbccdd", b"aabXccdd", 2))
    b'aabXccdd'
    """
    line, _, own = difference.partition(b"\n")
    found, end = list[bytes](), 0
    try:
        for piece in json.loads(line):
            if isinstance(piece, int):
                found.append(own[end : end + piece])
                end += piece
            else:
                start, stop = piece
                found.append(base[start:stop])
    except TypeError as error:
        raise ValueError(str(error)) from None
    return b"".join(found)
