"""Addresses of databases and of the lake: what is allowed, and how they are shown without secrets."""

import errno
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import WrongCall
from domain.language import msg

if TYPE_CHECKING:
    from sqlalchemy import URL

DATABASES = msg("sqlite:///PATH, a plain path, or postgresql://USER:PASSWORD@HOST/DATABASE")
LAKES = msg("a folder or s3://BUCKET/PATH")
HIGHEST_PORT = 65_535
OPENING = 256 << 10  # a file of SQLite is opened with less room than this, or not at all [bytes]
IO_ERROR, READ_ONLY = "disk I/O error", "readonly database"  # as SQLite says it
NO_ROOM = "disk is full", os.strerror(errno.ENOSPC)
# Up to the last '@', so that a password with '@' or '/' in it is hidden whole.
_PASSWORD = re.compile(r"(://[^\s:/?#@]*):\S*@")
_SECRET = re.compile(
    r"([?&][^=&\s]*(?:pass|secret|token|key|credential|sig)[^=&\s]*=)[^&\s'\"]*", re.IGNORECASE
)

#: A SQLite file, written so that nothing about it can be wrong.
_FILE = re.compile(r"sqlite:///[^?#:]+")


def hidden(text: str) -> str:
    """The text with the passwords of addresses and the secrets of their queries starred out.

    >>> hidden("postgresql://u:pw@h/d?sslpassword=x&sslmode=require")
    'postgresql://u:***@h/d?sslpassword=***&sslmode=require'
    """
    return _SECRET.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))


def check(key: str, text: str, *, in_memory: bool = False) -> None:
    """As `database`, of which only the refusal is wanted: that of a file loads no SQLAlchemy."""
    if "://" in text and not _FILE.fullmatch(text):
        database(key, text, in_memory=in_memory)


def database(key: str, text: str, *, in_memory: bool = False) -> "URL":
    """The SQLAlchemy address with its driver; a bare path is a SQLite file.

    WrongCall names `key`, the address without its secrets, and what is allowed.
    """
    from sqlalchemy import URL, make_url
    from sqlalchemy.exc import ArgumentError

    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        address = make_url(text)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise WrongCall(
            msg(
                "{key} = {hidden!r} is not an address; allowed: {databases}",
                key=key,
                hidden=hidden(text),
                databases=DATABASES,
            )
        ) from None
    if address.port is not None and not 0 < address.port <= HIGHEST_PORT:
        raise WrongCall(
            msg(
                "{key} = {hidden!r}: no server has this port; allowed: 1 to {highest_port}",
                key=key,
                hidden=hidden(text),
                highest_port=HIGHEST_PORT,
            )
        )
    if backend in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or (not in_memory and address.database in {None, "", ":memory:"}):
        raise WrongCall(
            msg(
                "{key} = {backend}://... can't be kept there; allowed: {databases}",
                key=key,
                backend=backend,
                databases=DATABASES,
            )
        )
    return address.set(drivername="sqlite")


def lake(key: str, uri: str) -> str:
    """The lake's address as it is; WrongCall where it is neither a folder nor on S3."""
    if "://" in uri and not uri.startswith(("file://", "s3://", "s3a://")):
        raise WrongCall(
            msg("{key} = {hidden!r}; allowed: {lakes}", key=key, hidden=hidden(uri), lakes=LAKES)
        )
    return uri


def not_sqlite(key: str, path: str, why: object) -> WrongCall | OSError:
    """What is said of a file that SQLite can't open; of a full disk SQLite says "disk I/O error"."""
    no_room = any(words in str(why) for words in NO_ROOM)
    if no_room or (IO_ERROR in str(why) and _is_full(path)):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
    if READ_ONLY in str(why):
        return WrongCall(
            msg(
                "{key} = {path!r} can't be opened ({why}); allowed: a file in a folder, both of which "
                "this user may write",
                key=key, path=path, why=why,
            )
        )  # fmt: skip
    return WrongCall(
        msg(
            "{key} = {path!r} can't be opened as a SQLite database ({why}); allowed: {databases}",
            key=key,
            path=path,
            why=why,
            databases=DATABASES,
        )
    )


def _is_full(path: str) -> bool:
    """Whether there is no room for what SQLite writes beside a file when it opens it."""
    try:
        return shutil.disk_usage(Path(path).parent).free < OPENING
    except OSError:
        return False
