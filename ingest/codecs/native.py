"""Our own JSON: one reading, or a batch. The specification of the compiled reader.

Topic `heatwatch/v1/<device>`, or with {device} on another level; payload `{"channel": "t", "time": "2026-11-22T06:00:00Z",
"value": 21.35}`, a JSON array of such, or `{"readings": [...]}`. `value` is a number, a
decimal string or null; `time` ISO 8601 with offset, epoch seconds or milliseconds, or left
out (time of receipt); optional `unit` (UCUM), `revision` and `device` (overrides the topic).
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from ingest.codecs.foreign import loaded
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.number import read_number
from ingest.codecs.repeats import Repeated, may_repeat, refuse_repeats
from ingest.codecs.shape import Kind, NativeDevice, Path, Shape, Time, Unit
from ingest.config import FeedConfig
from ingest.mapping.paths import Member
from ingest.mapping.times import TimeRange, read_time
from ingest.mapping.topics import device_level

#: A value without a unit is in its quantity's own.
OWN_UNITS = True
MOST_REVISION = 32_767


class Record(msgspec.Struct):
    """One reading as it is written."""

    channel: str
    value: msgspec.Raw
    time: msgspec.Raw = msgspec.Raw(b"null")
    unit: str | None = None
    revision: int = 0
    device: str | None = None


class Envelope(msgspec.Struct):
    """A batch, or a single reading (then `readings` is unset)."""

    readings: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    device: str | None = None


#: What is read of a message; an object with other keys twice says nothing else by that.
_KEYS = (
    b'"channel"', b'"value"', b'"time"', b'"unit"', b'"revision"', b'"device"', b'"readings"',
)  # fmt: skip
_RECORD = msgspec.json.Decoder(Record)
_ENVELOPE = msgspec.json.Decoder(Envelope)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_VALUE = msgspec.json.Decoder(Decimal | None)
_TIME = msgspec.json.Decoder(float_hook=Decimal)
#: Where its messages come by themselves.
TOPICS = ("heatwatch/v1/{device}",)


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    content = loaded(payload)
    if isinstance(content, dict) and isinstance(content.get("readings"), list):
        content = content["readings"]
    first = content[0] if isinstance(content, list) and content else content
    return isinstance(first, dict) and {"channel", "value"} <= first.keys()


def shape(feed: FeedConfig) -> Shape:
    """What the compiled reader takes of a feed."""
    member = {name: Path((Member(name),)) for name in ("channel", "time", "unit", "revision")}
    kind = Kind(
        device=NativeDevice(device_level(feed.levels)),
        channel=member["channel"],
        value=(Member("value"),),
        time=Time(member["time"], "auto", "unmarked"),
        revision=member["revision"],
        unit=Unit(at=member["unit"], may_lack=True),
    )
    return Shape((kind,), native=True)


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its zone is that of times written without offset."""
    zone = feed.clocks
    level = device_level(feed.levels)

    def decode(message: Message, _memory: Memory) -> Decoded:
        levels = message.topic.split("/")
        if level >= len(levels):
            return [], [Flaw(Reason.UNMAPPED, f"topic does not match {feed.topic!r}")]
        device = levels[level]
        try:
            raws, device = _records(message.payload, device)
            if len(raws) > 1 or may_repeat(message.payload, _KEYS):
                refuse_repeats(message.payload)
        except (Repeated, msgspec.DecodeError, RecursionError, UnicodeDecodeError) as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong))]
        samples: list[Sample] = []
        flaws: list[Flaw] = []
        for raw in raws:
            read = _sample(raw, device, zone, message.received_us)
            if isinstance(read, Sample):
                samples.append(read)
            else:
                flaws.append(read)
        if not raws:
            flaws.append(Flaw(Reason.UNDECODABLE, "a batch without readings"))
        return samples, flaws

    return decode


def _records(payload: bytes, device: str) -> tuple[list[msgspec.Raw], str]:
    if payload.lstrip()[:1] == b"[":
        return _LIST.decode(payload), device
    envelope = _ENVELOPE.decode(payload)
    if isinstance(envelope.readings, msgspec.UnsetType):
        return [msgspec.Raw(payload)], device
    return envelope.readings, envelope.device or device


def _sample(
    raw: msgspec.Raw, device: str, zone: ZoneInfo | None, received_us: int
) -> Sample | Flaw:
    try:
        record = _RECORD.decode(raw)
        value = _value(bytes(record.value))
        time = _TIME.decode(record.time)
        at_us, corrected = None, False
        if time is not None:
            at_us, corrected = read_time(time, "auto", zone, received_us)
    except TimeRange as wrong:
        return Flaw(Reason.IMPLAUSIBLE, str(wrong))
    except (ValueError, RecursionError) as wrong:  # msgspec's errors are ValueErrors
        return Flaw(Reason.UNDECODABLE, str(wrong))
    if not 0 <= record.revision <= MOST_REVISION:
        return Flaw(
            Reason.IMPLAUSIBLE, f"revision {record.revision} lies outside 0 to {MOST_REVISION}"
        )
    return Sample(
        record.device or device,
        record.channel,
        at_us,
        value,
        record.unit,
        record.revision,
        corrected,
    )


def _value(raw: bytes) -> Decimal | None:
    return read_number(_TEXT.decode(raw)) if raw[:1] == b'"' else _VALUE.decode(raw)
