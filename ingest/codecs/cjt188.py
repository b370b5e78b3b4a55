"""CJ/T 188: answers of heat, cold and water meters, as a DTU passes them on.

A payload is one frame or several, as bytes or in hexadecimal. The device is the meter's address of
fourteen digits, maker's code first; its number alone holds, too. Event times are the meter's own where
the feed says the zone of its clocks (`zone`).
"""

from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.quality import TimeKind
from domain.time import from_us
from ingest.codecs.cjt188_frames import COLD, PLAIN, Answer, answer, split
from ingest.codecs.frame_kinds import is_cjt188, without_preamble
from ingest.codecs.hexadecimal import frame_bytes, frame_or_nothing
from ingest.codecs.mbus_records import Wrong
from ingest.codecs.mbus_samples import Clock
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.config import FeedConfig, FormatSettings
from ingest.drivers.load import Order


class Cjt188Config(FormatSettings):
    """The table `mapping` of such a feed; it may be left out."""

    optional: ClassVar[bool] = True
    digits: Order | None = Field(
        default=None, description="which digits come first, where neither clock nor driver tells"
    )


#: What `build` takes in the table `mapping` of its feed.
SETTINGS = Cjt188Config
#: Unit code -> (unit, factor), CJ/T 188-2004, table 5.
_UNITS = {
    0x01: ("J", 1), 0x02: ("W.h", 1), 0x05: ("W.h", 10**3), 0x08: ("W.h", 10**6),
    0x0A: ("W.h", 10**8), 0x0B: ("J", 10**3), 0x0E: ("J", 10**6), 0x11: ("J", 10**9),
    0x13: ("J", 10**11), 0x14: ("W", 1), 0x17: ("W", 10**3), 0x1A: ("W", 10**6), 0x29: ("L", 1),
    0x2C: ("m3", 1), 0x32: ("L/h", 1), 0x35: ("m3/h", 1),
}  # fmt: skip
_VALVES = ("", "VALVE_CLOSED", "VALVE_STATE_2", "VALVE_ERROR")
_BATTERY = 0x04
#: Bits that the standard leaves to makers: without a driver they may be errors of sensors.
_OWN = 0xFFF8
_QUANTITIES = {"energy": "energy", "power": "power", "flow": "flow", "volume": "volume"}


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return is_cjt188(without_preamble(frame_or_nothing(payload)))


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its zone is that of the meters' clocks."""
    zone = feed.clocks
    digits = feed.mapping.digits if isinstance(feed.mapping, Cjt188Config) else None

    def decode(message: Message, _memory: Memory) -> Decoded:
        samples: list[Sample] = []
        flaws: list[Flaw] = []
        received = from_us(message.received_us).replace(tzinfo=None)
        try:
            for frame in split(frame_bytes(message.payload)):
                try:
                    said = answer(frame, received, digits)
                    samples += _samples(said, zone, message.received_us)
                except Wrong as wrong:
                    flaws.append(Flaw(Reason.UNDECODABLE, str(wrong)))
        except ValueError as wrong:
            flaws.append(Flaw(Reason.UNDECODABLE, str(wrong)))
        if not samples and not flaws:
            flaws.append(Flaw(Reason.UNDECODABLE, "a message without bytes"))
        return samples, flaws

    return decode


def _samples(said: Answer, zone: ZoneInfo | None, received_us: int) -> list[Sample]:
    words, wrong, failing = _verdict(said)
    moments = {0: said.clock} if said.clock else {}
    clock = Clock(zone, received_us, dict(moments), invalid=said.clock is None)
    now, untimed = clock.at(0)
    made, number = _values(said) + _plain(said), said.device[4:].lstrip("0")
    return [
        Sample(
            said.device,
            channel,
            None if storage else now,  # of a settlement day only the meter knows which
            value,
            unit,
            formerly=(number,) if number else (),
            untimed=untimed and not storage,
            failed=value is None
            or bool({"*", channel} & failing)
            or (wrong and not storage and value == 0 and quantity != "operating_time"),
            quantity=quantity,
            storage=storage,
            time_kind=None if storage or now is None else TimeKind.METER,
            message_key=f"{said.serial}" + (f"@{said.clock.isoformat()}" if said.clock else ""),
            faults=words,
            optional=True,
            republished=bool(storage),
        )
        for channel, quantity, value, unit, storage in made
    ]


_Made = tuple[str, str, Decimal | None, str, int]  # channel, quantity, value, unit, storage number


def _values(said: Answer) -> list[_Made]:
    made: list[_Made] = []
    decimals = said.driver.profile.decimals if said.driver else {}
    for place, digits, code in said.values:
        unit, factor = _UNITS[code]
        places = decimals.get(place.channel, place.decimals)
        quantity = _QUANTITIES[place.channel.split("_")[0]]
        cold = said.kind == COLD and quantity == "energy"
        channel = f"cooling_{place.channel}" if cold else place.channel
        made.append((channel, quantity, _number(digits, places, factor), unit, place.storage))
    return made


def _plain(said: Answer) -> list[_Made]:
    made: list[_Made] = []
    for (channel, places), digits in zip(PLAIN, said.plain, strict=False):
        if channel == "operating_time":
            made.append((channel, channel, _number(digits, places, 3600), "s", 0))
        else:
            made.append((channel, "temperature", _signed(digits, places), "Cel", 0))
    return made


def _number(digits: bytes, places: int, factor: int = 1) -> Decimal | None:
    """The digits as a number; None where a letter among them says that there is none."""
    text = digits.hex()
    if not text.isdecimal():
        return None
    return Decimal(int(text) * factor).scaleb(-places)


def _signed(digits: bytes, places: int) -> Decimal | None:
    """A temperature: makers write minus as F or 8 before the digits, as none is so high."""
    if digits[0] >> 4 in {0x8, 0xF}:
        value = _number(bytes([digits[0] & 0x0F]) + digits[1:], places)
        return None if value is None else -value
    return _number(digits, places)


def _verdict(said: Answer) -> tuple[tuple[str, ...], bool, frozenset[str]]:
    """(words, whether a zero is no measurement, channels that hold nothing)."""
    status = said.status[0] | said.status[1] << 8
    words = [_VALVES[status & 3]] if status & 3 else []
    words += ["LOW_BATTERY"] if status & _BATTERY else []
    known = [bit for each in said.driver.status for bit in each.bits] if said.driver else []
    failing: set[str] = set()
    for bit in known:
        if status & bit.mask:
            words.append(bit.word)
            failing |= set(bit.fails)
    rest = status & _OWN
    for bit in known:
        rest &= ~bit.mask
    words += [f"STATUS_{rest:04X}"] if rest else []
    return tuple(words), bool(rest or failing), frozenset(failing)
