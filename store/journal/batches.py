"""One batch as bytes and back: an Arrow stream with its checksum."""

import zlib

import pyarrow as pa

from domain.errors import WrongCall
from domain.language import msg, sentence_of
from store.journal.schema import READING

#: Between a batch and its checksum (CRC-32), behind the end of the Arrow stream.
CHECKED = b"crc32"
#: What an Arrow stream ends with: of one without a checksum the end alone shows that it is whole.
END = b"\xff\xff\xff\xff\x00\x00\x00\x00"
#: Handing its columns to threads takes longer than reading them.
_READ = pa.ipc.IpcReadOptions(use_threads=False)
CHANGED = "its bytes are not those that were written"


class DamagedBatch(WrongCall):
    """A batch of the journal is not what was written."""


def encode(readings: pa.RecordBatch) -> bytes:
    """One batch as an Arrow IPC stream with its schema, LZ4 inside (a third of the bytes to sync)."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.ipc.new_stream(sink, READING, options=options) as writer:
        writer.write_batch(readings)
    stream = bytes(sink.getvalue())
    return stream + CHECKED + zlib.crc32(stream).to_bytes(4, "big")


def decode(data: bytes) -> pa.Table:
    """What `encode` wrote; ValueError for other bytes. Batches from before have no checksum."""
    stream, found = data[:-4], data[-4:]
    if stream.endswith(CHECKED):
        stream = stream[: -len(CHECKED)]
        if zlib.crc32(stream).to_bytes(4, "big") != found:
            raise ValueError(CHANGED)
    elif not data.endswith(END):
        raise ValueError(CHANGED)
    try:
        table = pa.ipc.open_stream(data, options=_READ).read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, EOFError) as error:
        raise ValueError(next(iter(str(error).splitlines()), "no batch")) from None
    if not table.schema.equals(READING):
        raise ValueError(f"expected columns {READING.names}, got {table.schema.names}")
    return table


def decoded(number: int, data: bytes, journal: str) -> pa.Table:
    """The same of a batch of the journal; DamagedBatch, with how to go on, for other bytes."""
    try:
        return decode(data)
    except ValueError as error:
        raise DamagedBatch(
            msg(
                "batch {number} of store.journal = {journal} is damaged ({why}); put the "
                "journal back from a copy, or move its file away: a new "
                "one goes on behind the lake, and batches from {number} on are lost",
                number=number, journal=journal, why=sentence_of(error),
            )
        ) from error  # fmt: skip
