"""The contract that every calculator keeps, on random seasons of each policy that lists it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.law.calculator import Basis, Claim, Piece
from analytics.law.calculators import CALCULATORS, calculator, reason, reasons
from analytics.law.policy import load, shipped
from analytics.law.reasons import COMMON
from analytics.law.terms import Table
from tests.analytics.cities import city, source

SEEDS = range(40)


def claims_of(name: str, policy: str, seeds: range | list[int]) -> tuple[Basis, list[Claim]]:
    """What the calculator finds for a city of random homes, told nothing of the others'."""
    snapshot, columns = city(seeds, policy)
    found = load(policy).policy
    basis = Basis(snapshot, found, source(columns))
    own = calculator(name)(basis, found.tables[name])
    fees = [Fraction(fee) for fee in snapshot.fee]
    piece = Piece(snapshot, columns, fees)
    return basis, list(own.claims(piece, [() for _ in snapshot.code]))


@pytest.mark.parametrize("name", CALCULATORS)
def test_a_calculator_has_its_table_its_reasons_and_words_for_its_lines(name: str) -> None:
    own = calculator(name)
    assert issubclass(own.Table, Table)
    assert own.reasons
    assert all(words.to("zh") and words.to("en") for words in own.kinds.values())
    assert all(reason(each.code) == each for each in own.reasons)
    assert any(name in each.policy.calculators for each in shipped())


def test_no_two_reasons_and_no_two_kinds_of_line_share_a_name() -> None:
    kinds = [kind for name in CALCULATORS for kind in calculator(name).kinds]
    assert len({each.code for each in reasons()}) == len(reasons())
    words = {kind: words for name in CALCULATORS for kind, words in calculator(name).kinds.items()}
    assert all(
        calculator(name).kinds[kind] == words[kind]
        for name in CALCULATORS
        for kind in calculator(name).kinds
    )
    assert kinds


CASES = [
    (name, each.policy.id)
    for name in CALCULATORS
    for each in shipped()
    if name in each.policy.calculators
]


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_claims_are_whole_seeds_0_to_39(name: str, policy: str) -> None:
    basis, claims = claims_of(name, policy, SEEDS)
    allowed = {*COMMON, *calculator(name).reasons}
    days = set(basis.days.days)
    assert len(claims) == len(SEEDS)
    for claim in claims:
        owed = sum((line.amount for line in claim.lines), Decimal("0.00"))
        cents = Decimal("0.01") * len(claim.lines)  # each line is rounded
        assert owed <= max(claim.lower, claim.upper) + cents
        assert claim.open_days or claim.lower == claim.upper == owed
        assert claim.lines or claim.open_days or claim.reason in allowed
        assert {line.kind for line in claim.lines} <= calculator(name).kinds.keys()
        assert all(line.first in days and line.clause for line in claim.lines)
        assert all(0 <= day < len(days) for day in (*claim.open_days, *claim.taken))
    assert any(claim.lines for claim in claims), "the seeds must show what it pays"


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_a_household_is_judged_alone_whoever_stands_beside_it(name: str, policy: str) -> None:
    _, together = claims_of(name, policy, SEEDS)
    for seed in (3, 18, 30):  # every third of a city has consent: so has the first of one alone
        _, alone = claims_of(name, policy, [seed])
        assert alone[0]._replace(steps=None) == together[seed]._replace(steps=None)
