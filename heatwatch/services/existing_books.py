"""The registry as far as it is there: for what only looks, nothing is made or migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine

from store.server.address import database

POSTGRES_WAIT_S = 3


@contextmanager
def existing_books(books: str) -> Iterator[Engine | None]:
    """The books, None where they are not there yet; closed behind."""
    address = database("books", books, in_memory=True)
    sqlite = address.get_backend_name() == "sqlite"
    if sqlite and not (address.database and Path(address.database).is_file()):
        yield None
        return
    engine = create_engine(
        address, connect_args={} if sqlite else {"connect_timeout": POSTGRES_WAIT_S}
    )
    try:
        yield engine
    finally:
        engine.dispose()
