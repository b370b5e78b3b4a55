"""The registry as far as it is there: for what only looks, nothing is made or migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine

from store.server.address import database

POSTGRES_WAIT_S = 3


def are_there(books: str) -> bool:
    """Whether there are books; a server has them, or says itself that it is away."""
    address = database("books", books, in_memory=True)
    if address.get_backend_name() != "sqlite":
        return True
    return bool(address.database) and Path(str(address.database)).is_file()


@contextmanager
def existing_books(books: str) -> Iterator[Engine | None]:
    """The books, None where they are not there yet; closed behind."""
    if not are_there(books):
        yield None
        return
    address = database("books", books, in_memory=True)
    wait = {"connect_timeout": POSTGRES_WAIT_S}
    sqlite = address.get_backend_name() == "sqlite"
    engine = create_engine(address, connect_args={} if sqlite else wait)
    try:
        yield engine
    finally:
        engine.dispose()
