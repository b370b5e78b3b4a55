"""What the codecs of LoRaWAN networks share: which driver reads an uplink, and what else holds."""

import base64
import binascii
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from ingest.codecs.foreign import Found, Wrong, flat, of_number
from ingest.codecs.message import Reason
from ingest.codecs.payloads import known_payload, named_by, reader_of
from ingest.codecs.payloads.uplink import Uplink
from ingest.codecs.units import UnitsConfig, units_of
from ingest.config import FormatSettings

_ALL = "*"
#: LoRaWAN 1.0.4, 4: a frame has at most so many.
MOST_BYTES = 255


class LorawanConfig(UnitsConfig):
    """What a feed of a network may say: whose payloads we read, and units of what the network decodes."""

    drivers: dict[str, Annotated[str, AfterValidator(known_payload)]] = Field(
        default={}, description="device, kind of device as the network calls it, or * -> driver"
    )


def payload_of(raw: Any) -> bytes:
    """The bytes that stand as base64 in JSON; none where an empty field is left out."""
    if raw is None:
        return b""
    try:
        data = base64.b64decode(raw, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Wrong(Reason.UNDECODABLE, "the payload is no base64") from None
    if len(data) > MOST_BYTES:
        raise Wrong(Reason.UNDECODABLE, f"a message of {len(data)} bytes; allowed: {MOST_BYTES}")
    return data


def port_of(raw: Any) -> int:
    """The port of an uplink, 0 where an empty field is left out; Wrong where it is none."""
    if raw is None:
        return 0
    number = int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdecimal() else raw
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 256:
        raise Wrong(Reason.UNDECODABLE, f"{str(raw)[:20]!r} is no port; allowed: 0 to 255")
    return number


def readings(uplink: Uplink, settings: FormatSettings | None) -> Iterator[Found]:
    """A sample for each value of an uplink: by its driver, else by what the network decoded."""
    driver = _driver(uplink, settings)
    if driver is not None:
        if uplink.data:
            yield from reader_of(driver)(uplink)
    elif isinstance(uplink.decoded, dict | list) and uplink.decoded:
        units = units_of(settings)
        for channel, raw in flat(uplink.decoded):
            yield of_number(raw, uplink.sample(channel, None, units.get(channel)))
    elif uplink.data:
        kind = ", ".join(uplink.profiles) or "-"
        raise Wrong(Reason.UNMAPPED, f"nothing decodes the payload of {kind[:120]!r}")


def _driver(uplink: Uplink, settings: FormatSettings | None) -> str | None:
    """The driver that the feed names; without one the kind of device, where nothing is decoded."""
    named = settings.drivers if isinstance(settings, LorawanConfig) else {}
    for each in (uplink.device, uplink.formerly, *uplink.profiles, _ALL):
        if each in named:
            return named[each]
    return None if uplink.decoded else named_by(uplink.profiles)
