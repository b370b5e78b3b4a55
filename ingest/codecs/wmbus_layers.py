"""Layers above the link of wireless M-Bus: extended link, authentication, transport (EN 13757-4 and -7).

A layer says how the next is read; at the end stand the records of a meter, decrypted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.codecs import wmbus_security as aes
from ingest.codecs.mbus_frames import Header, digits_of, manufacturer_of
from ingest.codecs.mbus_records import Wrong
from ingest.codecs.wmbus_link import Link, crc

#: Extended link layers: CI -> (bytes of the receiver's address, whether there is a session number).
_EXTENDED = {0x8C: (0, False), 0x8D: (0, True), 0x8E: (8, False), 0x8F: (8, True)}
_AUTHENTICATION = 0x90
#: CI of the transport layer -> (bytes of header, whether it is a compact frame).
_TRANSPORT = {
    0x72: (12, False), 0x7A: (4, False), 0x78: (0, False),
    0x73: (12, True), 0x7B: (4, True), 0x79: (0, True),
}  # fmt: skip
_PLAIN, _MODE_5, _MODE_7 = 0, 5, 7
#: A session number without the three bits that say how it encrypts (EN 13757-4, extended link layer).
_SESSION = (1 << 29) - 1
#: AT of MCL -> bytes of the authentication code.
_CODES = {3: 2, 4: 4, 5: 8, 6: 12, 7: 16}

Key = Callable[[str], bytes | None]  # of a meter by its number


@dataclass(frozen=True, slots=True)
class Counter:
    """What numbers the telegrams of a meter, proven by its key: it never falls."""

    kind: str
    number: int
    of_key: str  # another key begins anew


@dataclass(frozen=True, slots=True)
class Content:
    """The records of a telegram, in full or without their heads."""

    header: Header
    data: bytes
    compact: bool
    extended: bool  # it came with an extended link layer, as compact frames do
    counter: Counter | None = None
    unproven: int = 0  # bytes behind the encrypted ones that are left out, as no key proves them


@dataclass(frozen=True, slots=True)
class _Message:
    """What the layers before have said."""

    address: bytes  # manufacturer, number, version, medium of the meter
    data: bytes  # CI and what follows
    extended: bool = False
    session: Counter | None = None  # of an extended link layer that a key has decrypted
    counter: bytes | None = None  # message counter
    code: bytes | None = None  # authentication code
    of_code: bytes = b""  # what of the layer the code counts


def content_of(link: Link, key: Key, *, decrypted: bool = False) -> Content:
    """The records in a frame; Wrong where a layer is none that is known, or a key does not prove it.

    Of a meter whose key is known only what this key proves is read, unless the receiver is said to
    hand over what it has `decrypted` itself.
    """
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
    return _transport(message, key, decrypted)


def _taken(data: bytes, count: int) -> bytes:
    if len(data) < count:
        raise Wrong(f"a header of {count} bytes in {len(data)}")
    return data[:count]


def _extended(message: _Message, key: Key) -> _Message:
    """Without the layer; whom it addresses (CI 8E, 8F) is the receiver, who is not the meter."""
    second, session = _EXTENDED[message.data[0]]
    size = 3 + second + (6 if session else 0)
    head = _taken(message.data, size)
    found = replace(message, data=message.data[size:], extended=True)
    if not session:
        return found
    number, checksum = head[size - 6 : size - 2], head[-2:]
    return _of_session(found, message.address, head[1], number, checksum, key)


def _of_session(
    message: _Message, address: bytes, control: int, session: bytes, checksum: bytes, key: Key
) -> _Message:
    """What follows a session number, decrypted where it is; its checksum tells."""
    said = int.from_bytes(checksum, "little")
    if crc(message.data) == said:
        return message
    if session[3] >> 5 != 1:
        raise Wrong("the checksum of the payload is wrong")
    device = digits_of(address[2:6])
    start = aes.start_of_extended(address, control, session)
    secret = _key(key, device, "AES-CTR")
    whole = aes.ctr(secret, start, checksum + message.data)
    if crc(whole[2:]) != int.from_bytes(whole[:2], "little"):
        raise Wrong(f"the key of meter {device} does not fit")
    number = int.from_bytes(session, "little") & _SESSION
    counter = Counter("session", number, aes.name_of(secret))
    return replace(message, data=whole[2:], session=counter)


def _authentication(message: _Message) -> _Message:
    size = _taken(message.data, 2)[1]
    layer, rest = _taken(message.data, 2 + size)[2:], message.data[2 + size :]
    control = int.from_bytes(_taken(layer, 2), "little")
    if control & 0x4000:
        raise Wrong("a message in fragments is not read")
    at, counted, counter, code = 2, b"", None, None
    kind = 0
    if control & 0x2000:
        kind, counted, at = _at(layer, at, 1)[0], _at(layer, at, 1), at + 1
    if control & 0x0200:
        at += 2
    if control & 0x0800:
        counter, at = _at(layer, at, 4), at + 4
        counted += counter
    if control & 0x0400:
        if kind & 0x0F not in _CODES:
            raise Wrong(f"an authentication code of kind {kind & 0x0F} is not read")
        count = _CODES[kind & 0x0F]
        code, at = _at(layer, at, count), at + count
    if control & 0x1000:
        counted += _at(layer, at, 2)
    return replace(message, data=rest, counter=counter, code=code, of_code=counted)


def _at(data: bytes, at: int, count: int) -> bytes:
    return _taken(data[at:], count)


# -- transport layer -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Body:
    """What follows the header: its security mode, and how much is encrypted."""

    mode: int
    size: int  # bytes
    data: bytes

    @property
    def plain(self) -> bool:
        """Whether it can be read as it is: never encrypted, or decrypted by the receiver."""
        return not self.size or self.data[:2] == aes.VERIFIED


def _transport(message: _Message, key: Key, decrypted: bool) -> Content:
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
    body = _body(int.from_bytes(word, "little"), data)
    found = Content(header, body.data, compact, message.extended, message.session)
    secret = key(header.device)
    if body.plain and (secret is None or decrypted):
        return found
    if secret is None:
        secret = _key(key, header.device, f"mode {body.mode}")
    return _proven(found, message, body, secret)


def _body(word: int, data: bytes) -> _Body:
    """What follows the header, by its configuration word."""
    mode, blocks = word >> 8 & 0x1F, word >> 4 & 0x0F
    if mode == _PLAIN:
        return _Body(mode, 0, data)
    if mode not in {_MODE_5, _MODE_7}:
        raise Wrong(f"security mode {mode} is not read; allowed: 0, 5, 7")
    if mode == _MODE_7:
        _taken(data, 1)
        data = data[1:]
    return _Body(mode, blocks * aes.BLOCK, data)


def _proven(found: Content, message: _Message, body: _Body, secret: bytes) -> Content:
    """What the key of the meter proves of a telegram; Wrong where it proves nothing."""
    device = found.header.device
    if message.code is not None:
        counter = _checked(message, device, secret)
        found = replace(found, counter=Counter("message", counter, aes.name_of(secret)))
    whole = message.code is not None or message.session is not None
    if not body.size:
        if not whole:
            raise Wrong(
                f"meter {device} has a key, and its telegram is not encrypted: forged, or decrypted by "
                "the receiver, which `decrypted = true` of the feed allows"
            )
        return found
    if len(body.data) < body.size:
        raise Wrong(f"{body.size} bytes are encrypted, and {len(body.data)} there")
    clear = _decrypted(message, found.header, body, secret)
    if clear[:2] != aes.VERIFIED:
        raise Wrong(f"the key of meter {device} does not fit")
    rest = body.data[body.size :]
    if whole:
        return replace(found, data=clear + rest)
    return replace(found, data=clear, unproven=len(rest.strip(b"\x2f")))


def _checked(message: _Message, device: str, secret: bytes) -> int:
    """The message counter, where the authentication code is that of the key; else Wrong."""
    if message.counter is None:
        raise Wrong("an authentication code without a message counter")
    own = aes.authentication_key(secret, message.counter, message.address[2:6])
    made = aes.cmac(own, message.of_code + message.data)
    if made[: len(message.code or b"")] != message.code:
        raise Wrong(f"the authentication code is wrong, or the key of meter {device}")
    return int.from_bytes(message.counter, "little")


def _decrypted(message: _Message, header: Header, body: _Body, key: bytes) -> bytes:
    """The encrypted bytes in the clear, whatever they are."""
    data = body.data[: body.size]
    if body.mode == _MODE_5:
        return aes.cbc(key, aes.start_of_mode_5(message.address, header.access), data)
    if message.counter is None:
        raise Wrong("security mode 7 without a message counter")
    if message.code is None:
        raise Wrong("security mode 7 without an authentication code")
    own = aes.key_of_mode_7(key, message.counter, message.address[2:6])
    return aes.cbc(own, bytes(16), data)


def _key(key: Key, device: str, how: str) -> bytes:
    found = key(device)
    if found is None:
        raise Wrong(f"meter {device} encrypts ({how}), and no key of it is there")
    return found
