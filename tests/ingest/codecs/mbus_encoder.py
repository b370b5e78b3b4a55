"""Frames of M-Bus as a meter makes them: written from EN 13757 alone, knowing nothing of the decoder."""

import struct
from dataclasses import dataclass, field

#: Whole numbers of so many bytes, and packed decimal digits of so many.
INTEGERS = {1: 0x1, 2: 0x2, 3: 0x3, 4: 0x4, 6: 0x6, 8: 0x7}
DIGITS = {2: 0x9, 4: 0xA, 6: 0xB, 8: 0xC, 12: 0xE}


@dataclass(frozen=True)
class Value:
    """A record before it is bytes."""

    vif: bytes  # with their extension bits
    field: int
    data: bytes
    function: int = 0
    storage: int = 0
    tariff: int = 0
    unit: int = 0

    def encoded(self) -> bytes:
        """DIF, as many DIFE as the numbers need, VIF and data."""
        dif = self.field | self.function << 4 | (self.storage & 1) << 6
        storage, tariff, unit, dife = self.storage >> 1, self.tariff, self.unit, bytearray()
        while storage or tariff or unit:
            dife.append(storage & 15 | (tariff & 3) << 4 | (unit & 1) << 6)
            storage, tariff, unit = storage >> 4, tariff >> 2, unit >> 1
        chain = [dif, *dife]
        linked = bytes(each | 0x80 for each in chain[:-1]) + bytes(chain[-1:])
        return linked + self.vif + self.data


def integer(vif: str, number: int, size: int = 4, **numbers: int) -> Value:
    """A record with a whole number of `size` bytes."""
    data = number.to_bytes(size, "little", signed=True)
    return Value(bytes.fromhex(vif), INTEGERS[size], data, **numbers)


def decimal(vif: str, number: int, digits: int = 8, **numbers: int) -> Value:
    """A record with packed digits; F before a negative one."""
    text = f"{abs(number):0{digits}d}"
    text = "f" + text[1:] if number < 0 else text
    return Value(bytes.fromhex(vif), DIGITS[digits], bytes.fromhex(text)[::-1], **numbers)


def real(vif: str, number: float, **numbers: int) -> Value:
    """A record with a 32-bit float, [1]."""
    return Value(bytes.fromhex(vif), 0x5, struct.pack("<f", number), **numbers)


def variable(vif: str, kind: int, data: bytes, **numbers: int) -> Value:
    """A record of variable length."""
    return Value(bytes.fromhex(vif), 0xD, bytes([kind]) + data, **numbers)


def clock(year: int, month: int, day: int, hour: int, minute: int, **numbers: int) -> Value:
    """The meter's date and time (type F)."""
    year %= 100
    raw = bytes([minute, hour, day | (year & 7) << 5, month | year >> 3 << 4])
    return Value(b"\x6d", 0x4, raw, **numbers)


def day(year: int, month: int, on: int, **numbers: int) -> Value:
    """A date (type G)."""
    year %= 100
    return Value(b"\x6c", 0x2, bytes([on | (year & 7) << 5, month | year >> 3 << 4]), **numbers)


@dataclass(frozen=True)
class Meter:
    """What a header says."""

    number: int = 12345678
    maker: str = "HEW"
    version: int = 1
    medium: int = 4
    access: int = 7
    status: int = 0
    word: bytes = field(default=b"\0\0")

    def manufacturer(self) -> bytes:
        code = 0
        for letter in self.maker:
            code = code * 32 + ord(letter) - 64
        return code.to_bytes(2, "little")

    def header(self) -> bytes:
        number = bytes.fromhex(f"{self.number:08d}")[::-1]
        rest = bytes([self.version, self.medium, self.access, self.status])
        return number + self.manufacturer() + rest + self.word


def long_frame(user: bytes, *, control: int = 0x08, address: int = 1) -> bytes:
    """68 L L 68 C A user data checksum 16."""
    body = bytes([control, address]) + user
    return bytes([0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) & 255, 0x16])


def frame(*values: Value, meter: Meter | None = None, behind: bytes = b"") -> bytes:
    """A frame of variable structure."""
    records = b"".join(each.encoded() for each in values)
    return long_frame(b"\x72" + (meter or Meter()).header() + records + behind)
