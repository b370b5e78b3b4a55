"""Names of SenML are told apart as their codec does it."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.codecs import senml
from ingest.codecs.foreign import Wrong
from ingest.kernels.names import is_name, parts_of

PIECES = st.lists(st.sampled_from(["urn:dev:", "mac:", "ow:", "0aF-9", "A1", "t", "/", ":", "_", ".", "-", "ä", " ", "a"]), max_size=6).map("".join)  # fmt: skip


def placed(base: str, own: str) -> tuple[str, str] | None:
    name = (base + own).encode()
    data = np.frombuffer(bytearray(name or b" "), dtype=np.uint8)
    if not is_name(data, 0, len(name)):
        return None
    first, last, channel, end = parts_of(data, 0, len(base.encode()), len(name))
    return name[first:last].decode(), name[channel:end].decode() or "value"


@settings(max_examples=1500, deadline=None, database=None)
@given(PIECES, PIECES)
@example("urn:dev:ow:10e2073a0108006", "3_t")
@example("urn:dev:mac:", "")
@example("/", "/")
@example("a" * 400, "")
@example("a" * 400, "b")
@example("/:a", "b")
def test_device_and_channel_are_those_of_the_codec(base: str, own: str) -> None:
    try:
        expected = senml._place(base, own, None)
    except Wrong:
        assert placed(base, own) is None
        return
    assert placed(base, own) == expected


@pytest.mark.parametrize(("name", "is_one"), [("", False), ("/a", True), (":a", False), ("a b", False), ("a_-.:/", True), ("é", False)])  # fmt: skip
def test_what_a_name_is_made_of(name: str, is_one: bool) -> None:
    assert (placed(name, "") is not None) is is_one
