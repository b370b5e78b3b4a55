"""Status words of wmbusmeters: which of them say that a value is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

#: Fields that hold such words.
_FIELDS = ("status", "current_status", "error_flags", "info_codes", "device_status")
_BETWEEN = re.compile(r"[\s,;|]+")
_FINE = frozenset({"", "OK", "NO_ERROR", "NONE"})
#: Words that say nothing of a measurement.
_HARMLESS = re.compile(
    r"BATTERY|POWER_LOW|VOLTAGE|LEAK|BURST|EXTERNAL_ALARM|RESET|BUSY|FLOW_INCREASED|TAMPER|REMOVED|MODE_|^ALARM$"
)
_ERROR = re.compile(
    r"ERROR|FAULT|FAIL|DEFECT|BREAK|BROKEN|SHORT|RANGE|WRONG|WEAK|(?:^|_)AIR(?:_|$)|DISCONNECT|INVALID|EMPTY"
)
_FIRST = re.compile(r"(?:^|_)(?:T1|SENSOR_1|SUPPLY|FORWARD|FLOW_TEMP)")
_SECOND = re.compile(r"(?:^|_)(?:T2|SENSOR_2|RETURN)")
_SENSOR = re.compile(r"TEMP(?!ORARY)|SENSOR|(?:^|_)T[12](?:_|$)")
_FLOW = re.compile(
    r"FLOW_SENSOR|FLOW_DIRECTION|FLOW_MEASUREMENT|(?:^|_)AIR(?:_|$)|EMPTY_PIPE|NO_FLOW_SIGNAL"
)
_WHOLE = re.compile(r"PERMANENT_ERROR|ELECTRONIC|HARDWARE|(?:^|_)EEPROM|(?:^|_)CPU")

_MEASURED = frozenset(
    {"temperature", "temperature_difference", "flow", "power", "pressure", "humidity", "co2"}
)
_COUNTED = frozenset({"energy", "volume"})
_OF_SUPPLY = re.compile(r"(?:^|_)(?:t1|flow|forward|supply|inlet)(?:_|$)")
_OF_RETURN = re.compile(r"(?:^|_)(?:t2|return|outlet)(?:_|$)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The words of a telegram, and what of a meter they speak of."""

    words: tuple[str, ...]
    wrong: bool  # an error: a zero is no measurement
    whole: bool  # nothing that is measured now holds
    supply: bool  # sensors of temperature
    back: bool
    flow: bool
    power: bool

    def fails(self, field: str, quantity: str, value: Decimal | None, storage: int) -> bool:
        """Whether the meter says that this value of now is none."""
        if storage or quantity not in _MEASURED | _COUNTED:
            return False
        if self.wrong and value == 0:
            return True
        return quantity in _MEASURED and (self.whole or self._of_sensor(field, quantity))

    def _of_sensor(self, field: str, quantity: str) -> bool:
        if quantity == "temperature":
            supply, back = _OF_SUPPLY.search(field), _OF_RETURN.search(field)
            return (self.supply and not back) or (self.back and not supply)
        if quantity == "temperature_difference":
            return self.supply or self.back
        return (quantity == "flow" and self.flow) or (quantity == "power" and self.power)


def verdict_of(content: Mapping[str, Any]) -> Verdict:
    """What the status of a telegram says."""
    found = [content[key] for key in _FIELDS if isinstance(content.get(key), str)]
    every = [word[:80] for text in found for word in _BETWEEN.split(text[:2000])]
    words = tuple(dict.fromkeys(word for word in every if word.upper() not in _FINE))
    errors = [
        w.upper() for w in words if _ERROR.search(w.upper()) and not _HARMLESS.search(w.upper())
    ]
    sensors = [word for word in errors if _SENSOR.search(word) and not _FLOW.search(word)]
    sensors = [word for word in sensors if "POLARITY" not in word]
    supply = any(_FIRST.search(word) or not _SECOND.search(word) for word in sensors)
    back = any(_SECOND.search(word) or not _FIRST.search(word) for word in sensors)
    flow = any(_FLOW.search(word) for word in errors)
    polarity = any("POLARITY" in word for word in errors)
    whole = any(_WHOLE.search(word) for word in errors)
    return Verdict(
        words, bool(errors), whole, supply, back, flow, flow or supply or back or polarity
    )
