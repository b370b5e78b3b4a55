"""The lake's log copied while nothing is committed to it."""

import os
import shutil
from pathlib import Path

from store.lake.lake import Lake, Snapshot
from store.lake.place import LOG, sync

#: What Delta reads of its log.
KINDS = ("*.json", "*.parquet", "_last_checkpoint")


def copy_log(lake: Lake, target: Path) -> Snapshot:
    """Copies the log of a lake in a local folder below `target`; the snapshot that the copy ends with.

    The caller holds `lock("compact")` and `lock("flush")`, so that nothing is committed or cleaned up.
    """
    assert lake.place.folder is not None
    log = target / LOG
    log.mkdir(parents=True)
    for kind in KINDS:
        for file in sorted((lake.place.folder / LOG).glob(kind)):
            with file.open("rb") as source, (log / file.name).open("wb") as copy:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
    sync(log)
    return lake.snapshot()
