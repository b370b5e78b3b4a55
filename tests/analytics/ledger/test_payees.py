"""What is payable to whom of a household whose payers change: nobody is paid what another was."""

import random
from decimal import Decimal
from typing import Any

import pytest

from analytics.ledger.payees import Held, Payee, Payees, Standing

SEASON, HOME = 1, 11
D = Decimal


def of(name: str) -> Payee:
    return Payee(SEASON, HOME, name)


class Chain:
    """Entries of one household, one after the other."""

    def __init__(self, **sums: str) -> None:
        self.payees, self.runs = Payees(), 0
        self.owes(**sums)

    def owes(self, **sums: str) -> "Chain":
        self.runs += 1
        own = {name: D(each) for name, each in sums.items()}
        self.payees.owes(SEASON, HOME, Standing(own, self.runs, "", "CNY", "H1", ""))
        return self

    @property
    def held(self) -> dict[str, Any]:
        found = self.payees.held_of(SEASON, HOME)
        return {each.payer: held.amount for each, held in found.items()}

    @property
    def payable(self) -> dict[str, Any]:
        found = {
            each.payer: self.payees.owed(each)
            - self.payees.was_sent(each)
            - self.held.get(each.payer, D(0))
            for each in self.payees.of_household(SEASON, HOME)
        }
        return {name: rest for name, rest in found.items() if rest > 0}

    def export(self) -> "Chain":
        for name, amount in self.payable.items():
            self.payees.send(of(name), amount, D(0))
        return self

    def bounce(self, name: str, amount: str) -> "Chain":
        self.payees.send(of(name), -D(amount), D(0))
        return self

    def hold(self, name: str) -> Held:
        return self.payees.held_of(SEASON, HOME)[of(name)]


def test_a_name_that_takes_the_place_of_one_that_was_paid_is_held_and_not_paid() -> None:
    chain = Chain(Wamg="50").export().owes(Wang="50")
    assert (chain.payable, chain.held) == ({}, {"Wang": 50})
    assert chain.hold("Wang").was == (of("Wamg"),)


def test_of_one_person_only_the_difference_is_payable_by_the_newest_name() -> None:
    chain = Chain(Wamg="50").export().owes(Wang="57.50")
    assert (chain.payable, chain.held) == ({"Wang": D("7.50")}, {"Wang": 50})
    chain.payees.is_same(of("Wamg"), of("Wang"))
    assert (chain.export().payable, chain.held) == ({}, {})
    assert list(chain.payees.overpaid(SEASON)) == []
    assert chain.owes(Wang="40").payable == {}
    assert list(chain.payees.overpaid(SEASON)) == [(of("Wang"), D("17.50"))]
    chain.owes(Wamg="60")  # and back to the old spelling
    assert chain.payable == {"Wamg": D("2.50")}


def test_what_came_back_from_the_old_name_is_payable_to_the_new_one() -> None:
    chain = Chain(Wamg="50").export().bounce("Wamg", "50").owes(Wang="50")
    assert (chain.payable, chain.held) == ({"Wang": 50}, {})
    chain = Chain(Wamg="50").export().owes(Wang="50")
    chain.payees.is_same(of("Wamg"), of("Wang"))
    assert chain.bounce("Wamg", "50").payable == {"Wang": 50}


def test_interest_for_a_late_payment_to_the_old_name_is_the_new_one_s() -> None:
    chain = Chain(Wamg="50").export().owes(Wang="50")
    chain.payees.bears(of("Wamg"), D("0.12"))
    assert chain.payable == {"Wang": D("0.12")}, "no more than the household is owed"
    chain.payees.is_same(of("Wamg"), of("Wang"))
    assert (chain.payable, chain.payees.unpaid_interest(of("Wang"))) == (
        {"Wang": D("0.12")}, D("0.12"),
    )  # fmt: skip


def test_somebody_else_is_paid_once_it_is_settled_and_nothing_more() -> None:
    chain = Chain(Li="50").export().owes(Li="20", Zhao="35")
    assert (chain.payable, chain.held) == ({"Zhao": 5}, {"Zhao": 30})
    chain.payees.settle(chain.hold("Zhao"))
    assert (chain.payable, chain.held) == ({"Zhao": 35}, {})
    assert (chain.export().payable, list(chain.payees.overpaid(SEASON))) == (
        {},
        [(of("Li"), D(30))],
    )
    chain.owes(Li="20", Zhao="36")
    assert (chain.payable, chain.held) == ({"Zhao": 1}, {})


def test_what_was_settled_settles_no_later_sum() -> None:
    chain = Chain(Li="50").export().owes(Li="20", Zhao="30")
    chain.payees.settle(chain.hold("Zhao"))
    chain.export().owes(Li="50", Zhao="0").owes(Li="20", Qian="30")
    assert (chain.payable, chain.held) == ({}, {"Qian": 30})


def test_of_two_who_came_late_each_is_held_up_to_what_was_sent_too_much() -> None:
    chain = Chain(Li="50").export().owes(Li="22", Qian="13", Zhao="20")
    assert (chain.payable, chain.held) == ({}, {"Qian": 13, "Zhao": 20})
    chain.payees.settle(chain.hold("Zhao"))
    assert (chain.payable, chain.held) == ({"Qian": 5, "Zhao": 20}, {"Qian": 8})


def test_a_payment_that_came_back_is_not_held_for_what_another_was_sent_too_much() -> None:
    chain = Chain(Li="50", Zhao="30").export().bounce("Zhao", "30").owes(Li="40", Zhao="30")
    assert (chain.payable, chain.held) == ({"Zhao": 30}, {})
    chain.owes(Li="50").export().owes(Li="20", Zhao="30")
    assert chain.held == {"Zhao": 30}, "its days were another's in between, and were paid"


def test_two_names_can_be_taken_apart_again() -> None:
    chain = Chain(Li="50").export().owes(Zhao="60")
    chain.payees.is_same(of("Li"), of("Zhao"))
    chain.export()
    chain.payees.is_apart(of("Zhao"))
    assert (chain.payable, chain.held) == ({}, {"Zhao": 50})
    chain.payees.settle(chain.hold("Zhao"))
    assert chain.payable == {"Zhao": 50}


@pytest.mark.parametrize("seed", range(40))
def test_a_household_is_never_sent_more_than_it_was_owed_at_once_unless_somebody_settles_it(
    seed: int,
) -> None:
    rng = random.Random(seed)
    chain, most = Chain(), D(0)
    for _ in range(12):
        names = rng.sample("ABCD", rng.randint(0, 3))
        chain.owes(**{name: str(rng.randint(0, 50)) for name in names})
        if rng.random() < 0.3 and len(names) > 1:
            chain.payees.is_same(of(names[0]), of(names[1]))
        everybody = chain.payees.of_household(SEASON, HOME)
        most = max(most, sum((chain.payees.owed(each) for each in everybody), D(0)))
        if rng.random() < 0.6:
            chain.export()
        assert sum(chain.payees.sent.values(), D(0)) <= most
