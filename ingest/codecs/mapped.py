"""Somebody else's JSON: topic pattern and JSON paths from the configuration."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from pydantic import BeforeValidator, Field, field_validator

from domain.language import msg
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.number import read_number
from ingest.codecs.repeats import Repeated, refuse_repeats
from ingest.config import FeedConfig, FormatSettings, Part, TimeUnit, UnitCode
from ingest.mapping.paths import ABSENT, Getter, compile_path
from ingest.mapping.times import TimeRange, read_time
from ingest.mapping.topics import SEGMENT, checked_topic, topic_pattern, unshared

_JSON = msgspec.json.Decoder(float_hook=Decimal)
_UNDECODABLE = (
    msgspec.DecodeError, UnicodeDecodeError, InvalidOperation, RecursionError, Repeated,
)  # fmt: skip


class ChannelConfig(Part):
    """Where one channel's value stands in a message."""

    path: str = Field(min_length=2, description="JSON path, e.g. $.data.t_sup")
    unit: UnitCode | None = Field(default=None, description="UCUM; None: the quantity's own")

    @field_validator("path")
    @classmethod
    def readable_path(cls, value: str) -> str:
        return _checked_path(value)


def _checked_path(value: str) -> str:
    compile_path(value)
    return value


def _channel(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


class MappedConfig(FormatSettings):
    """How messages of a feed that is not our own are read: topic pattern and JSON paths."""

    topic: str | None = Field(
        default=None, description="pattern with {device}; None: the feed's topic"
    )
    device: str | None = Field(
        default=None, description="JSON path of the device's code; None: {device} of the topic"
    )
    each: str | None = Field(default=None, description="JSON path of a list of records")
    time: str | None = Field(default=None, description="JSON path; None: time of receipt")
    time_unit: TimeUnit = "ms"
    channels: dict[str, Annotated[ChannelConfig, BeforeValidator(_channel)]] = Field(min_length=1)

    def pattern(self, topic: str) -> str:
        """The topic of the feed with its named levels."""
        return unshared(self.topic or topic)

    def check(self, topic: str) -> None:
        pattern = self.pattern(topic)
        if self.device is None and "device" not in SEGMENT.findall(pattern):
            raise ValueError(
                msg(
                    "mapping of topic {topic!r} says no device: write {{device}} as a level of "
                    "the topic, or mapping.device as a JSON path",
                    topic=pattern,
                )
            )

    @field_validator("topic")
    @classmethod
    def good_pattern(cls, value: str | None) -> str | None:
        return None if value is None else checked_topic(value)

    @field_validator("device", "each", "time")
    @classmethod
    def readable_path(cls, value: str | None) -> str | None:
        return None if value is None else _checked_path(value)


#: What `build` wants in the table `mapping` of its feed.
SETTINGS = MappedConfig


class _Wrong(ValueError):
    """Carries the reason to the one place that makes a flaw of it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its paths are compiled here, once."""
    if not isinstance(feed.mapping, MappedConfig):
        raise ValueError(msg("format = {name!r} needs a table [mapping]", name=feed.format))
    read = _reader(feed, feed.mapping)

    def decode(message: Message, _memory: Memory) -> Decoded:
        try:
            return read(message)
        except _Wrong as wrong:
            return [], [Flaw(wrong.reason, str(wrong))]
        except _UNDECODABLE as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong))]

    return decode


def _reader(feed: FeedConfig, mapping: MappedConfig) -> Callable[[Message], Decoded]:
    pattern = mapping.pattern(feed.topic)
    levels = topic_pattern(pattern)
    each = compile_path(mapping.each) if mapping.each else None
    records = _record_reader(feed, mapping)

    def read(message: Message) -> Decoded:
        content = _JSON.decode(message.payload)
        refuse_repeats(message.payload, content)
        match = levels.match(message.topic)
        if match is None:
            raise _Wrong(Reason.UNMAPPED, f"topic does not match {pattern!r}")
        device = match.groupdict().get("device")
        samples: list[Sample] = []
        flaws: list[Flaw] = []
        for record in [content] if each is None else _list(each(content), mapping.each):
            try:
                records(record, device, message.received_us, samples, flaws)
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
) -> Callable[[Any, str | None, int, list[Sample], list[Flaw]], None]:
    zone = ZoneInfo(feed.zone) if feed.zone else None
    device_at = compile_path(mapping.device) if mapping.device else None
    time_at = compile_path(mapping.time) if mapping.time else None
    channels = [(name, compile_path(c.path), c.unit) for name, c in mapping.channels.items()]

    def read(
        record: Any,
        device: str | None,
        received_us: int,
        samples: list[Sample],
        flaws: list[Flaw],
    ) -> None:
        code = _device(record, device_at, mapping.device) if device_at else device or ""
        at_us, corrected = _time(record, time_at, mapping, zone, received_us)
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
    record: Any,
    getter: Getter | None,
    mapping: MappedConfig,
    zone: ZoneInfo | None,
    received_us: int,
) -> tuple[int | None, bool]:
    found = getter(record) if getter else ABSENT
    if found is ABSENT or found is None:
        return None, False
    try:
        return read_time(found, mapping.time_unit, zone, received_us)
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
