"""Opening the books: SQLite by default, PostgreSQL when configured; always at the newest revision."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from domain.errors import ServerMissing, WrongCall
from domain.language import Text, msg
from store.books import schema, sqlite, tables  # noqa: F401 - sessions need every table that a table refers to
from store.books.base import as_json
from store.books.revision import found, is_newest, newest
from store.server.address import DATABASES, database, hidden, not_sqlite
from store.server.damaged_database import BOOKS, name_damage
from store.server.read_only import ReadOnly, connector, marked, may_write

POSTGRES_WAIT_S = 10
NO_PLACE = "unable to open database file"  # as SQLite says it
#: Of a server: a copy that follows another one, or a user who may read our tables and not write them.
MAY_ONLY_READ = """
SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'
    OR NOT coalesce(has_table_privilege(to_regclass('change_record')::oid, 'INSERT'), true)
"""


def open_books(url: str) -> Engine:
    """The engine of the books, migrated to the newest revision.

    Where this user may only read them nothing is written or migrated, and whatever would write is
    `ReadOnly`.

    `url` is `sqlite:///path`, a plain path, or `postgresql://...` (psycopg 3). The folder of
    a SQLite file is made. Transactions of both servers behave as READ COMMITTED
    (`store.books.sqlite` says how), so code tried on one holds on the other.

    Raises
    ------
    WrongCall
        The address can't be understood, the file is no database, or the database is of a
        newer heatwatch, or of another one and may only be read.
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
    path = Path(address.database or "")
    read_only = address.database not in {None, "", ":memory:"} and not may_write(path)
    own = {"creator": connector(path)} if read_only else {}
    engine = create_engine(address, json_serializer=as_json, **own)
    sqlite.prepare(engine, read_only=read_only)
    name_damage(engine, BOOKS)
    try:
        if read_only:
            _only_read(engine, str(path))
        else:
            _bring_up(engine)
    except (OperationalError, DatabaseError) as error:
        engine.dispose()
        if read_only and NO_PLACE in str(error.orig):
            raise WrongCall(_changes_beside(path)) from error
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
        with engine.connect() as link:
            read_only = link.scalar(text(MAY_ONLY_READ))
    except OperationalError as error:
        engine.dispose()
        raise ServerMissing("PostgreSQL", _hint(address, error)) from error
    try:
        if read_only:
            _only_read(engine, hidden(address.render_as_string(hide_password=True)))
        else:
            _bring_up(engine)
    except WrongCall:
        engine.dispose()
        raise
    return engine


def _only_read(engine: Engine, where: str) -> None:
    """WrongCall where the books are of another revision, and from now on for whatever writes."""

    def refuse(
        _link: Connection,
        _cursor: object,
        statement: str,
        _values: object,
        context: Any,
        _many: bool,
    ) -> None:
        if sqlite.is_write(statement, context):
            raise ReadOnly(BOOKS, where)

    marked(engine)
    event.listen(engine, "before_cursor_execute", refuse, insert=True)
    if (revision := found(engine)) != newest():
        raise WrongCall(
            msg(
                "store.books = {where!r} may only be read here and is of revision {found}, this heatwatch "
                "reads revision {newest}; allowed: a copy of books that it has upgraded (whoever may write them "
                "opens them with it once), or the heatwatch that they are of",
                where=where, found=revision or "-", newest=newest(),
            )
        )  # fmt: skip


def _changes_beside(path: Path) -> Text:
    return msg(
        "store.books = {path!r} may only be read here, and was copied while it was open: its newest changes are "
        "in {wal}, which can't be read without writing beside it; allowed: a copy made while nothing has it open, "
        "or by sqlite3's .backup",
        path=str(path), wal=f"{path.name}-wal",
    )  # fmt: skip


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
