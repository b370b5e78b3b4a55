"""Dragino LHT52: temperature, humidity, a probe on a wire, and the time of each record (user manual, 2.4)."""

from collections.abc import Iterator

from ingest.codecs.message import Flaw, Sample
from ingest.codecs.payloads.dragino_records import NO_PROBE, air, probe, records_of, untimed
from ingest.codecs.payloads.uplink import Uplink

PROFILES = r"\blht[- ]?52\b"
_LOG = 3
_READINGS = frozenset({2, _LOG})  # ports
_OTHERS = frozenset({4, 5})  # the probe's number, the state of the device


def read(uplink: Uplink) -> Iterator[Sample | Flaw]:
    """The samples of an uplink, or of each record of the log in it."""
    if not uplink.is_on(_READINGS, _OTHERS):
        return
    for data in records_of(uplink.data):
        own_s = int.from_bytes(data[7:11], "big")
        flaw = untimed(own_s) if uplink.port == _LOG else None
        if flaw:
            yield flaw
            continue
        yield from air(uplink, data[0:2], data[2:4], own_s)
        if data[4:6] != NO_PROBE.to_bytes(2, "big"):
            yield probe(uplink, data[4:6], own_s)
