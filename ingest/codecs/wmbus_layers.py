"""Layers above the link of wireless M-Bus: extended link, authentication, transport (EN 13757-4 and -7).

A layer says how the next is read; at the end stand the records of a meter, decrypted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.codecs import wmbus_security as aes
from ingest.codecs.mbus_frames import Header, digits_of, manufacturer_of
from ingest.codecs.mbus_records import Wrong
from ingest.codecs.wmbus_link import Link, crc

#: Extended link layers: CI -> (bytes of a second address, whether there is a session number).
_EXTENDED = {0x8C: (0, False), 0x8D: (0, True), 0x8E: (8, False), 0x8F: (8, True)}
_AUTHENTICATION = 0x90
#: CI of the transport layer -> (bytes of header, whether it is a compact frame).
_TRANSPORT = {
    0x72: (12, False), 0x7A: (4, False), 0x78: (0, False),
    0x73: (12, True), 0x7B: (4, True), 0x79: (0, True),
}  # fmt: skip
_PLAIN, _MODE_5, _MODE_7 = 0, 5, 7
#: AT of MCL -> bytes of the authentication code.
_CODES = {3: 2, 4: 4, 5: 8, 6: 12, 7: 16}

Key = Callable[[str], bytes | None]  # of a meter by its number


@dataclass(frozen=True, slots=True)
class Content:
    """The records of a telegram, in full or without their heads."""

    header: Header
    data: bytes
    compact: bool
    extended: bool  # it came with an extended link layer, as compact frames do


@dataclass(frozen=True, slots=True)
class _Message:
    """What the layers before have said."""

    address: bytes  # manufacturer, number, version, medium of the meter
    data: bytes  # CI and what follows
    extended: bool = False
    counter: bytes | None = None  # message counter
    code: bytes = b""  # authentication code
    of_code: bytes = b""  # what of the layer the code counts


def content_of(link: Link, key: Key) -> Content:
    """The records in a frame; Wrong where a layer is none that is known, or no key fits."""
    message = _Message(link.address, link.data)
    if message.data[0] in _EXTENDED:
        message = _extended(message, key)
    if message.data[:1] == bytes([_AUTHENTICATION]):
        message = _authentication(message)
    if not message.data:
        raise Wrong("a frame without data")
    ci = message.data[0]
    if ci not in _TRANSPORT:
        raise Wrong(f"CI field {ci:02X}h is none with values")
    return _transport(message, key)


def _taken(data: bytes, count: int) -> bytes:
    if len(data) < count:
        raise Wrong(f"a header of {count} bytes in {len(data)}")
    return data[:count]


def _extended(message: _Message, key: Key) -> _Message:
    second, session = _EXTENDED[message.data[0]]
    size = 3 + second + (6 if session else 0)
    head = _taken(message.data, size)
    address = head[3:11] if second else message.address
    rest = message.data[size:]
    if session:
        rest = _of_session(
            message.address, head[1], head[size - 6 : size - 2], head[-2:], rest, key
        )
    return replace(message, address=address, data=rest, extended=True)


def _of_session(
    address: bytes, control: int, session: bytes, checksum: bytes, data: bytes, key: Key
) -> bytes:
    """What follows a session number, decrypted where it is; its checksum tells."""
    said = int.from_bytes(checksum, "little")
    if crc(data) == said:
        return data
    if session[3] >> 5 != 1:
        raise Wrong("the checksum of the payload is wrong")
    device = digits_of(address[2:6])
    start = aes.start_of_extended(address, control, session)
    whole = aes.ctr(_key(key, device, "AES-CTR"), start, checksum + data)
    if crc(whole[2:]) != int.from_bytes(whole[:2], "little"):
        raise Wrong(f"the key of meter {device} does not fit")
    return whole[2:]


def _authentication(message: _Message) -> _Message:
    size = _taken(message.data, 2)[1]
    layer, rest = _taken(message.data, 2 + size)[2:], message.data[2 + size :]
    control = int.from_bytes(_taken(layer, 2), "little")
    if control & 0x4000:
        raise Wrong("a message in fragments is not read")
    at, counted, counter, code = 2, b"", None, b""
    kind = 0
    if control & 0x2000:
        kind, counted, at = _at(layer, at, 1)[0], _at(layer, at, 1), at + 1
    if control & 0x0200:
        at += 2
    if control & 0x0800:
        counter, at = _at(layer, at, 4), at + 4
        counted += counter
    if control & 0x0400:
        count = _CODES.get(kind & 0x0F, 0)
        code, at = _at(layer, at, count), at + count
    if control & 0x1000:
        counted += _at(layer, at, 2)
    return replace(message, data=rest, counter=counter, code=code, of_code=counted)


def _at(data: bytes, at: int, count: int) -> bytes:
    return _taken(data[at:], count)


# -- transport layer -------------------------------------------------------------------------


def _transport(message: _Message, key: Key) -> Content:
    ci = message.data[0]
    size, compact = _TRANSPORT[ci]
    head, data = _taken(message.data[1:], size), message.data[1 + size :]
    address = head[4:6] + head[:4] + head[6:8] if size == 12 else message.address
    access, status, word = (head[-4], head[-3], head[-2:]) if size else (0, 0, b"\0\0")
    header = Header(
        digits_of(address[2:6]),
        manufacturer_of(address[:2]),
        address[6],
        address[7],
        access,
        status,
    )
    message = replace(message, address=address)
    plain = _decrypted(message, header, int.from_bytes(word, "little"), data, key)
    return Content(header, plain, compact, message.extended)


def _decrypted(message: _Message, header: Header, word: int, data: bytes, key: Key) -> bytes:
    """The records by the configuration word; some receivers pass them on decrypted already."""
    mode, blocks = word >> 8 & 0x1F, word >> 4 & 0x0F
    if mode == _PLAIN:
        return data
    if mode not in {_MODE_5, _MODE_7}:
        raise Wrong(f"security mode {mode} is not read; allowed: 0, 5, 7")
    if mode == _MODE_7:
        _taken(data, 1)
        data = data[1:]
    size = blocks * aes.BLOCK
    if not size:
        return data
    known = key(header.device)
    if known is None and data[:2] == aes.VERIFIED:
        return data
    secret = _key(key, header.device, f"mode {mode}")
    if len(data) < size:
        raise Wrong(f"{size} bytes are encrypted, and {len(data)} there")
    clear = _clear(message, header, mode, secret, data[:size])
    if clear[:2] == aes.VERIFIED:
        return clear + data[size:]
    if data[:2] == aes.VERIFIED:
        return data
    raise Wrong(f"the key of meter {header.device} does not fit")


def _clear(message: _Message, header: Header, mode: int, key: bytes, data: bytes) -> bytes:
    if mode == _MODE_5:
        return aes.cbc(key, aes.start_of_mode_5(message.address, header.access), data)
    if message.counter is None:
        raise Wrong("security mode 7 without a message counter")
    number = message.address[2:6]
    if message.code:
        own = aes.authentication_key(key, message.counter, number)
        made = aes.cmac(own, message.of_code + message.data)[: len(message.code)]
        if made != message.code and data[:2] != aes.VERIFIED:
            raise Wrong(f"the authentication code is wrong, or the key of meter {header.device}")
    return aes.cbc(aes.key_of_mode_7(key, message.counter, number), bytes(16), data)


def _key(key: Key, device: str, how: str) -> bytes:
    found = key(device)
    if found is None:
        raise Wrong(f"meter {device} encrypts ({how}), and no key of it is there")
    return found
