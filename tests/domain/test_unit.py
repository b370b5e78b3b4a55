"""Units are turned into a quantity's ticks exactly, and only into those of their own quantity."""

from decimal import Decimal
from fractions import Fraction

import pytest

from domain.quantity import Quantity
from domain.unit import Unit

EVERY = [(quantity, code) for quantity in Quantity for code in Unit.allowed_for(quantity)]
UNITS = pytest.mark.parametrize(("quantity", "code"), EVERY, ids=str)


@pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)
def test_a_quantity_arrives_in_its_own_unit_as_it_is(quantity: Quantity) -> None:
    own = Unit.of(quantity.unit)
    assert (own.quantity, own.factor, own.offset) == (quantity.code, Fraction(1), Fraction(0))
    assert own.to_ticks(quantity.from_ticks(7), quantity) == 7


@UNITS
def test_a_value_is_rounded_once_from_the_exact_fraction(quantity: Quantity, code: str) -> None:
    unit = Unit.of(code)
    for value in (Decimal("0.1"), Decimal("-12.345"), Decimal(7)):
        exact = (Fraction(value) * unit.factor + unit.offset) / Fraction(quantity.value.resolution)
        ticks = unit.to_ticks(value, quantity)
        assert abs(exact - ticks) <= Fraction(1, 2)
        if abs(exact - ticks) == Fraction(1, 2):
            assert ticks % 2 == 0


@UNITS
def test_a_unit_of_another_quantity_is_refused(quantity: Quantity, code: str) -> None:
    other = next(each for each in Quantity if each is not quantity)
    with pytest.raises(ValueError, match=f"measures {quantity.code}, not {other.code}"):
        Unit.of(code).to_ticks(Decimal(1), other)


@pytest.mark.parametrize(
    ("value", "code", "quantity", "ticks"),
    [
        ("1", "GJ", Quantity.ENERGY, 277_778),
        ("1", "Gcal_IT", Quantity.ENERGY, 1_163_000),
        ("0.6", "MPa", Quantity.PRESSURE, 6_000),
        ("64.4", "°F", Quantity.TEMPERATURE, 18_000),
        ("1.5", "m³/h", Quantity.FLOW, 1_500),
        ("1.5", "㎥/h", Quantity.FLOW, 1_500),
        ("18", "℃", Quantity.TEMPERATURE, 18_000),
        ("10", "m[H2O]", Quantity.PRESSURE, 981),
    ],
)
def test_units_as_meters_write_them(value: str, code: str, quantity: Quantity, ticks: int) -> None:
    assert Unit.of(code).to_ticks(Decimal(value), quantity) == ticks


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        Unit.of("K").to_ticks(Decimal(value), Quantity.TEMPERATURE)


def test_an_unknown_unit_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"unit 'furlong' is not known; allowed: Cel, "):
        Unit.of("furlong")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("t/h", "is a mass.*allowed: 'm3/h'"),
        ("kWhh", "did you mean 'kWh'"),
        ("KG/H", "is a mass.*allowed: 'L/h'"),
        ("mW", "did you mean 'MW'"),
        ("Mbar", "did you mean 'mbar'"),
        ("度", "allowed: Cel"),
    ],
)
def test_a_mass_and_a_mistyped_unit_are_answered_with_what_is_meant(code: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Unit.of(code)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("℃", "Cel"), ("°c", "Cel"), ("deg C", "Cel"), ("摄氏度", "Cel"), ("F", "[degF]"), ("Mpa", "MPa"),
        ("mpa", "MPa"), ("KPA", "kPa"), ("Bar", "bar"), ("kgf/cm²", "kgf/cm2"), ("KWh", "kW.h"), ("kW·h", "kW.h"),
        ("kW*h", "kW.h"), ("kW-h", "kW.h"), ("ＫＷＨ", "kW.h"), ("千瓦时", "kW.h"), ("Mwh", "MW.h"), ("gj", "GJ"), ("吉焦", "GJ"),
        ("M3/H", "m3/h"), ("m^3/hr", "m3/h"), ("m3 / h", "m3/h"), ("㎥", "m3"), ("立方米/小时", "m3/h"), ("KW", "kW"),
        ("％", "%"), ("%rh", "%"), ("PPM", "[ppm]"), ("ml", "mL"),
    ],
)  # fmt: skip
def test_units_are_known_as_people_write_them(written: str, code: str) -> None:
    assert Unit.of(written).code == code


def test_a_technical_atmosphere_is_exact() -> None:
    assert Unit.of("kgf/cm2").to_ticks(Decimal("4.5"), Quantity.PRESSURE) == 4413
