"""Messages to rows of a batch, compiled or not."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.quality import Quality, TimeKind
from domain.time import to_us
from ingest.batch.decode import Decoder, Outcome
from ingest.batch.table import SeriesTable
from ingest.codecs.message import Sample
from ingest.config import FeedConfig
from tests.ingest.codecs.natives import TOPIC
from tests.ingest.small import (
    NOW,
    ROOMS,
    SINCE,
    decode,
    frames_of,
    index_of,
    one,
    packets,
    rows,
)


def test_a_batch_numbers_its_parts() -> None:
    payload = b'{"readings":[{"channel":"t","value":1},{"channel":"rh","value":40.05},{"channel":"e","value":7}]}'
    assert [(r["series"], r["value"], r["part"]) for r in rows(one(payload))] == [
        (1, 1000, 0),
        (2, 400, 1),
        (4, 7, 2),
    ]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "undecodable"),
        (b"\xff\xfe", "undecodable"),
        (b"[]", "undecodable"),
        (b'{"channel":"t"}', "undecodable"),
        (b'{"channel":"t","value":true}', "undecodable"),
        (b'{"channel":"t","value":1,"time":"yesterday"}', "undecodable"),
        (b'{"channel":"t","value":1,"time":"2026-11-22T06:00:00"}', "undecodable"),
        (b'{"channel":"t","value":1,"time":"1969-12-31T23:59:59Z"}', "implausible"),
        (b'{"channel":"t","value":1,"time":99999999999999999}', "implausible"),
        (b'{"channel":"t","value":1e999999999}', "implausible"),
        (b'{"channel":"t","value":"NaN"}', "implausible"),
        (b'{"channel":"t","value":1,"revision":70000}', "implausible"),
        (b'{"channel":"?","value":1}', "unmapped"),
        (b"[" * 100_000, "undecodable"),
    ],
    ids=range(14),
)
def test_what_can_not_be_a_reading_is_kept_whole_with_its_reason(
    payload: bytes, reason: str
) -> None:
    outcome = one(payload)
    assert outcome.readings.num_rows == 0
    (refused,) = outcome.refused
    assert (refused.feed, refused.topic, refused.payload) == ("rooms", TOPIC, payload)
    assert refused.reason == reason
    assert refused.detail


def test_readings_stand_in_the_order_in_which_their_messages_came() -> None:
    values = [b"2e1", b"21", b"2.2e1", b"23"]  # every other one is left to the codec
    outcome = decode([(TOPIC, b'{"channel":"t","value":%s}' % each) for each in values])
    assert outcome.readings.column("value").to_pylist() == [20_000, 21_000, 22_000, 23_000]


def test_a_batch_with_one_bad_reading_keeps_the_others() -> None:
    payload = b'[{"channel":"t","value":1},{"channel":"?","value":2},{"channel":"rh","value":3}]'
    outcome = one(payload)
    assert [r["part"] for r in rows(outcome)] == [0, 1]
    assert [r.reason for r in outcome.refused] == ["part_unmapped"]


def test_a_sample_may_name_its_clock_its_quantity_and_that_it_need_not_be_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sent(*samples: Sample) -> Outcome:
        monkeypatch.setattr("ingest.codecs.native.build", lambda _: lambda *_: ([*samples], []))
        return decode([(TOPIC, b"")], (feed,), compiled=False)

    feed = FeedConfig(name="meters", topic="heatwatch/v1/{device}", clock="server")
    at_us = to_us(NOW)
    gone = Sample("A1", "e", at_us, None, failed=True, time_kind=TimeKind.METER, quantity="energy")
    more = Sample("A1", "on_time", at_us, Decimal(5), "h", quantity="on_time", optional=True)
    outcome = sent(gone, more, Sample("A1", "t", at_us, Decimal(5)))
    assert [(r["quality"], r["time_kind"], r["part"]) for r in rows(outcome)] == [
        (Quality.GOOD, TimeKind.SERVER, 1), (Quality.DEVICE_ERROR, TimeKind.METER, 0),
    ]  # fmt: skip
    assert outcome.refused == []
    assert [r["time_kind"] for r in rows(sent(replace(gone, at_us=None)))] == [TimeKind.RECEIVER]
    wrong = replace(more, channel="t", unit=None, quantity="energy")
    (refused,) = sent(wrong).refused
    assert refused.detail == "channel t: it measures energy, not temperature"
    early = replace(gone, at_us=to_us(SINCE) - 1, optional=True)  # before the registry knows it
    kept = replace(early, storage=1)
    assert [each.reason for each in sent(early, gone).refused] == ["part_unmapped"]
    assert sent(kept, gone).refused == []
    for unwanted in (more, kept, replace(more, device="Z9")):  # nothing of it is registered
        assert [each.reason for each in sent(unwanted, unwanted).refused] == ["unmapped"]


NUMBERS = st.one_of(
    st.decimals(-200, 200, places=4).map(str),
    st.integers(-(10**19), 10**19).map(str),
    st.sampled_from(
        [
            "0",
            "-0",
            "00",
            "1.",
            ".5",
            "1e3",
            "1E-2",
            "-",
            "17.9995",
            "0.00000000000000000001",
            "9" * 30,
            "2_1",
            "２１",
            "٢١",
            "+21",
            " 21",
            "21 ",
            "0x15",
            "2,1",
            "007",
            "1e+2",
            "2e",
            "NaN",
            "\\u0032\\u0031",
        ]
    ),
)


VALUES = st.one_of(
    NUMBERS, NUMBERS.map(lambda n: f'"{n}"'), st.sampled_from(["null", "nul", "true", "{}"])
)


TIMES = st.one_of(
    st.datetimes(datetime(1999, 1, 1), datetime(2028, 1, 1)).map(lambda d: f'"{d.isoformat()}Z"'),  # noqa: DTZ001
    st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1)).map(lambda d: f'"{d.isoformat(" ")}+08:00"'),  # noqa: DTZ001
    st.integers(0, 10**15).map(str),
    st.sampled_from(
        ['"2026-11-22T06:00Z"', '"2026-02-29T06:00:00Z"', '"2024-02-29T24:00:00Z"', '"2026-11-22T06:00:00.1234567Z"',
         '"2026-11-22T06:00:00-00:30"', '"2026-11-22T06:00:60Z"', "1795327200.5", "null", '"1795327200"', '"2026-11-22T06:00:00"']
    ),
)  # fmt: skip


BLANKS = st.sampled_from(["", " ", "\n\t", "\r\n "])


@st.composite
def records(draw: st.DrawFn) -> str:
    members = [f'"channel":"{draw(st.sampled_from(["t", "t", "t", "rh", "p", "e", "x", ""]))}"']
    members.append(f'"value":{draw(BLANKS)}{draw(VALUES)}')
    if draw(st.booleans()):
        members.append(f'"time"{draw(BLANKS)}:{draw(TIMES)}')
    if draw(st.integers(0, 9)) == 0:
        extra = [
            '"revision":3',
            '"revision":-1',
            '"unit":"bar"',
            '"device":"B2"',
            '"value":4',
            '"\\u0074":1',
        ]
        members.append(draw(st.sampled_from(extra)))
    members = draw(st.permutations(members))
    return draw(BLANKS) + "{" + f",{draw(BLANKS)}".join(members) + draw(BLANKS) + "}"


@st.composite
def payloads(draw: st.DrawFn) -> bytes:
    kind = draw(st.integers(0, 5))
    if kind < 3:
        text = draw(records())
    else:
        text = "[" + ",".join(draw(st.lists(records(), min_size=0, max_size=4))) + "]"
        if kind == 4:
            text = '{"readings":' + text + draw(BLANKS) + "}"
    data = (text + draw(BLANKS)).encode()
    if draw(st.integers(0, 4)) == 0 and data:
        at = draw(st.integers(0, len(data) - 1))
        byte = draw(st.sampled_from(list(b'{}[]",:.-0 \\\x00\xff')))
        data = data[:at] + bytes([byte]) * draw(st.integers(0, 2)) + data[at + 1 :]
    return data


TOPICS = st.sampled_from(
    ["heatwatch/v1/A1"] * 6
    + ["heatwatch/v1/B2", "heatwatch/v1/", "heatwatch/v1/A1/x", "heatwatch/v1/楼-3"]
)


BEHIND = FeedConfig(name="rooms", topic="heatwatch/{device}/v1")


@pytest.mark.parametrize("feed", [ROOMS, BEHIND], ids=["last", "middle"])
@pytest.mark.parametrize("number", [1, 2], ids=lambda n: f"seed {n}")
def test_the_compiled_reader_and_the_codec_give_the_same_columns(
    number: int, feed: FeedConfig
) -> None:
    read = 0

    @seed(number)
    @settings(max_examples=300, deadline=None, database=None)
    @given(st.lists(st.tuples(TOPICS, payloads()), min_size=1, max_size=8))
    def compare(messages: list[tuple[str, bytes]]) -> None:
        nonlocal read
        if feed is BEHIND:
            messages = [(topic.replace("v1/", "", 1) + "/v1", data) for topic, data in messages]
        fast = decode(messages, (feed,), compiled=True)
        slow = decode(messages, (feed,), compiled=False)
        assert rows(fast) == rows(slow)
        assert fast.refused == slow.refused
        read += fast.readings.num_rows

    compare()
    assert read > 150  # enough messages are readings for the comparison to say something


@pytest.mark.parametrize("compiled", [True, False])
def test_a_register_closes_at_the_end_of_its_row_and_a_temperature_does_not(compiled: bool) -> None:
    ends = NOW - timedelta(hours=1)
    index = index_of(
        [("A1", "e", "energy", SINCE, ends), ("A1", "t", "room_temperature", SINCE, ends)]
    )
    decoder = Decoder((ROOMS,), {ROOMS.name: 10}, SeriesTable(index), compiled=compiled)
    messages = [
        (TOPIC, f'{{"channel":"{name}","time":"{at.isoformat()}","value":20}}'.encode())
        for name in "et"
        for at in (ends, ends + timedelta(seconds=1))
    ]
    buffer, frames, _, contents = frames_of(packets(messages))
    outcome = decoder.decode(buffer, frames, contents, to_us(NOW))
    assert [(row["series"], row["at"]) for row in rows(outcome)] == [(1, ends)]
    told = [each.detail.split("at that time: ")[1] for each in outcome.refused]
    assert told[0].startswith("its row ended at 2026-11-22T11:00:00Z, where a register")
    assert [each[:54] for each in told[1:]] == [
        "its row ended at 2026-11-22T11:00:00Z, which is not in"
    ] * 2
