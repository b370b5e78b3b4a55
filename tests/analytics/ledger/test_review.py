"""A run before it is approved: sums by size, the largest, the undetermined, what differs."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from analytics.ledger import review as module
from analytics.ledger.drafts import by_number
from analytics.ledger.entries import approve
from analytics.ledger.review import review, run_name
from tests.actors import at
from tests.analytics.books import NOW, add, colder_record, drafted, without_contract


def test_a_first_draft_has_sums_by_size_and_nothing_to_differ_from(books: Engine) -> None:
    found = review(books, by_number(books, drafted(books)))
    assert (found.name, found.last, found.differing, found.differs) == ("draft", None, 0, [])
    bands = [(each.upto, each.households, each.total) for each in found.bands if each.households]
    assert bands == [
        (Decimal(50), 3, Decimal("80.00")), (Decimal(100), 1, Decimal("100.00")),
    ]  # fmt: skip
    assert [(each.household, str(each.total)) for each in found.largest] == [
        ("H2", "100.00"), ("H1", "50.00"), ("H3", "15.00"), ("H4", "15.00"),
    ]  # fmt: skip
    assert found.undetermined == []


def test_a_later_run_says_who_gets_more_or_less_and_on_which_days(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    without_contract(books, 13)
    found = review(books, by_number(books, drafted(books)))
    assert (found.last, found.differing, str(found.more), str(found.less)) == (
        1, 2, "10.00", "-15.00",
    )  # fmt: skip
    gone, colder = found.differs
    assert (gone.household, gone.reason, str(gone.amount)) == ("H3", "no_contract", "-15.00")
    assert (colder.household, colder.differences[0]["days"]) == ("H1", ["2025-01-11"])


def test_runs_are_called_by_what_they_are(books: Engine) -> None:
    runs = [drafted(books)]
    for _ in range(2):
        approve(books, runs[-1], at(NOW))
        runs.append(drafted(books))
    approve(books, runs[-1], at(NOW))
    names = [run_name(books, by_number(books, each)) for each in runs]
    assert names == ["first", "correction 1", "correction 2"]
    assert run_name(books, by_number(books, drafted(books))) == "draft"


def test_lists_keep_the_largest(books: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHOWN", 2)
    found = review(books, by_number(books, drafted(books)))
    assert [each.household for each in found.largest] == ["H2", "H1"]
