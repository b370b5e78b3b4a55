"""New SQLite books are what the migrations make, and only an empty file becomes new books."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store.books import schema
from store.books.engine import open_books
from store.books.sqlite import prepare


def test_the_schema_is_what_all_migrations_make() -> None:
    assert schema.same(schema.SCHEMA.read_text("utf-8"), schema.migrated()), (
        "a migration changed the tables: python -m store.books.schema"
    )


def test_a_schema_that_lacks_a_column_is_not_the_same() -> None:
    script = schema.SCHEMA.read_text("utf-8")
    assert not schema.same(script, script.replace("opened_at DATETIME NOT NULL,", "", 1))


def test_new_books_are_made_of_it(tmp_path: Path) -> None:
    books = open_books(str(tmp_path / "made.db"))
    with books.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        assert schema.same(schema.dumped(raw), schema.SCHEMA.read_text("utf-8"))
    books.dispose()


def test_a_database_that_holds_anything_is_left_to_the_migrations(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'theirs.db'}")
    prepare(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (name TEXT)"))
    assert not schema.make(engine)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    engine.dispose()
    assert names == ["mine"]


def test_a_schema_of_an_older_revision_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "schema.sql"
    older.write_text("INSERT INTO \"alembic_version\" VALUES('0001');\n", "utf-8")
    monkeypatch.setattr(schema, "SCHEMA", older)
    engine = create_engine("sqlite://")
    assert not schema.make(engine)
    engine.dispose()
