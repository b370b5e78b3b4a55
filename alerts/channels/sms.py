"""How a text becomes short messages, and back (3GPP 23.038, 23.040).

Out: GSM 03.38 seven-bit where it fits, else UCS-2. In: whatever a phone writes.
"""

from dataclasses import dataclass

#: Characters with one code in GSM 03.38 and in ASCII: message centres differ in which of the
#: two they take as the default alphabet, so everything else ("@", "_", "$", ...) goes as UCS-2.
SAME = frozenset(
    " !\"#%&'()*+,-./0123456789:;<=>?\n\rABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

DEFAULT_ALPHABET, UCS2 = 0x00, 0x08  # data_coding, SMPP 3.4 section 5.2.19
LATIN_1, GBK = 0x03, 0x0F  # the latter is what centres in China write
PLAIN, WITH_HEADER = 0x00, 0x40  # esm_class, section 5.2.12
#: Octets of one message and of a part behind its header; seven-bit text travels one octet a character.
ONE = {DEFAULT_ALPHABET: 160, UCS2: 140}
PART = {DEFAULT_ALPHABET: 153, UCS2: 134}

#: GSM 03.38's default alphabet by code, and what stands behind the escape 0x1B.
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]",
    0x40: "|", 0x65: "€",
}  # fmt: skip
#: Information elements of a header that say which part this is: 8 and 16 bits of reference.
PARTS_8, PARTS_16 = 0x00, 0x08


#: The number of a part has one octet.
MOST_PARTS = 255


class TooLong(ValueError):
    """More parts than can be numbered."""

    def __init__(self, parts: int) -> None:
        super().__init__(f"{parts} parts, of at most {MOST_PARTS}")
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Encoded:
    """What goes into submit_sm, one `octets` a part."""

    data_coding: int
    esm_class: int
    octets: tuple[bytes, ...]


def encode(text: str, reference: int) -> Encoded:
    """The parts of a text; `reference` (0-255) ties them together on the phone.

    TooLong where it takes more than 255.

    >>> len(encode("a" * 160, 7).octets), len(encode("a" * 161, 7).octets)
    (1, 2)
    >>> len(encode("冷" * 70, 7).octets), len(encode("冷" * 71, 7).octets)
    (1, 2)
    """
    coding, bodies = _bodies(text)
    if len(bodies) == 1:
        return Encoded(coding, PLAIN, tuple(bodies))
    if len(bodies) > MOST_PARTS:
        raise TooLong(len(bodies))
    header = bytes([5, 0, 3, reference & 0xFF, len(bodies)])
    parts = (header + bytes([number]) + body for number, body in enumerate(bodies, start=1))
    return Encoded(coding, WITH_HEADER, tuple(parts))


def parts(text: str) -> int:
    """How many short messages a text takes."""
    return len(_bodies(text)[1])


def _bodies(text: str) -> tuple[int, list[bytes]]:
    """The alphabet of a text, and its octets a part."""
    coding = DEFAULT_ALPHABET if SAME.issuperset(text) else UCS2
    units = [_octets(char, coding) for char in text]
    if sum(map(len, units)) <= ONE[coding]:
        return coding, [b"".join(units)]
    return coding, _cut(units, PART[coding])


def _octets(char: str, coding: int) -> bytes:
    """Half a character, which no phone could show, becomes a question mark."""
    return char.encode("ascii" if coding == DEFAULT_ALPHABET else "utf-16-be", "replace")


def _cut(units: list[bytes], most: int) -> list[bytes]:
    """Bodies of at most `most` octets that keep each character whole."""
    bodies, body = [], b""
    for unit in units:
        if len(body) + len(unit) > most:
            bodies.append(body)
            body = b""
        body += unit
    return [*bodies, body]


def decode(octets: bytes, data_coding: int) -> str:
    """The text of a message as a phone wrote it; what can't be read is a replacement character.

    >>> decode(b"ok 174", 0), decode("收到".encode("utf-16-be"), 8), decode(bytes([0x1B, 0x65]), 0)
    ('ok 174', '收到', '€')
    """
    if data_coding in (UCS2, 0x18, 0x19):  # also with a message class
        return octets.decode("utf-16-be", errors="replace")
    if data_coding == LATIN_1:
        return octets.decode("latin-1")
    if data_coding == GBK:
        return octets.decode("gb18030", errors="replace")
    return _from_gsm(octets)


def _from_gsm(octets: bytes) -> str:
    codes = iter(octets)
    text = ""
    for code in codes:
        if code == 0x1B:
            text += ESCAPED.get(next(codes, 0), " ")
        else:
            text += GSM[code] if code < len(GSM) else "\ufffd"
    return text


def split_header(octets: bytes) -> tuple[tuple[int, int, int] | None, bytes]:
    """(reference, total, number) of a part's user data header where it has one, and its body.

    >>> split_header(bytes([5, 0, 3, 7, 2, 1]) + b"ack")
    ((7, 2, 1), b'ack')
    """
    length = octets[0] if octets else 0
    header, body = octets[1 : 1 + length], octets[1 + length :]
    at = 0
    while at + 2 <= len(header):
        element, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if element == PARTS_8 and len(value) == 3:
            return (value[0], value[1], value[2]), body
        if element == PARTS_16 and len(value) == 4:
            return (int.from_bytes(value[:2]), value[2], value[3]), body
        at += 2 + size
    return None, body
