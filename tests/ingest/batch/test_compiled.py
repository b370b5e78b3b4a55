"""What the compiled loops take of a message is what its codec says; the rest they leave."""

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.time import to_us
from ingest.batch.compiled import CompiledReader, compiled_readers
from ingest.batch.decode import Decoder
from ingest.batch.feed import Feed
from ingest.config import FeedConfig
from tests.ingest.batch.shapes import SHAPES, Shaped, mapped
from tests.ingest.small import NOW, decode, frames_of, packets, rows, table

Messages = list[tuple[str, bytes]]


def taken(feed: FeedConfig, messages: Messages) -> list[bool]:
    """Which messages the compiled reader reads by itself."""
    (reader,) = compiled_readers([Feed(feed, 10, {})], table())
    buffer, frames, _, _ = frames_of(packets(messages))
    done = np.zeros(len(messages), dtype=np.uint8)
    reader.read(buffer, frames, to_us(NOW), done)
    return [bool(each) for each in done]


@st.composite
def messages(draw: st.DrawFn, shaped: Shaped) -> Messages:
    """Messages of a feed, one in six of them broken at a byte."""
    found = draw(st.lists(st.tuples(shaped.topics, shaped.payloads.map(shaped.written)), min_size=1, max_size=6))  # fmt: skip
    return [(topic, _broken(draw, payload)) for topic, payload in found]


def _broken(draw: st.DrawFn, payload: bytes) -> bytes:
    if not payload or draw(st.integers(0, 5)):
        return payload
    at = draw(st.integers(0, len(payload) - 1))
    byte = bytes(
        [draw(st.sampled_from(list(b'{}[]",:.-0 \\\x00\xff\xe3\x80\x81\xa1\xc4\xcb\xd6')))]
    )
    return payload[:at] + byte * draw(st.integers(0, 2)) + payload[at + 1 :]


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_comes_to_what_its_codec_says(name: str) -> None:
    shaped = SHAPES[name]
    read = 0

    @seed(len(name))
    @settings(max_examples=150, deadline=None, database=None)
    @given(messages(shaped))
    def compare(sent: Messages) -> None:
        nonlocal read
        fast = decode(sent, (shaped.feed,))
        slow = decode(sent, (shaped.feed,), compiled=False)
        assert fast.readings.equals(slow.readings)  # in order of arrival, too
        assert fast.refused == slow.refused
        read += sum(taken(shaped.feed, sent))

    compare()
    assert read > 10, "too few messages are plain for the comparison to say something"


