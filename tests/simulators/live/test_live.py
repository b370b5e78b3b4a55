"""Live messages: where they begin, and those that are wrong on purpose."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from simulators.live.live import BAD, Out, live_from
from simulators.world.world import WorldReport, city_of, read_plan
from tests.simulators.files import WorldFiles
from tests.simulators.live.worlds import blocks

__all__ = ["blocks"]  # fixtures


def test_live_messages_begin_where_the_history_ends(small: WorldReport, blocks: list[Out]) -> None:
    files = WorldFiles(small.folder)
    start_s = small.present.timestamp()
    first: dict[str, Any] = {}
    for out in blocks:
        assert start_s <= out.at_s < start_s + 2700
        if out.feed == "rooms" and not out.refused and "/rs-" in out.topic:
            first.setdefault(out.topic.rsplit("/", 1)[1], json.loads(out.payload))
    jumps = []
    for device, told in first.items():
        at_s, value = files.samples[device]
        if told["time"].startswith("19"):
            continue
        assert datetime.fromisoformat(told["time"]).timestamp() > at_s[-1]
        jumps.append(abs(told["value"] - value[-1]))
    assert len(jumps) > 280
    assert sorted(jumps)[int(0.95 * len(jumps))] < 0.3


def test_a_wrong_clock_writes_1970_or_seconds_where_milliseconds_belong(
    small: WorldReport,
) -> None:
    city = city_of(read_plan(small.folder))
    live = live_from(city)
    messages = [out for _ in range(8) for out in live.block()]
    rooms = [json.loads(out.payload)["time"] for out in messages if b'"time":"1970' in out.payload]
    assert any(time_.startswith("1970-01-21T") for time_ in rooms)
    assert any(time_.startswith("1970-01-01T") for time_ in rooms)
    stamps = [(out, json.loads(out.payload)["ts"]) for out in messages if out.feed == "stations"]
    wrong = {out.topic for out, ts in stamps if ts == out.at_s}
    assert wrong == {"scada/demo/st-S1-06/telemetry"}
    assert all(ts in {out.at_s, out.at_s * 1000} for out, ts in stamps)


def test_bad_messages_are_bad(blocks: list[Out]) -> None:
    bad = [out for out in blocks if out.refused]
    assert Counter(out.refused for out in bad) == {reason: 3 for _, reason in BAD}
    for out in bad:
        assert out.readings == 0
        if out.refused == "undecodable":
            with pytest.raises(ValueError, match=r"."):
                json.loads(out.payload)
