"""Feeds proposed from messages: each reads what it was read off, none takes another one's."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ingest.codecs.examples import example_of, has_example
from ingest.config import FeedConfig, IngestConfig
from ingest.connect.propose import Proposed, propose
from ingest.connect.seen import Seen
from ingest.formats import CODECS
from tests.ingest.connect.messages import CHINESE, KEYED, LEVELS, NOW_US, SCADA, sent

ZONE = "Asia/Shanghai"
FORMATS = [
    name
    for name in CODECS
    if has_example(name) and hasattr(import_module(f"ingest.codecs.{name}"), "recognises")
]


def proposed(messages: list[Seen], feeds: tuple[FeedConfig, ...] = ()) -> Proposed:
    """With a configuration that takes them."""
    found = propose(messages, feeds, ZONE, NOW_US)
    if found.proposed:
        IngestConfig(feeds=(*feeds, *(each.feed for each in found.proposed)))
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_messages_of_each_format_are_read_by_the_feeds_proposed_for_them(name: str) -> None:
    example = example_of(name)
    found = proposed([Seen(each.topic, each.payload) for each in example.messages])
    others = {"zigbee2mqtt"} if name == "homeassistant" else set()  # discovery names a topic of its
    assert {each.feed.format for each in found.proposed} == {name} | others
    read_on = frozenset[str]().union(*(each.read_on for each in found.proposed))
    expected = zip(example.messages, example.expected, strict=True)
    assert {message.topic for message, readings in expected if readings} <= read_on


def test_all_formats_and_mappings_at_once_take_nothing_from_one_another() -> None:
    golden = [
        Seen(m.topic, m.payload)
        for name in FORMATS
        if name != "native_msgpack"
        for m in example_of(name).messages
    ]
    found = proposed([*golden, *SCADA, *LEVELS, *CHINESE, *KEYED])
    feeds = {each.feed.name: each for each in found.proposed}
    assert {each.feed.format for each in found.proposed} == {*FORMATS, "mapped"} - {
        "native_msgpack"
    }
    for name, messages in (("plant", SCADA), ("house", LEVELS), ("dtu", CHINESE), ("gw", KEYED)):
        own = [each for each in found.proposed if set(messages) & set(each.messages)]
        assert [(each.read, each.refused) for each in own] == [(len(messages), 0)], (name, feeds)


def test_times_without_offset_are_of_the_citys_zone() -> None:
    (one,) = proposed(CHINESE).proposed
    assert one.feed.zone == ZONE
    assert {each.at_us for each in one.samples} == {NOW_US}


def test_what_a_feed_of_the_configuration_takes_is_tried_on_it_and_not_proposed_again() -> None:
    feed = FeedConfig.model_validate(
        {"name": "mine", "topic": "plant/{device}/telemetry", "format": "mapped", "mapping": {"channels": {"x": "$.x"}}}
    )  # fmt: skip
    found = proposed([*SCADA, *LEVELS], (feed,))
    assert [(each.feed.name, each.read, each.refused) for each in found.taken] == [("mine", 0, 2)]
    assert [each.feed.name for each in found.proposed] == ["house"]


def test_names_of_feeds_are_the_first_that_is_free() -> None:
    feeds = (FeedConfig(name="house", topic="elsewhere/{device}"),)
    assert [each.feed.name for each in proposed(LEVELS, feeds).proposed] == ["house-2"]


def test_what_nothing_reads_is_listed_and_gives_no_feed() -> None:
    found = proposed([sent("misc/hello", "hi"), sent("misc/a/b", {"on": True}), sent("x", "")])
    assert found.proposed == []
    assert [each.topics for each in found.unread] == [["misc/hello"], ["misc/a/b"], ["x"]]


def test_two_kinds_of_messages_on_one_topic_give_one_feed_and_say_so() -> None:
    one = [sent("gate/1/up", {"deviceInfo": {"devEui": "a1" * 8}, "object": {"t": 5}})] * 2
    found = proposed([*one, sent("gate/1/up", {"t": 5})])
    assert [each.feed.format for each in found.proposed] == ["chirpstack"]
    assert [each.format for each in found.crossed] == ["mapped"]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
NAMES = st.sampled_from(
    ["t", "time", "id", "data", "value", "name", "unit", "设备", "a b", "'", "x.y"]
)
CONTENT = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)  # fmt: skip
TOPICS = st.lists(st.sampled_from(["a", "b", "1", "data", "", "ü"]), min_size=1, max_size=4).map(
    "/".join
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TOPICS, CONTENT), min_size=1, max_size=6))
def test_whatever_comes_the_feeds_proposed_are_a_configuration(
    sent_: list[tuple[str, Any]],
) -> None:
    messages = [sent(topic, payload) for topic, payload in sent_ if topic]
    found = proposed(messages)
    told: list[Sequence[Seen]] = [each.messages for each in found.proposed]
    told += [each.messages for each in (*found.unread, *found.crossed)]
    assert all(one.read for one in found.proposed)
    assert {each.topic for group in told for each in group} <= {each.topic for each in messages}


def test_what_a_proposed_feed_reads_already_is_its_own() -> None:
    for codes in (("A1", "A2"), ("north", "south")):
        messages = [sent(f"{code}/telemetry", {"t": 5}) for code in codes]
        found = proposed(messages)
        (one,) = found.proposed
        assert (one.feed.topic, one.read, found.crossed) == ("{device}/telemetry", 2, [])
        assert one.read_on == {each.topic for each in messages}
        assert len(one.samples) == 2
    odd = proposed([*messages, sent("east/telemetry", {"p": 5})])
    assert [each.topics for each in odd.crossed] == [["east/telemetry"]]


def test_one_topic_is_widened_where_it_takes_no_other_and_else_says_that_it_is_exact() -> None:
    message = Seen("cellar/17/mbus", example_of("mbus").messages[0].payload)
    (one,) = proposed([message]).proposed
    assert one.feed.topic == "cellar/+/mbus"
    assert not any("alone" in str(each) for each in one.confirm)
    two = proposed([message, sent("cellar/18/mbus", "no frame")]).proposed
    assert two[0].feed.topic == "cellar/17/mbus"
    (named,) = proposed([Seen("cellar/north/mbus", message.payload)]).proposed
    assert str(named.confirm[-1]).startswith("topic 'cellar/north/mbus' is this one alone; write +")


@pytest.mark.parametrize(
    ("name", "clock"),
    [("zigbee2mqtt", "gateway"), ("sparkplug_b", "gateway"), ("chirpstack", "gateway"), ("ttn", "server"), ("tasmota", "meter")],
)  # fmt: skip
def test_a_feed_says_whose_clock_writes_the_times_of_its_format(name: str, clock: str) -> None:
    example = example_of(name)
    found = proposed([Seen(each.topic, each.payload) for each in example.messages])
    assert {each.feed.clock for each in found.proposed} == {clock}


def test_one_time_above_several_devices_is_of_their_gateway() -> None:
    by_name = {each.feed.name: each.feed.clock for each in proposed([*CHINESE, *SCADA]).proposed}
    assert by_name == {"dtu": "gateway", "plant": "meter"}


def test_clocks_of_meters_get_the_citys_zone_to_confirm() -> None:
    (one,) = proposed([Seen("cellar/17/mbus", example_of("mbus").messages[0].payload)]).proposed
    assert one.feed.zone == ZONE
    assert any(each.at_us is not None for each in one.samples)
    assert str(one.confirm[0]).startswith("clocks of devices say no zone: zone = 'Asia/Shanghai'")


LORAWAN = "application/7/device/24e124136b502217/event/"
STATUS = [
    sent(f"{LORAWAN}status", {"margin": 10, "batteryLevel": 75.5}),
    sent(f"{LORAWAN}join", {"deviceInfo": {"devEui": "24e124136b502217"}, "devAddr": "0089ab12"}),
    sent("eu868/gateway/0016c001f153a14c/event/stats", {"rxPacketsReceived": 12}),
]


def uplinks(profile: str, data: str = "AXVkA2fuAARoew==") -> list[Seen]:
    about = {"devEui": "24e124136b502217", "deviceProfileName": profile}
    return [
        sent(f"{LORAWAN}up", {"time": "2026-11-22T06:00:00Z", "deviceInfo": about, "fCnt": n, "fPort": 85, "data": data})
        for n in range(3)
    ]  # fmt: skip


def test_what_a_network_says_beside_uplinks_gets_no_feed_and_stands_in_no_ones_way() -> None:
    found = proposed(STATUS)
    assert (found.proposed, found.unread, found.crossed) == ([], [], [])
    assert [(each.format, len(each.messages)) for each in found.aside] == [("chirpstack", 3)]
    found = proposed([*STATUS, *uplinks("EM300-TH"), sent("eu868/house/12/t", "21.5")])
    assert {each.feed.format: (each.read, each.feed.topic) for each in found.proposed} == {
        "chirpstack": (3, "application/+/device/+/event/+"),
        "mapped": (1, "eu868/house/{device}/{channel}"),
    }


def test_a_driver_that_alone_reads_what_nothing_decodes_is_proposed_to_be_confirmed() -> None:
    (one,) = proposed(uplinks("room sensor")).proposed
    assert one.feed.mapping is not None
    assert one.feed.mapping.model_dump()["drivers"] == {"room sensor": "milesight"}
    assert (one.read, one.refused) == (3, 0)
    assert "milesight alone" in str(one.confirm[0])


def test_what_a_known_format_refuses_wholly_is_unread_with_its_reason() -> None:
    found = proposed(uplinks("room sensor", "//8="))
    assert found.proposed == []
    (unread,) = found.unread
    assert (unread.format, len(unread.flaws)) == ("chirpstack", 3)
    assert 'drivers = { "room sensor" = "..." }' in unread.flaws[0].detail
