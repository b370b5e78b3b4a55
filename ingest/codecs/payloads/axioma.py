"""Axioma Qalcosonic E3 and E4 heat meters: frames of port 100, told apart by their length.

Little-endian: the meter's time since 1970 [s], a status byte (EN 13757-3, 7.3), energy [kWh], volume [L], and
in some flow [L/h] and temperatures [0.01 °C]. Power is left out: published descriptions differ in its unit.
Of frames with a log only the newest values count: descriptions differ in the times of the others; where each
has its time beside it ("Nordic") all count. The values of 31 and 35 bytes are those of the last whole period,
whose length [s] ends the frame.
"""

from collections.abc import Iterator
from decimal import Decimal

from ingest.codecs.foreign import Wrong
from ingest.codecs.message import Reason, Sample
from ingest.codecs.payloads.uplink import Uplink, hundredths

PROFILES = r"\baxioma\b.*\b(e3|e4)\b|qalcosonic[- ]?(e3|e4)\b"
_READINGS, _CONFIGURATION = frozenset({100}), frozenset({101})  # ports
_LOW, _PERMANENT, _TEMPORARY = 0x04, 0x08, 0x10
_WORDS = {_LOW: "POWER_LOW", _PERMANENT: "PERMANENT_ERROR", _TEMPORARY: "TEMPORARY_ERROR"}
#: Channel -> (bytes, unit); "" is not read.
_ENERGY, _COLD, _VOLUME = ("energy", 4), ("cooling_energy", 4), ("volume", 4)
_STATE = (("", 3), ("flow", 3), ("supply_temperature", 2), ("return_temperature", 2))
_UNITS = {"energy": "kW.h", "cooling_energy": "kW.h", "volume": "L", "flow": "L/h"}

_Layout = tuple[tuple[str, int], ...]
#: Length -> (whether a status byte stands behind the time, how many records with a time each, a record).
_LAYOUTS: dict[int, tuple[bool, int, _Layout]] = {
    41: (True, 0, (_ENERGY, _VOLUME)),
    45: (True, 0, (_ENERGY, _COLD, _VOLUME)),
    31: (True, 0, (_ENERGY, _VOLUME, *_STATE)),
    35: (True, 0, (_ENERGY, _COLD, _VOLUME, *_STATE)),
    48: (False, 2, (_ENERGY, _VOLUME, *_STATE)),
    30: (False, 1, (_ENERGY, _COLD, _VOLUME, *_STATE)),
}  # fmt: skip
_OF_PERIOD = frozenset({31, 35})


def read(uplink: Uplink) -> Iterator[Sample]:
    """The samples of a frame; Wrong where its port or its length is none of the known ones."""
    if not uplink.is_on(_READINGS, _CONFIGURATION):
        return
    data = uplink.data
    if len(data) not in _LAYOUTS:
        allowed = ", ".join(str(each) for each in sorted(_LAYOUTS))
        raise Wrong(Reason.UNDECODABLE, f"{len(data)} bytes; allowed: {allowed}")
    with_status, records, layout = _LAYOUTS[len(data)]
    if with_status:
        yield from _record(uplink, data[5:], layout, _time(data), data[4])
    size = 4 + sum(each for _, each in layout)
    for i in range(records):
        record = data[4 + i * size : 4 + (i + 1) * size]
        yield from _record(uplink, record[4:], layout, int.from_bytes(record[:4], "little"), 0)


def _time(data: bytes) -> int:
    """When the values of a frame were, by the meter's clock. [s since 1970]"""
    own_s = int.from_bytes(data[:4], "little")
    if len(data) not in _OF_PERIOD:
        return own_s
    period_s = int.from_bytes(data[-4:], "little")
    if not period_s:
        raise Wrong(Reason.UNDECODABLE, "a period of 0 s")
    return own_s - own_s % period_s


def _record(
    uplink: Uplink, data: bytes, layout: _Layout, own_s: int, status: int
) -> Iterator[Sample]:
    faults = tuple(word for bit, word in _WORDS.items() if status & bit)
    at = 0
    for channel, size in layout:
        raw, at = data[at : at + size], at + size
        number = int.from_bytes(
            raw, "little", signed=channel not in {"energy", "cooling_energy", "volume"}
        )
        if channel:
            warm = channel.endswith("_temperature")
            value = hundredths(number) if warm else Decimal(number)
            failed = _fails(status, number, channel)
            unit = _UNITS.get(channel, "Cel")
            yield uplink.sample(channel, value, unit, failed=failed, faults=faults, own_s=own_s)


def _fails(status: int, number: int, channel: str) -> bool:
    """With an error a zero is no measurement; with a permanent one nothing measured now is one."""
    counted = channel in {"energy", "cooling_energy", "volume"}
    if status & _PERMANENT and not counted:
        return True
    return bool(status & (_PERMANENT | _TEMPORARY)) and number == 0
