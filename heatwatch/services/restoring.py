"""A backup put into an empty place: all of it, checked, or nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomlkit

from analytics.ledger.verify import verify
from domain.errors import WrongCall
from domain.language import Text, joined, msg
from heatwatch.config import load
from heatwatch.services.backing_up import BOOKS_FILE, JOURNAL_FILE, LAKE_FOLDER
from heatwatch.services.backup_manifest import (
    Manifest,
    Part,
    Progress,
    alone,
    copy,
    faults,
    read_manifest,
    sync_tree,
)
from heatwatch.wiring import World
from store.lake.place import sync
from store.readings.pair import refuse_younger

#: part -> its file or folder in a backup, its key in the configuration, where it goes when it has no place.
PARTS: dict[Part, tuple[str, tuple[str, str], str]] = {
    "books": (BOOKS_FILE, ("store", "books"), "var/books.sqlite"),
    "journal": (JOURNAL_FILE, ("store", "journal"), "var/journal.sqlite"),
    "lake": (LAKE_FOLDER, ("store", "lake"), "var/lake"),
    "reports": ("reports", ("reports", "folder"), "var/reports"),
    "policies": ("policies", ("law", "policies"), "policies"),
    "clock": ("clock", ("clock", "started"), "var/clock"),
}
SHOWN = 5  # damaged files


def restore(backup: Path, folder: Path, progress: Progress) -> Manifest:
    """Puts a backup into `folder`, which is empty or not there yet; its manifest.

    Every file is held against its hash, and what was put together is opened and checked, before it gets its
    name: killed, it leaves only a hidden folder beside it, which the next restore to there removes.
    """
    manifest = read_manifest(backup)
    _refuse_taken(folder)
    if folder.resolve().is_relative_to(backup.resolve()):
        raise WrongCall(
            msg("{folder} is inside the backup; allowed: a folder outside", folder=folder)
        )
    if found := faults(backup, manifest, progress):
        raise WrongCall(_damaged(backup, found))
    parent = folder.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    with alone(parent), _staged(parent / f".{folder.resolve().name}.restoring") as stage:
        _put(backup, manifest, stage, progress)
        _set_places(manifest, stage)
        _check(manifest, stage)
        sync_tree(stage)
        _refuse_taken(folder)
        stage.rename(folder.resolve())  # takes the place of an empty folder, and of no other
        sync(parent)
    return manifest


def _refuse_taken(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongCall(
            msg(
                "{folder} is not empty, and nothing is overwritten; allowed: an empty folder, or one that is not "
                "there yet",
                folder=folder,
            )
        )  # fmt: skip


def _damaged(backup: Path, found: list[tuple[str, Text]]) -> Text:
    lines = [joined(": ", [name, why]) for name, why in found[:SHOWN]]
    return msg(
        "{backup} is damaged, nothing was restored; files that are not as they were written: {count} ({files})",
        backup=backup, count=len(found), files=joined("; ", lines),
    )  # fmt: skip


@contextmanager
def _staged(stage: Path) -> Iterator[Path]:
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _put(backup: Path, manifest: Manifest, stage: Path, progress: Progress) -> None:
    done = 0
    for file in manifest.files:
        size, sha256 = copy(backup / file.path, stage / _place(manifest, file.path))
        if (size, sha256) != (file.size, file.sha256):
            raise WrongCall(_damaged(backup, [(file.path, msg("other bytes than were written"))]))
        done += size
        progress(msg("restoring"), done, manifest.size)


def _place(manifest: Manifest, path: str) -> Path:
    """Where a file of the backup belongs, from the restored folder."""
    first, *more = Path(path).parts
    if first == "samples":
        return Path(*more)
    for part in manifest.places:
        name, _, usual = PARTS[part]
        if name == first:
            return Path(manifest.places[part] or usual, *more)
    return Path(path)


def _set_places(manifest: Manifest, stage: Path) -> None:
    """The configuration names the restored stores, also where the original's lay elsewhere."""
    path = stage / manifest.config
    document: Any = tomlkit.parse(path.read_text(encoding="utf-8"))
    for part, inside in manifest.places.items():
        _, (table, key), usual = PARTS[part]
        where, given = inside or usual, document.get(table, {}).get(key)
        if (
            given is None
            or (stage / str(given).removeprefix("sqlite:///")).resolve() != stage / where
        ):
            document.setdefault(table, tomlkit.table())[key] = where
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    sync(path)


def _check(manifest: Manifest, stage: Path) -> None:
    """WrongCall where what was put together is not the installation that was backed up."""
    path = stage / manifest.config
    world = World(load(path, environment={}), path)
    try:
        refuse_younger(world.journal, world.lake, world.lake.last_flush())
        snapshot = world.readings.lake.snapshot()
        counted = (world.journal.last(), snapshot.flush.number, snapshot.rows)
        broken = verify(world.books, None, list(manifest.heads.values()))
    finally:
        world.books.dispose()
        world.journal.close()
    if counted != (manifest.batches, manifest.flush, manifest.lake_rows):
        raise WrongCall(
            msg(
                "the backup says {said} (batches, flush, readings in the lake), but {found} were restored",
                said=(manifest.batches, manifest.flush, manifest.lake_rows), found=counted,
            )
        )  # fmt: skip
    if broken is not None:
        raise WrongCall(msg("the ledger of the backup does not hold: {why}", why=broken.why))
