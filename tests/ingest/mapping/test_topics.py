"""Topics beside the pattern give nothing; the level named {device} names it."""

import random
from itertools import product

import pytest

from ingest.batch.decode import Decoder
from ingest.config import FeedConfig
from ingest.mapping.topics import covers, meet, topic_pattern
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
    assert [each._around is not None for each in decoder._readers] == [plain]
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


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("topic", "sent"),
    [
        ("$share/g/h/{device}/v1", "h/A1/v1"),
        ("$share/heat 1/{device}/t", "A1/t"),
        ("$share/g/h/+", "h/A1"),
        ("$share/g/#", "h/x/A1"),
        ("$share/g//{device}", "/A1"),
    ],
)
def test_messages_of_a_shared_subscription_come_on_what_follows_its_group(
    topic: str, sent: str, compiled: bool
) -> None:
    feed = FeedConfig(name="rooms", topic=topic)
    outcome = decode([(sent, GOOD)], (feed,), compiled=compiled)
    assert outcome.refused == []
    assert [r["series"] for r in rows(outcome)] == [1]
    assert feed.filter == topic.replace("{device}", "+")


def test_a_number_sign_takes_the_level_above_it_too() -> None:
    assert topic_pattern("h/{device}/#").match("h/A1") is not None
    assert topic_pattern("h/{device}/#").match("h/A1x/y") is not None
    assert topic_pattern("h/a/#").match("h/ab") is None


@pytest.mark.parametrize("seed", range(10))
def test_covering_and_meeting_agree_with_all_topics_of_a_small_world(seed: int) -> None:
    rng = random.Random(seed)
    words = ["a", "b"]
    topics = ["/".join(each) for n in (1, 2, 3, 4) for each in product([*words, "c"], repeat=n)]

    def some_filter() -> str:
        levels = [rng.choice([*words, "+", "{x}"]) for _ in range(rng.randint(1, 3))]
        levels = [f"{{x{i}}}" if level == "{x}" else level for i, level in enumerate(levels)]
        return "/".join([*levels[: rng.randint(0, 3)], "#"] if rng.random() < 0.4 else levels)

    for _ in range(200):
        one, other = some_filter(), some_filter()
        taken = [{t for t in topics if topic_pattern(f).match(t)} for f in (one, other)]
        assert covers(one, other) == (taken[0] >= taken[1]), (one, other)
        assert meet(one, other) == bool(taken[0] & taken[1]), (one, other)
