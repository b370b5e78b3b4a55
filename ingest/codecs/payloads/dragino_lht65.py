"""Dragino LHT65 and LHT65N: temperature, humidity, and a probe on a wire; records of the log have a time."""

from collections.abc import Iterator

from ingest.codecs.message import Flaw, Sample
from ingest.codecs.payloads.dragino_records import air, probe, records_of, untimed
from ingest.codecs.payloads.uplink import Uplink

PROFILES = r"\blht[- ]?65n?\b"
_READINGS, _STATE = frozenset({2}), frozenset({5})  # ports
#: What stands behind: low four bits of the seventh byte.
_PROBE, _PROBE_AND_TIME, _PROBE_ID = 0x1, 0x9, 0xF
_POLLED, _UNPLUGGED = 0x40, 0x80


def read(uplink: Uplink) -> Iterator[Sample | Flaw]:
    """The samples of an uplink, or of each record of the log in it."""
    if not uplink.is_on(_READINGS, _STATE):
        return
    for data in records_of(uplink.data):
        polled = bool(data[6] & _POLLED)
        flaw = untimed(int.from_bytes(data[7:11], "big")) if polled else None
        if flaw:
            yield flaw
        else:
            yield from _record(uplink, data, polled)


def _record(uplink: Uplink, data: bytes, polled: bool) -> Iterator[Sample]:
    kind = data[6] & 0x0F
    if kind == _PROBE_ID:
        return
    timed = polled or kind == _PROBE_AND_TIME
    own_s = int.from_bytes(data[7:11], "big") if timed else None
    humidity = (int.from_bytes(data[4:6], "big") & 0x0FFF).to_bytes(2, "big")
    yield from air(uplink, data[2:4], humidity, own_s)
    if kind in {_PROBE, _PROBE_AND_TIME}:
        wire = data[0:2] if timed else data[7:9]
        yield probe(uplink, wire, own_s, gone=bool(data[6] & _UNPLUGGED))
