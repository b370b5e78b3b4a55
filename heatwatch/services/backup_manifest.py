"""What a backup consists of: its manifest, written last, and whether its files still are what it says."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import WrongCall
from domain.language import Text, msg
from store.lake.place import sync

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 22  # bytes
#: Called with (what is done, bytes done, of all).
Progress = Callable[[Text, int, int], None]


#: What has a place of its own in the configuration.
Part = Literal["books", "journal", "lake", "reports", "policies", "clock"]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(Model):
    """A file of a backup, by its path below the backup's folder."""

    path: str
    size: int  # bytes
    sha256: str


class Manifest(Model):
    """One backup."""

    format: int
    heatwatch: str  # the version that made it
    revision: str  # of the books
    made_at: str  # the moment that it shows, ISO 8601, UTC
    config: str  # name of the configuration's file
    places: dict[Part, str]  # path from the configuration's folder, "": it lay outside
    left_out: tuple[str, ...]  # keys of the configuration that hold secrets
    batches: int  # given by the journal
    flush: int  # the lake's last
    lake_rows: int
    heads: dict[str, str]  # company -> the hash of its ledger's last entry
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """The manifest on the disk; a backup without one is no backup."""
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(manifest.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync(folder)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a finished backup; WrongCall where there is none, or it can't be read."""
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_bytes())
        if isinstance(values, dict) and values.get("format", FORMAT) != FORMAT:
            raise WrongCall(
                msg(
                    "{path}: format {found} is of another heatwatch; allowed: {known}",
                    path=path, found=values["format"], known=FORMAT,
                )
            )  # fmt: skip
        found = Manifest.model_validate(values)
        files = [found.config, *(each.path for each in found.files)]
        wrong = [path for path in files if not PurePosixPath(path).name]
        wrong += [path for path in (*files, *found.places.values()) if not _is_below(path)]
        if wrong:
            raise ValueError(repr(wrong[0]))
    except OSError as error:
        raise WrongCall(
            msg(
                "{folder} is no finished backup ({why}); allowed: a folder that `heatwatch backup` finished, "
                "which holds {manifest}",
                folder=folder, why=error.strerror, manifest=MANIFEST,
            )
        ) from None  # fmt: skip
    except (ValidationError, UnicodeDecodeError, json.JSONDecodeError, ValueError) as error:
        if isinstance(error, WrongCall):
            raise
        raise WrongCall(
            msg("{path} is damaged ({why}); take another backup", path=path, why=_first_line(error))
        ) from None
    return found


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _is_below(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and "\0" not in path


def finished(folder: Path) -> list[Path]:
    """The finished backups of a folder, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(
        each for each in folder.iterdir() if each.name[0] != "." and (each / MANIFEST).is_file()
    )


def faults(folder: Path, manifest: Manifest, progress: Progress) -> list[tuple[str, Text]]:
    """(file, what is wrong with it) of each that is not what the manifest says, or is not in it."""
    found, done = [], 0
    for each in manifest.files:
        if why := _fault(folder / each.path, each):
            found.append((each.path, why))
        done += each.size
        progress(msg("checking the backup"), done, manifest.size)
    known = {MANIFEST, *(each.path for each in manifest.files)}
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return found + [(name, msg("is not in the manifest")) for name in sorted(set(there) - known)]


def _fault(path: Path, file: File) -> Text | None:
    try:
        size = path.stat().st_size
        if size != file.size:
            return msg("{found} bytes, {size} were written", found=size, size=file.size)
        with path.open("rb") as source:
            same = hashlib.file_digest(source, "sha256").hexdigest() == file.sha256
    except OSError as error:
        return msg("can't be read ({why})", why=error.strerror)
    return None if same else msg("other bytes than were written")


def copied(source: Path, target: Path, root: Path) -> list[File]:
    """Copies a file or a folder, synced; the files as the manifest of `root` lists them. None: nothing is there."""
    if source.is_dir():
        pairs = [(path, target / path.relative_to(source)) for path in files_below(source)]
    else:
        pairs = [(source, target)] if source.is_file() else []
    return [_copied(one, to, root) for one, to in pairs]


def _copied(source: Path, target: Path, root: Path) -> File:
    size, sha256 = copy(source, target)
    return File(path=target.relative_to(root).as_posix(), size=size, sha256=sha256)


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copies a file, synced; its size [bytes] and sha256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("wb") as file:
        while piece := read.read(CHUNK):
            digest.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def listed(root: Path, path: Path) -> File:
    """A file that is there, as the manifest of `root` lists it."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path=path.relative_to(root).as_posix(), size=path.stat().st_size, sha256=sha256)


def sync_tree(folder: Path) -> None:
    """Makes the names of everything below a folder durable."""
    for name, _, _ in os.walk(folder):
        sync(Path(name))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time works in a folder; WrongCall for a second. The lock ends with its process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise WrongCall(
            msg("another backup or restore is at work in {folder}", folder=folder)
        ) from None
    finally:
        os.close(handle)


def files_below(folder: Path) -> Iterable[Path]:
    """The files of a folder at any depth, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
