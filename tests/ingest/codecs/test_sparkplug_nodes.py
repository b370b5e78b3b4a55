"""States of edge nodes: births, deaths, numbers that come round, and when a rebirth is requested."""

import pytest

from ingest.codecs.sparkplug_metrics import Metric
from ingest.codecs.sparkplug_nodes import (
    ASK_EVERY_US,
    MOST_DEFINITIONS,
    Node,
    born,
    defines,
    died,
    left_out,
    may_ask,
    numbered,
)

BORN = born(Node(), seq=0, sent_ms=100, bd_seq=5, now_us=1_000)


def metrics(name: str) -> tuple[Metric, ...]:
    return (Metric(name, 1, 9),)


def test_a_will_of_an_older_connection_kills_nobody() -> None:
    assert died(BORN, 4) == BORN
    assert not died(BORN, 5).born


def test_the_same_connection_keeps_its_begin_and_a_new_one_gets_its_own() -> None:
    assert born(BORN, 0, 200, 5, 9_000).since_us == 1_000
    assert born(BORN, 0, 200, 6, 9_000).since_us == 9_000


@pytest.mark.parametrize("seq", [1, 2, 127])
def test_a_number_left_out_puts_the_node_in_doubt(seq: int) -> None:
    after = numbered(BORN, seq, 101, 2_000)
    assert (after.node.seq, after.node.in_doubt, after.late) == (seq, seq != 1, False)


def test_after_255_comes_0() -> None:
    node = born(Node(), 255, 100, 5, 1_000)
    assert not numbered(node, 0, 101, 2_000).node.in_doubt


def test_a_message_behind_that_was_sent_earlier_changes_nothing() -> None:
    node = numbered(BORN, 1, 200, 2_000).node
    assert numbered(node, 0, 150, 3_000) == (node, True)
    assert numbered(node, 1, 200, 3_000) == (node, True)
    assert not numbered(node, 0, 300, 3_000).late


def test_data_before_a_birth_is_in_doubt_and_begins_the_connection() -> None:
    waiting = numbered(Node(), 7, 100, 500).node
    assert (waiting.in_doubt, waiting.since_us) == (True, 500)
    assert born(waiting, 0, 200, 1, 900).since_us == 500


def test_a_rebirth_is_requested_at_most_once_a_minute_and_only_in_doubt() -> None:
    doubt = numbered(BORN, 9, 101, 0).node
    asked = Node(in_doubt=True, asked_us=1_000)
    assert may_ask(doubt, 0)
    assert not may_ask(BORN, 0)
    assert not may_ask(asked, 1_000 + ASK_EVERY_US - 1)
    assert may_ask(asked, 1_000 + ASK_EVERY_US)
    assert may_ask(asked, 0)  # the clock was set back


def test_the_first_definition_of_a_connection_holds_for_all_of_it_and_another_from_now_on() -> None:
    births = defines(None, BORN, metrics("a"), 5_000, 5)
    births = defines(births, BORN, metrics("a"), 6_000, 6)
    births = defines(births, BORN, metrics("b"), 7_000, 7)
    assert [each.since_us for each in births.definitions] == [1_000, 7_000]
    for at_us, name in ((999, None), (1_000, "a"), (6_999, "a"), (7_000, "b")):
        found = births.at(at_us)
        assert (found.metrics[0].name if found else None) == name


def test_old_definitions_are_forgotten_oldest_first() -> None:
    births = None
    for n in range(MOST_DEFINITIONS + 3):
        births = defines(births, BORN, metrics(str(n)), 2_000 + n, n)
    assert births is not None
    assert [each.metrics[0].name for each in births.definitions] == [
        str(n) for n in range(3, MOST_DEFINITIONS + 3)
    ]


def test_a_late_message_is_read_by_the_birth_before_it_by_the_nodes_own_clock() -> None:
    births = defines(defines(None, BORN, metrics("a"), 5_000, 50), BORN, metrics("b"), 7_000, 70)
    for sent_ms, name in ((49, None), (50, "a"), (69, "a"), (70, "b")):
        found = births.sent_at(sent_ms)
        assert (found.metrics[0].name if found else None) == name


def gap_of(
    node: Node, seq: int, now_us: int
) -> tuple[int, int, int | None, tuple[int, ...]] | None:
    """After a message with this number."""
    after = numbered(node, seq, node.sent_ms + 1, now_us).node
    gap = left_out(node, after, "G/E1")
    return None if gap is None else (gap.since_us, gap.until_us, gap.at_most, gap.numbers)


def test_a_number_left_out_is_a_gap_since_the_message_before() -> None:
    assert gap_of(BORN, 1, 2_000) is None
    assert gap_of(BORN, 3, 2_000) == (1_000, 2_000, 2, (1, 2))
    end = born(Node(), 254, 100, 5, 1_000)
    assert gap_of(end, 1, 2_000) == (1_000, 2_000, 2, (255, 0))


def test_of_a_node_that_numbers_all_its_messages_alike_no_count_is_known() -> None:
    node = numbered(BORN, 7, 101, 2_000).node
    gap = gap_of(node, 7, 3_000)
    assert gap is not None
    assert gap[2] is None


def test_before_a_birth_and_after_an_older_program_no_gap_is_known() -> None:
    assert gap_of(Node(), 3, 2_000) is None
    assert gap_of(Node(born=True, seq=1), 3, 2_000) is None


def test_how_many_at_most_is_known_while_a_round_can_not_have_passed_by_the_nodes_pace() -> None:
    second = 1_000_000
    node = BORN
    for n in range(1, 11):  # one message a second
        node = numbered(node, n, 100 + n, 1_000 + n * second).node
    for silent, at_most in ((5, 4), (100, 4), (200, None), (100_000, None)):
        gap = gap_of(node, 15, 1_000 + (10 + silent) * second)
        assert gap is not None
        assert gap[2] == at_most
    for silent, at_most in ((5, 4), (60, None)):
        gap = gap_of(BORN, 5, 1_000 + silent * second)
        assert gap is not None
        assert gap[2] == at_most
