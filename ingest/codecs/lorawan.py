"""What the codecs of LoRaWAN networks share: which driver reads an uplink, and what else holds."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from domain.language import Text, msg
from domain.quantity import Quantity
from domain.unit import Unit
from ingest.codecs.foreign import FOREIGN, Found, Wrong, flat, of_number
from ingest.codecs.memory import Memory
from ingest.codecs.message import Message, Reason, Sample, Suggested
from ingest.codecs.payloads import PAYLOADS, known_payload, named_by, reader_of
from ingest.codecs.payloads.uplink import Uplink
from ingest.codecs.units import UnitsConfig, units_of
from ingest.codecs.uplinks import counted
from ingest.config import FeedConfig, FormatSettings
from ingest.mapping.topics import SHARE

_ALL = "*"
#: A device whose name is longer is not counted. [characters]
MOST_NAME = 300
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
        kind, key = ", ".join(uplink.profiles) or "-", _quoted(_key(uplink))
        raise Wrong(
            Reason.UNMAPPED,
            f"nothing decodes the payload of {kind[:120]!r}: name what reads it in the feed's mapping, "
            f'drivers = {{ {key} = "..." }}, one of {", ".join(PAYLOADS)}',
        )


def _key(uplink: Uplink) -> str:
    """What `drivers` may call the kind of device, else the device."""
    return uplink.profiles[0] if uplink.profiles else uplink.device


def _quoted(text: str) -> str:
    """As a key in TOML."""
    return json.dumps(text[:120], ensure_ascii=False)


def _driver(uplink: Uplink, settings: FormatSettings | None) -> str | None:
    """The driver that the feed names; without one the kind of device, where nothing is decoded."""
    named = settings.drivers if isinstance(settings, LorawanConfig) else {}
    for each in (uplink.device, uplink.formerly, *uplink.profiles, _ALL):
        if each in named:
            return named[each]
    return None if uplink.decoded else named_by(uplink.profiles)


def read_safely(
    heard: Callable[[Message], Uplink | None], messages: Iterable[Message]
) -> Iterator[Uplink]:
    """The uplinks among messages of anybody's."""
    for each in messages:
        with suppress(Wrong, *FOREIGN):
            if (uplink := heard(each)) is not None:
                yield uplink


def drivers_for(uplinks: Iterable[Uplink]) -> Suggested:
    """The drivers of kinds of devices that nothing decodes yet: of each the only one that reads all of it."""
    kinds: dict[str, list[Uplink]] = {}
    for each in uplinks:
        if each.data and not each.decoded and _driver(each, None) is None:
            kinds.setdefault(_key(each), []).append(each)
    drivers: dict[str, str] = {}
    confirm: list[Text] = []
    for kind, own in kinds.items():
        fits = [name for name in PAYLOADS if all(_is_read(name, each) for each in own)]
        if len(fits) == 1:
            drivers[kind] = fits[0]
            confirm.append(
                msg("{kind}: {driver} alone reads its payloads; is it of that make?", kind=repr(kind), driver=fits[0])
            )  # fmt: skip
        else:
            confirm.append(
                msg(
                    "{kind}: nothing says what reads its payloads; name it in the feed's mapping, drivers = {{ {key} = "
                    '"..." }}, one of {names}',
                    kind=repr(kind), key=_quoted(kind), names=", ".join(fits or PAYLOADS),
                )
            )  # fmt: skip
    return ({"drivers": drivers} if drivers else {}), tuple(confirm)


def _is_read(driver: str, uplink: Uplink) -> bool:
    """Whether the driver takes it whole, and finds values in it that can be."""
    try:
        found = [*reader_of(driver)(uplink)]
    except (Wrong, *FOREIGN):
        return False
    return bool(found) and all(isinstance(each, Sample) and _can_be(each) for each in found)


def _can_be(sample: Sample) -> bool:
    """Whether its value is possible at all, as far as its unit says."""
    if sample.value is None or sample.unit is None:
        return True
    try:
        unit = Unit.of(sample.unit)
        quantity = Quantity.of(unit.quantity)
        ticks = unit.to_ticks(sample.value, quantity)
    except (ValueError, ArithmeticError):
        return False
    least, most = quantity.value.least, quantity.value.most
    return bool(least <= quantity.from_ticks(ticks) <= most)


def uplink_counter(feed: FeedConfig) -> Callable[[Uplink, Message, Memory], None]:
    """Takes each uplink of a device: what its frame counter leaves out did not come.

    Nothing is counted of a shared subscription, of which each worker sees a part, nor of replayed and
    retained messages.
    """
    shared = feed.topic.startswith(SHARE)

    def count(uplink: Uplink, message: Message, memory: Memory) -> None:
        device, counter = uplink.device, 0 if uplink.counter is None else uplink.counter
        right = isinstance(counter, int) and not isinstance(counter, bool) and counter >= 0
        before = shared or message.replayed or message.retained
        if before or not right or not device.isprintable() or len(device) > MOST_NAME:
            return
        session = uplink.session[:MOST_NAME] if isinstance(uplink.session, str) else ""
        known = memory.uplinks(device)
        now = counted(known, device, session, counter, message.received_us)
        if now is not known:
            memory.tell(now)

    return count
