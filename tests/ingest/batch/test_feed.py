"""What a feed says of its messages: whose clock, which sentinels."""

from datetime import UTC, datetime

from domain.quality import TimeKind
from ingest.config import FeedConfig
from tests.ingest.codecs.natives import GOOD, TOPIC
from tests.ingest.small import decode, rows


def test_a_topic_of_no_feed_is_kept_as_unmapped() -> None:
    outcome = decode([("elsewhere", GOOD)])
    assert [(r.feed, r.reason) for r in outcome.refused] == [("", "unmapped")]


def test_a_feed_with_the_receivers_clock_ignores_the_time_in_the_message() -> None:
    feed = FeedConfig(name="rooms", topic="heatwatch/v1/+", clock="receiver")
    for compiled in (True, False):
        (row,) = rows(decode([(TOPIC, GOOD)], (feed,), compiled=compiled))
        assert row["time_kind"] == TimeKind.RECEIVER
        assert row["at"] > datetime(2026, 11, 22, 11, tzinfo=UTC)  # type: ignore[operator]
