"""Dragino LHT65, LHT65N and LHT52: temperature and humidity, and a probe on a wire.

Big-endian, 11 bytes. 7FFFh stands where no probe answers. Records of the log have a time of their own.
"""

import re
from collections.abc import Iterator

from ingest.codecs.foreign import Wrong
from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.payloads.uplink import Uplink, hundredths, tenths

PROFILES = r"\blht[- ]?(65n?|52)\b"
_LHT52 = re.compile(r"lht[- ]?52", re.IGNORECASE)
_RECORD = 11
_DATA, _LOG = 2, 3  # ports
_NO_PROBE = 0x7FFF
#: What stands behind in an LHT65: low four bits of its seventh byte.
_PROBE, _PROBE_AND_TIME, _PROBE_ID = 0x1, 0x9, 0xF
_POLLED, _UNPLUGGED = 0x40, 0x80


def read(uplink: Uplink) -> Iterator[Sample | Flaw]:
    """The samples of an uplink, or of each record of the log in it."""
    small = any(_LHT52.search(each) for each in uplink.profiles)
    if uplink.port not in ({_DATA, _LOG} if small else {_DATA}):
        return
    if len(uplink.data) % _RECORD or not uplink.data:
        detail = f"{len(uplink.data)} bytes; allowed: {_RECORD} or a multiple of it"
        raise Wrong(Reason.UNDECODABLE, detail)
    for at in range(0, len(uplink.data), _RECORD):
        record = uplink.data[at : at + _RECORD]
        yield from _lht52(uplink, record) if small else _lht65(uplink, record)


def _lht52(uplink: Uplink, data: bytes) -> Iterator[Sample]:
    own_s = int.from_bytes(data[7:11], "big")
    yield from _air(uplink, data[0:2], data[2:4], own_s)
    if data[4:6] != _NO_PROBE.to_bytes(2, "big"):
        yield _probe(uplink, data[4:6], own_s)


def _lht65(uplink: Uplink, data: bytes) -> Iterator[Sample]:
    kind, timed = data[6] & 0x0F, bool(data[6] & _POLLED)
    if kind == _PROBE_ID:
        return
    own_s = int.from_bytes(data[7:11], "big") if timed or kind == _PROBE_AND_TIME else None
    humidity = (int.from_bytes(data[4:6], "big") & 0x0FFF).to_bytes(2, "big")
    yield from _air(uplink, data[2:4], humidity, own_s)
    if timed or kind == _PROBE_AND_TIME:
        if kind in {_PROBE, _PROBE_AND_TIME}:
            yield _probe(uplink, data[0:2], own_s, gone=bool(data[6] & _UNPLUGGED))
    elif kind == _PROBE:
        yield _probe(uplink, data[7:9], own_s, gone=bool(data[6] & _UNPLUGGED))


def _air(uplink: Uplink, warm: bytes, humid: bytes, own_s: int | None) -> Iterator[Sample]:
    temperature = int.from_bytes(warm, "big", signed=True)
    failed = temperature == _NO_PROBE
    value = None if failed else hundredths(temperature)
    yield uplink.sample("temperature", value, "Cel", failed=failed, own_s=own_s)
    yield uplink.sample("humidity", tenths(int.from_bytes(humid, "big")), "%", own_s=own_s)


def _probe(uplink: Uplink, data: bytes, own_s: int | None, *, gone: bool = False) -> Sample:
    number = int.from_bytes(data, "big", signed=True)
    failed = gone or number == _NO_PROBE
    value = None if failed else hundredths(number)
    return uplink.sample("external_temperature", value, "Cel", failed=failed, own_s=own_s)
