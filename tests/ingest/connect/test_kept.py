"""Values as ingest would keep them, by a registry, without keeping any."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from domain.time import from_us, to_us
from ingest.codecs.message import Sample
from ingest.config import FeedConfig
from ingest.connect.kept import KeptValue, kept_values, not_in_force, unregistered
from ingest.connect.propose import propose
from tests.ingest.connect.messages import NOW_US, sent
from tests.ingest.small import NOW, SINCE, index_of

MESSAGES = [
    sent("up/A1", {"ts": 1795327100, "t": 20.0, "p": 450, "x": 1}),
    sent("up/A1", {"ts": 1795327200, "t": 95.0}),
    sent("up/new", {"ts": 1795327200, "t": 21}),
]


def feed(unit: str) -> FeedConfig:
    channels = {"t": "$.t", "p": {"path": "$.p", "unit": unit}}
    mapping = {"time": "$.ts", "time_unit": "s", "channels": channels}
    return FeedConfig.model_validate(
        {"name": "up", "topic": "up/{device}", "format": "mapped", "mapping": mapping}
    )


def test_the_newest_value_of_each_registered_channel_in_its_unit_and_with_its_mark() -> None:
    values = kept_values([feed("kPa")], index_of(), MESSAGES, NOW_US)
    pressure, temperature = values
    at = from_us(NOW_US - 100_000_000)
    assert pressure == KeptValue("A1", "p", at, Decimal(450_000), "Pa", "GOOD")
    assert (temperature.channel, temperature.value) == ("t", Decimal("95.000"))
    assert temperature.quality == "OUT_OF_RANGE"  # no room is so warm


def test_without_messages_or_feeds_there_are_no_values() -> None:
    assert kept_values([], index_of(), MESSAGES, NOW_US) == []
    assert kept_values([feed("bar")], index_of(), [], NOW_US) == []


def test_channels_that_no_series_has_are_listed_with_their_last_sample() -> None:
    found = propose(MESSAGES, [], "UTC", NOW_US)
    (one,) = found.proposed
    missing = unregistered(index_of(), one.samples)
    assert {device: [each.channel for each in rows] for device, rows in missing.items()} == {
        "A1": ["x"], "new": ["t"],
    }  # fmt: skip
    assert missing["new"] == [Sample("new", "t", NOW_US, Decimal(21))]


def test_a_device_that_is_registered_by_another_of_its_codes_is_registered() -> None:
    sample = Sample("HEW.000000A1.04", "t", None, None)
    assert unregistered(index_of(), [sample]) == {"HEW.000000A1.04": [sample]}
    assert unregistered(index_of(), [replace(sample, formerly=("0A1", "A1"))]) == {}


def test_a_registered_channel_without_a_row_at_the_time_is_named_with_the_end_of_its_row() -> None:
    ended = NOW - timedelta(days=30)
    index = index_of([("A1", "t", "room_temperature", SINCE, ended)])
    now = Sample("new", "t", None, Decimal(21), formerly=("A1",))
    (found,) = not_in_force(index, [now, Sample("A1", "x", None, Decimal(1))], to_us(NOW))
    assert (found.device, found.channel, found.at) == ("A1", "t", NOW)
    assert "its row ended at 2026-10-23T12:00:00Z" in str(found.why)
    before = to_us(ended) - 1
    assert not_in_force(index, [Sample("A1", "t", before, None)], to_us(NOW)) == []
    stored = Sample("A1", "t", to_us(NOW), None, storage=1)  # an older value that a meter had kept
    assert not_in_force(index, [stored], to_us(NOW)) == []
