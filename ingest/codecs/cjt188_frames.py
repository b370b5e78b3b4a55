"""Frames of CJ/T 188 (2004 and 2018): link layer, and the layouts that makers give its answers.

FEh bytes, 68h, type, seven bytes of address, control, length, data, sum of all from 68h on, 16h. Makers
differ: the address, the digits and the unit of a value may each stand either way round. Read the wrong way
a value is another plausible one, so an answer is read only where units, clock, driver or feed say the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from ingest.codecs.frame_kinds import foreign, is_dlt645, without_preamble
from ingest.codecs.mbus_records import Wrong
from ingest.drivers.load import Driver, Order, Profile, driver_of

_START, _END = 0x68, 0x16
_READ, _ABNORMAL, _ANSWER = 0x01, 0x40, 0x80
#: Data identification of the current reading, sent either way round.
_IDS = frozenset({b"\x1f\x90", b"\x90\x1f"})
_ENERGY = frozenset({0x01, 0x02, 0x05, 0x08, 0x0A, 0x0B, 0x0E, 0x11, 0x13})
_POWER, _FLOW, _VOLUME = (
    frozenset({0x14, 0x17, 0x1A}),
    frozenset({0x32, 0x35}),
    frozenset({0x29, 0x2C}),
)

HEAT, COLD = 0x20, 0x21
#: A clock this near to the receipt is read the right way round, whatever its zone and however it drifts.
_NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Place:
    """A value of an answer: its channel, decimals, and the units that it may have."""

    channel: str
    decimals: int
    units: frozenset[int]
    storage: int = 0


#: Length of the data -> values with a unit, of five bytes each (CJ/T 188-2004, table 10 and 11).
_HEAT_METER = (
    Place("energy_storage1", 2, _ENERGY, 1), Place("energy", 2, _ENERGY), Place("power", 2, _POWER),
    Place("flow", 4, _FLOW), Place("volume", 2, _VOLUME),
)  # fmt: skip
_OTHER_METER = (Place("volume", 2, _VOLUME), Place("volume_storage1", 2, _VOLUME, 1))
_PLACES = {46: _HEAT_METER, 22: _OTHER_METER}
#: What follows them in an answer of a heat meter: temperatures and hours, of three bytes each.
PLAIN = (("supply_temperature", 2), ("return_temperature", 2), ("operating_time", 0))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a meter answers, its bytes in one order."""

    device: str  # fourteen digits: maker's code and number, the highest first
    kind: int
    values: tuple[tuple[Place, bytes, int], ...]  # digits, the highest first, and unit code
    plain: tuple[bytes, ...]
    clock: datetime | None
    status: bytes
    driver: Driver | None
    serial: int


def split(data: bytes) -> Iterator[bytes]:
    """Each frame without its preamble; Wrong where a byte is none of a frame."""
    while data := without_preamble(data):
        size = _whole(data)
        yield data[:size]
        data = data[size:]


def _whole(data: bytes) -> int:
    """Length of the frame that begins here, its sum checked. [bytes]"""
    if is_dlt645(data):
        raise Wrong(f"a frame of {foreign(data)}")
    if data[0] != _START or len(data) < 13 or not 0x10 <= data[1] <= 0x49:
        other = foreign(data)
        raise Wrong(f"a frame of {other}" if other else "no frame of CJ/T 188")
    size = data[10] + 13
    if len(data) < size:
        other = foreign(data)
        raise Wrong(
            f"a frame of {other}" if other else f"the frame has {len(data)} bytes, and says {size}"
        )
    total, said = sum(data[: size - 2]) & 0xFF, data[size - 2]
    if total != said:
        raise Wrong(f"the checksum is {said:02X}h, the bytes give {total:02X}h")
    if data[size - 1] != _END:
        raise Wrong(f"the frame ends with {data[size - 1]:02X}h, not 16h")
    return size


