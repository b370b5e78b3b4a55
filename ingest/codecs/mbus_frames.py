"""Frames of wired M-Bus: link layer of EN 13757-2 (FT 1.2), headers of the application layer."""

from dataclasses import dataclass

from ingest.codecs.frame_kinds import foreign
from ingest.codecs.mbus_records import (
    INSTANT,
    Record,
    Records,
    Wrong,
    digits_number,
    number_of,
    read_records,
)
from ingest.codecs.mbus_vif import Meaning, scaled

_START, _END, _ACK = 0x68, 0x16, 0xE5
_LONG_HEADER, _FIXED, _NO_HEADER, _SHORT_HEADER = 0x72, 0x73, 0x78, 0x7A
_ERROR = 0x70
#: Records whose values have the highest byte first: nobody sends them any more.
_MODE_2 = frozenset({0x76, 0x77})
#: Modes of security of a configuration word, which wired meters had as a signature.
_ENCRYPTED = frozenset({5, 7})
_ERRORS = (
    "unspecified", "unknown CI", "buffer too long", "too many records", "premature end of record",
    "more than 10 DIFE", "more than 10 VIFE", "reserved", "too busy", "too many readouts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """Which meter speaks, and what it says of itself."""

    device: str  # eight digits, as on its plate; "" where the frame does not say
    manufacturer: str  # three letters (FLAG)
    version: int
    medium: int  # EN 13757-3:2018, table 13: 4 is heat in the return
    access: int
    status: int

    @property
    def code(self) -> str:
        """The device's code in the registry: makers give out the same numbers, and so do they for each medium."""
        plain = not self.manufacturer
        return self.device if plain else f"{self.manufacturer}.{self.device}.{self.medium:02X}"

    @property
    def formerly(self) -> tuple[str, ...]:
        """Its number alone, as a registry may have it, also without leading zeros."""
        known = dict.fromkeys((self.device, self.device.lstrip("0")))
        return tuple(each for each in known if each and each != self.code)


@dataclass(frozen=True, slots=True)
class Telegram:
    """One frame of a meter."""

    header: Header
    records: Records


def manufacturer_of(raw: bytes) -> str:
    """Three letters of five bits each.

    >>> manufacturer_of(bytes.fromhex("2d2c"))
    'KAM'
    """
    code = int.from_bytes(raw[:2], "little")
    return "".join(chr(64 + (code >> shift & 0x1F)) for shift in (10, 5, 0))


def digits_of(raw: bytes) -> str:
    """The number of a meter, the last two digits first."""
    return raw[::-1].hex().upper()


def split(data: bytes) -> list[bytes]:
    """The user data (CI and what follows) of each frame; Wrong where a byte is none of a frame."""
    found, at = [], 0
    while at < len(data):
        if data[at] == _ACK and len(data) > at + 1:
            at += 1
            continue
        size = _whole(data, at)
        found.append(data[at + 6 : at + size - 2])
        at += size
    return found


def _whole(data: bytes, at: int) -> int:
    """Length of the frame at this byte, its sum checked. [bytes]"""
    left = len(data) - at
    if data[at] != _START:
        other = foreign(data[at:])
        raise Wrong(f"a frame of {other}" if other else f"no frame of M-Bus: {data[at]:02X}h")
    if left < 4 or data[at + 1] != data[at + 2] or data[at + 3] != _START:
        other = foreign(data[at:])
        raise Wrong(f"a frame of {other}" if other else "no long frame of M-Bus: 68 L L 68")
    size = data[at + 1] + 6
    if data[at + 1] < 3 or left < size:
        raise Wrong(f"the frame has {left} bytes, and says {size}")
    total, said = sum(data[at + 4 : at + size - 2]) & 0xFF, data[at + size - 2]
    if total != said:
        raise Wrong(f"the checksum is {said:02X}h, the bytes give {total:02X}h")
    if data[at + size - 1] != _END:
        raise Wrong(f"the frame ends with {data[at + size - 1]:02X}h, not 16h")
    if data[at + 4] & 0x40:
        raise Wrong(f"a frame to a meter, not from one: C field {data[at + 4]:02X}h")
    return size


def telegram(user: bytes) -> Telegram:
    """A frame's user data by its CI field; Wrong where it holds no values."""
    if not user:
        raise Wrong("a frame without data")
    ci, data = user[0], user[1:]
    if ci == _LONG_HEADER:
        header = _long_header(data)
        if data[11] & 0x1F in _ENCRYPTED and data[10] >> 4:
            raise Wrong("the records are encrypted, which wired M-Bus does not do")
        return Telegram(header, read_records(data[12:]))
    if ci == _FIXED:
        return _fixed(data)
    if ci in {_NO_HEADER, _SHORT_HEADER}:
        body = data if ci == _NO_HEADER else data[4:]
        status, access = (data[1], data[0]) if ci == _SHORT_HEADER and len(data) > 3 else (0, 0)
        return Telegram(Header("", "", 0, 0, access, status), read_records(body))
    if ci == _ERROR:
        code = data[0] if data else 0
        said = _ERRORS[code] if code < len(_ERRORS) else "reserved"
        raise Wrong(f"the meter reports an error of its application layer: {code} ({said})")
    if ci in _MODE_2:
        raise Wrong(f"CI field {ci:02X}h: highest byte first (mode 2) is not read")
    raise Wrong(f"CI field {ci:02X}h is none with values")


def _long_header(data: bytes) -> Header:
    if len(data) < 12:
        raise Wrong(f"the header has {len(data)} bytes, not 12")
    return Header(
        digits_of(data[:4]), manufacturer_of(data[4:6]), data[6], data[7], data[8], data[9]
    )


# -- fixed structure (EN 13757-3:2004, 5) ----------------------------------------------------

#: Unit codes from 02h on: (name, quantity, unit, exponent), three multiples each.
_STEPS = (
    ("energy", "W.h", 0), ("energy", "W.h", 3), ("energy", "W.h", 6), ("energy", "J", 3),
    ("energy", "J", 6), ("energy", "J", 9), ("power", "W", 0), ("power", "W", 3),
    ("power", "W", 6), ("power", "kJ/h", 0), ("power", "kJ/h", 3), ("power", "GJ/h", 0),
    ("volume", "m3", -6), ("volume", "m3", -3), ("volume", "m3", 0), ("flow", "m3/h", -6),
    ("flow", "m3/h", -3), ("flow", "m3/h", 0),
)  # fmt: skip
_TEMPERATURE, _COST_UNITS, _SAME_BUT_KEPT = 0x38, 0x39, 0x3E


def _fixed(data: bytes) -> Telegram:
    if len(data) != 16:
        raise Wrong(f"the fixed structure has {len(data)} bytes, not 16")
    status, first, second = data[5], data[6], data[7]
    medium = first >> 6 | (second & 0xC0) >> 4
    header = Header(digits_of(data[:4]), "", 0, medium, data[4], status & 0xFC)
    kept = bool(status & 2)  # at a fixed day instead of now
    codes = [first & 0x3F, second & 0x3F]
    counters = []
    for i, code in enumerate(codes):
        raw = data[8 + 4 * i : 12 + 4 * i]
        same = code == _SAME_BUT_KEPT
        meaning = _fixed_unit(codes[0] if same else code)
        if meaning is not None:
            counters.append(_counter(meaning, raw, bool(status & 1), kept or same))
    return Telegram(header, Records(tuple(counters), b"", False))


def _fixed_unit(code: int) -> Meaning | None:
    if 0x02 <= code < 0x02 + 3 * len(_STEPS):
        name, unit, exponent = _STEPS[(code - 2) // 3]
        return Meaning(name, name, unit, exponent + (code - 2) % 3)
    if code == _TEMPERATURE:
        return Meaning("temperature", "temperature", "Cel", -3)
    return Meaning("heat_cost_units", "heat_cost_units", "1") if code == _COST_UNITS else None


def _counter(meaning: Meaning, raw: bytes, binary: bool, kept: bool) -> Record:
    number = number_of(raw) if binary else digits_number(raw)
    value = None if number is None else scaled(number, meaning)
    return Record(meaning, value, INSTANT, int(kept), 0, 0, b"", number is None)
