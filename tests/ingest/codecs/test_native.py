"""The native codec is the specification; the compiled reader must come to the same columns."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.quality import Quality, TimeKind
from ingest.batch.decode import Decoder
from ingest.codecs.message import Message
from ingest.config import FeedConfig
from tests.ingest.small import NOW, ROOMS, decode, one, rows, table

TOPIC = "heatwatch/v1/A1"
GOOD = b'{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.35}'
#: For the contract of all codecs.
EXAMPLE = (
    ROOMS,
    [Message(TOPIC, GOOD, 1), Message(TOPIC, b'{"readings":[{"channel":"rh","value":null}]}', 2)],
)


def test_one_reading_becomes_one_row() -> None:
    assert rows(one(GOOD)) == [
        {
            "series": 1,
            "at": datetime(2026, 11, 22, 6, tzinfo=UTC),
            "value": 21350,
            "quality": Quality.GOOD,
            "time_kind": TimeKind.METER,
            "revision": 0,
            "feed": 10,
            "part": 0,
            "message": None,
        }
    ]


@pytest.mark.parametrize(
    ("written", "steps"),
    [("17.9995", 18000), ("17.9985", 17998), ("-0.0005", 0), ("-0.0015", -2), ("18", 18000)],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_values_are_exact_with_ties_to_even(written: str, steps: int, compiled: bool) -> None:
    for text in (written, f'"{written}"'):
        payload = b'{"channel":"t","value":%s}' % text.encode()
        assert rows(decode([(TOPIC, payload)], compiled=compiled))[0]["value"] == steps


def test_a_batch_numbers_its_parts() -> None:
    payload = b'{"readings":[{"channel":"t","value":1},{"channel":"rh","value":40.05},{"channel":"e","value":7}]}'
    assert [(r["series"], r["value"], r["part"]) for r in rows(one(payload))] == [
        (1, 1000, 0),
        (2, 400, 1),
        (4, 7, 2),
    ]


def test_a_null_is_missing_and_not_zero() -> None:
    (row,) = rows(one(b'{"channel":"t","time":1795327200,"value":null}'))
    assert (row["value"], row["quality"]) == (None, Quality.MISSING)


def test_without_a_time_the_receiver_tells_it_and_the_message_is_known_by_its_hash() -> None:
    first, second = rows(decode([(TOPIC, b'{"channel":"t","value":20}')] * 2))
    assert first["time_kind"] == TimeKind.RECEIVER
    assert first["message"] == second["message"] is not None
    assert first["at"] < second["at"] <= NOW  # type: ignore[operator]


def test_a_unit_of_its_own_is_converted_and_a_wrong_one_is_refused() -> None:
    (row,) = rows(one(b'{"channel":"p","value":4.5,"unit":"bar"}'))
    assert row["value"] == 4500
    outcome = one(b'{"channel":"t","value":4.5,"unit":"bar"}')
    assert [r.reason for r in outcome.refused] == ["implausible"]
    assert "'bar' measures pressure, not temperature" in outcome.refused[0].detail


def test_the_span_of_an_assignment_decides_the_series() -> None:
    old = b'{"channel":"t","time":"2026-10-01T00:00:00Z","value":1}'
    new = b'{"channel":"t","time":"2026-11-01T00:00:00Z","value":2}'
    found = rows(decode([("heatwatch/v1/B2", old), ("heatwatch/v1/B2", new)]))
    assert [r["series"] for r in found] == [5, 6]


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


@pytest.mark.parametrize(
    "written", ["2_1", "２１", "2１", "٢١", " 21", "21 ", "21\\n", "1e1_0", ".5", "1.", "", "0x15"]
)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_text_that_is_no_plain_decimal_is_no_reading(written: str, compiled: bool) -> None:
    payload = f'{{"channel":"t","value":"{written}"}}'.encode()
    outcome = decode([(TOPIC, payload)], compiled=compiled)
    assert outcome.readings.num_rows == 0
    (refused,) = outcome.refused
    assert (refused.reason, refused.payload) == ("undecodable", payload)
    assert "is not a number" in refused.detail


def test_a_time_in_digits_of_another_script_is_no_time() -> None:
    for time in ("１７９５３２７２００", "２０２６-11-22T06:00:00Z"):
        payload = f'{{"channel":"t","value":21,"time":"{time}"}}'.encode()
        assert [r.reason for r in one(payload).refused] == ["undecodable"]


def test_a_batch_with_one_bad_reading_keeps_the_others() -> None:
    payload = b'[{"channel":"t","value":1},{"channel":"?","value":2},{"channel":"rh","value":3}]'
    outcome = one(payload)
    assert [r["part"] for r in rows(outcome)] == [0, 1]
    assert [r.reason for r in outcome.refused] == ["part_unmapped"]


def test_a_topic_of_no_feed_is_kept_as_unmapped() -> None:
    outcome = decode([("elsewhere", GOOD)])
    assert [(r.feed, r.reason) for r in outcome.refused] == [("", "unmapped")]


def test_names_in_other_scripts_resolve() -> None:
    payload = json.dumps({"channel": "温度", "value": 19}, ensure_ascii=False).encode()
    assert [r["series"] for r in rows(decode([("heatwatch/v1/楼-3", payload)]))] == [7]


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
        (b'{"channel":"t","value":20,"time":"2026-11-23T06:00:00Z"}', Quality.GOOD),
    ],
    ids=["hot", "1970", "ahead", "a little ahead"],
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


def test_a_feed_with_the_receivers_clock_ignores_the_time_in_the_message() -> None:
    feed = FeedConfig(name="rooms", topic="heatwatch/v1/+", clock="receiver")
    for compiled in (True, False):
        (row,) = rows(decode([(TOPIC, GOOD)], (feed,), compiled=compiled))
        assert row["time_kind"] == TimeKind.RECEIVER
        assert row["at"] > datetime(2026, 11, 22, 11, tzinfo=UTC)  # type: ignore[operator]


# -- where the device stands in the topic ------------------------------------------------------


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


# -- the compiled reader against the codec -----------------------------------------------------

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
