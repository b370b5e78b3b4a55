"""Marks say what is wrong with a value and keep it."""

from decimal import Decimal

import pytest

from domain.quality import Quality
from ingest.config import FeedConfig
from tests.ingest.codecs.natives import GOOD, TOPIC
from tests.ingest.small import decode, rows


def test_a_sentinel_of_the_feed_marks_the_value_as_a_device_error() -> None:
    sentinels: dict[str, tuple[Decimal, ...]] = {"t": (Decimal("-1010.0"),), "*": (Decimal(85),)}
    feed = FeedConfig(name="rooms", topic="heatwatch/v1/+", sentinels=sentinels)
    messages = [
        (TOPIC, b'{"channel":"t","value":-1010}'),
        (TOPIC, b'{"channel":"rh","value":85.0}'),
    ]
    for compiled in (True, False):
        found = rows(decode(messages, (feed,), compiled=compiled))
        assert [r["quality"] for r in found] == [Quality.DEVICE_ERROR] * 2


@pytest.mark.parametrize(
    ("payload", "mark"),
    [
        (b'{"channel":"t","value":850}', Quality.OUT_OF_RANGE),
        (b'{"channel":"t","value":20,"time":"1970-01-01T00:00:07Z"}', Quality.CLOCK_WRONG),
        (b'{"channel":"t","value":20,"time":"2026-11-24T06:00:00Z"}', Quality.CLOCK_WRONG),
        (b'{"channel":"t","value":20,"time":"2026-11-22T20:00:00Z"}', Quality.CLOCK_WRONG),
        (b'{"channel":"t","value":20,"time":"2026-11-22T12:11:00Z"}', Quality.CLOCK_WRONG),
        (b'{"channel":"t","value":20,"time":"2026-11-22T12:10:00Z"}', Quality.GOOD),
    ],
    ids=["hot", "1970", "ahead", "local time sent as UTC", "11 minutes ahead", "a little ahead"],
)
def test_checks_mark_and_keep_the_value(payload: bytes, mark: Quality) -> None:
    for compiled in (True, False):
        (row,) = rows(decode([(TOPIC, payload)], compiled=compiled))
        assert row["quality"] == mark
        assert row["value"] in (20_000, 850_000)


def test_retained_state_counts_by_its_own_time_and_without_one_it_is_not_fresh() -> None:
    (own,) = rows(decode([(TOPIC, GOOD)], flags=3))
    (none,) = rows(decode([(TOPIC, b'{"channel":"t","value":20}')], flags=3))
    assert (own["quality"], none["quality"]) == (Quality.RETAINED, Quality.CLOCK_WRONG)
