"""One record of a mapped message: device, time, and the value of each channel."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.unit import Unit
from ingest.codecs.foreign import Wrong
from ingest.codecs.mapped_settings import ChannelConfig, MappedConfig, Records, StatusAt, UnitAt
from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.number import read_number
from ingest.config import FeedConfig
from ingest.mapping.paths import Found, Several, compile_path
from ingest.mapping.places import Place, compile_place
from ingest.mapping.steps import ABSENT, Getter
from ingest.mapping.times import TimeRange, read_time
from ingest.mapping.topics import SEGMENT

MOST_REVISION = 32_767
_WITH_UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s.,;:+-].*)", re.ASCII)
_BETWEEN_WORDS = re.compile(r"[\s,;|]+")
_MOST_BITS = 2**64


class Lacking(Wrong):
    """There is nothing here that the mapping names."""


Time = tuple[int | None, bool, bool]  # [µs], whether corrected, whether it was missing
Value = tuple[Decimal | None, str | None, bool]  # in which unit, whether the device says it fails
ReadValue = Callable[[str, Any, Found], Value]
Channel = tuple[str, Getter, ReadValue]  # its code, where its value stands, what that means
ReadRecord = Callable[[Found, int, list[Sample], list[Flaw]], None]


def record_reader(feed: FeedConfig, mapping: MappedConfig, records: Records) -> ReadRecord:
    """Appends the samples and flaws of a record that came at [µs]; Wrong where it gives none."""
    names = records.names(SEGMENT.findall(mapping.pattern(feed.topic)))
    device_of = _device_reader(records.device)
    time_of = _time_reader(feed, mapping, records.time or _default("time", names))
    revision_of = _revision_reader(records.revision)
    channels_of = _channels_reader(mapping, records, names)

    def read(record: Found, received_us: int, samples: list[Sample], flaws: list[Flaw]) -> None:
        device, revision = device_of(record), revision_of(record)
        channels = channels_of(record)
        found = [
            (code, raw, of)
            for code, get, of in channels
            if (raw := get(record.value)) is not ABSENT
        ]
        if not found:  # a telegram may carry some of its channels only
            raise Lacking(
                Reason.UNDECODABLE, f"none of the mapped channels {[c[0] for c in channels]}"
            )
        at_us, corrected, untimed = time_of(record, received_us)
        for code, raw, value_of in found:
            try:
                value, unit, failed = value_of(code, raw, record)
            except Wrong as wrong:
                flaws.append(Flaw(wrong.reason, str(wrong)))
                continue
            samples.append(
                Sample(device, code, at_us, value, unit, revision, corrected, (), untimed, failed)
            )

    return read


def _default(name: str, names: list[str]) -> str | None:
    return f"{{{name}}}" if name in names else None


def as_word(found: Any) -> str:
    """A value of JSON as a configuration writes it: true, null, 5, text."""
    if found is None or isinstance(found, bool):
        return "null" if found is None else str(found).lower()
    return str(found)


# -- of which device, and when -------------------------------------------------------------------


def _device_reader(text: str | None) -> Callable[[Found], str]:
    if text is None:
        return lambda record: record.names["device"]
    place = compile_place(text)

    def device(record: Found) -> str:
        found = place(record)
        if isinstance(found, bool) or not isinstance(found, str | int):
            raise Wrong(Reason.UNDECODABLE, f"no device at {text}")
        return str(found)

    return device


def _time_reader(
    feed: FeedConfig, mapping: MappedConfig, text: str | None
) -> Callable[[Found, int], Time]:
    if text is None:
        return lambda _record, _received_us: (None, False, False)
    place, read = compile_place(text), _written_reader(mapping, feed.clocks)

    def time(record: Found, received_us: int) -> Time:
        found = place(record)
        if found is ABSENT or found is None:
            raise Wrong(Reason.UNDECODABLE, f"no time at {text}")
        try:
            return (*read(found, received_us), False)
        except TimeRange as wrong:
            raise Wrong(Reason.IMPLAUSIBLE, str(wrong)) from None
        except ValueError as wrong:
            raise Wrong(Reason.UNDECODABLE, str(wrong)) from None

    def time_or_receipt(record: Found, received_us: int) -> Time:
        try:
            return time(record, received_us)
        except (Wrong, Several):
            return None, False, True

    return time if mapping.on_missing_time == "refuse" else time_or_receipt


def _written_reader(
    mapping: MappedConfig, zone: ZoneInfo | None
) -> Callable[[object, int], tuple[int, bool]]:
    """(µs, whether corrected) of what stands in place of a time; TimeRange or ValueError says why not."""
    patterns, unit = mapping.time_format, mapping.time_unit

    def read(found: object, received_us: int) -> tuple[int, bool]:
        if not patterns:
            try:
                return read_time(found, unit, zone, received_us)
            except TimeRange:
                raise
            except ValueError:
                if not isinstance(found, str):
                    raise
        from ingest.mapping.written import read_written  # slow to load, and seldom needed

        return read_written(found, patterns, zone, received_us), False

    return read


def _revision_reader(text: str | None) -> Callable[[Found], int]:
    if text is None:
        return lambda _: 0
    place = compile_place(text)

    def revision(record: Found) -> int:
        found = place(record)
        if found is ABSENT or found is None:
            return 0
        if isinstance(found, bool) or not re.fullmatch(r"\d{1,5}", str(found), re.ASCII):
            raise Wrong(Reason.IMPLAUSIBLE, f"revision {found} lies outside 0 to {MOST_REVISION}")
        if int(found) > MOST_REVISION:
            raise Wrong(Reason.IMPLAUSIBLE, f"revision {found} lies outside 0 to {MOST_REVISION}")
        return int(found)

    return revision


# -- of which channel ----------------------------------------------------------------------------


def _channels_reader(
    mapping: MappedConfig, records: Records, names: list[str]
) -> Callable[[Found], list[Channel]]:
    default = records.unit or (UnitAt(path="{unit}") if "unit" in names else None)

    def value_of(channel: ChannelConfig) -> ReadValue:
        return _value_reader(mapping, channel.unit or default, channel.status or records.status)

    known = [
        (
            channel.name or code,
            (code, compile_path(channel.path or records.value), value_of(channel)),
        )
        for code, channel in records.channels.items()
    ]
    if not records.long(names):
        wide = [channel for _, channel in known]
        return lambda _: wide
    text = records.channel or "{channel}"
    place, get, of_any = compile_place(text), compile_path(records.value), value_of(ChannelConfig())

    def channels(record: Found) -> list[Channel]:
        found = place(record)
        if isinstance(found, bool) or not isinstance(found, str | int):
            raise Wrong(Reason.UNDECODABLE, f"no channel at {text}")
        if not known:
            return [(str(found), get, of_any)]
        chosen = [channel for name, channel in known if name == str(found)]
        if not chosen:
            mapped = ", ".join(sorted({name for name, _ in known}))
            raise Lacking(
                Reason.UNMAPPED, f"channel {str(found)!r} is not mapped; mapped: {mapped}"
            )
        return chosen

    return channels


# -- what a value means --------------------------------------------------------------------------


def _value_reader(
    mapping: MappedConfig, unit: str | UnitAt | None, status: StatusAt | None
) -> ReadValue:
    missing = frozenset(mapping.missing)
    unit_of = _unit_reader(unit) if isinstance(unit, UnitAt) else None
    fixed = unit if isinstance(unit, str) else None
    fails = _status_reader(status) if status is not None else None

    plain = unit_of is None and fails is None and not missing

    def value(code: str, raw: Any, record: Found) -> Value:
        if plain and type(raw) is Decimal:
            return raw, fixed, False
        failed = fails is not None and fails(record)
        if raw is None or (missing and as_word(raw) in missing):
            return None, fixed, failed
        try:
            number, written = _number(raw)
        except ValueError as wrong:
            if failed:  # what it writes then is no value
                return None, fixed, failed
            raise Wrong(Reason.UNDECODABLE, f"channel {code}: {wrong}") from None
        try:
            return number, written or (unit_of(record) if unit_of else fixed), failed
        except ValueError as wrong:
            raise Wrong(Reason.IMPLAUSIBLE, f"channel {code}: {wrong}") from None

    return value


def _number(raw: Any) -> tuple[Decimal, str | None]:
    """A number, or one as text, which may have its unit behind it."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
        raise ValueError(f"{raw!r} is not a number, a decimal text or null")
    if not isinstance(raw, str):
        return Decimal(raw), None
    match = _WITH_UNIT.fullmatch(raw)
    if match is None or raw[-1:].isdigit():
        return read_number(raw), None
    try:
        return Decimal(match[1]), Unit.of(match[2].strip()).code
    except ValueError:
        raise ValueError(f"{raw!r} is not a number") from None


