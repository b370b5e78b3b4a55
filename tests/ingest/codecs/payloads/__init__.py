"""Payloads of LoRaWAN devices, as tests hand them over."""

from typing import Any
from zoneinfo import ZoneInfo

from domain.quality import TimeKind
from ingest.codecs.message import Flaw, Sample
from ingest.codecs.payloads import reader_of
from ingest.codecs.payloads.uplink import Uplink

AT_US = 1_795_327_200_000_000


def uplink(written: str, port: int = 2, *profiles: str) -> Uplink:
    """An uplink of device A1 with these bytes (hexadecimal), sent at AT_US."""
    time = (AT_US, False, False)
    zone = ZoneInfo("Asia/Shanghai")
    data = bytes.fromhex(written)
    return Uplink("A1", "", port, data, None, time, TimeKind.SERVER, "k", profiles, AT_US, zone)


def read(driver: str, written: str, port: int = 2, *profiles: str) -> list[Any]:
    """(channel, value, unit), with the seconds since AT_US where the device gave the time, or the flaw's detail."""
    return [shown(each) for each in reader_of(driver)(uplink(written, port, *profiles))]


def shown(found: Sample | Flaw) -> Any:
    if isinstance(found, Flaw):
        return found.detail
    value = None if found.value is None else f"{found.value:f}"
    plain = (found.channel, value, found.unit)
    if found.failed:
        plain = (*plain, "failed")  # type: ignore[assignment]
    if found.time_kind is not TimeKind.METER or found.at_us is None:
        return plain
    return (*plain, (found.at_us - AT_US) // 1_000_000)
