"""JSON of any answer is what the library writes with two spaces for each level."""

import json
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.actor import Actor
from domain.language import msg
from heatwatch.indented import pieces
from heatwatch.output import plain


class _Kind(Enum):
    COLD = "cold"


class _Named(str):
    __slots__ = ()


ALONE = (
    None, True, False, 0, -7, 2**70, 1.5, float("inf"), "", "热\n\"\\\x07\x7f\u2028😀", Decimal("0.000"),
    Decimal("1E-7"), Fraction(2, 3), datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), _Kind.COLD,
    Path("a/b"), np.int64(5), np.float32(0.5), msg("household"), Actor.parse("user:li"), _Named("n"),
)  # fmt: skip
KEYS = ("a", "热", "", '"', 1, 2.5, True, None, _Named("k"))


def _any(rng: random.Random, depth: int) -> Any:
    kind = rng.random()
    if depth == 0 or kind < 0.4:
        return rng.choice(ALONE)
    size = rng.choice((0, 1, 2, 5))
    if kind < 0.7:
        return {rng.choice(KEYS): _any(rng, depth - 1) for _ in range(size)}
    inside = [_any(rng, depth - 1) for _ in range(size)]
    return rng.choice((inside, tuple(inside), _Read(inside)))


class _Read:
    """An iterable that is neither a list nor a tuple, and is read more than once."""

    def __init__(self, inside: list[Any]) -> None:
        self._inside = inside

    def __iter__(self) -> Any:
        return iter(self._inside)


@pytest.mark.parametrize("escaped", [False, True])
def test_it_is_what_the_library_writes(escaped: bool) -> None:
    rng = random.Random(8)
    for _ in range(400):
        data = _any(rng, 5)
        expected = json.dumps(data, default=plain, ensure_ascii=escaped, indent=2)
        assert "".join(pieces(data, plain, escaped=escaped)) == expected


def test_rows_of_a_city_are_given_one_after_the_other() -> None:
    rows = [{"household": f"H{i}", "hours": Decimal(i)} for i in range(1000)]
    parts = list(pieces({"homes": iter(rows)}, plain, escaped=False))
    assert max(map(len, parts)) < 100
    assert "".join(parts) == json.dumps({"homes": rows}, default=plain, indent=2)
    assert "".join(pieces(iter(()), plain, escaped=False)) == "[]"


def test_what_no_json_has_is_an_error() -> None:
    with pytest.raises(TypeError, match="can't write a object"):
        "".join(pieces([{"a": object()}], plain, escaped=False))
