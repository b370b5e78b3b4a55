"""Damaged files of the lake and places that can't be written: the operator's to fix, no bug of ours."""

import errno

from domain.language import msg

#: How the readers of its files say that one of them is cut, overwritten or gone.
WORDS = (
    "parquet magic bytes",
    "not a parquet file",
    "deserialize thrift",
    "failed to open local file",
    "kernel error: json error",
)
#: What the system says of a place that this user may not write, or that no disk can have.
NOT_OURS = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG})
MAY_WRITE = msg("a place that this user may write")
RESTORE = msg("a file of store.lake is damaged or gone; put the folder back from a copy")


def damaged(error: BaseException | None) -> bool:
    """Whether this error, or what caused it, is a file of the lake that can't be read."""
    while error is not None:
        if any(words in str(error).lower() for words in WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
