"""Logs that do not grow for ever: what is too long goes to `NAME.log.1`, and so on."""

import shutil
from pathlib import Path

#: A log is rotated beyond so many bytes.
MOST_BYTES = 20_000_000
#: So many older ones are kept of each.
KEPT = 5


def rotated(log: Path) -> bool:
    """Whether the log was too long and begins anew.

    It is copied and emptied, as its process has it open for appending; a line that is written in
    between is lost.
    """
    if log.stat().st_size <= MOST_BYTES:
        return False
    for number in range(KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    with log.open("r+b") as file:
        file.truncate()
    return True
