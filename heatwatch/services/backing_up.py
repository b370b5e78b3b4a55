"""A backup of books, journal, lake, reports, policies and configuration as of one moment, while heatwatch runs.

The moment: nothing flushes or compacts, and nobody commits to the books, while the states of books and
journal and the lake's log are taken. So whatever the journal was trimmed of is in the lake that is copied,
no reading is of a series that the books don't have, and no run is of a flush that the lake does not have.
Copying comes after: ingest never waits for it, and the lake's files stay for a day after they are replaced.
"""

import re
import shutil
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
import tomlkit
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.config_faults import OPTION
from heatwatch.services.backup_lake import copy_lake
from heatwatch.services.backup_manifest import (
    FORMAT,
    File,
    Manifest,
    Part,
    Progress,
    alone,
    copied,
    files_below,
    finished,
    listed,
    sync_tree,
    write_manifest,
)
from heatwatch.wiring import World
from store.books.ledger import LedgerEntry
from store.books.registry import Place
from store.books.revision import newest
from store.journal.tables import STATE
from store.lake.lake import Snapshot
from store.lake.log_copy import copy_log
from store.lake.place import sync
from store.server.address import database, hidden
from store.server.damaged_database import BOOKS, JOURNAL
from store.server.read_only import connector
from store.server.sqlite_copy import as_it_is_now, without_writers, write_copy

#: A backup that is being made, or that was broken off; and one that is being removed.
UNFINISHED, REMOVED = ".unfinished", ".removed"
#: Backups are named by the time at which they were made.
NAME_FORMAT = "%Y%m%dT%H%M%S.%fZ"
NAME = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z")
BOOKS_FILE, JOURNAL_FILE, LAKE_FOLDER = "books.sqlite", "journal.sqlite", "lake"


class Sources(NamedTuple):
    """Where an installation keeps what is copied."""

    books: Path
    journal: Path
    lake: Path

    @classmethod
    def of(cls, world: World) -> "Sources":
        """WrongCall where a store is on a server, or may only be read."""
        store = world.config.store
        for key, text in (("store.books", store.books), ("store.journal", store.journal)):
            if database(key, text).get_backend_name() != "sqlite":
                raise WrongCall(
                    msg(
                        "{key} = {address} is on a server, which `heatwatch backup` does not copy; stop heatwatch "
                        "and copy it with pg_dump, together with the other stores",
                        key=key, address=hidden(text),
                    )
                )  # fmt: skip
        if "://" in store.lake and not store.lake.startswith("file://"):
            raise WrongCall(
                msg(
                    "store.lake = {uri} is in an object store, which `heatwatch backup` does not copy; stop "
                    "heatwatch and copy the bucket by the object store's own means, together with the other stores",
                    uri=hidden(store.lake),
                )
            )  # fmt: skip
        if world.is_read_only:
            raise WrongCall(
                msg("store.books may only be read here; allowed: the installation itself")
            )
        books, journal = (
            Path(str(database("", text).database)) for text in (store.books, store.journal)
        )
        return cls(books, journal, Path(store.lake.removeprefix("file://")))


class Made(NamedTuple):
    """A finished backup."""

    folder: Path
    manifest: Manifest
    copied: int  # bytes; the others are shared with an earlier backup
    removed: tuple[Path, ...]  # earlier backups that are not kept


def back_up(
    world: World, folder: Path, now: datetime, progress: Progress, keep: int | None = None
) -> Made:
    """A new backup in `folder`, beside earlier ones, of which the newest `keep` stay (None: all).

    Killed, it leaves nothing that looks like a backup; the next one goes on with the files that are there.
    """
    sources = sources_of(world, folder)
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        made = _made(world, sources, folder, now, progress)
        return made._replace(removed=tuple(_drop_old(made.folder, keep)))


def sources_of(world: World, folder: Path) -> Sources:
    """What is to be copied; WrongCall where it can't be, or `folder` is in it and would be copied into itself."""
    sources = Sources.of(world)
    config, target = world.config, folder.resolve()
    for part in (sources.lake, config.reports.folder, config.law.policies, config.broker.folder):
        if part is not None and target.is_relative_to(part.resolve()):
            raise WrongCall(
                msg(
                    "{folder} is inside {part}, which is copied or written by heatwatch; allowed: a folder outside, "
                    "at best on another disk",
                    folder=folder, part=part,
                )
            )  # fmt: skip
    return sources


def _made(world: World, sources: Sources, folder: Path, now: datetime, progress: Progress) -> Made:
    at = folder / UNFINISHED
    _clear_but_readings(at)
    snapshot = _moment(world, sources, at, progress)
    files = [listed(at, path) for path in files_below(at) if not _holds_readings(at, path)]
    of_lake = copy_lake(world.lake, snapshot, at / LAKE_FOLDER, folder, progress)
    files += of_lake.files
    places, more = _rest(world, at)
    left_out = _configuration(world.path, at / world.path.name)
    files += [*more, listed(at, at / world.path.name)]
    batches, heads = _counts(at)
    manifest = Manifest(
        format=FORMAT, heatwatch=metadata.version("heatwatch"), revision=newest(),
        made_at=now.astimezone(UTC).isoformat(), config=world.path.name, places=places, left_out=left_out,
        batches=batches, flush=snapshot.flush.number, lake_rows=snapshot.rows, heads=heads, files=tuple(files),
    )  # fmt: skip
    sync_tree(at)
    write_manifest(manifest, at)
    target = _free_name(folder, now)
    at.rename(target)
    sync(folder)
    return Made(target, manifest, manifest.size - of_lake.shared, ())


