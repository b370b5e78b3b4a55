"""Damaged pages of books and journal are named with their store; nothing calls them a fault of ours."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from analytics.ledger.damage import Damage
from heatwatch.cli.app import run
from heatwatch.services.checking import check_all
from heatwatch.wiring import open_world
from store.server.damaged_database import BOOKS, JOURNAL, DamagedDatabase
from tests.analytics.books import SEASON
from tests.heatwatch.towns import town

WRONG_CALL = 2
Garble = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config, made = town(tmp_path_factory.mktemp("town"))
    made.journal.close()
    made.books.dispose()
    return config


@pytest.fixture
def garbled(built: Path, tmp_path: Path) -> Garble:
    """Overwrites the first page of a table of a store, in a copy of the town -> its configuration."""

    def garble(store: str, table: str) -> Path:
        folder = Path(shutil.copytree(built.parent, tmp_path / "copy"))
        (path,) = folder.rglob(f"{store}.sqlite")
        with closing(sqlite3.connect(path)) as link:
            size = link.execute("PRAGMA page_size").fetchone()[0]
            query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            page = link.execute(query, (table,)).fetchone()[0]
        with path.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(random.Random(7).randbytes(size))
        return folder / built.name

    return garble


@pytest.mark.parametrize(
    ("store", "table"),
    [("journal", "journal_reason"), ("journal", "journal_flush"), ("books", "settlement_run")],
)
def test_verify_names_the_store_whose_pages_are_damaged_and_no_other(
    garbled: Garble, store: str, table: str
) -> None:
    found = {each.damage for each in check_all(open_world(garbled(store, table)))}
    assert found == {{"journal": Damage.JOURNAL, "books": Damage.BOOKS_FILE}[store]}


@pytest.mark.parametrize(
    ("store", "table", "key", "command"),
    [
        ("journal", "journal_flush", JOURNAL, "draft"),
        ("books", "season", BOOKS, "show"),
    ],
)
def test_a_command_that_meets_them_says_which_file_and_how_to_go_on(
    garbled: Garble, store: str, table: str, key: str, command: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    config = str(garbled(store, table))
    words = ("settle", command, "--season", SEASON, "--config", config, "--lang", "en")
    assert run([*words]) == WRONG_CALL
    said = capsys.readouterr().err
    assert f"heatwatch: the file of {key} = " in said
    assert "is damaged (database disk image is malformed); put it back from a copy" in said


def test_any_statement_meets_them_by_name(garbled: Garble) -> None:
    world = open_world(garbled("books", "settlement_run"))
    with pytest.raises(DamagedDatabase) as met, world.books.connect() as link:
        link.exec_driver_sql("SELECT * FROM settlement_run").all()
    assert met.value.key == BOOKS
