"""Opening the books, on SQLite and on a real PostgreSQL: one contract for both."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text, update

from domain.errors import ServerMissing, WrongCall
from store.books.engine import open_books
from store.books.registry import RegistryVersion
from store.registry.books import lock
from store.registry.series import registry_version
from store.server.read_only import ReadOnly, is_read_only
from tests.books import place_books
from tests.reader import only_reading, readable_folder
from tests.servers.process import free_port


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to look at" * 50)
    with pytest.raises(WrongCall, match="not a database"):
        open_books(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["mysql://host/books", "://", "postgres"])
def test_an_address_of_another_kind_is_refused_or_taken_as_a_path(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "://" in url:
        with pytest.raises(WrongCall, match="allowed: sqlite:///"):
            open_books(url)
    else:
        open_books(url).dispose()
        assert (tmp_path / "postgres").is_file()


def test_a_postgresql_that_is_not_there_is_named_with_its_hint_and_without_the_password() -> None:
    url = f"postgresql://heat:secret@127.0.0.1:{free_port()}/books"
    with pytest.raises(ServerMissing, match="start it") as raised:
        open_books(url)
    assert raised.value.server == "PostgreSQL"
    assert "secret" not in str(raised.value)


def refuses_writes(engine: Engine) -> None:
    with pytest.raises(ReadOnly, match="may only be read here"), engine.begin() as link:
        link.execute(update(RegistryVersion).values(number=9))
    with pytest.raises(ReadOnly), engine.connect() as link:
        lock(link)


def test_books_that_may_only_be_read_are_read_and_whatever_would_write_is_refused() -> None:
    with readable_folder() as folder:
        path = place_books(folder / "books.sqlite")
        with only_reading(folder):
            engine = open_books(str(path))
            assert is_read_only(engine)
            assert registry_version(engine) == 0
            refuses_writes(engine)
            engine.dispose()
        own = open_books(str(path))
        assert not is_read_only(own)
        with own.begin() as link:
            link.execute(text("UPDATE alembic_version SET version_num = '0024'"))
        own.dispose()
        with only_reading(folder), pytest.raises(WrongCall, match="is of revision 0024, this"):
            open_books(str(path))


def test_books_copied_while_they_were_open_are_not_read_without_their_newest_changes() -> None:
    with readable_folder() as folder:
        own = open_books(str(place_books(folder / "books.sqlite")))
        with own.begin() as link:
            link.execute(update(RegistryVersion).values(number=9))
        copy = folder / "copy.sqlite"
        for end in ("", "-wal"):
            shutil.copy(folder / f"books.sqlite{end}", f"{copy}{end}")
        with only_reading(folder), pytest.raises(WrongCall, match="copied while it was open"):
            open_books(str(copy))
        own.dispose()


def test_a_user_of_postgresql_who_may_only_read_reads(postgres_books: str) -> None:
    owner = open_books(postgres_books)
    with owner.begin() as link:
        link.execute(text("CREATE ROLE auditor LOGIN PASSWORD 'only-reads'"))
        link.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor"))
    try:
        assert not is_read_only(owner)
        url = make_url(postgres_books).set(username="auditor", password="only-reads")
        engine = open_books(url.render_as_string(hide_password=False))
        assert is_read_only(engine)
        assert registry_version(engine) == 0
        refuses_writes(engine)
        engine.dispose()
    finally:
        with owner.begin() as link:
            link.execute(text("DROP OWNED BY auditor"))
            link.execute(text("DROP ROLE auditor"))
        owner.dispose()
