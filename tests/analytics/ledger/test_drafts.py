"""Runs as they are kept."""

import pytest
from sqlalchemy import Engine, update

from analytics.law.policy import load
from analytics.ledger.drafts import kept, newest
from domain.errors import WrongCall
from store.books import facts
from tests.actors import changing
from tests.analytics.books import NOW, SEASON, drafted, settled
from tests.analytics.counting import rows_of_steps_made


def test_a_draft_keeps_every_household_with_its_reason_lines_and_steps(books: Engine) -> None:
    run = drafted(books)
    found = {each.household: each for each in kept(books, run)}
    told = {code: (str(each.total), each.reason) for code, each in found.items()}
    assert told == {
        "H1": ("50.00", "paid"),
        "H2": ("100.00", "paid"),
        "H3": ("15.00", "paid"),  # 18 h without heat; the cold without a request pays nothing
        "H4": ("15.00", "paid"),
    }
    assert [line["clause"] for line in found["H3"].lines] == ["art. 25"]
    assert all(each.steps for each in found.values())
    kept_run = newest(books, SEASON)
    assert (kept_run.run, kept_run.state, str(kept_run.total)) == (run, "draft", "180.00")
    assert kept_run.policy_sha256 == load("CN-HA-2018").sha256


def test_contracts_in_two_currencies_are_not_added_up(books: Engine) -> None:
    with changing(books) as session:
        session.execute(update(facts.Contract).where(facts.Contract.id == 1).values(currency="EUR"))
    with pytest.raises(WrongCall, match="CNY, EUR; allowed: one currency, the policy's: CNY"):
        drafted(books)


def test_a_season_without_a_run_says_how_to_make_one(books: Engine) -> None:
    with pytest.raises(WrongCall, match="heatwatch settle draft"):
        newest(books, SEASON)
    drafted(books)
    with pytest.raises(WrongCall, match="has no run 99"):
        newest(books, SEASON, 99)


def test_a_draft_makes_and_writes_each_household_s_steps_once_for_books_and_hash(
    books: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rows_of_steps_made(monkeypatch)
    run = drafted(books)
    assert len(made) == len(set(made)) > 0
    monkeypatch.undo()
    settled_again = settled(books, load("CN-HA-2018"), NOW)
    assert newest(books, SEASON).results_sha256 == settled_again.sha256()
    kept_steps = {each.household: each.steps for each in kept(books, run)}
    assert kept_steps == {each.code: [*each.steps] for each in settled_again.results}