def _moment(world: World, sources: Sources, at: Path, progress: Progress) -> Snapshot:
    """Books and journal as files, and the lake's log, all as of one moment; the lake's files of it."""
    lake, _ = world.lake, world.journal  # made where nothing was ever kept
    with ExitStack() as held:
        with lake.lock("compact"), lake.lock("flush"):
            with without_writers(sources.books):
                books = held.enter_context(as_it_is_now(sources.books))
                journal = held.enter_context(as_it_is_now(sources.journal))
            snapshot = copy_log(lake, at / LAKE_FOLDER)
        for link, name, key in ((books, BOOKS_FILE, BOOKS), (journal, JOURNAL_FILE, JOURNAL)):
            write_copy(link, at / name, key, partial(progress, msg("copying {key}", key=key)))
    return snapshot


def _holds_readings(at: Path, path: Path) -> bool:
    """Whether it is a file of readings, which an earlier try may have left."""
    parts = path.relative_to(at).parts
    return parts[0] == LAKE_FOLDER and parts[1].startswith("month=")


def _clear_but_readings(at: Path) -> None:
    """What an earlier try left goes, but files of the lake: they never change."""
    at.mkdir(exist_ok=True)
    for path in files_below(at):
        if not _holds_readings(at, path) or path.suffix != ".parquet":
            path.unlink()
    for path in sorted((each for each in at.rglob("*") if each.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def _rest(world: World, at: Path) -> tuple[dict[Part, str], list[File]]:
    """Reports, policies, samples of feeds and the clock's file: where each belongs, and their files."""
    config, base = world.config, world.path.resolve().parent
    store = config.store
    places: dict[Part, Path | None] = {
        "books": _path_of(store.books), "journal": _path_of(store.journal), "lake": Path(store.lake.removeprefix("file://")),
        "reports": config.reports.folder, "policies": config.law.policies,
        "clock": config.clock.started if config.clock else None,
    }  # fmt: skip
    files = []
    copied_whole: tuple[Part, ...] = ("reports", "policies", "clock")
    for name in copied_whole:
        if (path := places[name]) is not None:
            files += copied(path, at / name, at)
    samples = (feed.sample.resolve() for feed in config.ingest.feeds if feed.sample is not None)
    for path in samples:
        if path.is_relative_to(base):
            files += copied(path, at / "samples" / path.relative_to(base), at)
    known = {name: path.resolve() for name, path in places.items() if path is not None}
    inside = {
        name: path.relative_to(base).as_posix()
        for name, path in known.items()
        if path.is_relative_to(base)
    }
    return dict.fromkeys(known, "") | inside, files


def _path_of(address: str) -> Path:
    return Path(str(database("", address).database))


def _configuration(path: Path, target: Path) -> tuple[str, ...]:
    """The configuration without what may be a secret; the keys that are left out."""
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    left_out = list(_without_secrets(document, ""))
    target.write_text(tomlkit.dumps(document), encoding="utf-8")
    sync(target)
    return tuple(left_out)


def _without_secrets(table: MutableMapping[str, Any], above: str) -> Iterator[str]:
    for key, value in list(table.items()):
        name = f"{above}{key}"
        if isinstance(value, MutableMapping):
            yield from _without_secrets(value, f"{name}.")
        elif isinstance(value, list):
            for i, each in enumerate(value):
                if isinstance(each, MutableMapping):
                    yield from _without_secrets(each, f"{name}.{i}.")
        elif isinstance(value, str) and (hidden(value) != value or OPTION.search(key)):
            del table[key]
            yield name


def _counts(at: Path) -> tuple[int, dict[str, str]]:
    """Batches that the journal gave, and company -> head of its ledger, of the copies."""
    engine = sa.create_engine("sqlite://", creator=connector(at / JOURNAL_FILE))
    with engine.connect() as link:
        batches = int(link.execute(sa.select(STATE.c.batches)).scalar_one())
    engine.dispose()
    engine = sa.create_engine("sqlite://", creator=connector(at / BOOKS_FILE))
    newest_entries = sa.select(sa.func.max(LedgerEntry.id)).group_by(LedgerEntry.company_id)
    query = (
        sa.select(Place.code, LedgerEntry.hash)
        .select_from(LedgerEntry)
        .outerjoin(Place, Place.id == LedgerEntry.company_id)
        .where(LedgerEntry.id.in_(newest_entries))
    )
    with Session(engine) as session:
        heads = {code or "": head for code, head in session.execute(query)}
    engine.dispose()
    return batches, heads


def _free_name(folder: Path, now: datetime) -> Path:
    """A name by the time, in whose order the backups were made."""
    name = now.astimezone(UTC).strftime(NAME_FORMAT)
    if (folder / name).exists():
        raise WrongCall(msg("{path} is there already; try again", path=folder / name))
    return folder / name


def _drop_old(made: Path, keep: int | None) -> Iterator[Path]:
    """Removes all but `made` and the newest others, `keep` in all; half of one has no name any more.

    What does not have the name of a backup is not ours to remove: one that somebody renamed, or another
    program's folder. The one just made stays also where the clock was set back behind the others.
    """
    folder = made.parent
    shutil.rmtree(folder / REMOVED, ignore_errors=True)
    others = [each for each in finished(folder) if _is_ours(each) and each != made]
    for old in others[: len(others) - keep + 1] if keep and len(others) >= keep else ():
        old.rename(folder / REMOVED)
        sync(folder)
        shutil.rmtree(folder / REMOVED)
        yield old


def _is_ours(folder: Path) -> bool:
    return NAME.fullmatch(folder.name) is not None and not folder.is_symlink()
