"""Files of the lake that are not as they were written: which one, what is wrong, how to fix it."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from store.lake.files import LakeFile
from store.lake.place import LOG, LakePlace

#: How the name of a file ends that says the hash of its bytes; older ones do not.
_NAMED = re.compile(r"-([0-9a-f]{32})\.parquet$")
CHUNK = 1 << 22  # bytes
#: The first and the last time that a log can say [µs since 1970].
_FIRST_US, _LAST_US = -62_135_596_800_000_000, 253_402_300_799_999_999


class DamagedFile(WrongCall):
    """A file of the lake can't be read, or is not what was written."""


@contextmanager
def opened(
    place: LakePlace, file: LakeFile, footer: pq.FileMetaData | None = None
) -> Iterator[pq.ParquetFile]:
    """The file for reading, its pages held against their checksums; DamagedFile where it can't be, and
    where it is of another size than was written.

    `footer` is the file's, where it was read before.
    """
    try:
        source = place.read(file.path)
        if (size := source.size()) != file.size:
            raise DamagedFile(_said(place, file, _other_size(file, size)))
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


def _other_size(file: LakeFile, found: int) -> Text:
    return msg("{found} bytes, {size} were written", found=found, size=file.size)


def fault(place: LakePlace, file: LakeFile) -> Text | None:
    """What is wrong with a file: not there, cut, not the bytes that were written, other rows.

    Reads it whole. Files from before names had hashes are held against their checksums and counts.
    """
    try:
        size, found = _hashed(place, file.path)
    except OSError as error:
        return _said(place, file, _first_line(error))
    if size != file.size:
        return _said(place, file, _other_size(file, size))
    named = _NAMED.search(file.path)
    if not is_named(file.path, found):
        return _said(place, file, msg("its bytes are not those that were written"))
    try:
        with opened(place, file) as parquet:
            rows = sum(batch.num_rows for batch in parquet.iter_batches())
    except DamagedFile as damaged:
        return sentence_of(damaged)
    if named is None and rows != file.rows:
        why = msg("{found} rows, {rows} were written", found=rows, rows=file.rows)
        return _said(place, file, why)
    return _log_fault(place, file)


def _log_fault(place: LakePlace, file: LakeFile) -> Text | None:
    """Where the log's statistics of a file are not those of its own footer: readings would be missed."""
    with opened(place, file) as parquet:
        footer = parquet.metadata
    if footer.num_rows != file.rows:
        return _log_said(place, file, "numRecords", str(file.rows), str(footer.num_rows))
    for name, said in (("series", file.series), ("at", file.at_us), ("flush", file.flush)):
        found = _bounds(footer, name)
        if found is None or (name == "at" and not _in_calendar(found)):
            continue
        for side, log, own in zip(("minValues", "maxValues"), said, found, strict=True):
            if log != own:
                return _log_said(place, file, f"{side}.{name}", str(log), str(own))
    return None


def _bounds(footer: pq.FileMetaData, name: str) -> tuple[int, int] | None:
    """Smallest and largest number of a column; None where a row group has no statistics of it."""
    column = footer.schema.names.index(name)
    groups = [footer.row_group(i).column(column).statistics for i in range(footer.num_row_groups)]
    if not groups or not all(each is not None and each.has_min_max for each in groups):
        return None
    return min(each.min_raw for each in groups), max(each.max_raw for each in groups)


def _in_calendar(at_us: tuple[int, int]) -> bool:
    """Whether the log can say both times: it has the years 1 to 9999 only."""
    return at_us[0] > _FIRST_US and at_us[1] < _LAST_US


def _log_said(place: LakePlace, file: LakeFile, what: str, log: str, own: str) -> Text:
    return msg(
        "{log} of store.lake = {lake!r} was changed: it gives {what} = {said} for {file}, the file "
        "itself has {own}; put {folder} back from a copy of the lake",
        log=_commit_of(place, file), lake=place.uri, what=what, said=log, file=file.path, own=own,
        folder=LOG,
    )  # fmt: skip


def _commit_of(place: LakePlace, file: LakeFile) -> str:
    """The log's file that added a file of readings; the whole log where only a checkpoint has it."""
    found = place.filesystem.get_file_info(fs.FileSelector(LOG))
    for path in sorted((each.path for each in found), reverse=True):
        if path.endswith(".json"):
            with place.filesystem.open_input_stream(path, compression=None) as stream:
                lines = stream.read().splitlines()
            wanted = f'"path":"{file.path.replace("=", "%3D")}"', f'"path":"{file.path}"'
            added = (line.decode(errors="replace") for line in lines if b'"add"' in line)
            if any(one in line.replace(" ", "") for line in added for one in wanted):
                return str(path)
    return LOG


def is_named(path: str, sha256: str) -> bool:
    """Whether bytes of this hash are those that the file's name says; True where it says none."""
    named = _NAMED.search(path)
    return named is None or named[1] == sha256[:32]


def _hashed(place: LakePlace, path: str) -> tuple[int, str]:
    """Size [bytes] and sha256 of a file."""
    size, found = 0, hashlib.sha256()
    with place.filesystem.open_input_stream(path, compression=None) as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
            size += len(chunk)
    return size, found.hexdigest()
