"""What the codecs of other ecosystems share."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.quality import Quality
from ingest.codecs.foreign import (
    Wrong,
    codec,
    device_of_topic,
    event_time,
    levels_of,
    load_object,
    number,
    of_number,
)
from ingest.codecs.memory import Memory
from ingest.codecs.message import Flaw, Message, Reason, Sample
from ingest.config import FeedConfig
from tests.ingest.small import NOW, decode, rows

NOON_US = 1_795_327_200_000_000


@pytest.mark.parametrize(
    ("raw", "value"),
    [(None, None), (5, "5"), (Decimal("21.50"), "21.50"), (True, "1"), (" -3.5 ", "-3.5"), (1.5, "1.5")],
    ids=str,
)  # fmt: skip
def test_a_number_is_exact_and_null_is_none(raw: Any, value: str | None) -> None:
    assert number(raw, "t") == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "raw",
    ["warm", "", "1_0", [], {}, "21,5", "nan", Decimal("NaN"), Decimal("Infinity"), float("nan")],
    ids=str,
)
def test_what_is_no_number_is_a_flaw_that_names_the_channel(raw: Any) -> None:
    with pytest.raises(Wrong, match=r"channel t: .* is not a number"):
        number(raw, "t")
    flaw = of_number(raw, Sample("A1", "t", None, None))
    assert isinstance(flaw, Flaw)
    assert flaw.reason is Reason.UNDECODABLE


def test_a_time_without_offset_is_local_or_marked() -> None:
    local = "2026-11-22T14:00:00"
    assert event_time(local, "iso", ZoneInfo("Asia/Shanghai"), 0) == (NOON_US, False, False)
    assert event_time(local, "iso", None, 0) == (None, False, True)
    assert event_time(None, "iso", None, 0) == (None, False, True)
    assert event_time(1795327200, "ms", None, 0) == (NOON_US, True, False)
    for wrong, reason in (("soon", Reason.UNDECODABLE), (-1, Reason.IMPLAUSIBLE)):
        with pytest.raises(Wrong) as raised:
            event_time(wrong, "s", None, 0)
        assert raised.value.reason is reason


@pytest.mark.parametrize(
    "payload",
    [b"[1]", b"5", b"", b'{"a": 1, "a": 2}', b"\xff", b"[" * 100_000, b"nan"],
    ids=range(7),
)
def test_what_is_no_json_object_is_one_flaw(payload: bytes) -> None:
    def read(message: Message, _: Memory) -> list[Sample]:
        load_object(message.payload)
        return []

    samples, (flaw,) = codec(read)(Message("a", payload, 0), Memory("f", {}))
    assert (samples, flaw.reason) == ([], Reason.UNDECODABLE)
    assert flaw.detail


def test_the_device_is_behind_what_a_feed_fixes_or_where_it_says() -> None:
    feed = FeedConfig(name="f", topic="a/b/+/{device}/#")
    assert levels_of(feed)("a/b/c/d/e") == ["c", "d", "e"]
    assert device_of_topic(feed)("a/b/c/d/e") == "d"
    assert device_of_topic(feed)("a/b") is None
    assert device_of_topic(FeedConfig(name="f", topic="a/#"))("a/b") is None


def test_a_state_from_before_without_a_time_of_its_own_is_not_fresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = Sample("A1", "t", None, Decimal(20), republished=True)
    timed = Sample("A1", "rh", NOON_US, Decimal(40), republished=True)
    monkeypatch.setattr("ingest.codecs.native.build", lambda _: lambda *_: ([again, timed], []))
    feed = FeedConfig(name="states", topic="heatwatch/v1/{device}")
    found = rows(decode([("heatwatch/v1/A1", b"")], (feed,), compiled=False))
    assert [(each["series"], each["quality"]) for each in found] == [
        (1, Quality.CLOCK_WRONG), (2, Quality.RETAINED),
    ]  # fmt: skip
    assert NOW.year == 2026
