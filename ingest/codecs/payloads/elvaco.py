"""Elvaco CMi modules on LoRaWAN: a byte that names the message, then data records of M-Bus (EN 13757-3).

Channels, units and values that fail are as those of the format `mbus`.
"""

from collections.abc import Iterator
from dataclasses import replace

from ingest.codecs.foreign import Wrong
from ingest.codecs.mbus_frames import Header
from ingest.codecs.mbus_records import Records, read_records
from ingest.codecs.mbus_records import Wrong as NoRecords
from ingest.codecs.mbus_samples import clock_of, samples_of
from ingest.codecs.message import Reason, Sample
from ingest.codecs.payloads.uplink import Uplink

PROFILES = r"\belvaco\b|\bcmi4\d{3}\b"
_READINGS = frozenset({2})  # ports


def read(uplink: Uplink) -> Iterator[Sample]:
    """The samples of the records; Wrong where they are none."""
    uplink.is_on(_READINGS)
    if uplink.data[1:2] == b"{":  # format JSON of the modules, by whatever byte they name it
        detail = "a message of text (JSON) is not read; set another message format"
        raise Wrong(Reason.UNDECODABLE, detail)
    try:
        records: Records = read_records(uplink.data[1:])
    except NoRecords as wrong:
        raise Wrong(Reason.UNDECODABLE, str(wrong)) from None
    header = Header(uplink.device, "", 0, 0, 0, 0)
    clock = clock_of(records.records, uplink.zone, uplink.received_us)
    for each in samples_of(header, records, clock):
        mine = uplink.sample(each.channel, each.value, each.unit)
        if each.at_us is not None or each.republished:
            mine = replace(
                mine,
                at_us=each.at_us,
                untimed=each.untimed,
                time_kind=each.time_kind,
                republished=each.republished,
            )
        yield replace(
            mine,
            failed=each.failed,
            faults=each.faults,
            quantity=each.quantity,
            storage=each.storage,
        )
