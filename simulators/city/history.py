"""The history as one Parquet file in long form: device, channel, time, value.

Values carry their channel's unit (see the mapping beside the file) and at most three decimals, so
that the nearest float names one decimal only.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from simulators.city.city import City
from simulators.city.sensors import Floats, Ints
from simulators.city.stations import CHANNELS, Telemetry

SCHEMA = pa.schema(
    [
        pa.field("device", pa.dictionary(pa.int32(), pa.string())),
        pa.field("channel", pa.dictionary(pa.int32(), pa.string())),
        pa.field("time", pa.timestamp("us", tz="UTC")),
        pa.field("value", pa.float64()),
    ]
)


def mast_device(source: str) -> str:
    return f"wx-{source}"


def station_device(station: str) -> str:
    return f"st-{station}"


def primary_device(station: str) -> str:
    return f"pl-{station}"


def meter_device(building: str) -> str:
    return f"hm-{building}"


def _plain(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """An array over the same memory; `pa.array` would import pandas for it."""
    return pa.Array.from_buffers(kind, values.size, [None, pa.py_buffer(values)])


def _repeated(names: Sequence[str], counts: NDArray[np.int64]) -> pa.DictionaryArray:
    indices = np.repeat(np.arange(len(names), dtype=np.int32), counts)
    return pa.DictionaryArray.from_arrays(_plain(indices, pa.int32()), _texts(names))


def _texts(names: Sequence[str]) -> pa.Array:
    coded = [name.encode() for name in names]
    offsets = np.cumsum([0, *(len(name) for name in coded)]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(coded))]
    return pa.Array.from_buffers(pa.string(), len(coded), buffers)


def _table(
    devices: Sequence[str], counts: NDArray[np.int64], channel: str, at_s: Ints, value: Floats
) -> pa.Table:
    columns = [
        _repeated(devices, counts),
        _repeated([channel], np.array([at_s.size])),
        _plain(at_s * 1_000_000, SCHEMA.field("time").type),
        _plain(np.ascontiguousarray(value, dtype=np.float64), pa.float64()),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def rooms_table(
    city: City, at_s: Ints, said_mc: Ints, sent: NDArray[np.bool_], part: slice
) -> pa.Table:
    """All samples of the sensors in `part`, sensor by sensor."""
    keep = sent[:, part].T
    devices = [room.device for room in city.layout.rooms[part]]
    return _table(
        devices,
        keep.sum(axis=1),
        "t",
        np.ascontiguousarray(at_s[:, part].T)[keep],
        np.ascontiguousarray(said_mc[:, part].T)[keep] / 1000.0,
    )


def others_tables(city: City, telemetry: Telemetry) -> Iterator[pa.Table]:
    """Stations, primary sides, weather masts and meters."""
    one = np.array([1])
    for spot, (at_s, channels) in zip(city.layout.stations, telemetry.stations, strict=True):
        for name, decimals in CHANNELS.items():
            values = np.round(channels[name], decimals)
            yield _table([station_device(spot.code)], one * at_s.size, name, at_s, values)
    for spot, (at_s, channels) in zip(city.layout.stations, telemetry.primary, strict=True):
        for name, column in channels.items():
            device = [primary_device(spot.code)]
            yield _table(device, one * at_s.size, name, at_s, np.round(column, 2))
    at_s, outdoor = telemetry.weather
    for source in city.layout.sources:
        yield _table([mast_device(source.code)], one * at_s.size, "t", at_s, np.round(outdoor, 2))
    at_s, energy_wh, power_w = telemetry.meters
    for i, building in enumerate(city.layout.buildings):
        device = [meter_device(building.code)]
        for name, column in (("energy", energy_wh[:, i]), ("power", power_w[:, i])):
            yield _table(device, one * at_s.size, name, at_s, np.rint(column))


def write_history(
    path: Path,
    city: City,
    rooms: tuple[Ints, Ints, NDArray[np.bool_]],
    telemetry: Telemetry,
    chunk: int = 250,
) -> int:
    """Writes the file; `rooms` are times [s], values [0.001 °C] and what was sent. -> readings."""
    at_s, said_mc, sent = rooms
    count = 0
    with pq.ParquetWriter(
        path, SCHEMA, compression="zstd", use_dictionary=["device", "channel"]
    ) as writer:
        for first in range(0, said_mc.shape[1], chunk):
            part = slice(first, first + chunk)
            table = rooms_table(city, at_s, said_mc, sent, part)
            writer.write_table(table)
            count += table.num_rows
        rest = pa.concat_tables(list(others_tables(city, telemetry))).unify_dictionaries()
        writer.write_table(rest)
    return count + int(rest.num_rows)
