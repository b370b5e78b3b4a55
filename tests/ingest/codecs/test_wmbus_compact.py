"""Compact frames by the heads of a full frame."""

import pytest

from ingest.codecs.mbus_records import Wrong
from ingest.codecs.memory import Memory
from ingest.codecs.wmbus_compact import full, read_full
from tests.ingest.codecs.mbus_encoder import Value, decimal, integer, variable
from tests.ingest.codecs.wmbus_encoder import checksum


def whole(*values: Value) -> bytes:
    return b"".join(each.encoded() for each in values)


def compact(*values: Value) -> bytes:
    """Signature of the heads, checksum of the whole, data: each checksum the lowest byte first."""
    heads = b"".join(each.encoded()[: len(each.encoded()) - len(each.data)] for each in values)
    data = b"".join(each.data for each in values)
    return checksum(heads)[::-1] + checksum(whole(*values))[::-1] + data


def test_a_compact_frame_is_the_full_one_with_other_values() -> None:
    memory = Memory("air", {})
    first = (
        integer("06", 1),
        decimal("13", 2),
        integer("06", 3, storage=3),
        variable("fd10", 2, b"ab"),
    )
    now = (
        integer("06", 44),
        decimal("13", 99),
        integer("06", 7, storage=3),
        variable("fd10", 3, b"xyz"),
    )
    assert full(compact(*now), memory) is None
    read_full(whole(*first), memory, extended=False)
    assert (
        full(compact(*now), memory) is None
    )  # only radio modules with an extended layer send them
    read_full(whole(*first), memory, extended=True)
    assert full(compact(*now), memory) == whole(*now)


def test_a_form_that_is_known_changes_nothing() -> None:
    memory = Memory("air", {})
    for _ in range(2):
        read_full(whole(integer("06", 1)), memory, extended=True)
        memory.accept()
    assert len(memory.changes()) == 1
    memory.commit()
    read_full(whole(integer("06", 2)), memory, extended=True)
    memory.accept()
    assert memory.changes() == []
    read_full(b"\x2f", memory, extended=True)  # nothing to remember


def test_compact_frames_that_do_not_add_up_are_refused() -> None:
    memory = Memory("air", {})
    values = (integer("06", 1), decimal("13", 2))
    read_full(whole(*values), memory, extended=True)
    sent = compact(*values)
    with pytest.raises(Wrong, match="the checksum of the compact frame is wrong"):
        full(sent[:-1] + b"\x99", memory)
    with pytest.raises(Wrong, match="end within one"):
        full(sent[:-1], memory)
    with pytest.raises(Wrong, match="a header of 4 bytes in 3"):
        full(sent[:3], memory)
