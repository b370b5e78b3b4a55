"""SenML packs (RFC 8428) in JSON or CBOR, with the secondary units of RFC 8798.

A record's name is `bn` and `n` together. Device and channel are told apart in it so that a pack and
its resolved form give the same: behind the identifier of a `urn:dev:` (RFC 9039), else between `bn`
and `n`, else at the last `/` or `:`. Where the feed's topic has a level {device}, that is the device.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain.quality import TimeKind
from ingest.codecs import cbor
from ingest.codecs.foreign import Found, Wrong, codec, device_of_topic, event_time, load, loaded
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Flaw, Message, Reason, Sample
from ingest.codecs.number import read_number
from ingest.codecs.shape import Pack, Shape
from ingest.codecs.units import UnitsConfig, units_of
from ingest.config import FeedConfig

#: What `build` takes in the table `mapping` of its feed.
SETTINGS = UnitsConfig

#: RFC 8428, table 4: labels of CBOR.
_LABELS = {
    -1: "bver", -2: "bn", -3: "bt", -4: "bu", -5: "bv", -6: "bs",
    0: "n", 1: "u", 2: "v", 3: "vs", 4: "vb", 5: "s", 6: "t", 7: "ut", 8: "vd",
}  # fmt: skip
_VALUES = ("v", "vs", "vb", "vd")
#: RFC 8428, 4.4: the version of the format that is read.
MOST_VERSION = 10
#: RFC 8428, 4.5.3: a smaller time is relative to now. [s]
RELATIVE_BELOW = 1 << 28
MOST_NAME = 400

#: What SenML writes for units of ours (IANA registry of RFC 8428 and RFC 8798).
_UNITS = {
    "Cel": "Cel", "K": "K", "W": "W", "kW": "kW", "J": "J", "Wh": "W.h", "kWh": "kW.h",
    "Pa": "Pa", "hPa": "hPa", "m3": "m3", "l": "L", "m3/s": "m3/s", "l/s": "L/s",
    "%RH": "%", "%": "%", "ppm": "[ppm]",
}  # fmt: skip
#: Unit -> unit of its sum, which is the value times seconds (RFC 8428, 4.3).
_SUMS = {"W": "J", "kW": "kJ", "m3/s": "m3", "l/s": "L"}
#: Symbols of SenML that people elsewhere write for degrees.
_NOT_DEGREES = {"C": "coulomb", "F": "farad"}
_NAME = re.compile(r"[A-Za-z0-9/][A-Za-z0-9:./_-]*\Z", re.ASCII)
_URN = re.compile(r"urn:dev:[a-z]+:[0-9A-Za-z-]+", re.ASCII)
_SEPARATORS = ":/._-"


@dataclass(slots=True)
class _Base:
    """The base fields in force."""

    name: str = ""
    time: Decimal = Decimal(0)
    unit: str | None = None
    value: Decimal = Decimal(0)
    sum: Decimal = Decimal(0)


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it is a list of records of which the first has a name."""
    content = loaded(payload)
    if content is None:
        with suppress(cbor.NoCbor):
            content = cbor.loads(payload)
    first = content[0] if isinstance(content, list) and content else None
    return isinstance(first, dict) and any(each in first for each in ("bn", "n", -2, 0))


def shape(feed: FeedConfig) -> Shape:
    """What the compiled reader takes of a feed."""
    levels = feed.levels.split("/")
    return Shape(
        encoding="json_or_cbor",
        pack=Pack(
            device=levels.index("{device}") if "{device}" in levels else None,
            units=tuple(units_of(feed.mapping).items()),
            written=(*_UNITS.items(), *((each, None) for each in _NOT_DEGREES)),
        ),
    )


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    device_of, units = device_of_topic(feed), units_of(feed.mapping)

    def read(message: Message, _memory: Memory) -> Iterator[Found]:
        base = _Base()
        device = device_of(message.topic)
        for record in _pack(message.payload):
            _take_base(base, record)
            try:
                for each in _samples(record, base, device, message):
                    yield replace(each, unit=each.unit or units.get(each.channel))
            except Wrong as wrong:
                yield Flaw(wrong.reason, str(wrong))

    return codec(read)


def _pack(payload: bytes) -> list[dict[str, Any]]:
    """The records of a pack in either form, with the labels of JSON."""
    if payload.lstrip()[:1] in {b"[", b"{"}:
        records = load(payload)
    else:
        try:
            records = cbor.loads(payload)
        except cbor.NoCbor as wrong:
            raise Wrong(Reason.UNDECODABLE, f"neither JSON nor CBOR: {wrong}") from None
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise Wrong(Reason.UNDECODABLE, "a pack of SenML is a list of records")
    if not records:
        raise Wrong(Reason.UNDECODABLE, "a pack without records")
    return [_labelled(each) for each in records]


def _labelled(record: dict[Any, Any]) -> dict[str, Any]:
    found = {_LABELS.get(key, str(key)): value for key, value in record.items()}
    for label in found:
        if label.endswith("_"):  # RFC 8428, 4.4: it must be understood
            raise Wrong(
                Reason.UNDECODABLE, f"field {label[:40]!r} must be understood and is not known"
            )
    return found


