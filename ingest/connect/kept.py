"""What messages come to in the store: decoded by feeds and registry as ingest does it, and kept nowhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from domain.language import Text
from domain.quality import Quality
from domain.time import from_us
from ingest.batch.decode import Decoder
from ingest.batch.table import NOT_THEN, SeriesTable
from ingest.codecs.message import Sample
from ingest.config import FeedConfig
from ingest.connect.seen import Seen
from ingest.kernels import frames as kernel
from store.registry.series import SeriesIndex


@dataclass(frozen=True, slots=True)
class KeptValue:
    """The newest reading of a channel."""

    device: str
    channel: str
    at: datetime
    value: Decimal | None  # in the unit of its quantity; None: missing
    unit: str  # UCUM
    quality: str  # word of its mark


def kept_values(
    feeds: Sequence[FeedConfig], index: SeriesIndex, messages: Sequence[Seen], now_us: int
) -> list[KeptValue]:
    """The newest reading of each registered channel, by device and channel.

    Parameters
    ----------
    now_us : int
        When they came, since the epoch. [µs]
    """
    if not messages or not feeds:
        return []
    table = SeriesTable(index)
    decoder = Decoder(feeds, {each.name: i for i, each in enumerate(feeds)}, table, compiled=False)
    buffer, frames = _frames(messages)
    keys, contents = np.empty(len(messages), np.uint64), np.empty(len(messages), np.uint64)
    with np.errstate(over="ignore"):  # hashing wraps around, also without the compiler
        kernel.hashes(buffer, frames, keys, contents)
    readings = decoder.decode(buffer, frames, contents, now_us).readings
    columns = zip(
        *(readings[name].to_pylist() for name in ("series", "value", "quality")),
        readings["at"].cast("int64").to_pylist(),
        strict=True,
    )
    newest: dict[int, KeptValue] = {}
    for series, ticks, mark, at_us in sorted(columns, key=lambda row: row[3]):
        newest[series] = _value(table, series, ticks, mark, at_us)
    return sorted(newest.values(), key=lambda each: (each.device, each.channel))


def unregistered(index: SeriesIndex, samples: Iterable[Sample]) -> dict[str, list[Sample]]:
    """Device -> the last sample of each of its channels that no series has."""
    known = set(zip(index.devices, index.channels, strict=True))
    last = {(each.device, each.channel): each for each in samples}
    found: dict[str, list[Sample]] = {}
    for sample in last.values():
        if known.isdisjoint((code, sample.channel) for code in (sample.device, *sample.formerly)):
            found.setdefault(sample.device, []).append(sample)
    return found


@dataclass(frozen=True, slots=True)
class NotThen:
    """A registered channel whose newest value came at a time that no row of it holds."""

    device: str
    channel: str
    at: datetime
    why: Text


def not_in_force(index: SeriesIndex, samples: Iterable[Sample], now_us: int) -> list[NotThen]:
    """Registered channels of which no row holds at the time of their last sample: ended, or not begun.

    Parameters
    ----------
    now_us : int
        What counts of samples without a time. [µs]
    """
    table = SeriesTable(index)
    found = []
    last = {(each.device, each.channel): each for each in samples if not each.storage}
    for sample in last.values():
        at_us = now_us if sample.at_us is None else sample.at_us
        answers = {
            code: table.find(code, sample.channel, at_us)
            for code in (sample.device, *sample.formerly)
        }
        code = next((code for code, row in answers.items() if row == NOT_THEN), None)
        if code is not None and max(answers.values()) < 0:
            why = table.why_not(NOT_THEN, code, sample.channel, at_us)
            found.append(NotThen(code, sample.channel, from_us(at_us), why))
    return sorted(found, key=lambda each: (each.device, each.channel))


def _frames(messages: Sequence[Seen]) -> tuple[kernel.Bytes, kernel.Ints]:
    """The messages behind one another, and where each has its topic and payload."""
    parts, frames, at = [], [], 0
    for topic, payload in messages:
        name = topic.encode()
        frames.append([0, 0, at, len(name), at + len(name), len(payload)])
        parts += [name, payload]
        at += len(name) + len(payload)
    return np.frombuffer(b"".join(parts), dtype=np.uint8), np.array(frames, dtype=np.int64)


def _value(table: SeriesTable, series: int, ticks: int | None, mark: int, at_us: int) -> KeptValue:
    index = table.index
    row = int(np.searchsorted(index.series, series))
    quantity = table.quantity(row)
    value = None if ticks is None else quantity.from_ticks(ticks)
    return KeptValue(
        index.devices[row], index.channels[row], from_us(at_us), value, quantity.unit,
        Quality(mark).name,
    )  # fmt: skip
