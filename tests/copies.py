"""Folders that take long to make and are written into by each test: made once in a process, copied from then on."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

Make = Callable[[Path], object]


def copy_of(make: Make, folder: Path) -> None:
    """Puts into `folder` what `make` puts into an empty one; it must leave nothing open."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _made(make).items():
        path = folder / name
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.write_bytes(content)


@cache
def _made(make: Make) -> dict[str, bytes | None]:
    """Folders, which are None, before what is in them."""
    with tempfile.TemporaryDirectory(prefix="heatwatch-made-") as name:
        folder = Path(name)
        make(folder)
        return {
            path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
            for path in sorted(folder.rglob("*"))
        }
