"""Feeds in the shapes that gateways write, with messages of each, written as JSON."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ingest.config import FeedConfig
from tests.ingest.packed import labelled, packed


class Shaped(NamedTuple):
    """A feed, the topics and the payloads that are sent to it."""

    feed: FeedConfig
    topics: st.SearchStrategy[str]
    payloads: st.SearchStrategy[str]
    written: Callable[[str], bytes] = str.encode  # what is sent for one


def mapped(topic: str, /, *, zone: str | None = None, sentinels: Any = None, **mapping: Any) -> FeedConfig:  # fmt: skip
    """A feed with this table [mapping]."""
    return FeedConfig.model_validate(
        {"name": "other", "topic": topic, "format": "mapped", "zone": zone, "sentinels": sentinels or {}, "mapping": mapping}
    )  # fmt: skip


def senml(topic: str, **more: Any) -> FeedConfig:
    """A feed of SenML whose messages may leave out some units."""
    units = {"units": {"rh": "%", "e": "kWh"}}
    return FeedConfig.model_validate({"name": "other", "topic": topic, "format": "senml", "mapping": units, **more})  # fmt: skip


def text(value: str) -> str:
    """As JSON writes it, without escapes of what is no ASCII."""
    return json.dumps(value, ensure_ascii=False)


def often(*usual: str, seldom: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    """One of the usual texts, at times one of the others."""
    return st.sampled_from([*usual] * (1 + 15 * len(seldom) // len(usual)) + [*seldom])


#: The devices and channels of `tests.ingest.small`, and what nobody registered.
devices = often("A1", seldom=("B2", "楼-3", "C9", ""))
channels = often("t", "rh", seldom=("p", "e", "温度", "x"))
values = often(
    "21.5", "18", "-3.25", "65535", '"20.1"', "19.9995",
    seldom=("null", "-0", "-0.0", "true", '"N/A"', '"--"', "1e1", '"21,5"', "{}", "[]", "12345678901234567890",
            "0.0000001", '"7 kWh"', '"7kWh"', '"7 m3"', '"7  K"', '"7 ° C"', '""', '"+4"', '"007"', '"7 parsec"', "1."),
)  # fmt: skip
times = often(
    '"2026-11-22T06:00:00Z"', '"2026-11-22T14:00:00+08:00"', "1795327200000", "1795327200", '"2026-11-22 14:00:00"',
    '"2026/11/22 14:00:00"', '"2026年11月22日 14:00"',
    seldom=('"1795327200000"', "1795327200.25", "null", "0", "-5", "true", '"yesterday"', "{}", '"20261122140000"',
            "20261122140000", '"22.11.2026 14:00"', '"2026-10-25 02:30:00"', '"2026-03-29 02:30:00"', '"2026-11-22"',
            '"2026-11-22T24:00:00Z"', '"2026-02-30 08:00:00"', "99999999999999", '"1999-01-01 00:00"', '"2026-11-22T6:00"'),
)  # fmt: skip
units = often(
    '"Cel"', '"℃"', '"K"', seldom=("null", '""', "5", '"parsec"', '"kWh"', '"bar"', '"%RH"', '"°f"', '"KWH"', '"t"')
)  # fmt: skip
states = often(
    '"ok"', "0", '"good"',
    seldom=("null", '"bad"', "4", '"4"', "5.0", "true", '"ok good"', '"ok;bad"', '"故障"', "[]", '["ok"]', '""', "-1"),
)  # fmt: skip
revisions = often("0", "3", seldom=('"7"', "40000", "-1", "null", "1.0", '"x"', "true"))


@st.composite
def objects(draw: st.DrawFn, /, **members: st.SearchStrategy[str]) -> str:
    """An object that may lack members, have others, and have them in any order."""
    blank = draw(st.sampled_from(["", "", "", " ", "\n\t"]))
    pairs = [
        f"{text(key)}:{blank}{draw(each)}"
        for key, each in members.items()
        if draw(st.integers(0, 29)) > 0
    ]
    if draw(st.integers(0, 9)) == 0:
        pairs.append(draw(st.sampled_from(['"more":[1,{"a":"楼"}]', '"rssi":-70', '"v":3', '"a\\u0062":1'])))  # fmt: skip
    if pairs and draw(st.integers(0, 39)) == 0:
        pairs.append(draw(st.sampled_from(pairs)))
    return "{" + f",{blank}".join(draw(st.permutations(pairs))) + "}"


def lists(of: st.SearchStrategy[str], most: int = 4) -> st.SearchStrategy[str]:
    """A list of up to `most`."""
    return st.lists(of, max_size=most).map(lambda each: "[" + ",".join(each) + "]")


def by_key(keys: st.SearchStrategy[str], of: st.SearchStrategy[str], *beside: str) -> st.SearchStrategy[str]:  # fmt: skip
    """An object whose keys say something."""
    pairs = st.lists(st.tuples(keys, of), max_size=4, unique_by=lambda pair: pair[0])
    return st.tuples(pairs, st.sampled_from([*beside, ""])).map(
        lambda found: (
            "{" + ",".join([*filter(None, [found[1]]), *(f"{text(k)}:{v}" for k, v in found[0])]) + "}"
        )
    )  # fmt: skip


quoted_devices, quoted_channels = devices.map(text), channels.map(text)


def long(*tags: str) -> st.SearchStrategy[str]:
    """Objects that say their device, channel, time, unit and state."""
    tag = often(*map(text, tags), seldom=('"x"', "5", "null", '"rh"'))
    return objects(dev=quoted_devices, tag=tag, v=values, ts=times, u=units, st=states, rev=revisions)  # fmt: skip


_numbers = often(
    "21.5",
    "18",
    "-3.25",
    "0",
    seldom=(
        "null",
        "-0",
        "-0.0",
        "true",
        '"20.1"',
        "1e1",
        "12345678901234567890",
        "0.0000001",
        "85",
        "4000000000000000000",
    ),
)
_names = often(
    "A1:",
    "A1/",
    seldom=(
        "A1",
        "t",
        "urn:dev:mac:00aa-1:t",
        "urn:dev:mac:00aa-1",
        "urn:dev:x",
        "/A1/t",
        ":",
        "a b",
        "楼-3/",
        "B2_",
        "house/A1/",
        "A1:t",
        "x" * 401,
    ),
)
_parts = often(
    "t",
    "rh",
    "e",
    seldom=("", "p", "/t", ":t", "t/", "A1/t", "urn:dev:mac:1:t", "温度", "x", "5", "t_"),
)
_seconds = often(
    "1795327200",
    "1795327200.25",
    "-60",
    "0",
    "-0.5",
    seldom=(
        "1e9",
        "null",
        "268435456",
        "268435455",
        "-268435456",
        "1795327200000",
        "0.0000001",
        "0.00000000001",
        "-1795327200",
        "4102444800",
        '"5"',
    ),
)
_of_senml = often(
    '"Cel"',
    '"K"',
    seldom=('"C"', '"F"', '"%RH"', '"kWh"', '"V"', '""', "null", '"KWH"', '"l"', '"J"', '"Wh"'),
)
_pack = objects(n=_parts.map(text), v=_numbers, u=_of_senml, t=_seconds)
packs = st.tuples(
    st.one_of(
        objects(bn=_names.map(text), bt=_seconds, bu=_of_senml, n=_parts.map(text), v=_numbers),
        objects(bn=_names.map(text), bt=_seconds, bv=_numbers, bver=often("10", "5", seldom=("11", "0", "5.0", "1.5"))),
    ),
    st.lists(st.one_of(
        _pack, _pack, _pack, _pack, objects(n=_parts.map(text), v=_numbers), objects(n=_parts.map(text), v=_numbers, t=_seconds),
        objects(n=_parts.map(text), vb=often("true", "false", seldom=("1", "null")), ut=_numbers),
        objects(n=_parts.map(text), vs=values, x_y=_numbers), objects(n=_parts.map(text), v=_numbers, s=_numbers),
        objects(n=_parts.map(text), v=_numbers, **{"must_": _numbers}), objects(bn=_names.map(text), battery=_numbers), st.just("{}"),
    ), max_size=3),
).map(lambda found: "[" + ",".join([found[0], *found[1]]) + "]")  # fmt: skip
_at = '"ts":"2026-11-22T06:00:00Z"'
_level = often("s/A1/up", seldom=("s/B2/up", "s/楼-3/up", "s/C9/up", "s//up"))
_fixed: Callable[[str], st.SearchStrategy[str]] = st.just

SHAPES: dict[str, Shaped] = {
    "members": Shaped(
        mapped(
            "s/{device}/up", time="$.ts", revision="$.rev", zone="Asia/Shanghai",
            channels={"t": "$.data.t", "rh": {"path": "$['rh']", "unit": "%"}, "e": {"path": "$.e[1]", "unit": "kWh"}},
        ),
        _level,
        objects(ts=times, rev=revisions, rh=values, data=objects(t=values, x=values), e=lists(values)),
    ),
    "records": Shaped(
        mapped(
            "g/+", each="$.data[*]", device="$.dev", channel="$.tag", value="$.v", time="$.ts", missing=("N/A", "--", "65535"),
            unit={"path": "$.u", "default": "Cel"}, status={"path": "$.st", "good": ("ok", "good", "0"), "bad": ("bad", "故障")},
            zone="Europe/Berlin",
        ),
        st.sampled_from(["g/1", "g/2"]),
        objects(data=lists(long("t")), ts=times),
    ),
    "named channels": Shaped(
        mapped(
            "g/+", each="$.data", device="$.dev", channel="$.tag", value="$.v", time="$.ts", on_missing_time="receipt",
            channels={"t": {"name": "温度", "unit": "K"}, "e": {"unit": {"path": "$.u"}}, "rh": {"path": "$.st"}},
            sentinels={"*": (65535,), "t": (0,)},
        ),
        _fixed("g/1"),
        objects(data=st.one_of(lists(long("温度")), long("温度")), ts=times),
    ),
    "devices by key": Shaped(
        mapped(
            "g/{town}", each="$.{device}", time="$.ts", zone="Asia/Shanghai",
            channels={"t": "$.t", "e": {"path": "$.e", "unit": "MWh"}},
        ),
        _fixed("g/x"),
        by_key(devices, st.one_of(objects(t=values, e=values), values), _at, '"ts":1795327200000'),
    ),
    "channels by key": Shaped(
        mapped("g/+", each="$[*].values.{channel}", device="$.dev", time="$.ts", value="$"),
        _fixed("g/x"),
        lists(objects(dev=quoted_devices, ts=times, values=by_key(often("t", "rh", seldom=("x", "温度")), values)), 1),
    ),
    "one value": Shaped(
        mapped(
            "s/{device}/{channel}", value="$.v", time="$.ts", unit={"path": "$.u"}, zone="Europe/Berlin",
            status={"path": "$.st", "bad": ("bad",), "bad_bits": 4}, ignore=({"path": "$.rev", "equals": ("7", "x")},),
        ),
        often("s/A1/t", seldom=("s/A1/e", "s/A1/p", "s/B2/t", "s/楼-3/温度", "s/A1", "s/A1/t/x")),
        objects(v=values, ts=times, u=units, st=states, rev=revisions),
    ),
    "a bare value": Shaped(
        mapped("s/{device}/{channel}", value="$", unit="Cel", ignore=({"topic": "s/+/rh"},)),
        st.sampled_from(["s/A1/t", "s/A1/rh", "s/B2/t", "s/楼-3/温度"]),
        st.one_of(values, _fixed("21.5 kWh"), _fixed(" 20 ")),
    ),
    "names in places": Shaped(
        mapped(
            "{town}/{house}/#", each="$.{flat}", device="{house}{flat}", time="{day}", channel="$.tag", value="$.v",
            unit={"path": "{flat}", "default": "Cel"}, time_format="%Y%m%d%H%M%S", zone="Asia/Shanghai", topic="{town}/{house}/{day}",
        ),
        often("x/A/20261122140000", seldom=("x/B/1", "x/A")),
        by_key(often("1", seldom=("2", "K")), objects(tag=quoted_channels, v=often('"294 K"', '"20 Cel"', seldom=("1", '"1"')))),
    ),
    "written times": Shaped(
        mapped(
            "s/{device}/up", time="$.ts", time_format=("%d.%m.%Y %H:%M", "%Y%m%d%H%M%S"), zone="Europe/Berlin",
            channels={"t": "$.v"}, ignore=({"path": "$.st", "absent": True}, {"path": "$.u", "equals": ("K",)}),
        ),
        _level,
        objects(ts=often('"22.11.2026 14:00"', '"20261122140000"', "20261122140000", seldom=('"25.10.2026 02:30"', '"29.03.2026 02:30"', "5", "null")), v=values, st=states, u=units),
    ),
    "seconds": Shaped(
        mapped("s/{device}/up", time="$.ts", time_unit="s", channels={"t": "$.v"}), _level,
        objects(ts=often("1795327200", "1795327200.25", '"1795327200"', seldom=("1795327200000", "0", '"2026-11-22T06:00:00Z"', "4102444800")), v=values),
    ),
    "several kinds": Shaped(
        mapped(
            "g/+", time="$.ts", zone="Asia/Shanghai",
            records=(
                {"each": "$.rooms[*]", "device": "$.dev", "channels": {"t": "$.v"}},
                {"each": "$.meters.{device}", "channels": {"e": {"path": "$.v", "unit": "kWh"}}},
                {"device": "$.dev", "channels": {"p": {"path": "$.p", "unit": "bar"}}},
            ),
        ),
        _fixed("g/1"),
        objects(rooms=lists(long("t")), meters=by_key(devices, long("t")), ts=times, dev=quoted_devices, p=values),
    ),
    "native": Shaped(
        FeedConfig(name="other", topic="heatwatch/v1/{device}", zone="Europe/Berlin", summer_time="never", sentinels={"*": (Decimal("21.5"),)}),
        st.sampled_from(["heatwatch/v1/A1", "heatwatch/v1/B2", "heatwatch/v1/"]),
        st.one_of(
            (reading := objects(channel=quoted_channels, value=values, time=times, unit=units, device=quoted_devices, revision=revisions)),
            lists(reading), objects(readings=lists(reading), device=quoted_devices),
        ),
    ),
    "native in MessagePack": Shaped(
        FeedConfig(name="other", topic="heatwatch/v1/{device}", format="native_msgpack", zone="Europe/Berlin", sentinels={"*": (Decimal("21.5"),)}),
        st.sampled_from(["heatwatch/v1/A1", "heatwatch/v1/B2", "heatwatch/v1/"]),
        st.one_of(reading, lists(reading), objects(readings=lists(reading), device=quoted_devices)),
        packed,
    ),
    "packs": Shaped(senml("packs/#"), _fixed("packs/A1"), packs),
    "packs of a device": Shaped(senml("packs/{device}/#", sentinels={"*": (Decimal(85),)}), often("packs/A1", "packs/A1/x", seldom=("packs/B2", "packs/楼-3", "packs//x")), packs),
    "packs in CBOR": Shaped(senml("packs/#"), _fixed("packs/A1"), packs, labelled),
    "packs by our clock": Shaped(senml("packs/{device}", clock="receiver", mapping=None), _fixed("packs/A1"), packs),
    "native with levels behind": Shaped(
        FeedConfig(name="other", topic="h/#", clock="receiver"),
        st.sampled_from(["h/x/A1", "h/A1", "h", "h/x/楼-3"]),
        objects(channel=quoted_channels, value=values, time=times, unit=units),
    ),
}  # fmt: skip
