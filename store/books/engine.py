"""Opening the books: SQLite by default, PostgreSQL when configured; always at the newest revision."""

from pathlib import Path

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DatabaseError, OperationalError

from domain.errors import ServerMissing, WrongCall
from domain.language import Text, msg
from store.books import schema, sqlite, tables  # noqa: F401 - sessions need every table that a table refers to
from store.books.base import as_json
from store.books.revision import is_newest
from store.server.address import DATABASES, database, hidden, not_sqlite
from store.server.damaged_database import BOOKS, name_damage

POSTGRES_WAIT_S = 10


def open_books(url: str) -> Engine:
    """The engine of the books, migrated to the newest revision.

    `url` is `sqlite:///path`, a plain path, or `postgresql://...` (psycopg 3). The folder of
    a SQLite file is made. Transactions of both servers behave as READ COMMITTED
    (`store.books.sqlite` says how), so code tried on one holds on the other.

    Raises
    ------
    WrongCall
        The address can't be understood, the file is no database, or the database is of a
        newer heatwatch.
    ServerMissing
        PostgreSQL does not answer.
    """
    address = parse(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return _open_postgres(address)


def parse(url: str) -> URL:
    """The address as SQLAlchemy takes it, with the driver filled in; WrongCall names what is allowed."""
    return database("books", url, in_memory=True)


def _open_sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            said = error.strerror
            raise WrongCall(
                msg(
                    "store.books = {database!r} can't be there ({why}); allowed: {databases}",
                    database=address.database,
                    why=said,
                    databases=DATABASES,
                )
            ) from None
    engine = create_engine(address, json_serializer=as_json)
    sqlite.prepare(engine)
    name_damage(engine, BOOKS)
    try:
        _bring_up(engine)
    except (OperationalError, DatabaseError) as error:
        engine.dispose()
        raise not_sqlite(BOOKS, address.database or "", error.orig) from error
    except WrongCall:
        engine.dispose()
        raise
    return engine


def _open_postgres(address: URL) -> Engine:
    engine = create_engine(
        address, pool_pre_ping=True, connect_args={"connect_timeout": POSTGRES_WAIT_S},
        json_serializer=as_json,
    )  # fmt: skip
    try:
        with engine.connect():
            pass
    except OperationalError as error:
        engine.dispose()
        raise ServerMissing("PostgreSQL", _hint(address, error)) from error
    try:
        _bring_up(engine)
    except WrongCall:
        engine.dispose()
        raise
    return engine


def _bring_up(engine: Engine) -> None:
    if is_newest(engine) or (engine.dialect.name == "sqlite" and schema.make(engine)):
        return
    from store.books.migrate import migrate

    migrate(engine)


def _hint(address: URL, error: OperationalError) -> Text:
    """What the server's driver said in one line, and what to do about it."""
    said = " ".join(str(error.orig).split())
    where = hidden(address.render_as_string(hide_password=True))
    return msg(
        "{where} does not open ({why}); start it (systemctl start postgresql, or "
        "docker compose up -d postgres), make the database (createdb NAME), "
        "or set books to a SQLite file",
        where=where,
        why=hidden(said),
    )
