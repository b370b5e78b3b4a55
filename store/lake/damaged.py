"""Files of the lake that are not as they were written: which one, what is wrong, how to fix it."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from store.lake.files import LakeFile
from store.lake.place import LakePlace

#: How the name of a file ends that says the hash of its bytes; older ones do not.
_NAMED = re.compile(r"-([0-9a-f]{32})\.parquet$")
CHUNK = 1 << 22  # bytes


class DamagedFile(WrongCall):
    """A file of the lake can't be read, or is not what was written."""


@contextmanager
def opened(
    place: LakePlace, file: LakeFile, footer: pq.FileMetaData | None = None
) -> Iterator[pq.ParquetFile]:
    """The file for reading, its pages held against their checksums; DamagedFile where it can't be.

    `footer` is the file's, where it was read before.
    """
    try:
        source = place.read(file.path)
        with pq.ParquetFile(source, metadata=footer, page_checksum_verification=True) as parquet:
            yield parquet
    except DamagedFile:
        raise
    except (pa.ArrowException, OSError, EOFError) as error:
        if _is_ours(place, error):
            raise DamagedFile(_said(place, file, _first_line(error))) from error
        raise


def _is_ours(place: LakePlace, error: Exception) -> bool:
    """Whether the file is at fault, and not the way to an object store."""
    local = place.folder is not None
    return local or isinstance(error, pa.ArrowInvalid | FileNotFoundError | EOFError)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _said(place: LakePlace, file: LakeFile, why: Text | str) -> Text:
    return msg(
        "{file} of store.lake = {lake!r} is damaged or gone ({why}): it was cut, overwritten or "
        "removed; put this file back from a copy of the lake",
        file=file.path, lake=place.uri, why=why,
    )  # fmt: skip


def fault(place: LakePlace, file: LakeFile) -> Text | None:
    """What is wrong with a file: not there, cut, not the bytes that were written, other rows.

    Reads it whole. Files from before names had hashes are held against their checksums and counts.
    """
    try:
        size, found = _hashed(place, file.path)
    except OSError as error:
        return _said(place, file, _first_line(error))
    if size != file.size:
        why = msg("{found} bytes, {size} were written", found=size, size=file.size)
        return _said(place, file, why)
    named = _NAMED.search(file.path)
    if named is not None and named[1] != found[:32]:
        return _said(place, file, msg("its bytes are not those that were written"))
    try:
        with opened(place, file) as parquet:
            rows = sum(batch.num_rows for batch in parquet.iter_batches())
    except DamagedFile as damaged:
        return sentence_of(damaged)
    if rows != file.rows:
        why = msg("{found} rows, {rows} were written", found=rows, rows=file.rows)
        return _said(place, file, why)
    return None


def _hashed(place: LakePlace, path: str) -> tuple[int, str]:
    """Size [bytes] and sha256 of a file."""
    size, found = 0, hashlib.sha256()
    with place.filesystem.open_input_stream(path, compression=None) as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
            size += len(chunk)
    return size, found.hexdigest()
