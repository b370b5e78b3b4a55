"""What a codec remembers follows its message and its batch: kept with them, undone with them."""

import msgspec
import pytest

from ingest.codecs.gaps import Gap
from ingest.codecs.memory import MOST_KEY, Memory
from store.journal.remembered import CodecState, Publication


class Count(msgspec.Struct, frozen=True):
    n: int


class Other(msgspec.Struct, frozen=True):
    name: str


def test_a_change_counts_for_the_next_message_and_is_kept_with_its_batch() -> None:
    memory = Memory("f", {"x": msgspec.msgpack.encode(Count(1))})
    assert memory.get("x", Count) == Count(1)
    memory.put("x", Count(2))
    memory.accept()
    assert memory.get("x", Count) == Count(2)
    (change,) = memory.changes()
    assert (change.feed, change.key) == ("f", "x")
    memory.commit()
    assert memory.changes() == []
    assert memory.get("x", Count) == Count(2)
    assert Memory("f", {"x": change.data or b""}).get("x", Count) == Count(2)


def test_what_a_failed_message_changed_or_asked_for_is_undone() -> None:
    memory = Memory("f", {})
    memory.put("x", Count(1))
    memory.publish("a/b", b"1")
    memory.accept()
    memory.put("x", Count(2))
    memory.put("y", Count(2))
    memory.publish("a/b", b"2")
    memory.drop()
    assert (memory.get("x", Count), memory.get("y", Count)) == (Count(1), None)
    assert memory.publications() == [Publication("a/b", b"1")]


def test_a_batch_that_was_not_committed_is_forgotten_by_the_next() -> None:
    memory = Memory("f", {})
    memory.put("x", Count(1))
    memory.publish("a/b", b"1")
    memory.accept()
    memory.begin()
    assert memory.get("x", Count) is None
    assert (memory.changes(), memory.publications()) == ([], [])


def test_a_state_can_be_forgotten() -> None:
    memory = Memory("f", {"x": msgspec.msgpack.encode(Count(1))})
    memory.put("x", None)
    memory.accept()
    assert memory.changes() == [CodecState("f", "x", None)]
    memory.commit()
    assert memory.get("x", Count) is None


def test_a_state_that_can_not_be_read_any_more_counts_as_never_kept() -> None:
    memory = Memory("f", {"x": msgspec.msgpack.encode(Other("a")), "y": b"\xc1noise"})
    assert memory.get("x", Count) is None
    assert memory.get("y", Count) is None


def test_the_same_publication_is_asked_for_once_in_a_batch() -> None:
    memory = Memory("f", {})
    for payload in (b"1", b"2", b"1"):
        memory.publish("a/b", payload)
        memory.accept()
    assert [each.payload for each in memory.publications()] == [b"1", b"2"]


@pytest.mark.parametrize("key", ["", "a\0", "x" * (MOST_KEY + 1)], ids=["empty", "NUL", "long"])
def test_a_key_that_no_database_keeps_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=f"allowed: 1 to {MOST_KEY}"):
        Memory("f", {}).put(key, Count(1))


@pytest.mark.parametrize("topic", ["", "a/+", "a/#", "a\0", "x" * 70_000], ids=range(5))
def test_a_topic_that_can_not_be_published_to_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="can't be published to"):
        Memory("f", {}).publish(topic, b"")


def test_a_gap_is_told_with_its_batch_as_it_is_by_then_and_kept_until_the_next_start() -> None:
    memory = Memory("f", {})
    first, second, undone = (Gap("E1", 0, until, 1) for until in (1, 2, 3))
    for each in (first, second):
        memory.tell(each)
        memory.accept()
    memory.tell(undone)
    memory.drop()
    assert (memory.tells(), memory.gap("E1")) == ([second], second)
    (change,) = memory.changes()
    memory.commit()
    assert (memory.tells(), memory.gap("E1")) == ([], second)
    again = Memory("f", {change.key: change.data or b"", "x": b"1"})
    assert again.told_before() == [second]
    assert Memory("f", {change.key: b"other"}).told_before() == []
    memory.tell(undone)
    memory.begin()
    assert memory.tells() == []
