"""Topic and mapping of anybody's JSON: which level or member says the device, and which the channel."""

from typing import Any

import pytest

from ingest.connect.groups import groups_of
from ingest.connect.mapping import mapped_feed
from ingest.connect.seen import Seen
from tests.ingest.connect.messages import CHINESE, KEYED, LEVELS, SCADA, sent


@pytest.mark.parametrize(
    ("messages", "topic", "mapping"),
    [
        pytest.param(
            SCADA, "plant/{device}/telemetry",
            {"time": "$.ts", "time_unit": "ms",
             "channels": {"data.t_sup": "$.data.t_sup", "data.t_ret": "$.data.t_ret", "data.flow": "$.data.flow"}},
            id="the level that differs",
        ),
        pytest.param(LEVELS, "house/{device}/{channel}", {"value": "$"}, id="bare numbers"),
        pytest.param(
            CHINESE, "dtu/gw1/up",
            {"each": "$.records[*]", "device": "$.设备编号", "channel": "$.测点", "value": "$.值",
             "unit": "$.单位", "time": "$.time", "time_unit": "iso", "missing": ["--"]},
            id="a member of each record",
        ),
        pytest.param(
            KEYED, "gw/x/data",
            {"each": "$.{device}", "time": "$.ts", "time_unit": "s", "channels": {"t": "$.t"}},
            id="keys of an object",
        ),
        pytest.param(
            [sent(f"temps/f{n}", "20.5") for n in (1, 2)], "temps/{device}",
            {"channel": "temps", "value": "$"}, id="the last level is the device",
        ),
        pytest.param(
            [sent(f"net/{n}/up", {"id": "gateway", "t": 5}) for n in (1, 2)], "net/{device}/up",
            {"channels": {"t": "$.t"}}, id="a member that is the same on all topics says no device",
        ),
        pytest.param(
            [sent("site/boiler/data", {"t": 5})], "site/{device}/data", {"channels": {"t": "$.t"}},
            id="one topic: not what says the kind of message",
        ),
    ],
)  # fmt: skip
def test_a_feed_is_read_off(messages: list[Seen], topic: str, mapping: dict[str, Any]) -> None:
    (group,) = groups_of(messages)
    found = mapped_feed(group)
    assert found is not None
    assert (found["topic"], found["mapping"]) == (topic, mapping)


def test_a_bare_number_on_a_topic_of_one_level_says_no_device() -> None:
    (group,) = groups_of([sent("temperature", "20.5")])
    assert mapped_feed(group) is None


def test_times_without_offset_are_told() -> None:
    (group,) = groups_of(CHINESE)
    assert (mapped_feed(group) or {})["local"]
