"""Limits in degrees Fahrenheit as exact fractions of a degree Celsius."""

from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.law.degrees import celsius, first_tick, limit_words, reading_words


@pytest.mark.parametrize(
    ("degrees", "exact", "tick", "words"),
    [
        ("68", Fraction(20), 20_000, "68 °F (20 °C)"),
        ("62", Fraction(50, 3), 16_667, "62 °F (16 2/3 °C)"),
        ("55", Fraction(115, 9), 12_778, "55 °F (12 7/9 °C)"),
        ("32.5", Fraction(5, 18), 278, "32.5 °F (5/18 °C)"),
        ("31", Fraction(-5, 9), -555, "31 °F (−5/9 °C)"),
    ],
)
def test_fahrenheit_is_exact_and_a_reading_below_it_is_below_its_tick(
    degrees: str, exact: Fraction, tick: int, words: str
) -> None:
    given = Decimal(degrees)
    assert celsius(given, "F") == exact
    assert first_tick(given, "F") == tick
    assert Fraction(tick - 1, 1000) < exact <= Fraction(tick, 1000)
    assert str(limit_words(given, "F")) == words


def test_celsius_stays_what_it_is() -> None:
    assert first_tick(Decimal(18), "C") == 18_000
    assert str(limit_words(Decimal(18), "C")) == "18 °C"
    assert str(reading_words(17_999, "C")) == "17.999 °C"


def test_a_reading_is_told_in_both_scales_without_rounding() -> None:
    assert str(reading_words(16_666, "F")) == "61.9988 °F (16.666 °C)"
    assert str(reading_words(20_000, "F")) == "68 °F (20.000 °C)"
