"""Metrics of Sparkplug B as samples: names and types from the birth, values, times.

Eclipse Sparkplug 3.0.0, section 6.4: metrics, data types and the property `Quality`. Edge nodes that know
a metric's unit say it in the property `engUnit`, most of them in the birth alone.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np

from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.number import read_number
from ingest.codecs.sparkplug_wire import text_of
from ingest.mapping.times import TimeRange, read_time

_SIGNED = {1: ("Int8", 8), 2: ("Int16", 16), 3: ("Int32", 32), 4: ("Int64", 64)}
_UNSIGNED = {5: ("UInt8", 8), 6: ("UInt16", 16), 7: ("UInt32", 32), 8: ("UInt64", 64)}
_DATETIME = 13
_FLOAT, _DOUBLE, _BOOLEAN = 9, 10, 11
_TEXTS = {12: "String", 14: "Text", 15: "UUID"}
#: Types that hold no single value; from 22 on they are arrays.
_MANY = {16: "DataSet", 17: "Bytes", 18: "File", 19: "Template", 20: "PropertySet"} | {
    21: "PropertySetList"
}
_FIRST_ARRAY, _LAST_ARRAY = 22, 34
#: OPC quality: both high bits of the low byte say good.
_GOOD = 0xC0

_UNIT = b"engunit"
MOST_UNIT = 40  # characters

BD_SEQ = "bdSeq"
_CONTROLS = ("Node Control/", "Device Control/")


class Metric(msgspec.Struct, frozen=True, array_like=True):
    """What a birth says of a metric."""

    name: str
    alias: int | None
    datatype: int
    unit: str = ""


class Wrong(ValueError):
    """What is wrong with one metric; `Reason` says of what kind it is."""

    def __init__(self, detail: str, reason: Reason = Reason.UNDECODABLE) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Known:
    """The metrics of one birth, to look up by name and by alias."""

    by_name: dict[str, Metric]
    by_alias: dict[int, Metric]

    @classmethod
    def of(cls, metrics: tuple[Metric, ...]) -> "Known":
        return cls(
            {each.name: each for each in metrics},
            {each.alias: each for each in metrics if each.alias is not None},
        )

    def find(self, metric: Any) -> Metric:
        """The metric meant; Wrong where this birth has none, or one of another type."""
        if metric.name:
            name = text_of(metric.name)
            found, said = self.by_name.get(name), f"metric {name!r}"
        elif metric.HasField("alias"):
            found, said = self.by_alias.get(metric.alias), f"alias {metric.alias}"
        else:
            raise Wrong("a metric without name and alias")
        if found is None:
            raise Wrong(f"{said} was not in the birth", Reason.OUT_OF_SEQUENCE)
        if metric.datatype not in {0, found.datatype}:
            detail = f"{said} has type {metric.datatype}, in the birth it had {found.datatype}"
            raise Wrong(detail, Reason.OUT_OF_SEQUENCE)
        return found


def defined(payload: Any) -> tuple[tuple[Metric, ...], list[Flaw]]:
    """The metrics that a birth defines; an alias that stands twice defines none."""
    aliases = Counter(metric.alias for metric in payload.metrics if metric.HasField("alias"))
    twice = {alias for alias, count in aliases.items() if count > 1}
    metrics = []
    for metric in payload.metrics:
        if metric.name:
            alias = metric.alias if metric.HasField("alias") else None
            alias = None if alias in twice else alias
            name, unit = text_of(metric.name), _unit_said(metric)
            metrics.append(Metric(name, alias, metric.datatype, unit))
    said = [
        Flaw(Reason.UNDECODABLE, f"alias {each} stands twice in the birth")
        for each in sorted(twice)
    ]
    return tuple(metrics), said


def bd_seq(payload: Any) -> int | None:
    """The number that pairs a node's death with its birth, None where there is none."""
    for metric in payload.metrics:
        if metric.name == BD_SEQ.encode() and metric.WhichOneof("value") in {
            "int_value",
            "long_value",
        }:
            return int(metric.int_value or metric.long_value)
    return None


def samples_of(
    payload: Any, codes: tuple[str, ...], known: Known, units: Mapping[str, str], *, birth: bool
) -> Iterator[Sample | Flaw]:
    """A sample or flaw for each metric that can be a reading.

    `codes` are the device's and those that it may have had; `units` those of the feed, by metric.
    """
    for metric in payload.metrics:
        try:
            found = known.find(metric)
            if found.name == BD_SEQ or found.name.startswith(_CONTROLS):
                continue
            if birth and found.datatype in _TEXTS and not _is_number(text_of(metric.string_value)):
                continue  # births also list what a node is: its maker, its version
            yield _sample(payload, metric, found, codes, units)
        except Wrong as wrong:
            yield Flaw(wrong.reason, str(wrong))


