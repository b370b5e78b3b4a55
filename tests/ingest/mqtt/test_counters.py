"""Counters of dropped messages, as brokers publish them."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.mqtt.counters import COUNTERS, EVERY, Counts, Dropped

WALL = datetime(2026, 1, 12, 6, tzinfo=UTC)
NOW = datetime(2025, 1, 12, 6, tzinfo=UTC)
DROPPED, UPTIME = "$SYS/broker/publish/messages/dropped", "$SYS/broker/uptime"


def after(seconds: float) -> tuple[datetime, datetime]:
    later = timedelta(seconds=seconds)
    return WALL + later, NOW + later


@pytest.fixture
def counts() -> Counts:
    return Counts(WALL, NOW)


def test_mosquittos_count_is_known_once_an_uptime_is_heard_that_is_not_retained(
    counts: Counts,
) -> None:
    assert counts.hear(UPTIME, b"300 seconds", True, *after(0)) is None
    assert counts.hear(DROPPED, b"7", True, *after(0)) is None
    found = counts.hear(UPTIME, b"310 seconds", False, *after(4))
    up = timedelta(seconds=310)
    assert found == Dropped(DROPPED, 7, up, WALL - up, after(4)[0] - up, NOW - EVERY)


def test_a_count_that_did_not_come_again_stood_at_the_uptime_before(counts: Counts) -> None:
    counts.hear(DROPPED, b"7", True, *after(0))
    counts.hear(UPTIME, b"310 seconds", False, *after(4))
    found = counts.hear(UPTIME, b"320 seconds", False, *after(14))
    assert found is not None
    assert (found.count, found.stood_at) == (7, after(4)[1])
    changed = counts.hear(DROPPED, b"9", False, *after(14))
    assert changed is not None
    assert (changed.count, changed.stood_at) == (9, after(14)[1])


def test_nodes_of_a_cluster_count_for_themselves(counts: Counts) -> None:
    """EMQX retains neither and publishes the uptime, in ms, more often than the count."""
    topic = "$SYS/brokers/emqx@n{}/metrics/delivery/dropped/queue_full"
    assert counts.hear(topic.format(1), b"5", False, *after(1)) is None
    for node, uptime in ((1, b"61000"), (2, b"5000")):
        assert counts.hear(f"$SYS/brokers/emqx@n{node}/uptime", uptime, False, *after(2)) is None
    found = [counts.hear(topic.format(node), b"5", False, *after(3)) for node in (1, 2, 3)]
    assert [each and (each.topic, each.uptime.seconds) for each in found] == [
        (topic.format(1), 61),
        (topic.format(2), 5),
        None,
    ]


def test_vernemq_is_read_by_its_node(counts: Counts) -> None:
    counts.hear("$SYS/VerneMQ@10.0.0.9/system/wallclock", b"61000", False, *after(1))
    found = counts.hear("$SYS/VerneMQ@10.0.0.9/queue/message/drop", b"3", False, *after(1))
    assert found is not None
    assert (found.count, found.uptime) == (3, timedelta(seconds=61))


@pytest.mark.parametrize("payload", [b"", b"many", b"-3", b"9" * 60, b"\xff\xfe", b"1e9x"])
def test_what_is_no_count_is_left_out(counts: Counts, payload: bytes) -> None:
    counts.hear(UPTIME, b"310 seconds", False, *after(4))
    assert counts.hear(DROPPED, payload, False, *after(4)) is None


def test_topics_of_others_are_no_counters(counts: Counts) -> None:
    counts.hear(UPTIME, b"310 seconds", False, *after(4))
    for topic in (DROPPED + "/x", "x" + DROPPED, "$SYS/broker/messages/sent", "rooms/1"):
        assert counts.hear(topic, b"3", False, *after(4)) is None


def test_each_counter_has_its_source_and_its_topics_only() -> None:
    for each in COUNTERS:
        assert each.source
        assert each.uptime_unit > timedelta(0)
        assert all(one.startswith("$SYS/") and "{" not in one for one in each.filters)
