"""What a path holds: a file as it is, packed by gzip or xz, sheets of a workbook, members of an archive."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa

from domain.errors import WrongCall
from domain.language import msg
from ingest.files.sheets import SheetText, Workbook

#: What a file says it is by the end of its name.
TABLES = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".parquet": "parquet",
    ".xlsx": "sheet", ".xlsm": "sheet", ".lp": "csv", ".line": "csv",
}  # fmt: skip
PACKED = {".gz", ".xz", ".zip"}
#: An archive with more is no export; its directory alone would fill the memory.
MOST_MEMBERS = 10_000
#: What reading a damaged archive raises: also without a method or a password.
UNREADABLE = (
    OSError,
    EOFError,
    RuntimeError,  # also of a method that is not known
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
#: A Parquet file or workbook in an archive is held in memory.
MOST_MEMBER = 1 << 30
#: It is read by so much at a time. [bytes]
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """One table of a path."""

    path: Path
    name: str  # for a person: the path, with the member of an archive
    kind: str  # csv, sheet or parquet
    opened: Callable[[], pa.NativeFile]

    @property
    def beside_others(self) -> bool:
        """Whether it may be no table at all: a workbook has sheets of notes."""
        return self.kind == "sheet"

    def share_read(self, stream: pa.NativeFile) -> float:
        """The share [1] of the table that `stream` is past; one half where nobody knows."""
        plain = self.name == str(self.path) and self.path.suffix.lower() not in PACKED
        size = self.path.stat().st_size if plain else 0
        return stream.tell() / size if size else 0.5

    def seekable(self) -> pa.NativeFile:
        """The whole table for who reads it from its end; OSError where a member is too large."""
        if self.name == str(self.path):
            return pa.OSFile(str(self.path))
        with self.opened() as stream:
            return pa.BufferReader(_whole(stream))


def _whole(stream: Any) -> bytes:
    """In pieces: pyarrow makes room for all that is asked for, and keeps it where the read fails."""
    whole = io.BytesIO()
    while piece := stream.read(PIECE):
        whole.write(piece)
        if whole.tell() > MOST_MEMBER:
            raise OSError(f"more than {MOST_MEMBER} bytes; allowed: unpacked, as a file of its own")
    return whole.getvalue()


def bounded_lines(text: IO[str], most: int) -> Iterator[str]:
    """Lines of a text stream with their ends; OSError where one is longer than `most` characters.

    A few megabytes of an archive unpack to a line that no memory holds.
    """
    number = 0
    while line := text.readline(most):
        number += 1
        if len(line) == most:
            raise OSError(f"line {number} is longer than {most} characters")
        yield line


def sources(path: Path, delimiter: str = ",", decimal: str = ".") -> Iterator[Source]:
    """The tables of a path, archives unpacked; WrongCall where an archive can't be read.

    Sheets come as CSV with this delimiter and decimal mark.
    """
    if path.suffix.lower() == ".zip":
        for name in _members(path):
            shown, opened = f"{path}[{name}]", partial(_member, path, name)
            if _kind(name) == "sheet":
                yield from _sheets(path, shown, partial(_in_memory, opened), delimiter, decimal)
            else:
                yield Source(path, shown, _kind(name), opened)
    elif _kind(path.name) == "sheet":
        yield from _sheets(path, str(path), lambda: path, delimiter, decimal)
    else:
        yield Source(path, str(path), _kind(path.name), partial(_opened, path))


def _in_memory(opened: Callable[[], pa.NativeFile]) -> io.BytesIO:
    with opened() as stream:
        return io.BytesIO(_whole(stream))


def _sheets(
    path: Path,
    shown: str,
    file: Callable[[], Path | io.BytesIO],
    delimiter: str,
    decimal: str,
) -> Iterator[Source]:
    try:
        book = Workbook(file(), delimiter, decimal)
        names = book.names()
    except UNREADABLE as wrong:
        raise WrongCall(
            msg("{path} can't be read as a workbook: {why}", path=shown, why=wrong)
        ) from None
    for name in names:
        opened = partial(_sheet, book, name)
        yield Source(path, f"{shown}[{name}]", "sheet", opened)


def _sheet(book: Workbook, name: str) -> pa.NativeFile:
    return pa.PythonFile(SheetText(book.lines(name)), mode="r")


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (*UNREADABLE, ValueError) as wrong:
        raise WrongCall(msg("{path} can't be read as zip: {why}", path=path, why=wrong)) from None
    if len(found) > MOST_MEMBERS:
        raise WrongCall(
            msg(
                "{path} has {n} members; allowed: up to {most}",
                path=path,
                n=len(found),
                most=MOST_MEMBERS,
            )
        )
    names = [each.filename for each in found if not each.is_dir() and _is_table(each.filename)]
    if not names:
        raise WrongCall(
            msg(
                "{path} has no table; allowed: members that end in {allowed}",
                path=path,
                allowed=", ".join(TABLES),
            )
        )
    return names


def _is_table(name: str) -> bool:
    """Not what systems put beside: __MACOSX/._rooms.csv."""
    inner = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in inner.parts)
    return not hidden and _ending(inner.name) in TABLES


def _ending(name: str) -> str:
    """The end of a name that tells its kind, packed or not."""
    plain = PurePosixPath(name.lower())
    return PurePosixPath(plain.stem).suffix if plain.suffix in PACKED else plain.suffix


def _kind(name: str) -> str:
    return TABLES.get(_ending(name), "csv")


def _opened(path: Path) -> pa.NativeFile:
    if path.suffix.lower() == ".xz":
        return pa.PythonFile(lzma.open(path), mode="r")
    return pa.input_stream(path, compression="detect")


def _member(path: Path, name: str) -> pa.NativeFile:
    archive = zipfile.ZipFile(path)
    try:
        stream: Any = archive.open(name)
    except (*UNREADABLE, ValueError) as wrong:
        archive.close()
        raise OSError(f"{name}: {wrong}") from None  # a password, or a method that nobody has
    if name.lower().endswith(".xz"):
        return pa.PythonFile(lzma.open(stream), mode="r")
    found = pa.PythonFile(stream, mode="r")
    return pa.CompressedInputStream(found, "gzip") if name.lower().endswith(".gz") else found
