"""Units as messages and files write them (UCUM), turned into a quantity's ticks exactly.

Factors are fractions, so 0.1 bar is 10000 Pa and not its neighbour; one rounding to
the quantity's resolution, ties to even, as `Quantity.to_ticks`.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.language import Text, msg
from domain.nearest import nearest
from domain.quantity import Quantity

_F = Fraction
_CAL = _F(41868, 10000)  # international table calorie [J]; heat meters' Gcal

#: UCUM code -> (quantity's dimension, factor, offset): value * factor + offset is in the quantity's unit.
_TABLE: dict[str, tuple[str, Fraction, Fraction]] = {
    "Cel": ("temperature", _F(1), _F(0)),
    "K": ("temperature", _F(1), _F(-27315, 100)),
    "[degF]": ("temperature", _F(5, 9), _F(-160, 9)),
    "W.h": ("energy", _F(1), _F(0)),
    "kW.h": ("energy", _F(10**3), _F(0)),
    "MW.h": ("energy", _F(10**6), _F(0)),
    "GW.h": ("energy", _F(10**9), _F(0)),
    "J": ("energy", _F(1, 3600), _F(0)),
    "kJ": ("energy", _F(10, 36), _F(0)),
    "MJ": ("energy", _F(10**4, 36), _F(0)),
    "GJ": ("energy", _F(10**7, 36), _F(0)),
    "Mcal_IT": ("energy", _CAL * 10**6 / 3600, _F(0)),
    "Gcal_IT": ("energy", _CAL * 10**9 / 3600, _F(0)),
    "L": ("volume", _F(1), _F(0)),
    "mL": ("volume", _F(1, 1000), _F(0)),
    "m3": ("volume", _F(1000), _F(0)),
    "L/h": ("flow", _F(1), _F(0)),
    "L/min": ("flow", _F(60), _F(0)),
    "L/s": ("flow", _F(3600), _F(0)),
    "m3/h": ("flow", _F(1000), _F(0)),
    "m3/s": ("flow", _F(3_600_000), _F(0)),
    "W": ("power", _F(1), _F(0)),
    "kW": ("power", _F(10**3), _F(0)),
    "MW": ("power", _F(10**6), _F(0)),
    "GW": ("power", _F(10**9), _F(0)),
    "kJ/h": ("power", _F(10, 36), _F(0)),
    "MJ/h": ("power", _F(10**4, 36), _F(0)),
    "GJ/h": ("power", _F(10**7, 36), _F(0)),
    "Gcal_IT/h": ("power", _CAL * 10**9 / 3600, _F(0)),
    "Pa": ("pressure", _F(1), _F(0)),
    "hPa": ("pressure", _F(100), _F(0)),
    "kPa": ("pressure", _F(1000), _F(0)),
    "MPa": ("pressure", _F(10**6), _F(0)),
    "mbar": ("pressure", _F(100), _F(0)),
    "bar": ("pressure", _F(10**5), _F(0)),
    "m[H2O]": ("pressure", _F(980665, 100), _F(0)),
    "%": ("humidity", _F(1), _F(0)),
    "[ppm]": ("co2", _F(1), _F(0)),
}

#: What people and devices write instead of UCUM.
_ALIASES = {
    "°C": "Cel",
    "℃": "Cel",  # one character of Chinese and Japanese keyboards
    "C": "Cel",
    "degC": "Cel",
    "°F": "[degF]",
    "℉": "[degF]",
    "Wh": "W.h",
    "kWh": "kW.h",
    "MWh": "MW.h",
    "GWh": "GW.h",
    "Gcal": "Gcal_IT",
    "Gcal/h": "Gcal_IT/h",
    "l": "L",
    "m³": "m3",
    "㎥": "m3",
    "㎥/h": "m3/h",
    "l/h": "L/h",
    "l/min": "L/min",
    "l/s": "L/s",
    "m³/h": "m3/h",
    "%RH": "%",
    "ppm": "[ppm]",
}

#: Masses, and the volumes that water of them about fills.
_MASSES = {"t": "m3", "t/h": "m3/h", "kg": "L", "kg/h": "L/h", "kg/min": "L/min", "kg/s": "L/s"}


def _unknown(code: str) -> Text:
    if (volume := _MASSES.get(code)) is not None:
        return msg(
            "unit {code!r} is a mass, and volumes are kept; allowed: {volume!r}, where the meter's "
            "mass is that of its volume of water",
            code=code,
            volume=volume,
        )
    allowed = ", ".join(_TABLE)
    near = nearest(code, [*_TABLE, *_ALIASES])
    if near is None:
        return msg("unit {code!r} is not known; allowed: {allowed}", code=code, allowed=allowed)
    return msg(
        "unit {code!r} is not known; allowed: {allowed}; did you mean {near!r}?",
        code=code,
        allowed=allowed,
        near=near,
    )


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that some quantity can be reported in."""

    code: str  # UCUM
    quantity: str  # code of the quantity it measures
    factor: Fraction  # quantity's units per this unit
    offset: Fraction  # in the quantity's unit

    @classmethod
    def of(cls, code: str) -> "Unit":
        """The unit with this code or alias; ValueError names what is allowed.

        >>> Unit.of("kWh").code
        'kW.h'
        """
        ucum = _ALIASES.get(code, code)
        if ucum not in _TABLE:
            raise ValueError(_unknown(code))
        return cls(ucum, *_TABLE[ucum])

    @classmethod
    def allowed_for(cls, quantity: Quantity) -> tuple[str, ...]:
        """UCUM codes that this quantity can be reported in."""
        return tuple(code for code, row in _TABLE.items() if row[0] == quantity.code)

    def to_ticks(self, value: Decimal, quantity: Quantity) -> int:
        """`value` in this unit as integer ticks of the quantity, ties to even.

        Raises ValueError where the unit measures something else or the value is not finite.

        >>> Unit.of("bar").to_ticks(Decimal("4.5"), Quantity.PRESSURE)
        4500
        >>> Unit.of("K").to_ticks(Decimal("291.1495"), Quantity.TEMPERATURE)
        18000
        """
        if self.quantity != quantity.code:
            raise ValueError(
                msg(
                    "unit {code!r} measures {measured}, not {quantity}; allowed: {allowed}",
                    code=self.code,
                    measured=self.quantity,
                    quantity=quantity.code,
                    allowed=", ".join(Unit.allowed_for(quantity)),
                )
            )
        if not value.is_finite():
            raise ValueError(msg("{value} is not a number", value=value))
        if self.factor == 1 and self.offset == 0:
            return quantity.to_ticks(value)
        exact = Fraction(value) * self.factor + self.offset
        return round(exact / Fraction(quantity.value.resolution))
