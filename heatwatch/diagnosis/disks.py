"""Room on the disks of the stores."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from domain.language import msg
from heatwatch.diagnosis.finding import Finding, fault, warning, well
from heatwatch.supervisor.disk_space import HINT, disk_problem, stores_of
from heatwatch.wiring import World

#: Less is a warning: a share of the disk, or so many bytes, whichever is less.
LEAST_SHARE = 0.1
LEAST_BYTES = 20 * 2**30


def check(world: World) -> Iterator[Finding]:
    """One line for each disk."""
    seen: set[int] = set()
    for folder in stores_of(world.config):
        disk = folder.stat().st_dev
        if disk not in seen:
            seen.add(disk)
            yield _of(folder)


def _of(folder: Path) -> Finding:
    what = msg("disk of {folder}", folder=folder)
    room = shutil.disk_usage(folder)
    found = msg("{free} GB of {total} GB free", free=_gb(room.free), total=_gb(room.total))
    if disk_problem([folder]) is not None:
        return fault(what, found, HINT)
    if room.free < min(LEAST_SHARE * room.total, LEAST_BYTES):
        return warning(what, found, HINT)
    return well(what, found)


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f}"
