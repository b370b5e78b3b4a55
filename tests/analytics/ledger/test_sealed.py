"""An approval covers the evidence: what is changed in it behind the books' back is named by table."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.sealed import seal_faults
from analytics.ledger.verify import verify
from domain.actor import user
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.books import registry as reg
from store.books.engine import open_books
from tests.actors import at
from tests.analytics.books import NOW, add, colder_record, drafted
from tests.tiny import NOW as TINY_NOW
from tests.two_companies import SECOND_SEASON, both


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "UPDATE contract SET season_fee = '1.00' WHERE id = 2",
            "rows of table contract that were recorded before run 2 was approved were changed",
        ),
        ("DELETE FROM request WHERE id = 1", "of the rows of table request that were recorded"),
        (
            'INSERT INTO request (household_id, at, "by", change_id, source) '
            "VALUES (13, '2025-01-09 00:00:00', '', 1, '')",
            "1 row of table request says that it was recorded before run 2",
        ),
    ],
)
def test_evidence_changed_behind_the_books_back_is_named_once(
    books: Engine, change: str, why: str
) -> None:
    for _ in range(2):
        approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    assert list(seal_faults(books)) == []
    with books.begin() as link:
        link.execute(text(change))
    assert verify(books) is None
    (found,) = seal_faults(books)
    assert (found.damage, why in str(found.why)) == (Damage.EVIDENCE, True)


OTHERS = {
    "UPDATE contract SET season_fee = '1.00' WHERE household_id = 105": "contract",
    "UPDATE place SET name = 'x' WHERE id = 105": "place",
    "UPDATE season SET policy = 'x' WHERE id = 101": "season",
    "UPDATE device SET model = 'x' WHERE id = 101": "device",
    "UPDATE tariff SET price = 1 WHERE id = 101": "tariff",
    "DELETE FROM request WHERE household_id = 105": "request",
    "UPDATE series SET interval_s = 7 WHERE id = 101": "series",
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Both companies' seasons are approved, with a tariff of the second's before the first's."""
    world = both(tmp_path_factory.mktemp("two")).together
    add(world.books, reg.Device(id=900, code="spare", verified=True))
    for season in ("2025-26", SECOND_SEASON):
        approve(world.books, draft(world, season, user("tester")).run, at(TINY_NOW, "approver"))
    return world


def copied(world: World, folder: Path) -> Engine:
    """The same books once more."""
    assert world.books.url.database is not None
    path = folder / "copy.sqlite"
    with sqlite3.connect(world.books.url.database) as old, sqlite3.connect(path) as new:
        old.backup(new)
    return open_books(f"sqlite:///{path}")


@pytest.mark.parametrize("change", OTHERS)
def test_what_is_changed_of_another_company_is_said_of_that_alone(
    two: World, tmp_path: Path, change: str
) -> None:
    first, second = 1, 101
    copy = copied(two, tmp_path)
    with copy.begin() as written:
        written.execute(text(change))
    assert list(seal_faults(copy, first)) == []
    (found,) = seal_faults(copy, second)
    assert f"table {OTHERS[change]}" in str(found.why)
    copy.dispose()


def test_a_device_that_measures_nowhere_yet_is_sealed_by_every_company(
    two: World, tmp_path: Path
) -> None:
    copy = copied(two, tmp_path)
    with copy.begin() as written:
        spare = written.scalar(text("SELECT id FROM device WHERE code = 'spare'"))
        assert spare is not None
        written.execute(text("UPDATE device SET verified = 0 WHERE code = 'spare'"))
    for company in (1, 101):  # whichever it is placed in: its readings would count as another's
        (found,) = seal_faults(copy, company)
        assert "table device" in str(found.why)
    copy.dispose()


def test_a_row_of_another_companys_that_cant_be_read_says_nothing_of_the_first(
    two: World, tmp_path: Path
) -> None:
    copy = copied(two, tmp_path)
    with copy.begin() as written:
        written.execute(text("UPDATE settlement_run SET total = 'x' WHERE season_id = 101"))
    assert verify(copy, 1) is None
    assert verify(copy, 101) is not None
    copy.dispose()


def test_evidence_that_came_between_two_approvals_is_sealed_by_the_second(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        link.execute(text("UPDATE measurement_record SET celsius = '17.9'"))
    (found,) = seal_faults(books)
    assert "table measurement_record" in str(found.why)
    assert found.number == 7