def _take_base(base: _Base, record: dict[str, Any]) -> None:
    """The base fields hold for this record and all behind it."""
    version = _numeric(record, "bver")
    if version is not None and not 0 < version <= MOST_VERSION:
        raise Wrong(
            Reason.UNDECODABLE, f"version {version:.3g} of SenML; allowed: 1 to {MOST_VERSION}"
        )
    base.name = _text(record, "bn", base.name)
    base.unit = _text(record, "bu", base.unit or "") or None
    base.time = _either(_numeric(record, "bt"), base.time)
    base.value = _either(_numeric(record, "bv"), base.value)
    base.sum = _either(_numeric(record, "bs"), base.sum)


def _either(found: Decimal | None, before: Decimal) -> Decimal:
    return before if found is None else found


def _numeric(record: dict[str, Any], label: str) -> Decimal | None:
    found = record.get(label)
    if label not in record:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        raise Wrong(Reason.UNDECODABLE, f"field {label!r} is not a number")
    exact = found if isinstance(found, Decimal) else Decimal(str(found))
    if exact.is_finite() and exact and abs(exact.adjusted()) > 60:  # sums of it stay short
        raise Wrong(Reason.IMPLAUSIBLE, f"field {label!r} is {exact:.3e}")
    if not exact.is_finite():
        raise Wrong(Reason.IMPLAUSIBLE, f"field {label!r} is {exact}")
    return exact


def _text(record: dict[str, Any], label: str, default: str) -> str:
    found = record.get(label, default)
    if not isinstance(found, str):
        raise Wrong(Reason.UNDECODABLE, f"field {label!r} is not a text")
    return found


def _samples(
    record: dict[str, Any], base: _Base, topic_device: str | None, message: Message
) -> Iterator[Sample]:
    """A sample of the value, and one of the sum, where a record has them."""
    given = [label for label in _VALUES if label in record]
    if len(given) > 1:
        raise Wrong(Reason.UNDECODABLE, f"a record has {' and '.join(given)}")
    total = _numeric(record, "s")
    if not given and total is None:
        if not any(label.startswith("b") for label in record):
            raise Wrong(Reason.UNDECODABLE, "a record without value")
        return
    device, channel = _place(base.name, _text(record, "n", ""), topic_device)
    unit = _text(record, "u", "" if "vb" in record else base.unit or "")
    time = _time(base.time + (_numeric(record, "t") or 0), message)
    value = _value(record, base)
    if value is not None:
        yield _sample(device, channel, value, _unit(unit), time)
    if total is not None:
        yield _sample(device, f"{channel}.sum", base.sum + total, _unit_of_sum(unit), time)


def _value(record: dict[str, Any], base: _Base) -> Decimal | None:
    """None where a record has no number: texts and data are no readings."""
    value = _numeric(record, "v")
    if value is not None:
        return base.value + value
    flag, text = record.get("vb"), record.get("vs")
    if isinstance(flag, bool):
        return Decimal(int(flag))
    try:
        return read_number(text) if isinstance(text, str) else None
    except ValueError:
        return None


_Time = tuple[int | None, bool, TimeKind | None]


def _time(seconds: Decimal, message: Message) -> _Time:
    """[µs]. Relative ones are by our clock; of a retained message nobody knows to when."""
    if abs(seconds) >= RELATIVE_BELOW:
        at_us, corrected, _ = event_time(seconds, "s", None, message.received_us)
        return at_us, corrected, None
    if not seconds or message.retained:
        return None, False, None
    return message.received_us + int(seconds * 1_000_000), False, TimeKind.RECEIVER


def _sample(device: str, channel: str, value: Decimal, unit: str | None, time: _Time) -> Sample:
    at_us, corrected, kind = time
    return Sample(
        device, channel, at_us, value, unit, corrected=corrected, time_kind=kind, optional=True
    )


def _place(base: str, own: str, topic_device: str | None) -> tuple[str, str]:
    """Device and channel of a record's name."""
    name = base + own
    if not _NAME.match(name) or len(name) > MOST_NAME:
        raise Wrong(Reason.UNDECODABLE, f"{name[:40]!r} is no name of SenML")
    device, channel = _parts(base, own, name)
    if topic_device:
        return topic_device, own or channel or ("value" if _URN.match(name) else name)
    return device, channel or "value"


def _parts(base: str, own: str, name: str) -> tuple[str, str]:
    urn = _URN.match(name)
    if urn is not None:
        return urn[0], name[urn.end() :].strip(_SEPARATORS)
    if base.strip(_SEPARATORS) and own:
        return base.rstrip(_SEPARATORS), own
    separator = "/" if "/" in name else ":"
    device, _, channel = name.strip(_SEPARATORS).rpartition(separator)
    return (device, channel) if device else (name, "")


def _unit(unit: str) -> str | None:
    if unit in _NOT_DEGREES:
        raise Wrong(
            Reason.IMPLAUSIBLE,
            f"unit {unit!r} is {_NOT_DEGREES[unit]} in SenML; degrees Celsius are 'Cel'",
        )
    return _UNITS.get(unit, unit) or None


def _unit_of_sum(unit: str) -> str | None:
    if unit in _SUMS:
        return _SUMS[unit]
    if unit in _UNITS:
        raise Wrong(
            Reason.UNDECODABLE, f"a sum of {unit!r} is no reading; allowed: {', '.join(_SUMS)}"
        )
    return None
