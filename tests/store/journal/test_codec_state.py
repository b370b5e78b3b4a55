"""What codecs remember is one commit with their batch, over SQLite and a real PostgreSQL."""

import pytest

from store.journal.journal import Journal
from store.journal.refused_message import RefusedMessage
from store.journal.remembered import CodecState
from tests.store.batches import NOW, batch, hours
from tests.store.journal.journals import journal, url

__all__ = ["journal", "url"]  # fixtures


def keep(journal: Journal, *states: CodecState) -> None:
    journal.append(batch(hours(1)), messages=1, now=NOW, states=states)


def test_the_newest_state_of_each_key_is_there_after_reopening_and_trimming(
    journal: Journal, url: str
) -> None:
    keep(journal, CodecState("a", "x", b"1"), CodecState("a", "楼/3", b"2"))
    keep(journal, CodecState("a", "x", b"3"), CodecState("b", "x", b"\x00\xff"))
    journal.trim(2)
    again = Journal.open(url)
    found = again.codec_states()
    again.close()
    assert found == {"a": {"x": b"3", "楼/3": b"2"}, "b": {"x": b"\x00\xff"}}


def test_a_state_of_none_is_forgotten_and_the_last_of_a_key_counts(journal: Journal) -> None:
    keep(journal, CodecState("a", "x", b"1"), CodecState("a", "y", b"1"))
    keep(journal, CodecState("a", "x", None), CodecState("a", "y", None), CodecState("a", "y", b""))
    assert journal.codec_states() == {"a": {"y": b""}}


def test_a_batch_that_can_not_be_kept_changes_no_state(journal: Journal) -> None:
    keep(journal, CodecState("a", "x", b"1"))
    broken = RefusedMessage("rooms", "t", None, "undecodable", "", NOW)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)null"):
        journal.append(
            batch(hours(1)),
            messages=1,
            now=NOW,
            refused=[broken],
            states=[CodecState("a", "x", b"2")],
        )
    with pytest.raises(Exception, match=r"(?i)null|type"):
        keep(journal, CodecState("a", "x", b"2"), CodecState("a", None, b"3"))  # type: ignore[arg-type]
    assert journal.last() == 1
    assert journal.codec_states() == {"a": {"x": b"1"}}
