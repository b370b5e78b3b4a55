"""Addresses: wrong ones are refused with what is allowed, and no secret is ever shown."""

from collections.abc import Callable

import pytest

from domain.errors import WrongCall
from store.books.engine import open_books
from store.config import StoreConfig
from store.journal.journal import Journal
from store.server.address import check, database, hidden, lake, not_sqlite


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://u:secretpw@h/d", "postgresql+psycopg://u:***@h/d"),
        ("postgresql://u:secretpw/a@b@h:5/d", "postgresql://u:***@h:5/d"),
        ("postgresql://u@h/d?password=secretpw", "postgresql://u@h/d?password=***"),
        ("postgresql://h/d?user=u&sslpassword=secretpw", "postgresql://h/d?user=u&sslpassword=***"),
        ("'postgresql://u:secretpw@h:x/d' is wrong", "'postgresql://u:***@h:x/d' is wrong"),
        ("http://127.0.0.1:8086", "http://127.0.0.1:8086"),
        ("var/books.sqlite", "var/books.sqlite"),
    ],
)
def test_passwords_are_starred_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert hidden(text) == shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mysql://x", "mysql://... can't be kept there"),
        ("postgresql://u:secretpw@h:abc/d", "is not an address"),
        ("postgresql://u:secretpw@h:99999/d", "allowed: 1 to 65535"),
        ("://secretpw", "is not an address"),
        ("sqlite://", "can't be kept there"),
    ],
)
def test_a_wrong_address_names_its_key_and_what_is_allowed(text: str, told: str) -> None:
    with pytest.raises(WrongCall, match="journal = ") as wrong:
        database("journal", text)
    assert told in str(wrong.value)
    assert "allowed: " in str(wrong.value)
    assert "u:secretpw" not in str(wrong.value)


@pytest.mark.parametrize("uri", ["ftp://x", "gs://bucket/path"])
def test_a_lake_lies_in_a_folder_or_on_s3(uri: str) -> None:
    with pytest.raises(WrongCall, match="allowed: a folder or s3://"):
        lake("lake", uri)
    assert lake("lake", "s3://b/p") == "s3://b/p"


@pytest.mark.parametrize("key", ["books", "journal"])
def test_the_stores_refuse_such_an_address_without_showing_its_password(key: str) -> None:
    opener = open_books if key == "books" else Journal.open
    with pytest.raises(WrongCall, match=f"{key} = ") as wrong:
        opener("postgresql://u:secretpw@h:abc/d")
    assert "secretpw" not in str(wrong.value)


@pytest.mark.parametrize(
    "wrong", [{"journal": "mysql://x"}, {"lake": "ftp://x"}, {"books": "postgresql://h:abc/d"}]
)
def test_a_configuration_with_such_an_address_is_refused(wrong: dict[str, str]) -> None:
    good = {"journal": "j.sqlite", "lake": "lake", "books": "b.sqlite"}
    StoreConfig.model_validate(good)
    with pytest.raises(ValueError, match="allowed: "):
        StoreConfig.model_validate(good | wrong)


@pytest.mark.parametrize(
    "text", ["var/books.db", "sqlite:///var/books.db", "sqlite:////srv/a b.db", "sqlite://", "sqlite:///",
             "sqlite:///:memory:", "sqlite:///a?mode=x", "mysql://h/d", "postgresql://h:x/d", "x://"],
)  # fmt: skip
def test_a_check_refuses_what_the_address_itself_is_refused_for(text: str) -> None:
    def refused(of: Callable[[str, str], object]) -> str:
        try:
            of("books", text)
        except WrongCall as wrong:
            return str(wrong)
        return ""

    assert refused(check) == refused(database)


def test_a_database_that_this_user_may_not_write_is_not_called_a_wrong_address() -> None:
    said = str(not_sqlite("store.books", "b.sqlite", "attempt to write a readonly database"))
    assert said.endswith("allowed: a file in a folder, both of which this user may write")
