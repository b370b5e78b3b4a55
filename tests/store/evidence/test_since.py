"""A point in the registry's life: by the number of a change, by a clock where it was not kept."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from domain.actor import By, user
from store.books.changes import WITHDRAWAL, ChangeRecord, record
from store.evidence.since import Since, newest_change
from store.registry import books as registry
from tests.actors import WHEN

DAY = timedelta(days=1)


def changed(books: Engine, days: int) -> int:
    with books.begin() as link:
        return record(link, By(user("Li"), WHEN + days * DAY), WITHDRAWAL)


def test_the_number_decides_whatever_clocks_said(books: Engine) -> None:
    numbers = [changed(books, days) for days in (5, 1, 9)]
    assert newest_change(books) == numbers[-1]
    by_number, by_clock = Since(WHEN + 2 * DAY, numbers[0]), Since(WHEN + 2 * DAY)
    with books.connect() as link:
        rows = link.execute(select(ChangeRecord.id, ChangeRecord.at)).all()
        for since, later in ((by_number, numbers[1:]), (by_clock, [numbers[0], numbers[2]])):
            assert sorted(link.scalars(since.changes())) == later
            assert [row.id for row in rows if since.is_before(row.id, row.at)] == later


@pytest.mark.parametrize("locked", [True, False], ids=["of the registry", "of readings"])
def test_a_change_that_is_being_written_is_waited_for(books: Engine, locked: bool) -> None:
    """Else it would come later, with a number that was passed; imports of readings lock no registry."""
    with ThreadPoolExecutor(1) as one, books.connect() as link:
        if locked:
            registry.lock(link)
        number = record(link, By(user("Li"), WHEN), WITHDRAWAL)
        waiting = one.submit(newest_change, books)
        with pytest.raises(NotYet):
            waiting.result(0.1)
        link.commit()
        assert waiting.result(10) == number
