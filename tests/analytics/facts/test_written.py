"""Where the values stand in a JSON object's bytes, in any alphabet."""

import json
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from analytics.facts.written import Written, read

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip
OBJECTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=5)


@seed(20261127)
@settings(max_examples=200, deadline=None)
@given(OBJECTS, VALUES, st.randoms(use_true_random=False))
def test_values_stand_where_they_are_said_to_seed_20261127(
    told: dict[str, Any], other: Any, random: Any
) -> None:
    written = Written.of(told)
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert written.raw == plain.encode()
    assert {name: json.loads(written.raw[here]) for name, here in written.at.items()} == told
    assert read(written.raw) == (told, written)
    if told:
        name = random.choice([*told])
        assert written.put(name, other) == Written.of(told | {name: other})


@pytest.mark.parametrize("raw", [b"[1]", b"{}", b'{"a": 1}', b'{"a":1} ', b'{"a":1,"b":2 }', b"7"])
def test_bytes_that_were_written_otherwise_are_read_and_have_no_places(raw: bytes) -> None:
    assert read(raw) == (json.loads(raw), Written(raw, {}))


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1}}', b"\xff"])
def test_bytes_that_are_no_json_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(raw)