PLAIN: list[tuple[str, str, str]] = [
    ("members", "s/A1/up", '{"ts": "2026-11-22 14:00:00", "data": {"t": 21.5}, "rh": 40, "e": [0, 7], "rssi": -70}'),
    ("members", "s/楼-3/up", '{"ts": 1795327200000, "data": {"x": 1, "t": 20}, "note": "楼道"}'.replace('"t"', '"t"')),
    ("records", "g/1", '{"ts": "2026/11/22 14:00:00", "data": [{"dev": "A1", "tag": "t", "v": "21.5", "u": "℃", "st": "ok"}, '
                       '{"dev": "A1", "tag": "e", "v": "7 kWh", "st": 0}, {"dev": "楼-3", "tag": "温度", "v": "--", "st": "故障"}]}'),
    ("named channels", "g/1", '{"data": [{"dev": "A1", "tag": "温度", "v": 294.65}, {"dev": "A1", "tag": "e", "v": 1.5, "u": "MWh"}]}'),
    ("devices by key", "g/x", '{"ts": 1795327200000, "A1": {"t": 21.5, "e": 0.5}, "B2": {"t": 19}}'),
    ("channels by key", "g/x", '[{"dev": "A1", "ts": 1795327200000, "values": {"t": 20.5, "rh": 40}}]'),
    ("one value", "s/A1/p", '{"v": 4.5, "u": "bar", "ts": "2026-11-22 07:00:00", "st": 3}'),
    ("a bare value", "s/A1/t", "21.5"),
    ("names in places", "x/A/20261122140000+0800", '{"1": {"tag": "t", "v": "294 K"}}'),
    ("written times", "s/A1/up", '{"ts": "22.11.2026 14:00", "v": 21.5, "st": 1}'),
    ("seconds", "s/A1/up", '{"ts": 1795327200.25, "v": 21.5}'),
    ("several kinds", "g/1", '{"ts": 1795327200000, "rooms": [{"dev": "A1", "v": 20}], "meters": {"A1": {"v": 5}}, "dev": "A1", "p": 4}'),
    ("packs", "packs/x", '[{"bn": "A1:", "bt": 1795327200, "bu": "Cel", "n": "t", "v": 21.5}, {"n": "rh", "u": "%RH", "t": -60, "v": 40}]'),
    ("packs", "packs/x", '[{"bn": "A1/", "bver": 5, "bv": 20}, {"n": "t", "u": "K", "v": 273.15, "t": -60.5}, {"n": "e", "v": 7, "ut": 60}, {"n": "battery", "u": "V", "v": 3.6}]'),
    ("packs in CBOR", "packs/x", '[{"bn": "A1:", "bt": 1795327200.5, "bu": "Cel", "n": "t", "v": 21.5}, {"n": "rh", "u": "%RH", "t": -60, "v": 40.1}, {"n": "open", "vb": true}]'),
    ("packs of a device", "packs/A1", '[{"bu": "Cel", "n": "t", "v": 21.5}, {"n": "open", "vb": true}, {"n": "version", "vs": "1.2"}, {"n": "raw", "vd": "aGk"}]'),
    ("native", "heatwatch/v1/g", '{"device": "A1", "readings": [{"channel": "t", "value": 20, "unit": "Cel", "x": {}}]}'),
    ("native in MessagePack", "heatwatch/v1/A1", '{"channel": "t", "value": 20.35, "time": "2026-11-22T14:00:00+08:00", "rssi": -70, "more": [null, {"v": 3.6}]}'),
    ("native in MessagePack", "heatwatch/v1/g", '{"device": "A1", "readings": [{"channel": "t", "value": 20.5, "time": 1795327200000.5}, {"channel": "rh", "value": "40.1"}]}'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "topic", "payload"), PLAIN, ids=[f"{i}" for i in range(len(PLAIN))])  # fmt: skip
def test_what_gateways_write_needs_no_codec(name: str, topic: str, payload: str) -> None:
    feed, sent = SHAPES[name].feed, [(topic, SHAPES[name].written(payload))]
    slow = decode(sent, (feed,), compiled=False)
    if not slow.refused:
        assert taken(feed, sent) == [True]
    assert rows(decode(sent, (feed,))) == rows(slow)
    assert slow.readings.num_rows > 0 or slow.refused


def test_a_feed_that_shares_topics_with_an_earlier_one_is_left_to_its_codec() -> None:
    first = FeedConfig(name="first", topic="h/+/a")
    feeds = [Feed(each, i, {}) for i, each in enumerate((first, mapped("h/#", device="$.d", channel="$.c"), mapped("g/{device}", channels={"t": "$.t"})))]  # fmt: skip
    assert [reader._position for reader in compiled_readers(feeds, table())] == [0, 2]


@pytest.mark.parametrize(
    "mapping",
    [
        {"each": "$.r[?(@.v > 0)]", "device": "$.d", "channels": {"t": "$.v"}},
        {"channels": {"t": "$..v"}},
        {"channels": {"t": "$.v[-1]"}},
        {"time": "$.ts", "time_format": "excel", "channels": {"t": "$.v"}},
        {"channels": {"t": {"path": "$.v", "status": {"path": "$.s", "base": 16, "bad_bits": 4}}}},
        {"revision": "{device}", "channels": {"t": "$.v"}},
        {"each": "$" + ".a" * 20, "channels": {"t": "$.v"}},
        {"channel": "$.c", "channels": {"t": {"name": "x"}, "rh": {"name": "x", "path": "$.w"}}},
    ],
    ids=range(8),
)
def test_a_mapping_that_is_not_plain_is_its_codecs(mapping: dict[str, Any]) -> None:
    feed = mapped("s/{device}", **mapping)
    assert compiled_readers([Feed(feed, 0, {})], table()) == []


