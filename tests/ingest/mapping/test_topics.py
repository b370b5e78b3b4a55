"""Topics beside the pattern give nothing; the level named {device} names it."""

import pytest

from ingest.batch.decode import Decoder
from ingest.config import FeedConfig
from tests.ingest.codecs.natives import GOOD
from tests.ingest.small import decode, rows, table


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("topic", "sent", "plain"),
    [
        ("heatwatch/{device}/v1", "heatwatch/A1/v1", True),
        ("{device}/t", "A1/t", True),
        ("h/{device}", "h/A1", True),
        ("h/+", "h/A1", True),
        ("h/{room}", "h/A1", True),
        ("h/#", "h/x/A1", False),
        ("h/{device}/#", "h/A1/x/y", False),
        ("{town}/{device}/v1", "x/A1/v1", False),
        ("h/{device}/+", "h/A1/B2", False),
    ],
)
def test_the_device_is_the_level_that_the_topic_says(
    topic: str, sent: str, plain: bool, compiled: bool
) -> None:
    feed = FeedConfig(name="rooms", topic=topic)
    decoder = Decoder((feed,), {"rooms": 10}, table(), compiled=True)
    assert (len(decoder._native) == 1) == plain
    outcome = decode([(sent, GOOD)], (feed,), compiled=compiled)
    assert outcome.refused == []
    assert [r["series"] for r in rows(outcome)] == [1]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("sent", ["h/A1/v2", "h/A1", "h//v1", "h/A1/x/v1", "h/v1", "h/A1/v1/"])
def test_topics_beside_the_pattern_give_no_reading(sent: str, compiled: bool) -> None:
    outcome = decode(
        [(sent, GOOD)], (FeedConfig(name="rooms", topic="h/{device}/v1"),), compiled=compiled
    )
    assert outcome.readings.num_rows == 0
    assert [r.reason for r in outcome.refused] == ["unmapped"]
