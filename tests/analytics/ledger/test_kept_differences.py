"""A difference and what it is to give back the bytes, whatever they are."""

import json
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from analytics.facts.written import Written
from analytics.ledger.kept_differences import by_rows, by_values, whole

OBJECTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3) | st.text(max_size=2))
ROWS = st.lists(st.sampled_from([b"aaaa", b"bbbb"]), min_size=6, max_size=6).map(b"".join)


@seed(20261127)
@settings(max_examples=200, deadline=None)
@given(OBJECTS, OBJECTS)
def test_an_object_comes_back_seed_20261127(one: dict[str, Any], other: dict[str, Any]) -> None:
    base, own = Written.of(one), Written.of(other)
    assert whole(base.raw, by_values(base, own)) == own.raw
    assert whole(b"", by_values(Written(b"x", {}), own)) == own.raw, "of no object all is its own"


@seed(20261127)
@settings(max_examples=200, deadline=None)
@given(ROWS, ROWS)
def test_rows_come_back_seed_20261127(one: bytes, other: bytes) -> None:
    found = by_rows(one, other, 4)
    assert found is not None
    assert whole(one, found) == other


def test_what_is_the_same_is_not_kept_again() -> None:
    same = bytes(range(256)) * 400
    assert by_rows(same, same, 32) == b"[[0, 102400]]\n"
    base = Written.of({"a": [*range(1000)], "season": 1, "z": [*range(1000)]})
    assert len(by_values(base, base.put("season", 2))) < 60


def test_rows_of_another_number_have_no_difference() -> None:
    assert by_rows(b"", b"aaaa", 4) is None
    assert by_rows(b"aaa", b"aaa", 4) is None


@pytest.mark.parametrize("told", [b"", b"7\n", b"[[1]]\n", b'[["a", 2]]\n', b"\xff", b'["a"]\n'])
def test_what_is_no_difference_is_refused(told: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        whole(b"abc", told)


def test_the_line_is_json() -> None:
    found = by_rows(b"aabb", b"aaXb", 2)
    assert found is not None
    assert json.loads(found.split(b"\n")[0]) == [[0, 2], 2]
