"""Units as messages and files write them (UCUM), turned into a quantity's ticks exactly.

Factors are fractions, so 0.1 bar is 10000 Pa and not its neighbour; one rounding to
the quantity's resolution, ties to even, as `Quantity.to_ticks`.
"""

import re
import unicodedata
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
    "kgf/cm2": ("pressure", _F(980665, 10), _F(0)),
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
    "Celsius": "Cel",
    "摄氏度": "Cel",
    "F": "[degF]",
    "degF": "[degF]",
    "Fahrenheit": "[degF]",
    "华氏度": "[degF]",
    "Kelvin": "K",
    "瓦时": "W.h",
    "千瓦时": "kW.h",
    "兆瓦时": "MW.h",
    "千焦": "kJ",
    "兆焦": "MJ",
    "吉焦": "GJ",
    "Mcal": "Mcal_IT",
    "升": "L",
    "立方米": "m3",
    "立方米/小时": "m3/h",
    "升/小时": "L/h",
    "瓦": "W",
    "千瓦": "kW",
    "兆瓦": "MW",
    "帕": "Pa",
    "千帕": "kPa",
    "兆帕": "MPa",
    "巴": "bar",
    "公斤力/平方厘米": "kgf/cm2",
    "kg/cm2": "kgf/cm2",
    "mH2O": "m[H2O]",
    "米水柱": "m[H2O]",
    "percent": "%",
}


def _folded(code: str) -> str:
    """A unit without what people write in many ways: widths, raised digits, dots, blanks, `hr`."""
    text = unicodedata.normalize("NFKC", code).replace("°", "deg").replace("^", "")
    text = re.sub(r"(?<=\w)\s*[·⋅∙*×]\s*(?=\w)|(?<=[Ww])[\s-]+(?=[Hh])", ".", text)
    text = re.sub(r"\s+", "", text)
    return re.sub(r"/(hr|hour)\Z", "/h", text)


def _either_case() -> dict[str, str]:
    """Folded code in small letters -> UCUM, where no other unit is written so."""
    found: dict[str, set[str]] = {}
    for written in [*_TABLE, *_ALIASES]:
        found.setdefault(_folded(written).casefold(), set()).add(_ALIASES.get(written, written))
    return {folded: next(iter(codes)) for folded, codes in found.items() if len(codes) == 1}


_EITHER_CASE = _either_case()
#: `m` is a thousandth, `M` a million: these are never taken for each other.
_MILLI_OR_MEGA = re.compile(r"[mM](?!pa\Z|3|\[|h2o)", re.IGNORECASE)


def _ucum(code: str) -> str | None:
    """The UCUM code of what people write, None where it is not known."""
    if code in _TABLE:
        return code
    if code in _ALIASES:
        return _ALIASES[code]
    folded = _folded(code)
    found = _EITHER_CASE.get(folded.casefold())
    if found is not None and _MILLI_OR_MEGA.match(folded) and found[0] != folded[0]:
        return None
    return found


#: Masses, and the volumes that water of them about fills.
_MASSES = {"t": "m3", "t/h": "m3/h", "kg": "L", "kg/h": "L/h", "kg/min": "L/min", "kg/s": "L/s"}


def _unknown(code: str) -> Text:
    if (volume := _MASSES.get(_folded(code).casefold())) is not None:
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
        ucum = _ucum(code)
        if ucum is None:
            raise ValueError(_unknown(code))
        return cls(ucum, *_TABLE[ucum])

    @classmethod
    def spellings(cls) -> dict[str, str]:
        """What messages write most -> UCUM; `of` takes more: other cases, widths, blanks."""
        return {**{code: code for code in _TABLE}, **_ALIASES}

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
