"""Milesight sensors (EM300, EM320, EM500, AM100 and AM300 series, WT101): channel and type before each value.

Little-endian. A frame of history has records with a time of their own, and each model another record, some of
the same length: it is read where the network names the model (payload definitions of the maker).
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.payloads.uplink import Uplink, tenths
from ingest.mapping.times import YEAR_2000_US

PROFILES = r"\bmilesight|\b(em300|em320|em500|am10\d|am3\d\d|wt101)(?!\d)"
Value = Callable[[bytes], Decimal]


def _signed_tenths(data: bytes) -> Decimal:
    return tenths(int.from_bytes(data[:2], "little", signed=True))


def _halves(data: bytes) -> Decimal:
    return Decimal(data[0]) / 2


def _whole(data: bytes) -> Decimal:
    return Decimal(int.from_bytes(data, "little"))


def _tenths(data: bytes) -> Decimal:
    return tenths(int.from_bytes(data, "little"))


#: (channel, type) -> (bytes, name, unit, value) of what is a reading.
_READINGS: dict[tuple[int, int], tuple[int, str, str, Value]] = {
    (0x03, 0x67): (2, "temperature", "Cel", _signed_tenths),
    (0x83, 0x67): (3, "temperature", "Cel", _signed_tenths),  # with an alarm of its limits behind
    (0x83, 0xD7): (5, "temperature", "Cel", _signed_tenths),  # with its change and an alarm of that
    (0x04, 0x67): (2, "target_temperature", "Cel", _signed_tenths),
    (0x04, 0x68): (1, "humidity", "%", _halves),
    (0x05, 0x7D): (2, "co2", "[ppm]", _whole),
    (0x07, 0x7D): (2, "co2", "[ppm]", _whole),
    (0x06, 0x73): (2, "pressure", "hPa", _tenths),
    (0x09, 0x73): (2, "pressure", "hPa", _tenths),
}
#: What a sensor has in place of a value when it fails.
_FAILED = {(0xB3, 0x67): ("temperature", "Cel"), (0xB4, 0x68): ("humidity", "%")}
#: (channel, type) -> bytes of what is no reading.
_OTHER = {
    (0x01, 0x75): 1, (0x03, 0x94): 4, (0x05, 0x00): 1, (0x05, 0x6A): 2, (0x05, 0x92): 1, (0x06, 0x00): 1, (0x06, 0x65): 6,
    (0x06, 0xCB): 1, (0x07, 0x00): 1, (0x08, 0x7D): 2, (0x08, 0xE5): 1, (0x08, 0xE6): 2, (0x09, 0x90): 2,
    (0x0A, 0x00): 1, (0x0A, 0x7D): 2, (0x0B, 0x7D): 2, (0x0B, 0x90): 2, (0x0C, 0x7D): 2, (0x0D, 0x7D): 2,
    (0x0E, 0x01): 1, (0xFF, 0x01): 1, (0xFF, 0x09): 2, (0xFF, 0x0A): 2, (0xFF, 0x0B): 1, (0xFF, 0x0F): 1,
    (0xFF, 0x16): 8, (0xFF, 0xFE): 1, (0xFF, 0xFF): 2,
}  # fmt: skip
_HISTORY = (0x20, 0xCE)
_TEMPERATURE = (2, "temperature", "Cel", _signed_tenths)
_HUMIDITY = (1, "humidity", "%", _halves)
_CO2, _PRESSURE = (2, "co2", "[ppm]", _whole), (2, "pressure", "hPa", _tenths)
_Field = tuple[int, str, str, Value]
#: Model -> (bytes of a record with its head and time, its values in their order).
_HISTORIES: dict[str, tuple[int, tuple[_Field, ...]]] = {
    r"\bem300[- ]?(th|mcs|sld|zld)\b": (10, (_TEMPERATURE, _HUMIDITY)),
    r"\bem500[- ]?co2\b": (13, (_CO2, _PRESSURE, _TEMPERATURE, _HUMIDITY)),
    r"\bem500[- ]?pt100\b": (8, (_TEMPERATURE,)),
    r"\bem500[- ]?lgt\b": (10, ()),  # light alone
}


def read(uplink: Uplink) -> Iterator[Sample | Flaw]:
    """A sample for each value that is a reading; what follows an unknown one can't be told apart."""
    data, at = uplink.data, 0
    while at < len(data):
        head = (data[at], data[at + 1] if at + 1 < len(data) else -1)
        if head == _HISTORY:
            yield from _history(uplink, data[at:])
            return
        size = _size(head)
        if size is None:
            yield Flaw(
                Reason.UNDECODABLE, f"type {data[at : at + 2].hex()}h at byte {at} is not known"
            )
            return
        value = data[at + 2 : at + 2 + size]
        if len(value) < size:
            yield Flaw(Reason.UNDECODABLE, f"the payload ends inside the value at byte {at}")
            return
        if head in _READINGS:
            _, name, unit, of = _READINGS[head]
            yield uplink.sample(name, of(value), unit)
        elif head in _FAILED:
            yield uplink.sample(_FAILED[head][0], None, _FAILED[head][1], failed=True)
        at += 2 + size


def _size(head: tuple[int, int]) -> int | None:
    if head in _READINGS:
        return _READINGS[head][0]
    return 1 if head in _FAILED else _OTHER.get(head)


def _history(uplink: Uplink, data: bytes) -> Iterator[Sample | Flaw]:
    found = [
        layout
        for model, layout in _HISTORIES.items()
        if any(re.search(model, each, re.IGNORECASE) for each in uplink.profiles)
    ]
    if len(found) != 1:
        yield Flaw(
            Reason.UNDECODABLE,
            f"a history of {len(data)} bytes, which the kind of device must name the model of, "
            "such as EM300-TH",
        )
        return
    size, fields = found[0]
    heads = {tuple(data[at : at + 2]) for at in range(0, len(data), size)}
    if len(data) % size or heads != {_HISTORY}:
        yield Flaw(Reason.UNDECODABLE, f"a history of {len(data)} bytes is not known")
        return
    for at in range(0, len(data), size):
        yield from _record(uplink, data[at + 2 : at + size], fields)


def _record(uplink: Uplink, record: bytes, fields: tuple[_Field, ...]) -> Iterator[Sample | Flaw]:
    own_s, at = int.from_bytes(record[:4], "little"), 4
    if fields and own_s * 1_000_000 < YEAR_2000_US:
        yield Flaw(
            Reason.IMPLAUSIBLE, f"a record of the log at time {own_s}: its clock was not set"
        )
        return
    for size, name, unit, of in fields:
        yield uplink.sample(name, of(record[at : at + size]), unit, own_s=own_s)
        at += size
