"""Seasons that cover the same days, and what was sent in one of them for the days of the other."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.beside import read, seasons_beside, told
from analytics.ledger.payees import Payee, Payees, Standing
from store.books.registry import Season
from tests.analytics.books import add

HOME, ONE, OTHER = 11, 1, 2
D = Decimal


class Chain:
    """Entries of one household in two seasons beside each other."""

    def __init__(self) -> None:
        self.payees, self._runs = Payees(), 0
        self.payees.beside = {ONE: {OTHER: "LY"}, OTHER: {ONE: "2024-25"}}

    def owes(self, season: int, amount: str, currency: str = "CNY") -> None:
        self._runs += 1
        standing = Standing({"": D(amount)}, self._runs, "", currency, "H1", "")
        self.payees.owes(season, HOME, standing)

    def send(self, season: int, amount: str, interest: str = "0") -> None:
        self.payees.send(Payee(season, HOME, ""), D(amount), D(interest))

    def held(self, season: int) -> Decimal:
        return sum((each.amount for each in self.payees.held(season)), D(0))


@pytest.fixture
def paid() -> Chain:
    """50.00 in the first season."""
    chain = Chain()
    chain.owes(ONE, "50")
    chain.send(ONE, "50")
    return chain


@pytest.mark.parametrize("corrected", [True, False])
def test_what_was_sent_is_held_in_the_other_season_whichever_is_corrected_first(
    paid: Chain, corrected: bool
) -> None:
    if corrected:
        paid.owes(ONE, "0")
    paid.owes(OTHER, "70")
    assert [*map(paid.held, (ONE, OTHER))] == [0, 50]
    paid.send(OTHER, "20")
    assert paid.held(OTHER) == 50
    paid.owes(ONE, "0")
    assert paid.held(OTHER) == 50


def test_what_comes_back_frees_it_and_interest_is_for_no_days(paid: Chain) -> None:
    paid.send(ONE, "9", "9")
    paid.owes(OTHER, "60")
    assert paid.held(OTHER) == 50
    paid.send(ONE, "-50")
    assert paid.held(OTHER) == 0


def test_a_contract_that_returns_is_held_against_what_the_other_season_sent(paid: Chain) -> None:
    paid.send(ONE, "-50")
    paid.owes(OTHER, "50")
    paid.send(OTHER, "50")
    paid.owes(ONE, "60")
    assert paid.held(ONE) == 50


def test_once_decided_it_is_payable_and_a_correction_up_is_held_anew(paid: Chain) -> None:
    paid.owes(ONE, "0")
    paid.owes(OTHER, "50")
    (held,) = paid.payees.held(OTHER)
    assert held.was == (Payee(ONE, HOME, ""),)
    paid.payees.settle(held)
    assert paid.held(OTHER) == 0
    assert dict(paid.payees.overpaid(ONE)) == {held.was[0]: 50}
    paid.owes(OTHER, "55")
    assert paid.held(OTHER) == 5


def test_sums_of_other_currencies_are_not_held_against_each_other(paid: Chain) -> None:
    paid.owes(OTHER, "50", "RUB")
    assert paid.held(OTHER) == 0


def test_seasons_of_a_company_that_meet_are_beside_each_other(books: Engine) -> None:
    with Session(books) as session:
        first = session.scalars(select(Season)).one()
        since, until = first.since, first.until
    spans = [(since, until), (until, until + timedelta(days=9)), (until - timedelta(days=1), until)]
    for number, (begins, ends) in enumerate(spans, 2):
        made = Season(id=number, code=f"S{number}", company_id=1, policy="CN-HA-2018")
        made.since, made.until, made.zone = begins, ends, "Asia/Shanghai"
        add(books, made)
    with Session(books) as session:
        found = seasons_beside(session, 1)
    assert found == {
        1: {2: "S2", 4: "S4"}, 2: {1: "2024-25", 4: "S4"}, 3: {}, 4: {1: "2024-25", 2: "S2"},
    }  # fmt: skip
    assert [read(told(each)) for each in found.values()] == [*found.values()]
    assert told({}) == {}
