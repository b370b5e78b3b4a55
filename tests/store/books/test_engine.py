"""Opening the books, on SQLite and on a real PostgreSQL: one contract for both."""

from pathlib import Path

import pytest

from domain.errors import ServerMissing, WrongCall
from store.books.engine import open_books
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
