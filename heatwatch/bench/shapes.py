"""Messages by their shape, decoded in one process: the compiled loops, the codec, and a library alone.

Heatwatch finds each reading's series in a registry of 40,000 and comes to the columns of its journal;
msgspec, the fastest library of Python for JSON and MessagePack, makes objects of the same bytes and looks for
nothing.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np

from domain.time import to_us
from heatwatch.bench.flood import publish_frame
from ingest.batch.decode import Decoder
from ingest.batch.table import SeriesTable
from ingest.config import FeedConfig
from ingest.kernels import frames as kernel
from ingest.kernels.frames import Bytes, Ints, Keys
from store.registry.series import OPEN_US, SeriesIndex

DEVICES = 10_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
#: Channel, role.
CHANNELS = (("t", "room_temperature"), ("rh", "humidity"), ("e", "energy"), ("p", "supply_pressure"))  # fmt: skip
#: The codec is slow: it decodes this part of the messages.
CODEC_SHARE = 10

Made = tuple[str, bytes]  # topic, payload
Batch = tuple[Bytes, Ints, Keys]


class Shape(NamedTuple):
    """Messages of one shape."""

    name: str
    feed: FeedConfig
    make: Callable[[int], tuple[str, str]]  # topic, payload as JSON
    readings: int  # of a message
    packed: bool = False  # whether it is sent as MessagePack

    def made(self, count: int) -> list[Made]:
        """So many messages."""
        texts = [self.make(i) for i in range(count)]
        if not self.packed:
            return [(topic, text.encode()) for topic, text in texts]
        return [(topic, msgspec.msgpack.encode(msgspec.json.decode(text))) for topic, text in texts]


def _mapped(topic: str, **mapping: Any) -> FeedConfig:
    table = {"name": "f", "topic": topic, "format": "mapped", "zone": "Asia/Shanghai"}
    return FeedConfig.model_validate(table | {"mapping": mapping})


def _device(i: int) -> str:
    return f"D{i % DEVICES:05d}"


def _value(i: int) -> str:
    return f"{18 + i % 7}.{i % 100:02d}"


def _iso(i: int) -> str:
    return f"2026-11-22T{i // 60 % 12:02d}:{i % 60:02d}:00+08:00"


def _native(i: int, more: str = "") -> tuple[str, str]:
    return f"h/v1/{_device(i)}", f'{{"channel":"t","time":"{_iso(i)}","value":{_value(i)}{more}}}'


def _gateway(i: int) -> tuple[str, str]:
    each = (
        f'{{"device":"{_device(50 * i + k)}","channel":"t","time":"{_iso(i)}","value":{_value(i + k)}}}'
        for k in range(50)
    )
    return "h/v1/gateway", f'{{"readings":[{",".join(each)}]}}'


def _members(i: int) -> tuple[str, str]:
    data = f'{{"t":{_value(i)},"rh":{40 + i % 20},"rssi":-70}}'
    return f"s/{_device(i)}/up", f'{{"ts":{1_795_300_000_000 + i},"data":{data}}}'


def _by_key(i: int) -> tuple[str, str]:
    each = (
        f'"{_device(20 * i + k)}":{{"temp":{_value(i + k)},"energy":{1000 + i}.5}}'
        for k in range(20)
    )
    return "g/1", f'{{"ts":{1_795_300_000_000 + i},{",".join(each)}}}'


def _records(i: int) -> tuple[str, str]:
    each = (
        f'{{"dev":"{_device(20 * i + k)}","tag":"{"TEMP" if k % 2 else "EN"}","val":"{_value(i + k)}",'
        f'"u":"kWh","time":"2026-11-22 1{i % 9}:{i % 60:02d}:00","q":"good"}}'
        for k in range(20)
    )
    return "g/1", f'{{"data":[{",".join(each)}]}}'


def _pack(i: int) -> tuple[str, str]:
    rest = f'{{"n":"rh","u":"%RH","v":{40 + i % 20}}},{{"n":"e","u":"kWh","v":{1000 + i}.5}},{{"n":"battery","u":"V","v":3.6}}'
    first = f'"bt":{1_795_300_000 + i},"n":"t","u":"Cel","v":{_value(i)}'
    return "senml/x", f'[{{"bn":"{_device(i)}:",{first}}},{rest}]'


def _written(i: int) -> tuple[str, str]:
    at = f"2026/11/22 {1 + i % 9}:{i % 60:02d}:00"
    return f"s/{_device(i)}/t", f'{{"time":"{at}","value":{_value(i)}}}'


_NATIVE = FeedConfig(name="f", topic="h/v1/{device}")
_PACKED = FeedConfig(name="f", topic="h/v1/{device}", format="native_msgpack")
_SENML = FeedConfig(name="f", topic="senml/#", format="senml")
SHAPES = (
    Shape("native, one reading", _NATIVE, _native, 1),
    Shape("native with a unit", _NATIVE, lambda i: _native(i, ',"unit":"Cel"'), 1),
    Shape("native with other keys", _NATIVE, lambda i: _native(i, ',"rssi":-70,"battery":3.6'), 1),
    Shape("native, 50 devices of a gateway", _NATIVE, _gateway, 50),
    Shape("native in MessagePack, one reading", _PACKED, _native, 1, packed=True),
    Shape("native in MessagePack, 50 devices", _PACKED, _gateway, 50, packed=True),
    Shape("SenML, 3 channels and another", _SENML, _pack, 3),
    Shape(
        "mapped, two members",
        _mapped("s/{device}/up", time="$.ts", channels={"t": "$.data.t", "rh": "$.data.rh"}),
        _members,
        2,
    ),
    Shape(
        "mapped, 20 devices by key",
        _mapped(
            "g/+",
            each="$.{device}",
            time="$.ts",
            channels={"t": {"path": "$.temp", "unit": "Cel"}, "e": {"path": "$.energy", "unit": "kW.h"}},
        ),
        _by_key,
        40,
    ),
    Shape(
        "mapped, 20 records with unit and state",
        _mapped(
            "g/+",
            each="$.data[*]", device="$.dev", channel="$.tag", value="$.val", time="$.time",
            status={"path": "$.q", "good": ["good"]},
            channels={"t": {"name": "TEMP", "unit": "Cel"}, "e": {"name": "EN", "unit": {"path": "$.u"}}},
        ),
        _records,
        20,
    ),
    Shape(
        "mapped, a written local time",
        _mapped("s/{device}/{channel}", value="$.value", time="$.time", unit="Cel"),
        _written,
        1,
    ),
    Shape(
        "mapped, a bare value",
        _mapped("s/{device}/{channel}", value="$", unit="Cel"),
        lambda i: (f"s/{_device(i)}/t", _value(i)),
        1,
    ),
)  # fmt: skip


def bench_shapes(say: Callable[[str], None], readings: int, rounds: int) -> list[dict[str, Any]]:
    """Readings a second and core of each shape, the median of `rounds`; all sides in turn."""
    table = SeriesTable(_index())
    found = []
    for shape in SHAPES:
        say(f"decode: {shape.name}")
        found.append(_one(shape, table, max(readings // shape.readings, 20), rounds))
    return found


def _one(shape: Shape, table: SeriesTable, messages: int, rounds: int) -> dict[str, Any]:
    made = shape.made(messages)
    own = Decoder((shape.feed,), {"f": 1}, table)
    codec = Decoder((shape.feed,), {"f": 1}, table, compiled=False)
    few = made[: max(messages // CODEC_SHARE, 2)]
    payloads = [payload for _, payload in made]
    decode = (msgspec.msgpack if shape.packed else msgspec.json).Decoder().decode
    whole, part = _frames(made), _frames(few)
    sides: dict[str, tuple[Callable[[], int], int]] = {
        "heatwatch": (lambda: _decoded(own, whole), messages),
        "codec": (lambda: _decoded(codec, part), len(few)),
        "msgspec": (lambda: len([decode(each) for each in payloads]) * shape.readings, messages),
    }
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds + 1):
        for name, (run, count) in sides.items():
            start = time.perf_counter()
            if run() != count * shape.readings:
                raise RuntimeError(f"{shape.name}: {name} lost readings")
            rates[name].append(count * shape.readings / (time.perf_counter() - start))
    medians = {name: statistics.median(each[1:]) for name, each in rates.items()}  # the first warms
    return {
        "shape": shape.name,
        **{f"{name}_per_s": round(rate) for name, rate in medians.items()},
        "times_codec": round(medians["heatwatch"] / medians["codec"], 1),
        "times_msgspec": round(medians["heatwatch"] / medians["msgspec"], 2),
    }


def _decoded(decoder: Decoder, batch: Batch) -> int:
    return int(decoder.decode(*batch, to_us(NOW)).readings.num_rows)


def _frames(made: list[Made]) -> Batch:
    """Messages as PUBLISH packets that a worker has split."""
    packets = [publish_frame(t.encode(), p, 1 + i % 65_535) for i, (t, p) in enumerate(made)]  # fmt: skip
    buffer = np.frombuffer(bytearray(b"".join(packets)), dtype=np.uint8)
    frames = np.empty((len(made), 6), dtype=np.int64)
    others = np.empty((1, 2), dtype=np.int64)
    kernel.split(buffer, 0, buffer.size, frames, 0, others, 0)
    keys, contents = np.empty(len(made), np.uint64), np.empty(len(made), np.uint64)
    kernel.hashes(buffer, frames, keys, contents)
    return buffer, frames, contents


def _index() -> SeriesIndex:
    rows = [
        (1 + 4 * i + k, _device(i), channel, role, 1, 900, to_us(SINCE), OPEN_US)
        for i in range(DEVICES)
        for k, (channel, role) in enumerate(CHANNELS)
    ]
    return SeriesIndex(1, list(zip(*rows, strict=True)))


def shapes_table(answer: list[dict[str, Any]]) -> Any:
    """For a terminal."""
    from heatwatch.output import grid

    keys = ("shape", "heatwatch_per_s", "times_codec", "msgspec_per_s", "times_msgspec")
    columns = ["shape", "readings/s", "... times its codec", "msgspec alone, readings/s", "... times msgspec"]  # fmt: skip
    return grid("Messages decoded, by their shape", columns, [[each[key] for key in keys] for each in answer])  # fmt: skip
