"""Somebody who may read a folder and write nothing in it, as an auditor with a copy."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534


@contextmanager
def readable_folder() -> Iterator[Path]:
    """A new folder that every user can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="heatwatch-copy-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def only_reading(folder: Path) -> Iterator[None]:
    """Within, the process is a user who may write nothing in the folder; root becomes nobody."""
    every = [folder, *folder.rglob("*")]
    for each in every:
        each.chmod(0o555 if each.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for each in every:
            each.chmod(0o755 if each.is_dir() else 0o644)
