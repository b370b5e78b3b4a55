"""Compact frames (EN 13757-3, annex G): values alone, by the heads of a full frame before them."""

import msgspec

from ingest.codecs.mbus_records import Records, Wrong, read_records, size_of
from ingest.codecs.memory import Memory
from ingest.codecs.wmbus_link import crc


class Format(msgspec.Struct, frozen=True, array_like=True):
    """The heads of a full frame, in their order."""

    heads: tuple[bytes, ...]


def remember(records: Records, memory: Memory) -> None:
    """Keeps the heads of a full frame under their signature."""
    heads = tuple(each.head for each in records.records)
    if not heads:
        return
    key, made = _key(crc(b"".join(heads))), Format(heads)
    if memory.get(key, Format) != made:
        memory.put(key, made)


def full(data: bytes, memory: Memory) -> bytes | None:
    """The records of a compact frame with their heads; None where no full frame has shown them.

    Raises Wrong where they do not add up.
    """
    if len(data) < 4:
        raise Wrong(f"a header of 4 bytes in {len(data)}")
    known = memory.get(_key(int.from_bytes(data[:2], "little")), Format)
    if known is None:
        return None
    whole, at = b"", 4
    for head in known.heads:
        size = size_of(head[0], data[at:])
        whole, at = whole + head + data[at : at + size], at + size
    if crc(whole) != int.from_bytes(data[2:4], "little"):
        raise Wrong("the checksum of the compact frame is wrong")
    return whole


def read_full(data: bytes, memory: Memory, *, extended: bool) -> Records:
    """The records of a full frame, whose heads are kept where compact ones may follow."""
    records = read_records(data)
    if extended:
        remember(records, memory)
    return records


def _key(signature: int) -> str:
    return f"format/{signature:04x}"
