"""Topic and mapping of anybody's JSON: which level or member says the device, and which the channel."""

from typing import Any

import pytest

from ingest.connect.groups import groups_of
from ingest.connect.mapping import MappedFeed, mapped_feed
from ingest.connect.seen import Seen
from tests.ingest.connect.messages import CHINESE, KEYED, LEVELS, NOW_US, SCADA, sent


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
            CHINESE, "dtu/+/up",
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
        pytest.param(
            [sent("site/17/boiler/data", {"t": 5})], "site/{device}/boiler/data", {"channels": {"t": "$.t"}},
            id="one topic: what looks like an identifier",
        ),
        pytest.param(
            [sent(f"h/{h}/f/{f}/temp", {"t": 5}) for h, f in ((1, 12), (1, 13), (2, 12))],
            "h/{level2}/f/{level4}/temp", {"device": "{level2}-{level4}", "channels": {"t": "$.t"}},
            id="no level alone tells the devices apart",
        ),
        pytest.param(
            [sent(f"h/{h}/f/{f}/temp", "5") for h, f in ((1, 12), (1, 13), (2, 12))],
            "h/{level2}/f/{level4}/{channel}", {"device": "{level2}-{level4}", "value": "$"},
            id="nor those of bare numbers",
        ),
        pytest.param(
            [sent("q/5/temperature", {"value": 21.5})], "q/{device}/{channel}", {"value": "$.value"},
            id="a value whose name is the topic's",
        ),
        pytest.param(
            [sent("gw/7/data", {"ts": 1795327200, "A1": {"t": 1}, "A2": {"t": 2}})], "gw/7/data",
            {"each": "$.{device}", "time": "$.ts", "time_unit": "s", "channels": {"t": "$.t"}},
            id="devices by key beside a common time",
        ),
        pytest.param(
            [sent("plant/S1/data", {"ts": 1795327200, "loop1": {"t": 1}, "loop2": {"t": 2}})],
            "plant/{device}/data",
            {"time": "$.ts", "time_unit": "s", "channels": {"loop1.t": "$.loop1.t", "loop2.t": "$.loop2.t"}},
            id="parts of a device by key",
        ),
        pytest.param(
            [sent(f"plant/{s}/data", {"A1": {"t": 1}, "A2": {"t": 2}}) for s in "xy"],
            "plant/{device}/data", {"channels": {"A1.t": "$.A1.t", "A2.t": "$.A2.t"}},
            id="keys that come on several topics are parts",
        ),
        pytest.param(
            [sent("dtu/gw7/up", {"data": [{"站名": "东区站", "t": 50}]})], "dtu/+/up",
            {"each": "$.data[*]", "device": "$.站名", "channels": {"t": "$.t"}}, id="a station is the device",
        ),
    ],
)  # fmt: skip
def test_a_feed_is_read_off(messages: list[Seen], topic: str, mapping: dict[str, Any]) -> None:
    (group,) = groups_of(messages)
    found = mapped_feed(group, "Asia/Shanghai", NOW_US)
    assert found is not None
    assert (found.topic, found.mapping) == (topic, mapping)


def test_a_bare_number_on_a_topic_of_one_level_says_no_device() -> None:
    (group,) = groups_of([sent("temperature", "20.5")])
    assert mapped_feed(group, "Asia/Shanghai", NOW_US) is None


def _confirmed(**record: Any) -> list[str]:
    (group,) = groups_of([sent("plant/S1/data", {"t": 70.1, **record})])
    found = mapped_feed(group, "Asia/Shanghai", NOW_US)
    assert found is not None
    assert "t" in found.mapping["channels"]
    return [str(each) for each in found.confirm]


def test_times_without_offset_get_the_citys_zone_to_confirm() -> None:
    (group,) = groups_of(CHINESE)
    found = mapped_feed(group, "Asia/Shanghai", NOW_US)
    assert found is not None
    assert found.zoned
    assert str(found.confirm[0]) == (
        "times at $.time say no zone: zone = 'Asia/Shanghai' is the city's; is it their clock's?"
    )


def test_a_member_that_looks_like_a_time_and_is_not_read_is_named() -> None:
    (said,) = _confirmed(ts="11-22 22:00:00")
    assert said.startswith("$.ts = '11-22 22:00:00' looks like a time and is not read")
    assert _confirmed(ts=1795327200) == _confirmed(note="10-20") == []


def test_numbers_of_a_gateway_keep_its_topic_and_devices_of_several_topics_are_to_confirm() -> None:
    def of(*topics: str, name: object) -> MappedFeed | None:
        messages = [
            sent(each, {"data": [{"id": name, "t": 5}, {"id": "B2", "t": 5}]}) for each in topics
        ]
        (group,) = groups_of(messages)
        return mapped_feed(group, "UTC", NOW_US)

    for name, topic in (
        (7, "dtu/gw1/up"),
        ("12", "dtu/gw1/up"),
        ("A1", "dtu/+/up"),
        (4711, "dtu/+/up"),
    ):
        one = of("dtu/gw1/up", name=name)
        assert one is not None
        assert (one.topic, one.confirm) == (topic, ())
    both = of("dtu/gw1/up", "dtu/gw2/up", name="A1")
    assert both is not None
    assert [str(each) for each in both.confirm] == ["A1, B2: on several topics, as one device"]


def test_days_that_may_be_months_are_to_confirm() -> None:
    *_, said = _confirmed(ts="11/12/2026 22:00")
    assert "'%d/%m/%Y %H:%M'" in said
    assert "'%m/%d/%Y %H:%M'" in said