def answer(frame: bytes, received: datetime, digits: Order | None = None) -> Answer:
    """What a whole frame holds; Wrong where it is no answer with a reading.

    `received` is naive UTC, `digits` says which come first of meters without a driver.
    """
    control, data = frame[9], frame[11:-2]
    if not control & _ANSWER:
        raise Wrong(f"a frame to a meter, not from one: C field {control:02X}h")
    driver = _driver(frame[2:9])
    device = _number(frame[2:9], driver)
    if control & _ABNORMAL:
        raise Wrong(f"meter {device} answers that it can't: {data.hex(' ')}")
    if control & 0x3F != _READ or data[:2] not in _IDS:
        raise Wrong(f"an answer without a reading: C field {control:02X}h, {data[:2].hex()}")
    if len(data) not in _PLACES:
        raise Wrong(f"an answer of {len(data)} bytes; allowed: 46 of a heat meter, 22 of others")
    profile = driver.profile if driver else Profile(data=digits or "low")
    answers = _in_each_order(device, frame[1], data, profile, driver)
    return _chosen(answers, received, said=driver is not None or digits is not None)


def _number(address: bytes, driver: Driver | None) -> str:
    straight = driver is not None and driver.profile.address == "high"
    return (address if straight else address[::-1]).hex().upper()


def _driver(address: bytes) -> Driver | None:
    """The driver of the maker whose code the address has, in the order in which that maker sends it."""
    for digits in (address[::-1], address):
        found = driver_of("cjt188", digits[:2].hex().upper())
        if found and (found.profile.address == "high") == (digits is address):
            return found
    return None


def _in_each_order(
    device: str, kind: int, data: bytes, profile: Profile, driver: Driver | None
) -> list[Answer]:
    """The answer in every order in which its units are what they can be, the profile's first."""
    places, body = _PLACES[len(data)], data[3:]
    rest = body[5 * len(places) :]
    plain = [rest[at : at + 3] for at in range(0, len(rest) - 9, 3)]
    found = []
    for unit, digits in _orders(profile):
        groups = _units(body, places, unit, profile)
        if groups is None:
            continue
        values = tuple(
            (place, _high_first(raw, digits), code)
            for place, (raw, code) in zip(places, groups, strict=True)
        )
        read = tuple(_high_first(raw, digits) for raw in plain)
        clock = _clock(body, digits)
        found.append(Answer(device, kind, values, read, clock, body[-2:], driver, data[2]))
    if not found:
        raise Wrong(
            f"unit codes that no order of bytes explains: {body[: 5 * len(places)].hex(' ')}"
        )
    return found


def _chosen(answers: list[Answer], received: datetime, *, said: bool) -> Answer:
    """The answer in the order that its clock says, else in the first, where that is `said` to be the meter's.

    Clocks stop and begin anew, but none is months ahead. Wrong where orders that are left give different values.
    """
    timed = [each for each in answers if each.clock and each.clock - received <= _NEAR]
    near = [each for each in timed if each.clock and received - each.clock <= _NEAR]
    left = near or timed or answers
    first = left[0]
    if said or all((each.values, each.plain) == (first.values, first.plain) for each in left):
        return first
    raise Wrong(
        f"meter {first.device}: its digits can be read from either end, and its clock does not say "
        "from which; name it in `digits` of the feed"
    )


def _orders(profile: Profile) -> list[tuple[str, str]]:
    """(where the unit stands, which digits come first), the profile's before the others."""
    units = (profile.unit, *({"last", "first"} - {profile.unit}))
    digits = (profile.data, *({"low", "high"} - {profile.data}))
    return list(product(units, digits))


def _units(
    body: bytes, places: tuple[Place, ...], where: str, profile: Profile
) -> list[tuple[bytes, int]] | None:
    """(digits, unit code) of each value; None where a unit can't be that of its value."""
    found = []
    for i, place in enumerate(places):
        group = body[5 * i : 5 * i + 5]
        code, raw = (group[4], group[:4]) if where == "last" else (group[0], group[1:])
        code = profile.units.get(f"{code:02X}", code)
        if code not in place.units:
            return None
        found.append((raw, code))
    return found


def _high_first(raw: bytes, order: str) -> bytes:
    return raw if order == "high" else raw[::-1]


def _clock(body: bytes, order: str) -> datetime | None:
    """Year of four digits, month, day, hour, minute, second; None where that is no time."""
    digits = _high_first(body[-9:-2], order).hex()
    if not digits.isdecimal() or not 1990 <= int(digits[:4]) < 2100:
        return None
    month, day, hour, minute, second = (int(digits[i : i + 2]) for i in range(4, 14, 2))
    try:
        return datetime(int(digits[:4]), month, day, hour, minute, second)  # noqa: DTZ001  # no meter knows a zone
    except ValueError:
        return None
