"""Where records, devices, times and channels stand, read off from samples."""

from decimal import Decimal
from typing import Any

import pytest

from ingest.connect.records import Records, records_of, values_at
from tests.ingest.connect.messages import NOW_US


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        pytest.param(
            [{"ts": 1795327200000, "sn": "A1", "t": 21.5, "on": True, "note": "ok", "rssi": -70}],
            Records(device="$.sn", time="$.ts", time_unit="ms", channels={"t": "$.t"}),
            id="one object: no words, switches or signal strengths",
        ),
        pytest.param(
            [{"t": 1795327200, "temp": 21.5}, {"t": 1795327260, "temp": None}],
            Records(time="$.t", time_unit="s", channels={"temp": "$.temp"}),
            id="t is a time where it is one",
        ),
        pytest.param(
            [{"t": 21.5}], Records(channels={"t": "$.t"}), id="t is a temperature where it is none"
        ),
        pytest.param(
            [{"time": "2026-11-22 14:00:00", "data": [{"id": 7, "a": {"b c": "1.5"}}]}],
            Records("$.data[*]", "$.id", time="$.time", time_unit="iso", local_time=True, time_above=True,
                    channels={"a.b c": "$.a['b c']"}),
            id="a list below the time, which has no offset",
        ),
        pytest.param(
            [{"time": "2026-11-22T14:00:00+08:00", "v": 1}],
            Records(time="$.time", time_unit="iso", channels={"v": "$.v"}),
            id="a time with its offset",
        ),
        pytest.param(
            [{"gw": {"读表时间": 20261128220000}, "updateTime": 20261128220001, "t": 1}],
            Records(time="$.updateTime", time_format="%Y%m%d%H%M%S", local_time=True, channels={"t": "$.t"}),
            id="digits of a date are a time, and no channel",
        ),
        pytest.param(
            [{"head": {"ts": "28.11.2026 22:00"}, "data": [{"id": 1, "t": 1}]}],
            Records("$.data[*]", "$.id", time="$.head.ts", time_format="%d.%m.%Y %H:%M", local_time=True, time_above=True,
                    channels={"t": "$.t"}),
            id="a time in an object beside the list",
        ),
        pytest.param(
            [{"ts": 1795327200, "created_at_time": 1795320000, "sent_time": 20261128, "t": 1}],
            Records(time="$.ts", time_unit="s", channels={"t": "$.t"}), id="other times are no channels",
        ),
        pytest.param(
            [{"ts": 20261128, "t": 1}],
            Records(unread_time=("$.ts", "20261128"), channels={"t": "$.t"}), id="a day alone is no time",
        ),
        pytest.param(
            [[{"name": "t", "value": "21.5", "unit": "Cel"}, {"name": "p", "value": "N/A", "unit": "bar"}]],
            Records("$[*]", "", "$.name", "$.value", "$.unit", missing=("N/A",)),
            id="each record one channel",
        ),
        pytest.param(
            [{"设备": "S", "数据": [
                {"名称": "温度", "数值": 45.2, "单位": "Cel"}, {"名称": "状态", "数值": "运行", "单位": ""},
                {"名称": "泵", "数值": True, "单位": ""},
            ]}],
            Records("$.数据[*]", "$.设备", "$.名称", "$.数值", "$.单位"), id="points that are words or switches, too",
        ),
        pytest.param(
            [{"x": {"A1": {"t": 1}, "A2": {"t": 2}}}],
            Records("$.x.{device}", channels={"t": "$.t"}),
            id="objects by device",
        ),
        pytest.param(
            [{"sn": "A1", "meter": {"id": 5, "t": 1}}],
            Records(device="$.sn", channels={"meter.t": "$.meter.t"}), id="a number of a meter is no value",
        ),
        pytest.param([{"a": 1, "b": "--"}], Records(channels={"a": "$.a"}), id="never a number"),
        pytest.param([{"a": "on"}], None, id="no number at all"),
        pytest.param([{"a": []}], None, id="an empty list"),
        pytest.param([[]], None, id="nothing"),
        pytest.param([["a", 1]], None, id="a list of no objects"),
    ],
)  # fmt: skip
def test_what_stands_where(contents: list[Any], expected: Records | None) -> None:
    exact = [_exact(each) for each in contents]
    assert records_of(exact, NOW_US) == expected


def _exact(value: Any) -> Any:
    """Numbers as the decoder of messages gives them."""
    if isinstance(value, dict):
        return {key: _exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def test_the_devices_that_a_member_names_are_each_once() -> None:
    records = Records("$.data[*]", "$.id")
    contents = [{"data": [{"id": 1}, {"id": 2}, {"id": 1}, {}]}, {"id": 3, "data": [{}]}]
    assert values_at(records, contents) == {1, 2, 3}
    assert values_at(records, [{"id": [{}], "data": [{}, {"id": 4}]}]) == {4}
