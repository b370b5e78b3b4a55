"""Records of Dragino's room sensors: eleven bytes each, with what both models have in common."""

from collections.abc import Iterator

from ingest.codecs.foreign import Wrong
from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.payloads.uplink import Uplink, hundredths, tenths
from ingest.mapping.times import YEAR_2000_US

RECORD = 11  # bytes
NO_PROBE = 0x7FFF


def records_of(data: bytes) -> Iterator[bytes]:
    """Each record that holds something; Wrong where the bytes are none.

    Of a time of which the log has nothing a sensor sends eleven zeros (user manual of LHT52, 2.4.3).
    """
    if len(data) % RECORD or not data:
        detail = f"{len(data)} bytes; allowed: {RECORD} or a multiple of it"
        raise Wrong(Reason.UNDECODABLE, detail)
    for at in range(0, len(data), RECORD):
        if any(data[at : at + RECORD]):
            yield data[at : at + RECORD]


def untimed(own_s: int) -> Flaw | None:
    """What is wrong with a record of the log by its own time [s]: only that says when it was."""
    if own_s * 1_000_000 >= YEAR_2000_US:
        return None
    return Flaw(Reason.IMPLAUSIBLE, f"a record of the log at time {own_s}: its clock was not set")


def air(uplink: Uplink, warm: bytes, humid: bytes, own_s: int | None) -> Iterator[Sample]:
    """Temperature and humidity of the sensor itself."""
    temperature = int.from_bytes(warm, "big", signed=True)
    failed = temperature == NO_PROBE
    value = None if failed else hundredths(temperature)
    yield uplink.sample("temperature", value, "Cel", failed=failed, own_s=own_s)
    yield uplink.sample("humidity", tenths(int.from_bytes(humid, "big")), "%", own_s=own_s)


def probe(uplink: Uplink, data: bytes, own_s: int | None, *, gone: bool = False) -> Sample:
    """The temperature of a probe on a wire."""
    number = int.from_bytes(data, "big", signed=True)
    failed = gone or number == NO_PROBE
    value = None if failed else hundredths(number)
    return uplink.sample("external_temperature", value, "Cel", failed=failed, own_s=own_s)
