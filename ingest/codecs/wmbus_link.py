"""Link layer of wireless M-Bus, EN 13757-4: frame formats A and B, with or without their checksums."""

from dataclasses import dataclass

from ingest.codecs.mbus_frames import digits_of, manufacturer_of
from ingest.codecs.mbus_records import Wrong

#: L, C, M, A and CI; a shorter frame has no meter. [bytes]
_LEAST = 11
_BLOCK, _FIRST_A, _FIRST_B = 16, 10, 126


@dataclass(frozen=True, slots=True)
class Link:
    """Who sent a frame, and what it holds."""

    control: int
    address: bytes  # M and A fields: manufacturer, number, version, medium as sent
    data: bytes  # CI field and what follows

    @property
    def manufacturer(self) -> str:
        return manufacturer_of(self.address[:2])

    @property
    def device(self) -> str:
        return digits_of(self.address[2:6])


def link_of(frame: bytes) -> Link:
    """A frame by its L field, without its checksums; Wrong where a byte is missing or too many."""
    if len(frame) < _LEAST:
        raise Wrong(f"a frame of {len(frame)} bytes, shorter than any of wireless M-Bus")
    plain = _without_a(frame) or _without_b(frame) or frame
    if len(plain) != plain[0] + 1:
        raise Wrong(f"the frame has {len(frame)} bytes, and says {frame[0] + 1}")
    if plain[0] + 1 < _LEAST:
        raise Wrong("a frame without data")
    return Link(plain[1], plain[2:10], plain[10:])


def crc(data: bytes) -> int:
    """CRC of EN 13757-4, 12.5.3: x16+x13+x12+x11+x10+x8+x6+x5+x2+1, complemented.

    >>> hex(crc(b"123456789"))
    '0xc2b7'
    """
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = value << 1 ^ (0x3D65 if value & 0x8000 else 0)
        value &= 0xFFFF
    return value ^ 0xFFFF


def _summed(block: bytes) -> bool:
    return crc(block[:-2]) == int.from_bytes(block[-2:], "big")


def _without_a(frame: bytes) -> bytes | None:
    """Format A: the first ten bytes, then each sixteen, have a checksum that L does not count."""
    size = frame[0] + 1
    blocks = 1 + -(-max(0, size - _FIRST_A) // _BLOCK)
    if len(frame) != size + 2 * blocks:
        return None
    plain, at = b"", 0
    while at < len(frame):
        step = (_BLOCK if at else _FIRST_A) + 2
        block = frame[at : at + step]
        if not _summed(block):
            raise Wrong(f"the checksum of the block at byte {at} is wrong")
        plain, at = plain + block[:-2], at + step
    return plain


def _without_b(frame: bytes) -> bytes | None:
    """Format B: a checksum at the end, and one more behind 126 bytes where there is more; L counts them."""
    if len(frame) != frame[0] + 1 or len(frame) < _LEAST + 2:
        return None
    first, second = frame[: _FIRST_B + 2], frame[_FIRST_B + 2 :]
    if not _summed(first) or (second and not _summed(second)):
        return None  # no checksums
    plain = first[:-2] + second[:-2]
    return bytes([len(plain) - 1]) + plain[1:]
