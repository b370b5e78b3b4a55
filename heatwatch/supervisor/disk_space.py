"""Room on the disks of the stores: a full one is the operator's to fix, and no bug of ours."""

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import ServerMissing
from domain.language import Text, msg

if TYPE_CHECKING:
    from heatwatch.config_tables import Config

#: Less free than this is full: a flush needs more. [bytes]
LEAST_FREE = 4 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: How SQLite, PostgreSQL and the lake say it.
WORDS = ("no space left", "disk is full", "disk full", "quota exceeded")
HINT = msg(
    "make room there; until then what devices send waits at the broker, so leave that running"
)
HINT_START = msg("make room there and start again")


class DiskFull(ServerMissing):
    """Nothing can be kept: which disk, and what to do. Exit 4."""

    def __init__(self, where: str) -> None:
        text = msg("no space left on the disk of {where}: {hint}", where=where, hint=HINT_START)
        RuntimeError.__init__(self, text)
        self.server, self.hint = f"room on the disk of {where}", str(HINT_START)


@contextmanager
def room(config: "Config") -> Iterator[None]:
    """DiskFull before anything is opened, and for what runs out of room or quota meanwhile."""
    folders = stores_of(config)
    if full := _full(folders):
        raise DiskFull(full)
    try:
        yield
    except Exception as error:  # of any library; all but a full disk goes on as it is
        if not no_space(error) or isinstance(error, ServerMissing):
            raise
        raise DiskFull(_full(folders) or ", ".join(map(str, folders))) from error


def no_space(error: BaseException | None) -> bool:
    """Whether this error, or what caused it, is a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if any(words in str(error).lower() for words in WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False


def stores_of(config: "Config") -> list[Path]:
    """The folders of what is kept in files; existing ones, or the nearest above that exists."""
    store = config.store
    places = [store.journal, store.lake, store.books]
    files = [Path(place.removeprefix("sqlite:///")) for place in places if _is_file(place)]
    if config.broker.mode == "embedded":
        files.append(config.broker.folder)
    return list(dict.fromkeys(_existing(path) for path in files))


def _is_file(place: str) -> bool:
    return "://" not in place or place.startswith("sqlite:///")


def _existing(path: Path) -> Path:
    path = path.resolve()
    return next(each for each in (path, *path.parents) if each.is_dir())


def disk_problem(folders: Sequence[Path]) -> Text | None:
    """One line about those of the folders that are full; None where there is room."""
    full = _full(folders)
    if not full:
        return None
    return msg("no space left on the disk of {where}: {hint}", where=full, hint=HINT)


def _full(folders: Sequence[Path]) -> str:
    """Each full disk by the first of the folders that is on it."""
    full = [each for each in folders if shutil.disk_usage(each).free < LEAST_FREE]
    return ", ".join({each.stat().st_dev: str(each) for each in reversed(full)}.values())
