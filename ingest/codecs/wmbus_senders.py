"""Who sent a frame of wireless M-Bus, without a key: the address on the air, and one that a header names in the clear."""

from ingest.codecs.mbus_frames import Header, digits_of, manufacturer_of
from ingest.codecs.wmbus_link import Link

#: Layers in the clear before a header: CI -> bytes.
_SKIPPED = {0x8C: 3, 0x8E: 11}
_AUTHENTICATION, _LONG_HEADERS = 0x90, frozenset({0x72, 0x73})


def senders(link: Link) -> tuple[str, ...]:
    """All codes that the registry may have the meter under.

    >>> senders(Link(0x44, bytes.fromhex("b720114700000104"), b"\x78"))
    ('HEW.00004711.04', '00004711', '4711')
    """
    found, data = [link.address], link.data
    while len(data) > 1 and (data[0] in _SKIPPED or data[0] == _AUTHENTICATION):
        data = data[_SKIPPED.get(data[0], 2 + data[1]) :]
    if len(data) > 8 and data[0] in _LONG_HEADERS:
        found.append(data[5:7] + data[1:5] + data[7:9])
    headers = [Header(digits_of(a[2:6]), manufacturer_of(a[:2]), a[6], a[7], 0, 0) for a in found]
    return tuple(dict.fromkeys(code for each in headers for code in (each.code, *each.formerly)))
