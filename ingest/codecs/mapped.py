"""Somebody else's JSON: topic pattern and JSON paths from the configuration."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.number import read_number
from ingest.config import FeedConfig, MappedConfig
from ingest.mapping.paths import ABSENT, Getter, compile_path
from ingest.mapping.times import TimeRange, read_time

_JSON = msgspec.json.Decoder(float_hook=Decimal)


class _Wrong(ValueError):
    """Carries the reason to the one place that makes a flaw of it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def topic_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression of a topic with named levels.

    >>> topic_pattern("scada/{company}/{device}/+").match("scada/demo/S1/telemetry")["device"]
    'S1'
    """
    levels = []
    for level in pattern.split("/"):
        if level.startswith("{"):
            levels.append(f"(?P<{level[1:-1]}>[^/]*)")
        elif level in {"+", "#"}:
            levels.append("[^/]*" if level == "+" else ".*")
        else:
            levels.append(re.escape(level))
    return re.compile("/".join(levels) + r"\Z")


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its paths are compiled here, once."""
    if feed.mapping is None:
        raise ValueError(f"feed {feed.name!r} of format 'mapped' has no mapping")
    read = _reader(feed, feed.mapping)

    def decode(message: Message, _memory: Memory) -> Decoded:
        try:
            return read(message)
        except _Wrong as wrong:
            return [], [Flaw(wrong.reason, str(wrong))]
        except (msgspec.DecodeError, UnicodeDecodeError, InvalidOperation, RecursionError) as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong))]

    return decode


def _reader(feed: FeedConfig, mapping: MappedConfig) -> Callable[[Message], Decoded]:
    levels = topic_pattern(feed.pattern)
    each = compile_path(mapping.each) if mapping.each else None
    records = _record_reader(feed, mapping)

    def read(message: Message) -> Decoded:
        content = _JSON.decode(message.payload)
        match = levels.match(message.topic)
        if match is None:
            raise _Wrong(Reason.UNMAPPED, f"topic does not match {feed.pattern!r}")
        device = match.groupdict().get("device")
        samples: list[Sample] = []
        flaws: list[Flaw] = []
        for record in [content] if each is None else _list(each(content), mapping.each):
            try:
                records(record, device, samples, flaws)
            except _Wrong as wrong:
                flaws.append(Flaw(wrong.reason, str(wrong)))
        return samples, flaws

    return read


def _list(found: Any, path: str | None) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise _Wrong(Reason.UNDECODABLE, f"no list of records at {path}")
    return found


def _record_reader(
    feed: FeedConfig, mapping: MappedConfig
) -> Callable[[Any, str | None, list[Sample], list[Flaw]], None]:
    zone = ZoneInfo(feed.zone) if feed.zone else None
    device_at = compile_path(mapping.device) if mapping.device else None
    time_at = compile_path(mapping.time) if mapping.time else None
    channels = [(name, compile_path(c.path), c.unit) for name, c in mapping.channels.items()]

    def read(record: Any, device: str | None, samples: list[Sample], flaws: list[Flaw]) -> None:
        code = _device(record, device_at, mapping.device) if device_at else device or ""
        at_us, corrected = _time(record, time_at, mapping, zone)
        found = False
        for name, getter, unit in channels:
            value = getter(record)
            if value is ABSENT:
                continue  # a telegram may carry some of its channels only
            found = True
            try:
                samples.append(Sample(code, name, at_us, _value(name, value), unit, 0, corrected))
            except _Wrong as wrong:
                flaws.append(Flaw(wrong.reason, str(wrong)))
        if not found:
            raise _Wrong(
                Reason.UNDECODABLE, f"none of the mapped channels {sorted(mapping.channels)}"
            )

    return read


def _device(record: Any, getter: Getter, path: str | None) -> str:
    found = getter(record)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise _Wrong(Reason.UNDECODABLE, f"no device at {path}")
    return str(found)


def _time(
    record: Any, getter: Getter | None, mapping: MappedConfig, zone: ZoneInfo | None
) -> tuple[int | None, bool]:
    found = getter(record) if getter else ABSENT
    if found is ABSENT or found is None:
        return None, False
    try:
        return read_time(found, mapping.time_unit, zone)
    except TimeRange as wrong:
        raise _Wrong(Reason.IMPLAUSIBLE, str(wrong)) from None
    except ValueError as wrong:
        raise _Wrong(Reason.UNDECODABLE, str(wrong)) from None


def _value(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise _Wrong(
            Reason.UNDECODABLE, f"channel {name}: {value!r} is not a number, a decimal text or null"
        )
    try:
        return read_number(value) if isinstance(value, str) else Decimal(value)
    except ValueError as wrong:
        raise _Wrong(Reason.UNDECODABLE, f"channel {name}: {wrong}") from None
