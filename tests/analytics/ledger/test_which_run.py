"""An approval by two people is of the draft that was looked at, not of one that came meanwhile."""

import pytest
from sqlalchemy import Engine

from analytics.ledger.entries import approve
from analytics.ledger.which_run import run_to_approve
from domain.errors import WrongCall
from tests.actors import at
from tests.analytics.books import NOW, SEASON, drafted


def test_of_several_drafts_that_wait_two_people_name_the_one_they_agree_on(books: Engine) -> None:
    first = drafted(books)
    assert run_to_approve(books, SEASON, None, 2) == first  # nothing else can be meant
    second = drafted(books)
    with pytest.raises(WrongCall, match=rf"with --run: {second}, {first}$"):
        run_to_approve(books, SEASON, None, 2)
    assert run_to_approve(books, SEASON, first, 2) == first
    assert run_to_approve(books, SEASON, None, 1) == second


def test_drafts_from_before_the_last_approval_wait_for_none(books: Engine) -> None:
    drafted(books)
    approve(books, drafted(books), at(NOW))
    third = drafted(books)
    assert run_to_approve(books, SEASON, None, 2) == third


def test_a_season_without_runs_is_a_wrong_call(books: Engine) -> None:
    with pytest.raises(WrongCall, match="has no run"):
        run_to_approve(books, "1999", None, 2)
