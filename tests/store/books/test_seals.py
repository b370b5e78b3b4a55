"""The commit of a change seals what it wrote and ended, each once, in one chain."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, Transaction, insert, select, update

from store.books.changes import ChangeRecord, record
from store.books.facts import Tariff
from store.books.registry import Device, Feed
from store.books.seals import NOTHING, SEALS, Rows, hash_of, newest_seal
from tests.actors import TEST

TARIFF = {"code": "home", "price": "22", "currency": "CNY"}


def seals(books: Engine) -> list[Any]:
    with books.connect() as link:
        return [*link.execute(select(SEALS).order_by(SEALS.c.number))]


def holds(books: Engine) -> bool:
    """Whether the chain is one, from the row that the migrations wrote on."""
    previous = NOTHING
    for number, row in enumerate(seals(books)):
        if (row.number, row.previous) != (number, previous):
            return False
        previous = row.hash
        if previous != hash_of(number, row.change_id, row.tables, row.previous):
            return False
    return True


def test_new_books_have_the_chains_first_row_alone(books: Engine) -> None:
    (first,) = seals(books)
    assert (first.number, first.change_id, first.tables) == (0, None, {})
    assert holds(books)


def test_a_change_is_sealed_with_what_it_wrote_and_ended(books: Engine) -> None:
    with books.begin() as link:
        first = record(link, TEST, "test")
        link.execute(insert(Tariff).values(TARIFF))
    with books.begin() as link:
        second = record(link, TEST, "test")
        link.execute(update(Tariff).values(ended_id=second))
    _, one, two = seals(books)
    assert (one.change_id, two.change_id) == (first, second)
    assert {name: each["rows"] for name, each in one.tables.items()} == {
        "change_record": 1, "tariff": 1,
    }  # fmt: skip
    wrote = [(each["rows"], each["ended"]) for each in two.tables.values()]
    assert dict(zip(two.tables, wrote, strict=True)) == {"change_record": (1, 0), "tariff": (0, 1)}
    assert holds(books)
    with books.connect() as link:
        assert newest_seal(link) == {"number": 2, "hash": two.hash}


def test_two_changes_of_one_transaction_have_a_seal_each(books: Engine) -> None:
    with books.begin() as link:
        for code in "ab":
            record(link, TEST, "test")
            link.execute(insert(Feed).values(code=code, live=True))
    assert [each.tables["feed"]["rows"] for each in seals(books)[1:]] == [1, 1]
    assert holds(books)


def test_a_change_that_is_rolled_back_has_none(books: Engine) -> None:
    with books.connect() as link:
        for end in (Transaction.rollback, Transaction.commit):
            transaction = link.begin()
            record(link, TEST, "test")  # SQLite gives the number of the first once more
            end(transaction)
    with books.connect() as link:
        known = [*link.scalars(select(ChangeRecord.id))]
    assert [each.change_id for each in seals(books)[1:]] == known
    assert len(known) == 1
    assert holds(books)


def writes_device(books: Engine) -> None:
    with books.begin() as link:
        record(link, TEST, "test")
        link.execute(insert(Device).values(code="d1"))


def test_a_commit_that_can_not_seal_keeps_nothing(
    books: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **_named: object) -> None:
        raise OSError("full")

    monkeypatch.setattr("store.books.seals.written_by", fails)
    with pytest.raises(OSError, match="full"):
        writes_device(books)
    with books.connect() as link:
        assert not [*link.execute(select(Device))]
    assert len(seals(books)) == 1
    monkeypatch.undo()
    writes_device(books)  # the connection is as good as before
    assert len(seals(books)) == 2


def test_changes_at_the_same_time_are_in_one_chain(books: Engine) -> None:
    workers, each = 4, 8
    ready = Barrier(workers)

    def work(worker: int) -> None:
        ready.wait()
        for number in range(each):
            with books.begin() as link:
                record(link, TEST, "test")
                link.execute(insert(Feed).values(code=f"{worker}-{number}", live=True))

    with ThreadPoolExecutor(workers) as pool:
        [*pool.map(work, range(workers))]
    assert len(seals(books)) == 1 + workers * each
    assert holds(books)


def test_rows_by_column_are_rows_one_by_one_in_any_order() -> None:
    rows = [("1", "a"), ("2", "b"), ("2", "b"), ("3", "")]
    one, other = Rows(), Rows()
    for cells in reversed(rows):
        one.add(cells)
    other.add_all([*zip(*rows, strict=True)])
    assert (one.rows, one.sha256) == (other.rows, other.sha256)
    without = Rows()
    without.add_all([*zip(*rows[1:], strict=True)])
    assert without.sha256 != one.sha256
