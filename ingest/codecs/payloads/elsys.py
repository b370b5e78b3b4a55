"""ELSYS sensors (ERS, EMS, ELT, ...): a byte of type before each value, big-endian."""

from collections.abc import Iterator
from decimal import Decimal

from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.payloads.uplink import Uplink, tenths

PROFILES = r"\belsys\b"
_SETTINGS = 6  # port of a device's own settings
_SETTINGS_TYPE = 0x3E
#: Type -> (channel, unit) of temperatures.
_READINGS = {
    0x01: ("temperature", "Cel"), 0x0C: ("external_temperature", "Cel"),
    0x19: ("external_temperature_2", "Cel"),
}  # fmt: skip
#: Type -> bytes.
_SIZES = {
    0x01: 2, 0x02: 1, 0x03: 3, 0x04: 2, 0x05: 1, 0x06: 2, 0x07: 2, 0x08: 2, 0x09: 6, 0x0A: 2, 0x0B: 4,
    0x0C: 2, 0x0D: 1, 0x0E: 2, 0x0F: 1, 0x10: 4, 0x11: 1, 0x12: 1, 0x13: 65, 0x14: 4, 0x15: 2, 0x16: 2,
    0x17: 4, 0x18: 2, 0x19: 2, 0x1A: 1, 0x1B: 4, 0x1C: 2, 0x3D: 4,
}  # fmt: skip


def read(uplink: Uplink) -> Iterator[Sample | Flaw]:
    """A sample for each value that is a reading; what follows an unknown type can't be told apart."""
    data, at, count = uplink.data, 0, 0
    while at < len(data) and uplink.port != _SETTINGS and data[at] != _SETTINGS_TYPE:
        kind, size = data[at], _SIZES.get(data[at])
        if size is None:
            yield Flaw(Reason.UNDECODABLE, f"type {kind:02X}h at byte {at} is not known")
            return
        value = data[at + 1 : at + 1 + size]
        if len(value) < size:
            yield Flaw(Reason.UNDECODABLE, f"the payload ends inside the value at byte {at}")
            return
        count += kind == 0x19
        yield from _samples(uplink, kind, value, count)
        at += 1 + size


def _samples(uplink: Uplink, kind: int, value: bytes, count: int) -> Iterator[Sample]:
    number = int.from_bytes(value, "big", signed=True)
    if kind in _READINGS:
        channel, unit = _READINGS[kind]
        if kind == 0x19 and count > 1:  # several of one kind come one after the other
            channel = f"external_temperature_{count + 1}"
        yield uplink.sample(channel, tenths(number), unit)
    elif kind == 0x02:
        yield uplink.sample("humidity", Decimal(value[0]), "%")
    elif kind == 0x06:
        yield uplink.sample("co2", Decimal(int.from_bytes(value, "big")), "[ppm]")
    elif kind == 0x14:
        yield uplink.sample("pressure", Decimal(int.from_bytes(value, "big")).scaleb(-3), "hPa")
    elif kind == 0x10:
        for channel, part in (
            ("ir_internal_temperature", value[:2]),
            ("ir_external_temperature", value[2:]),
        ):
            yield uplink.sample(channel, tenths(int.from_bytes(part, "big", signed=True)), "Cel")
