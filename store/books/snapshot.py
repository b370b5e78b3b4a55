"""One state of the books to read, however many statements it takes."""

from sqlalchemy import Connection, Engine


def snapshot(engine: Engine) -> Connection:
    """A connection that sees one state of the books throughout; SQLite's see one anyway."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection
