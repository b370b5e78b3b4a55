"""Where a lake lies: a local folder or an object store, and how its files are made durable."""

import json
import logging
import os
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import fs

from domain.errors import WrongCall
from domain.language import msg
from store.server.address import LAKES, lake
from store.server.read_only import may_write

TELL = logging.getLogger("heatwatch.lake")
LOG = "_delta_log"
#: Where half-written files of the log are kept; readers and clean-up pass over it.
ASIDE = "_set_aside"
ALLOWED = f"allowed: {LAKES}"


@dataclass(frozen=True)
class LakePlace:
    """Reads and writes whole files below the lake's root."""

    uri: str
    options: dict[str, str]

    @cached_property
    def folder(self) -> Path | None:
        """The local folder, None for an object store."""
        if "://" not in self.uri:
            return Path(self.uri)
        if self.uri.startswith("file://"):
            return Path(self.uri.removeprefix("file://"))
        lake("store.lake", self.uri)
        return None

    def is_read_only(self) -> bool:
        """Whether it is a local folder in which this user may write nothing."""
        return self.folder is not None and not may_write(self.folder / LOG)

    def make_folder(self) -> None:
        """Makes the local folder; WrongCall where there is something else."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            said = error.strerror
            raise WrongCall(
                msg(
                    "store.lake = {uri!r} is no folder ({why}); {allowed}",
                    uri=self.uri,
                    why=said,
                    allowed=ALLOWED,
                )
            ) from None

    @cached_property
    def filesystem(self) -> fs.FileSystem:
        if self.folder is not None:
            return fs.SubTreeFileSystem(str(self.folder), fs.LocalFileSystem())
        from deltalake.fs import DeltaStorageHandler

        return fs.PyFileSystem(DeltaStorageHandler(self.uri, self.options))

    def write(self, path: str, data: pa.Buffer) -> int:
        """Writes one file; on a local disk it is synced before this returns. Its mtime [ms]."""
        if self.folder is None:
            self._put(path, data.to_pybytes())
            return int(self.filesystem.get_file_info(path).mtime_ns // 1_000_000)
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return target.stat().st_mtime_ns // 1_000_000

    def _put(self, path: str, data: bytes) -> None:
        # pyarrow's own stream hands over buffers, which delta-rs refuses: it wants bytes.
        from deltalake._internal import DeltaFileSystemHandler

        stream: Any = DeltaFileSystemHandler(self.uri, self.options).open_output_stream(path)
        stream.write(data)
        stream.close()

    def read(self, path: str) -> Any:
        """An open file for the Parquet reader."""
        if self.folder is not None:
            return pa.memory_map(str(self.folder / path))
        return self.filesystem.open_input_file(path)

    def sync_folders(self, paths: list[str]) -> None:
        """Makes new names of files durable: their folders and the root."""
        if self.folder is not None:
            for each in {self.folder, *((self.folder / path).parent for path in paths)}:
                sync(each)

    def sync_log(self, versions: range, checkpoint: int | None = None) -> None:
        """Makes these commits, and this checkpoint, durable: delta-rs does not sync."""
        if self.folder is None:
            return
        log = self.folder / LOG
        names = [f"{version:020d}.json" for version in versions]
        if checkpoint is not None:
            names += [f"{checkpoint:020d}.checkpoint.parquet", "_last_checkpoint"]
        for path in (log / name for name in names):
            if path.exists():  # an older one may be cleaned up meanwhile
                sync(path)
        sync(log)

    def may_be_newer(self, version: int) -> bool:
        """Whether there may be a commit behind this one: versions have no gaps, so two names tell.

        A commit itself is gone once a checkpoint stands for it and it is old: then nobody knows.
        """
        if self.folder is None:
            return True
        here, following = (self.folder / LOG / f"{n:020d}.json" for n in (version, version + 1))
        return following.exists() or not here.exists()

    def last_checkpoint(self) -> int:
        """Version of the newest checkpoint, 0 where there is none."""
        path = f"{LOG}/_last_checkpoint"
        if self.filesystem.get_file_info(path).type == fs.FileType.NotFound:
            return 0
        with self.filesystem.open_input_file(path) as file:
            return int(json.loads(file.read())["version"])

    def repair_log(self) -> None:
        """Sets aside what a power cut left half written at the log's end.

        Nothing is lost by it: the journal is trimmed, and an import answered, only after the
        commit was synced; the logs a checkpoint stands for are cleaned up only after its sync.
        Raises WrongCall where no commit is left but readings are: a new lake would hide them.
        """
        if self.folder is None:
            return
        log = self.folder / LOG
        for commit in sorted(log.glob("*.json"), reverse=True):
            if commit.read_bytes().rstrip().endswith(b"}"):
                break
            self._set_aside(commit)
        for checkpoint in sorted(log.glob("*.checkpoint.parquet"), reverse=True):
            if checkpoint.read_bytes().endswith(b"PAR1"):
                break
            self._set_aside(checkpoint)
            (log / "_last_checkpoint").unlink(missing_ok=True)
        left = (*log.glob("*.json"), *log.glob("*.checkpoint.parquet"))
        if not left and any(self.folder.glob("month=*/*.parquet")):
            raise WrongCall(
                msg(
                    "store.lake = {uri!r} holds files of readings, but its log {log} is gone or "
                    "damaged; restore {log2} from a backup, or name an empty folder for a new "
                    "lake",
                    uri=self.uri,
                    log=log,
                    log2=LOG,
                )
            )

    def _set_aside(self, file: Path) -> None:
        """Out of the log, but kept for whoever looks for a cause."""
        kept = file.parents[1] / ASIDE
        kept.mkdir(exist_ok=True)
        file.rename(kept / f"{time.time_ns()}-{file.name}")
        TELL.warning("%s was half written and is set aside in %s", file.name, kept)


def sync(path: Path) -> None:
    """fsync of a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
