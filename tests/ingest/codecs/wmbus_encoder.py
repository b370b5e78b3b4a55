"""Telegrams of wireless M-Bus as a meter sends them, encrypted by another library's plain AES.

Written from EN 13757-4, -7 and OMS volume 2 alone; CBC, CTR and CMAC are built here of single blocks.
"""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.ingest.codecs.mbus_encoder import Meter, Value

KEY = bytes.fromhex("000102030405060708090a0b0c0d0e0f")


def block(key: bytes, data: bytes) -> bytes:
    """One block of AES-128, encrypted."""
    made = Cipher(algorithms.AES128(key), modes.ECB()).encryptor()
    return made.update(data) + made.finalize()


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


def cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    made = b""
    for at in range(0, len(data), 16):
        start = block(key, xor(data[at : at + 16], start))
        made += start
    return made


def ctr(key: bytes, start: bytes, data: bytes) -> bytes:
    made, number = b"", int.from_bytes(start, "big")
    for at in range(0, len(data), 16):
        made += xor(data[at : at + 16], block(key, (number + at // 16).to_bytes(16, "big")))
    return made


def cmac(key: bytes, data: bytes) -> bytes:
    """RFC 4493, 2.4."""

    def doubled(value: bytes) -> bytes:
        number = int.from_bytes(value, "big") << 1
        carry = number >> 128
        return (number & ((1 << 128) - 1) ^ (0x87 if carry else 0)).to_bytes(16, "big")

    one = doubled(block(key, bytes(16)))
    full = data and len(data) % 16 == 0
    last = len(data) - (16 if full else len(data) % 16)
    end = data[last:] if full else (data[last:] + b"\x80").ljust(16, b"\0")
    state = bytes(16)
    for at in range(0, last, 16):
        state = block(key, xor(state, data[at : at + 16]))
    return block(key, xor(state, xor(end, one if full else doubled(one))))


def address(meter: Meter) -> bytes:
    """M and A fields."""
    number = bytes.fromhex(f"{meter.number:08d}")[::-1]
    return meter.manufacturer() + number + bytes([meter.version, meter.medium])


def framed(meter: Meter, data: bytes, *, control: int = 0x44) -> bytes:
    body = bytes([control]) + address(meter) + data
    return bytes([len(body)]) + body


def records(*values: Value, behind: int = 0) -> bytes:
    """Two fillers that prove the key, records, and fillers up to whole blocks."""
    made = b"\x2f\x2f" + b"".join(each.encoded() for each in values)
    return made + b"\x2f" * (-len(made) % 16 + behind)


def short(meter: Meter, word: int, data: bytes) -> bytes:
    """CI 7A: access number, status, configuration word."""
    return bytes([0x7A, meter.access, meter.status]) + word.to_bytes(2, "little") + data


def mode_5(meter: Meter, *values: Value, key: bytes = KEY) -> bytes:
    plain = records(*values)
    start = address(meter) + bytes([meter.access]) * 8
    return framed(meter, short(meter, 0x0500 | len(plain) // 16 << 4, cbc(key, start, plain)))


def mode_7(meter: Meter, *values: Value, key: bytes = KEY, counter: int = 4711) -> bytes:
    """With an authentication layer: message counter and a code of eight bytes."""
    plain, said = records(*values), counter.to_bytes(4, "little")
    number = address(meter)[2:6]
    own, check = (cmac(key, bytes([i]) + said + number + b"\x07" * 7) for i in (0, 1))
    transport = short(meter, 0x0700 | len(plain) // 16 << 4, b"\x10" + cbc(own, bytes(16), plain))
    code = cmac(check, b"\x25" + said + transport)[:8]
    layer = b"\x00\x2c\x25" + said + code
    return framed(meter, b"\x90" + bytes([len(layer)]) + layer + transport)


def checksum(data: bytes) -> bytes:
    """CRC of EN 13757-4, by division of polynomials, the highest byte first."""
    rest = int.from_bytes(data, "big") << 16
    divisor = 0x13D65
    for shift in range(rest.bit_length() - 17, -1, -1):
        if rest >> shift + 16 & 1:
            rest ^= divisor << shift
    return (rest ^ 0xFFFF).to_bytes(2, "big")


def session(meter: Meter, data: bytes, *, key: bytes | None = KEY, number: int = 0x12345) -> bytes:
    """CI 8D: an extended link layer, encrypted by counter where there is a key."""
    said = (number | (1 << 29 if key else 0)).to_bytes(4, "little")
    whole = checksum(data)[::-1] + data
    if key:
        whole = ctr(key, address(meter) + b"\x20" + said + bytes(3), whole)
    return framed(meter, b"\x8d\x20" + bytes([meter.access]) + said + whole)


def format_a(frame: bytes) -> bytes:
    """With a checksum behind ten bytes, and behind each sixteen after them."""
    parts = [frame[:10], *(frame[at : at + 16] for at in range(10, len(frame), 16))]
    return b"".join(part + checksum(part) for part in parts)


def format_b(frame: bytes) -> bytes:
    """With one checksum, or a second one behind 126 bytes; L counts them."""
    count = 2 if len(frame) <= 126 else 4
    frame = bytes([frame[0] + count]) + frame[1:]
    parts = [frame[:126], frame[126:]]
    return b"".join(part + checksum(part) for part in parts if part)
