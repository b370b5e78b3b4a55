"""A small registry and batches of frames, without a broker."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from domain.time import to_us
from heatwatch.bench.flood import publish_frame
from ingest.batch.decode import Decoder, Outcome
from ingest.batch.table import SeriesTable
from ingest.config import FeedConfig, IngestConfig
from ingest.kernels import frames as kernel
from store.registry.series import OPEN_US, SeriesIndex

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
ROOMS = FeedConfig(name="rooms", topic="heatwatch/v1/{device}")
INGEST = IngestConfig(feeds=(ROOMS,), client_id="tested")

#: (device, channel, role, since, until); series ids count from 1.
CHANNELS: tuple[tuple[str, str, str, datetime, datetime | None], ...] = (
    ("A1", "t", "room_temperature", SINCE, None),
    ("A1", "rh", "humidity", SINCE, None),
    ("A1", "p", "supply_pressure", SINCE, None),
    ("A1", "e", "energy", SINCE, None),
    ("B2", "t", "room_temperature", SINCE, NOW - timedelta(days=30)),
    ("B2", "t", "room_temperature", NOW - timedelta(days=30), None),
    ("楼-3", "温度", "room_temperature", SINCE, None),
)


def index_of(
    channels: Sequence[tuple[str, str, str, datetime, datetime | None]] = CHANNELS,
) -> SeriesIndex:
    """The registry's index of these channels."""
    rows = [
        (i, d, c, r, 1, 900, to_us(since), OPEN_US if until is None else to_us(until))
        for i, (d, c, r, since, until) in enumerate(channels, start=1)
    ]
    return SeriesIndex(1, list(zip(*rows, strict=True)))


@cache
def table() -> SeriesTable:
    """The table of the small registry, made once."""
    return SeriesTable(index_of())


@cache
def _rooms_decoder(compiled: bool) -> Decoder:
    return Decoder((ROOMS,), {ROOMS.name: 10}, table(), compiled=compiled)


def frames_of(data: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(buffer, frames, keys, contents) of whole packets."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    frames = np.empty((len(data) // 4 + 1, 6), dtype=np.int64)
    others = np.empty((16, 2), dtype=np.int64)
    at, count, _, why = kernel.split(buffer, 0, buffer.size, frames, 0, others, 0)
    assert (at, why) == (len(data), kernel.NEEDS_MORE)
    frames = frames[:count]
    keys, contents = np.empty(count, np.uint64), np.empty(count, np.uint64)
    with np.errstate(over="ignore"):
        kernel.hashes(buffer, frames, keys, contents)
    return buffer, frames, keys, contents


def packets(messages: Sequence[tuple[str, bytes]], *, flags: int = 2) -> bytes:
    """PUBLISH packets of (topic, payload), packet ids from 1."""
    data = [
        publish_frame(topic.encode(), payload, i + 1) for i, (topic, payload) in enumerate(messages)
    ]
    return b"".join(bytes([0x30 | flags]) + each[1:] for each in data)


def decode(
    messages: Sequence[tuple[str, bytes]],
    feeds: Sequence[FeedConfig] = (ROOMS,),
    *,
    compiled: bool = True,
    flags: int = 2,
    now: datetime = NOW,
) -> Outcome:
    """What a batch of messages comes to."""
    if tuple(feeds) == (ROOMS,):
        decoder = _rooms_decoder(compiled)
    else:
        numbers = {feed.name: 10 + i for i, feed in enumerate(feeds)}
        decoder = Decoder(feeds, numbers, table(), compiled=compiled)
    buffer, frames, _, contents = frames_of(packets(messages, flags=flags))
    return decoder.decode(buffer, frames, contents, to_us(now))


def rows(outcome: Outcome) -> list[dict[str, object]]:
    """Readings as dicts, in order of series, time and value."""
    readings = pa.Table.from_batches([outcome.readings])
    keys = [(name, "ascending") for name in ("series", "at", "value", "part")]
    found: list[dict[str, object]] = readings.sort_by(keys).to_pylist()
    return found


def one(payload: bytes, topic: str = "heatwatch/v1/A1") -> Outcome:
    """What one message comes to."""
    return decode([(topic, payload)])