def _sample(
    payload: Any, metric: Any, known: Metric, codes: tuple[str, ...], units: Mapping[str, str]
) -> Sample:
    at_us, corrected = _time(payload, metric, known.name)
    value = _value(metric, known)
    unit = units.get(known.name) or _unit_said(metric) or known.unit or None
    return Sample(codes[0], known.name, at_us, value, unit, corrected=corrected, formerly=codes[1:])


def _unit_said(metric: Any) -> str:
    """The text of the property `engUnit`, "" where there is none."""
    properties = metric.properties
    for key, value in zip(properties.keys, properties.values, strict=False):
        if key.lower() == _UNIT and not value.is_null:
            return text_of(value.string_value).strip()[:MOST_UNIT]
    return ""


def _time(payload: Any, metric: Any, name: str) -> tuple[int | None, bool]:
    """The metric's own time, else the payload's; what is historical must have its own."""
    holder = metric if metric.HasField("timestamp") else payload
    if holder is payload and metric.is_historical:
        raise Wrong(f"metric {name!r} is historical and has no timestamp of its own")
    if not holder.HasField("timestamp"):
        return None, False
    try:
        return read_time(holder.timestamp, "ms")
    except TimeRange as wrong:
        raise Wrong(f"metric {name!r}: {wrong}", Reason.IMPLAUSIBLE) from None


def _value(metric: Any, known: Metric) -> Decimal | None:
    name, datatype = known.name, known.datatype
    if datatype in _MANY or _FIRST_ARRAY <= datatype <= _LAST_ARRAY:
        kind = _MANY.get(datatype, "array")
        raise Wrong(f"metric {name!r} is a {kind}, which holds no single value")
    read = _reader(datatype)
    if read is None:
        raise Wrong(f"metric {name!r} has data type {datatype}; allowed: 1 to 15")
    if metric.is_null or not _is_good(metric):
        return None
    try:
        return read(metric)
    except ValueError as wrong:
        raise Wrong(f"metric {name!r}: {wrong}") from None


def _reader(datatype: int) -> Callable[[Any], Decimal] | None:
    if datatype in _SIGNED:
        return lambda metric: _signed(metric, *_SIGNED[datatype])
    if datatype in _UNSIGNED:
        return lambda metric: _unsigned(metric, *_UNSIGNED[datatype])
    if datatype in _TEXTS:
        return lambda metric: read_number(text_of(_of(metric, "string_value")))
    return {
        _FLOAT: lambda metric: _float32(_of(metric, "float_value")),
        _DOUBLE: lambda metric: Decimal(repr(_of(metric, "double_value"))),
        _BOOLEAN: lambda metric: Decimal(int(_of(metric, "boolean_value"))),
        _DATETIME: lambda metric: _unsigned(metric, "DateTime", 64),
    }.get(datatype)


def _of(metric: Any, *fields: str) -> Any:
    """The value, where it stands in a field that its type allows."""
    field = metric.WhichOneof("value")
    if field is None:
        raise ValueError("it has no value and is not said to be null")
    if field not in fields:
        raise ValueError(f"its value is a {field}; allowed: {', '.join(fields)}")
    return getattr(metric, field)


def _float32(value: float) -> Decimal:
    """The shortest decimal that means this 32-bit float (`value` [1]): what the device wrote."""
    return Decimal(str(np.float32(value)))


def _unsigned(metric: Any, kind: str, bits: int) -> Decimal:
    value = int(_of(metric, "int_value", "long_value"))
    if value >= 1 << bits:
        raise ValueError(f"{value} is no value of type {kind}")
    return Decimal(value)


def _signed(metric: Any, kind: str, bits: int) -> Decimal:
    """Two's complement in 32 or 64 bits; small types also come in their own few bits."""
    value = int(_of(metric, "int_value", "long_value"))
    wire = 32 if metric.WhichOneof("value") == "int_value" else 64
    for width in (wire, 32, bits):
        if 1 << (width - 1) <= value < 1 << width:
            value -= 1 << width
            break
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise ValueError(f"{value} is no value of type {kind}")
    return Decimal(value)


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except ValueError:
        return False
    return True


def _is_good(metric: Any) -> bool:
    """False where the property `Quality` says bad or stale: the value is unknown then."""
    properties = metric.properties
    for key, value in zip(properties.keys, properties.values, strict=False):
        if key == b"Quality" and not value.is_null:
            code = value.int_value or value.long_value
            return bool(code & _GOOD == _GOOD and code < 256)
    return True
