"""How a text becomes short messages: GSM 03.38 seven-bit where it fits, else UCS-2 (3GPP 23.038)."""

from dataclasses import dataclass

#: Characters with one code in GSM 03.38 and in ASCII: message centres differ in which of the
#: two they take as the default alphabet, so everything else ("@", "_", "$", ...) goes as UCS-2.
SAME = frozenset(
    " !\"#%&'()*+,-./0123456789:;<=>?\n\rABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

DEFAULT_ALPHABET, UCS2 = 0x00, 0x08  # data_coding, SMPP 3.4 section 5.2.19
PLAIN, WITH_HEADER = 0x00, 0x40  # esm_class, section 5.2.12
#: Octets of one message and of a part behind its header; seven-bit text travels one octet a character.
ONE = {DEFAULT_ALPHABET: 160, UCS2: 140}
PART = {DEFAULT_ALPHABET: 153, UCS2: 134}


@dataclass(frozen=True, slots=True)
class Encoded:
    """What goes into submit_sm, one `octets` a part."""

    data_coding: int
    esm_class: int
    octets: tuple[bytes, ...]


def encode(text: str, reference: int) -> Encoded:
    """The parts of a text; `reference` (0-255) ties them together on the phone.

    >>> len(encode("a" * 160, 7).octets), len(encode("a" * 161, 7).octets)
    (1, 2)
    >>> len(encode("冷" * 70, 7).octets), len(encode("冷" * 71, 7).octets)
    (1, 2)
    """
    coding = DEFAULT_ALPHABET if SAME.issuperset(text) else UCS2
    units = [_octets(char, coding) for char in text]
    if sum(map(len, units)) <= ONE[coding]:
        return Encoded(coding, PLAIN, (b"".join(units),))
    bodies = _cut(units, PART[coding])
    header = bytes([5, 0, 3, reference & 0xFF, len(bodies)])
    parts = (header + bytes([number]) + body for number, body in enumerate(bodies, start=1))
    return Encoded(coding, WITH_HEADER, tuple(parts))


def parts(text: str) -> int:
    """How many short messages a text takes."""
    return len(encode(text, 0).octets)


def _octets(char: str, coding: int) -> bytes:
    return char.encode("ascii" if coding == DEFAULT_ALPHABET else "utf-16-be")


def _cut(units: list[bytes], most: int) -> list[bytes]:
    """Bodies of at most `most` octets that keep each character whole."""
    bodies, body = [], b""
    for unit in units:
        if len(body) + len(unit) > most:
            bodies.append(body)
            body = b""
        body += unit
    return [*bodies, body]