def _unit_reader(unit: UnitAt) -> Callable[[Found], str]:
    place = compile_place(unit.path)

    def read(record: Found) -> str:
        found = place(record)
        if isinstance(found, str) and found:
            return Unit.of(found).code
        if unit.default is None:
            raise ValueError(f"no unit at {unit.path}")
        return unit.default

    return read


def _status_reader(status: StatusAt) -> Callable[[Found], bool]:
    """Whether a record's values fail."""
    place: Place = compile_place(status.path)
    good, bad = frozenset(status.good), frozenset(status.bad)

    def fails(record: Found) -> bool:
        found = place(record)
        if found is ABSENT or found is None:
            return bool(good)
        texts = [as_word(each) for each in (found if isinstance(found, list) else [found])]
        known = bool(good) and all(text in good or _words(text) <= good for text in texts)
        if any(text in bad or _words(text) & bad for text in texts):
            return True
        bits = _bits(texts, status.base) if status.bad_bits else 0
        if bits is None:  # a number was meant: what it says is not known
            return not known
        return (bool(good) and not known) or bool(bits & status.bad_bits)

    return fails


def _words(text: str) -> set[str]:
    return set(filter(None, _BETWEEN_WORDS.split(text)))


def _bits(texts: list[str], base: int) -> int | None:
    """What whole numbers have set together: 4, 0004, 4.0, 0x04, or of base 16 00A4; None: no number."""
    every = 0
    for text in texts:
        try:
            if text.lower().startswith("0x") or base == 16:
                every |= int(text, 16)
            else:
                number = Decimal({"true": "1", "false": "0"}.get(text, text))
                if number != number.to_integral_value() or not 0 <= number < _MOST_BITS:
                    return None
                every |= int(number)
        except (ValueError, ArithmeticError):
            return None
    return every