def test_more_than_there_is_room_for_is_left_to_the_codec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.batch.compiled.MOST_ROWS", 3)
    feed = SHAPES["native"].feed
    reading = '{"channel":"t","value":%d}'
    sent = [("heatwatch/v1/A1", f"[{','.join(reading % k for k in range(n))}]".encode()) for n in (3, 4, 1)]  # fmt: skip
    assert taken(feed, sent) == [True, False, True]
    assert decode(sent, (feed,)).readings.num_rows == 8


def test_long_names_fill_the_room_for_keys_and_nothing_is_lost() -> None:
    feed, name = SHAPES["native"].feed, "A" * 40_000
    sent = [("heatwatch/v1/A1", b'{"device":"%s","channel":"t","value":20}' % name.encode())] * 4
    sent.append(("heatwatch/v1/A1", b'{"channel":"t","value":20,"unit":"Cel"}'))
    outcome = decode(sent, (feed,))
    assert (outcome.readings.num_rows, len(outcome.refused)) == (1, 4)


_MANY = range(20_000)
WIDE: list[tuple[str, str, str]] = [
    ("members", "s/A1/up", "{" + ",".join(f'"{k:050}":0' for k in _MANY) + ',"data":{"t":20},"ts":1795327200000}'),
    ("devices by key", "g/x", "{" + ",".join(f'"{k:05}":{{"t":1}}' for k in _MANY) + ',"ts":1795327200000}'),
    ("native", "heatwatch/v1/A1", '{"readings":[' + ",".join('{"channel":"t","value":20,"unit":"Cel"}' for _ in _MANY) + "]" + "".join(f',"{k}":0' for k in _MANY) + "}"),
]  # fmt: skip


@pytest.mark.compiled
@pytest.mark.parametrize(("name", "topic", "payload"), WIDE, ids=range(3))
def test_a_message_in_which_much_is_to_be_searched_is_left_to_its_codec(
    name: str, topic: str, payload: str
) -> None:
    """Each key would be held against each other one: minutes."""
    assert taken(SHAPES[name].feed, [(topic, payload.encode())]) == [False]


def test_units_of_sentinels_are_those_of_the_message() -> None:
    feed = FeedConfig(name="other", topic="heatwatch/v1/{device}", sentinels={"t": (Decimal(85),)})
    sent = [("heatwatch/v1/A1", b'{"channel":"t","value":%s,"unit":"%s"}' % each) for each in ((b"85", b"Cel"), (b"85", b"[degF]"), (b"185", b"[degF]"))]  # fmt: skip
    assert taken(feed, sent) == [True] * 3
    fast, slow = (rows(decode(sent, (feed,), compiled=how)) for how in (True, False))
    assert fast == slow
    assert len({row["quality"] for row in fast}) == 2


@pytest.mark.compiled
def test_many_messages_of_all_feeds_at_once_come_to_the_same() -> None:
    chance = random.Random(5)
    feeds = [FeedConfig(name=f"f{i}", topic=f"n{i}/{shape.feed.topic}", format=shape.feed.format, zone=shape.feed.zone, mapping=None) for i, shape in enumerate([SHAPES["native"]])]  # fmt: skip
    feeds.append(mapped("s/{device}/{channel}", value="$.v", time="$.ts", unit="Cel"))
    sent: Messages = []
    for k in range(3000):
        value = chance.choice(["20.5", "21", "null", '"x"', "1e1"])
        if k % 2:
            sent.append(("s/A1/t", b'{"v":%s,"ts":%d}' % (value.encode(), 1795327200000 + k)))
        else:
            sent.append(("n0/heatwatch/v1/A1", b'{"channel":"t","value":%s,"unit":"Cel","time":%d}' % (value.encode(), 1795327200000 + k)))  # fmt: skip
    fast, slow = (decode(sent, feeds, compiled=how) for how in (True, False))
    assert rows(fast) == rows(slow)
    assert fast.refused == slow.refused


def test_the_readers_are_made_anew_with_the_registry() -> None:
    feed = SHAPES["a bare value"].feed
    decoder = Decoder((feed,), {"other": 1}, table())
    before = decoder._readers
    decoder.use(table())
    assert decoder._readers is not before
    assert all(isinstance(each, CompiledReader) for each in decoder._readers)
