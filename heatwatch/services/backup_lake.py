"""The lake's files in a backup: they never change, so those that are there already are not copied again."""

import errno
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.services.backup_manifest import (
    File,
    Progress,
    copy,
    files_below,
    finished,
    listed,
    read_manifest,
)
from store.lake.damaged import DamagedFile, is_named
from store.lake.files import LakeFile
from store.lake.lake import Lake, Snapshot

HALF = ".half"  # ends the name of a file that is being copied


class Copied(NamedTuple):
    """The files of a lake in a backup."""

    files: list[File]
    shared: int  # bytes that an earlier backup has, too


def copy_lake(
    lake: Lake, snapshot: Snapshot, target: Path, backups: Path, progress: Progress
) -> Copied:
    """The snapshot's files in `target`, a folder of a backup below `backups`.

    A file that an earlier backup has is linked, one that a broken-off try left is taken if its bytes are
    right, others are copied. Raises DamagedFile where a file is not what was written, or is gone since
    it was replaced more than a day ago; OSError where there is no room.
    """
    assert lake.place.folder is not None
    earlier = _earlier(backups)
    _drop_others(target, snapshot)
    _refuse_without_room(target, snapshot, earlier)
    files, shared, done = [], 0, 0
    every = sum(file.size for file in snapshot.files)
    for file in snapshot.files:
        found = _linked(file, target, earlier) or _left(file, target)
        if found is not None:
            shared += file.size
        files.append(found or _copied(lake, file, target))
        done += file.size
        progress(msg("copying {key}", key="store.lake"), done, every)
    return Copied(files, shared)


def _earlier(backups: Path) -> dict[tuple[str, int], tuple[Path, File]]:
    """(path, size) -> file and entry, of the newest backup that has it."""
    found: dict[tuple[str, int], tuple[Path, File]] = {}
    for folder in finished(backups):
        try:
            files = read_manifest(folder).files
        except WrongCall:  # of another heatwatch, or damaged: nothing is taken from it
            continue
        found |= {(each.path, each.size): (folder / each.path, each) for each in files}
    return found


def _key(file: LakeFile, target: Path) -> tuple[str, int]:
    return f"{target.name}/{file.path}", file.size


def _drop_others(target: Path, snapshot: Snapshot) -> None:
    """Files of a broken-off try that are of no use any more."""
    wanted = {target / file.path for file in snapshot.files}
    for folder in target.glob("month=*"):
        for path in files_below(folder):
            if path not in wanted:
                path.unlink()


def _refuse_without_room(
    target: Path, snapshot: Snapshot, earlier: dict[tuple[str, int], tuple[Path, File]]
) -> None:
    """OSError before hours of copying."""
    needed = sum(
        file.size
        for file in snapshot.files
        if _key(file, target) not in earlier and not (target / file.path).exists()
    )
    if needed > shutil.disk_usage(target).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target.parents[1]))


def _linked(
    file: LakeFile, target: Path, earlier: dict[tuple[str, int], tuple[Path, File]]
) -> File | None:
    """The file as a link to an earlier backup's; None where none has it, or the disk knows no links."""
    source, entry = earlier.get(_key(file, target), (None, None))
    path = target / file.path
    if source is None or entry is None:
        return None
    try:
        if source.stat().st_size != file.size:
            return None
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, path)
    except OSError:
        return None
    return entry


def _left(file: LakeFile, target: Path) -> File | None:
    """What a broken-off try left, if it is whole."""
    path = target / file.path
    if not path.is_file():
        return None
    found = listed(target.parent, path)
    return found if found.size == file.size and is_named(file.path, found.sha256) else None


def _copied(lake: Lake, file: LakeFile, target: Path) -> File:
    assert lake.place.folder is not None
    path = target / file.path
    half = path.with_name(path.name + HALF)
    try:
        size, sha256 = copy(lake.place.folder / file.path, half)
    except FileNotFoundError:
        size, sha256 = 0, ""
    if size != file.size or not is_named(file.path, sha256):
        raise DamagedFile(
            msg(
                "{file} of store.lake = {lake!r} is damaged or gone: no backup was made; `heatwatch settle "
                "verify --all` says which files are; one that was only replaced while it was copied is not needed by "
                "the next backup, which does not copy again what it has",
                file=file.path, lake=lake.place.uri,
            )
        )  # fmt: skip
    half.rename(path)
    return File(path=path.relative_to(target.parent).as_posix(), size=size, sha256=sha256)
