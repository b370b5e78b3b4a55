"""Every quantity keeps what it is given exactly, at its resolution, within its bounds."""

from decimal import Decimal

import pytest

from domain.quantity import Quantity, Role

QUANTITIES = pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)


@QUANTITIES
def test_a_quantity_is_found_by_its_code(quantity: Quantity) -> None:
    assert Quantity.of(quantity.code) is quantity


@QUANTITIES
@pytest.mark.parametrize("ticks", [-1, 0, 1, 18_000, 2**53 + 1])
def test_ticks_come_back_as_they_went_in(quantity: Quantity, ticks: int) -> None:
    assert quantity.to_ticks(quantity.from_ticks(ticks)) == ticks


@QUANTITIES
def test_the_bounds_are_ticks_and_lie_within_what_a_file_holds(quantity: Quantity) -> None:
    measure = quantity.value
    for bound in (measure.least, measure.most):
        assert bound % measure.resolution == 0
        assert abs(quantity.to_ticks(bound)) < 2**63
    least, most = quantity.to_ticks(measure.least), quantity.to_ticks(measure.most)
    assert quantity.plausible(least)
    assert quantity.plausible(most)
    assert not quantity.plausible(least - 1)
    assert not quantity.plausible(most + 1)


@QUANTITIES
def test_half_a_tick_goes_to_the_even_one(quantity: Quantity) -> None:
    half = quantity.value.resolution / 2
    assert [quantity.to_ticks(half * n) for n in (1, 3, 5)] == [0, 2, 2]


def test_an_unknown_quantity_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"quantity 'heat' is not known; allowed: temperature, "):
        Quantity.of("heat")


def test_codes_are_told_apart() -> None:
    assert len({each.code for each in Quantity}) == len(Quantity)
    assert len({each.code for each in Role}) == len(Role)


@pytest.mark.parametrize("role", Role, ids=lambda each: each.code)
def test_a_role_is_found_by_its_code_and_measures_a_quantity(role: Role) -> None:
    assert Role.of(role.code) is role
    assert role.quantity in Quantity


def test_an_unknown_role_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"role 'heat' is not known; allowed: room_temperature, "):
        Role.of("heat")


def test_a_legal_boundary_is_an_integer() -> None:
    assert Quantity.TEMPERATURE.to_ticks(Decimal("18.00")) == 18_000
    assert Quantity.TEMPERATURE.to_ticks(Decimal("17.999")) < 18_000
