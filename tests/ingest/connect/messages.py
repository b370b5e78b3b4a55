"""Messages of several makers on topics of their own, as `connect` meets them."""

import json
from typing import Any

from ingest.connect.seen import Seen

#: 2026-11-22 06:00 UTC.
NOW_US = 1_795_327_200_000_000


def sent(topic: str, payload: Any) -> Seen:
    """JSON, or text as it is."""
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return Seen(topic, text.encode())


SCADA = [
    sent(f"plant/{code}/telemetry", {"ts": 1795327200000, "data": {"t_sup": 70.1, "t_ret": "45.0", "flow": 12.5}, "rssi": -70})
    for code in ("S1", "S2")
]  # fmt: skip
LEVELS = [
    sent(f"house/{flat}/{channel}", value)
    for flat in ("101", "102")
    for channel, value in (("temperature", "21.5"), ("humidity", "44"))
]
CHINESE = [
    sent("dtu/gw1/up", {"time": "2026-11-22 14:00:00", "records": [
        {"设备编号": code, "测点": "供水温度", "值": "71.2", "单位": "Cel"},
        {"设备编号": code, "测点": "压力", "值": "--", "单位": "MPa"},
    ]})
    for code in ("a1", "b2")
]  # fmt: skip
KEYED = [
    sent("gw/x/data", {"flat 1": {"t": 21.5, "ts": 1795327200}, "flat 2": {"t": 20.1, "ts": 1795327200}})
]  # fmt: skip
