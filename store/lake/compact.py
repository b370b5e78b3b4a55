"""Background compaction: many small files of a month become few large ones.

Files of a size are merged once there are `FAN` of them, so that a reading is rewritten only a
few times in its life. Rows keep their flush numbers, so every "as of flush N" stays the same.
Flushes and readers go on: a flush only adds files, and replaced ones stay for a day.
"""

import itertools

from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from store.lake.damaged import opened
from store.lake.files import MOST_ROWS, LakeFile
from store.lake.lake import Lake

FAN = 8  # files of one size that are merged into one
LOG_KEPT = 100  # commits since the last checkpoint that make a new one worth while


def tier(file: LakeFile) -> int:
    """The size class: each holds files up to `FAN` times larger than the one below."""
    size, number = 4096, 0
    while file.rows > size:
        size, number = size * FAN, number + 1
    return number


def plan(files: tuple[LakeFile, ...]) -> list[list[LakeFile]]:
    """Groups worth merging: `FAN` or more of a month and size, none of them large already."""
    small = [f for f in files if f.rows <= MOST_ROWS // 2]
    small.sort(key=lambda f: (f.month, tier(f), f.flush, f.path))
    groups = []
    for _key, members in itertools.groupby(small, key=lambda f: (f.month, tier(f))):
        found = list(members)
        while len(found) >= FAN:
            group = _fitting(found)
            groups.append(group)
            found = found[len(group) :]
    return groups


def _fitting(files: list[LakeFile]) -> list[LakeFile]:
    """The first files that together fill one file, at least two."""
    rows = list(itertools.accumulate(f.rows for f in files))
    count = next((i for i, total in enumerate(rows) if total > MOST_ROWS), len(files))
    return files[: max(count, 2)]


def compact(lake: Lake) -> int:
    """Merges every group of the plan, one commit each; how many files were replaced.

    One compactor at a time: Delta does not notice that two commits remove the same file.
    """
    replaced = 0
    with lake.lock("compact"):
        while groups := plan(lake.snapshot().files):
            for group in groups:
                _merge(lake, group)
                replaced += len(group)
        tidy(lake)
    return replaced


def _merge(lake: Lake, group: list[LakeFile]) -> None:
    parts = []
    for file in group:
        with opened(lake.place, file) as parquet:
            parts.append(parquet.read())
    month = (group[0].month.year - 1970) * 12 + group[0].month.month - 1
    added = list(lake.write_sorted(parts, month))
    for each in added:
        each.data_change = False
    lake.commit([*added, *(_remove(file, added[0]) for file in group)])


def _remove(file: LakeFile, replacement: AddAction) -> RemoveAction:
    """Replaced at the time the replacement was written, by the disk's clock."""
    return RemoveAction(
        file.path,
        data_change=False,
        deletion_timestamp=replacement.modification_time,
        size=file.size,
        partition_values={"month": file.month.isoformat()},
    )


def tidy(lake: Lake) -> None:
    """A checkpoint where the log has grown, synced before what it stands for is dropped.

    Replaced files go after a day: readers that hold an older snapshot have finished by then. Log
    entries go after two hours (`store.lake.lake.LOG_RETENTION`).
    """
    table = DeltaTable(lake.place.uri, storage_options=lake.place.options or None)
    if table.version() - lake.place.last_checkpoint() < LOG_KEPT:
        return
    table.create_checkpoint()
    lake.place.sync_log(range(0), table.version())
    table.cleanup_metadata()
    table.vacuum(dry_run=False, full=True)  # also what a crash left without a commit
    table.update_incremental()
    lake.place.sync_log(range(table.version() - 1, table.version() + 1))
