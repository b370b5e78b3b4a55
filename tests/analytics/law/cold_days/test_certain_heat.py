"""Heat of several days together, as each of those who bear their fee is paid of it at least."""

from fractions import Fraction
from itertools import product

import pytest

from analytics.facts.recorded import Bearer
from analytics.law.cold_days.certain_heat import certain

OWN = Bearer("Wang", Fraction(0), "")
CITY, COUNTY = (Bearer("Wang", Fraction(1, 2), by) for by in ("City", "County"))
ALL = Bearer("Wang", Fraction(1), "City")
Days = dict[int, tuple[Fraction, Bearer]]


def days(*given: tuple[str, Bearer]) -> Days:
    return {d: (Fraction(worth), bearer) for d, (worth, bearer) in enumerate(given)}


def paid(heat: dict[int, Fraction], own: Days) -> tuple[Fraction, Fraction]:
    """What whoever lives there and who bears the subsidy are paid."""
    first = sum(
        (own[d][0] * (1 - own[d][1].subsidy) * each for d, each in heat.items()), Fraction(0)
    )
    second = sum((own[d][0] * own[d][1].subsidy * each for d, each in heat.items()), Fraction(0))
    return first, second


def test_under_one_subsidy_it_lies_on_the_day_that_pays_least() -> None:
    assert certain(48, days(("1/10", OWN), ("1/20", OWN), ("1/20", OWN))) == {1: 48}
    assert certain(48, days(("1/10", CITY), ("1/20", CITY))) == {1: 48}


def test_where_a_subsidy_begins_the_part_that_is_the_households_anyway_is_certain() -> None:
    own = days(("1/10", OWN), ("1/10", CITY))
    assert certain(48, own) == {0: 24}
    assert paid(certain(48, own), own) == (Fraction(12, 5), Fraction(0))


@pytest.mark.parametrize("price", ["1/10", "1/7", "1/40"])
@pytest.mark.parametrize(
    ("one", "other"), [*product((OWN, CITY, ALL, Bearer("Wang", Fraction(1, 3), "City")), repeat=2)]
)
def test_each_is_paid_the_least_that_is_theirs_on_any_of_the_days(
    price: str, one: Bearer, other: Bearer
) -> None:
    own = days(("1/10", one), (price, other), ("1/10", one))
    least = [paid({d: Fraction(48)}, own) for d in own]
    assert paid(certain(48, own), own) == tuple(min(each) for each in zip(*least, strict=True))


def test_between_two_subsidies_of_others_it_is_certain_only_beside_a_day_without() -> None:
    assert certain(48, days(("1/10", CITY), ("1/10", COUNTY))) == {}
    own = days(("1/10", CITY), ("1/10", OWN), ("1/10", COUNTY))
    assert certain(48, own) == {1: 24}


def test_of_two_who_lived_there_nothing_is_certain() -> None:
    assert certain(48, days(("1/10", OWN), ("1/10", Bearer("Li", Fraction(0), "")))) == {}
