"""Limits of acts in degrees Fahrenheit or Celsius: exact, never a float."""

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from domain.language import Text, msg
from domain.quantity import Quantity

Scale = Literal["C", "F"]


def celsius(degrees: Decimal, scale: Scale) -> Fraction:
    """`degrees` of this scale in °C.

    >>> [celsius(Decimal(each), "F") for each in ("68", "62", "55")]
    [Fraction(20, 1), Fraction(50, 3), Fraction(115, 9)]
    """
    return Fraction(degrees) if scale == "C" else (Fraction(degrees) - 32) * Fraction(5, 9)


def first_tick(degrees: Decimal, scale: Scale) -> int:
    """The lowest whole 0.001 °C that is not below `degrees` of this scale.

    >>> first_tick(Decimal("68"), "F"), first_tick(Decimal("62"), "F")
    (20000, 16667)
    """
    return ceil(celsius(degrees, scale) / Fraction(Quantity.TEMPERATURE.value.resolution))


def limit_words(degrees: Decimal, scale: Scale) -> Text:
    """A limit as its act writes it, and in °C.

    >>> str(limit_words(Decimal("62"), "F"))
    '62 °F (16 2/3 °C)'
    """
    if scale == "C":
        return msg("{degrees} °C", degrees=str(degrees))
    return msg(
        "{degrees} °F ({celsius} °C)", degrees=str(degrees), celsius=_mixed(celsius(degrees, scale))
    )


def reading_words(ticks: int, scale: Scale) -> Text:
    """A reading of so many 0.001 °C in the act's degrees, exact.

    >>> str(reading_words(19_999, "F")), str(reading_words(19_999, "C"))
    ('67.9982 °F (19.999 °C)', '19.999 °C')
    """
    own = Quantity.TEMPERATURE.from_ticks(ticks)
    if scale == "C":
        return msg("{degrees} °C", degrees=str(own))
    fahrenheit = (own * 9 / 5 + 32).normalize()
    return msg("{degrees} °F ({celsius} °C)", degrees=f"{fahrenheit:f}", celsius=str(own))


def _mixed(value: Fraction) -> str:
    """Whole degrees and the rest as a fraction."""
    whole, rest = divmod(abs(value), 1)
    shown = f"{whole} {rest}" if rest and whole else str(rest or whole)
    return f"−{shown}" if value < 0 else shown
