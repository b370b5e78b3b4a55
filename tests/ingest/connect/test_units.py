"""Channels without a unit are named, with the line that a feed's mapping needs."""

from collections.abc import Sequence
from typing import Any

import pytest

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Message
from ingest.config import FeedConfig
from ingest.connect.propose import propose
from ingest.connect.seen import Seen
from ingest.connect.units import said_of_units, without_unit
from tests.ingest.connect.messages import NOW_US, sent

LORA = "application/7/device/24e124136b502217/event/up"
EUI = {"devEui": "24e124136b502217"}


def told(*messages: Seen) -> str | None:
    """Of the one feed that is proposed."""
    (one,) = propose(messages, [], "UTC", NOW_US).proposed
    said = said_of_units(one.feed, without_unit(one.samples))
    return None if said is None else str(said)


def with_line(feed: FeedConfig, messages: Sequence[Seen], **mapping: Any) -> dict[str, str | None]:
    """Channel -> unit, once the feed's mapping has more."""
    known = {} if feed.mapping is None else feed.mapping.model_dump(exclude_defaults=True)
    changed = feed.model_dump(exclude_defaults=True) | {"mapping": known | mapping}
    read = codec_of(FeedConfig.model_validate(changed))
    return {
        each.channel: each.unit
        for message in messages
        for each in read(Message(*message, NOW_US), Memory("a", {}))[0]
    }


def test_a_path_of_plain_json_takes_its_unit_beside_it() -> None:
    message = sent("plant/M1/data", {"热量": 123.4, "temp": 45, "power": 3})
    said = told(message)
    assert said is not None
    assert said.startswith("no unit is said of 热量, power: they are taken as heat energy in Wh, ")
    assert said.endswith('"热量" = { path = "$.热量", unit = "kWh" }')
    (one,) = propose([message], [], "UTC", NOW_US).proposed
    assert one.feed.mapping is not None
    known = one.feed.mapping.model_dump(exclude_defaults=True)["channels"]
    changed = known | {"热量": known["热量"] | {"unit": "kWh"}}
    assert with_line(one.feed, [message], channels=changed)["热量"] == "kW.h"


def test_channels_by_level_are_all_named_where_one_has_a_unit() -> None:
    messages = [
        sent(f"house/{flat}/{name}", "21.5") for flat in (101, 102) for name in ("energy", "temp")
    ]
    said = told(*messages)
    assert said is not None
    assert "name each channel that is wanted in [ingest.feeds.mapping.channels]" in said
    assert 'energy = { unit = "kWh" }' in said
    (one,) = propose(messages, [], "UTC", NOW_US).proposed
    named = {"energy": {"unit": "kWh"}, "temp": {}}
    assert with_line(one.feed, messages, channels=named) == {"energy": "kW.h", "temp": None}


def test_what_a_network_decoded_is_named_in_units() -> None:
    message = sent(LORA, {"deviceInfo": EUI, "object": {"energy": 5, "temperature": 21}})
    said = told(message)
    assert said is not None
    assert 'units = { energy = "kWh" }' in said
    (one,) = propose([message], [], "UTC", NOW_US).proposed
    units = with_line(one.feed, [message], units={"energy": "kWh"})
    assert units == {"energy": "kW.h", "temperature": None}


@pytest.mark.parametrize(
    "message",
    [
        sent("plant/M1/data", {"t_sup": 70, "rssi": -70}),
        sent(LORA, {"deviceInfo": EUI, "object": {"temperature": 21}}),
        sent("heatwatch/v1/A1", {"channel": "energy", "value": 5}),  # by the format in Wh
    ],
)
def test_nothing_is_said_where_no_unit_is_missing(message: Seen) -> None:
    assert told(message) is None
