"""Compiled code of this folder is kept for all of its files together.

numba keeps what it compiled by the text of a function's own file. These loops call each other across
files: one would go on with the old code of another. So the text of every file here counts.
"""

from pathlib import Path
from typing import Any

from numba.core import caching

_HERE = Path(__file__).parent


class _Together:
    """A numba cache locator that asks for the stamps of all files of this folder."""

    _py_file: str

    def get_source_stamp(self) -> Any:
        """As numba wants it: equal where nothing has changed."""
        own = super().get_source_stamp()  # type: ignore[misc]
        if Path(self._py_file).parent != _HERE:
            return own
        files = sorted(_HERE.glob("*.py"))
        return own, tuple((path.name, hash_of(path)) for path in files)


def hash_of(path: Path) -> bytes:
    """The hash of a source file, kept while it stays as it is."""
    found = path.stat()
    hashed: bytes = caching._hash_source_file(str(path), found.st_mtime, found.st_size)
    return hashed


class UserProvided(_Together, caching.UserProvidedCacheLocator):
    """In `NUMBA_CACHE_DIR`."""


class InTree(_Together, caching.InTreeCacheLocator):
    """Beside the source."""


class UserWide(_Together, caching.UserWideCacheLocator):
    """Where the source can't be written to."""


#: In the order of numba's own.
LOCATORS = (
    *(f"{__name__}.{each.__name__}" for each in (UserProvided, InTree, UserWide)),
    "IPythonCacheLocator",
    "ZipCacheLocator",
)
