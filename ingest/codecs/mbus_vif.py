"""What a record of M-Bus measures: VIF and VIFE of EN 13757-3:2018, 6.4 and annex C.

Values come in few units (W.h, m3, s, ...), whatever prefix a meter has, so that one channel has
one unit. `name` is the channel's: quantities that a meter measures twice have two names.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

#: Longest chain of VIFE. [bytes]
MOST_VIFE = 10
#: Extensions of the primary table.
FIRST, SECOND, TEXT, ANY, MANUFACTURER = 0x7B, 0x7D, 0x7C, 0x7E, 0x7F

NUMBER, DATE, BITS = "number", "date", "bits"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number is: value = number * factor * 10 ** exponent + offset, in `unit`."""

    name: str
    quantity: str
    unit: str | None
    exponent: int = 0
    factor: int = 1
    offset: int = 0  # in 10 ** -3 units
    kind: str = NUMBER
    said: tuple[str, ...] = ()  # what the VIFE say beside
    failed: bool = False


#: (first code, how many, name, quantity, unit, exponent of the first, factor)
_Row = tuple[int, int, str, str, str, int, int]

_ENERGY, _VOLUME, _POWER, _FLOW = "energy", "volume", "power", "flow"
_DIFFERENCE, _COLD, _WARM = "temperature_difference", "cold_limit", "warm_limit"
_PRIMARY: tuple[_Row, ...] = (
    (0x00, 8, _ENERGY, _ENERGY, "W.h", -3, 1),
    (0x08, 8, _ENERGY, _ENERGY, "J", 0, 1),
    (0x10, 8, _VOLUME, _VOLUME, "m3", -6, 1),
    (0x18, 8, "mass", "mass", "kg", -3, 1),
    (0x28, 8, _POWER, _POWER, "W", -3, 1),
    (0x30, 8, _POWER, _POWER, "kJ/h", -3, 1),
    (0x38, 8, _FLOW, _FLOW, "m3/h", -6, 1),
    (0x40, 8, _FLOW, _FLOW, "m3/h", -7, 60),
    (0x48, 8, _FLOW, _FLOW, "m3/h", -9, 3600),
    (0x50, 8, "mass_flow", "mass_flow", "kg/h", -3, 1),
    (0x58, 4, "supply_temperature", "temperature", "Cel", -3, 1),
    (0x5C, 4, "return_temperature", "temperature", "Cel", -3, 1),
    (0x60, 4, _DIFFERENCE, _DIFFERENCE, "K", -3, 1),
    (0x64, 4, "external_temperature", "temperature", "Cel", -3, 1),
    (0x68, 4, "pressure", "pressure", "bar", -3, 1),
    (0x6E, 1, "heat_cost_units", "heat_cost_units", "1", 0, 1),
    (0x78, 1, "fabrication_number", "fabrication_number", "1", 0, 1),
    (0x7A, 1, "bus_address", "bus_address", "1", 0, 1),
)
#: Behind FBh: the multiples that the primary table has no room for.
_FIRST: tuple[_Row, ...] = (
    (0x00, 2, _ENERGY, _ENERGY, "W.h", 5, 1),
    (0x02, 2, "reactive_energy", "reactive_energy", "kvar.h", 0, 1),
    (0x08, 2, _ENERGY, _ENERGY, "J", 8, 1),
    (0x0C, 4, _ENERGY, _ENERGY, "Mcal_IT", -1, 1),
    (0x10, 2, _VOLUME, _VOLUME, "m3", 2, 1),
    (0x18, 2, "mass", "mass", "kg", 5, 1),
    (0x1A, 2, "humidity", "humidity", "%", -1, 1),
    (0x28, 2, _POWER, _POWER, "W", 5, 1),
    (0x2C, 4, "frequency", "frequency", "Hz", -3, 1),
    (0x30, 2, _POWER, _POWER, "GJ/h", -1, 1),
    (0x58, 4, "supply_temperature", "temperature", "[degF]", -3, 1),
    (0x5C, 4, "return_temperature", "temperature", "[degF]", -3, 1),
    (0x60, 4, _DIFFERENCE, _DIFFERENCE, "[degF]", -3, 1),
    (0x64, 4, "external_temperature", "temperature", "[degF]", -3, 1),
    (0x70, 4, _COLD, _COLD, "[degF]", -3, 1),
    (0x74, 4, _COLD, _COLD, "Cel", -3, 1),
    (0x78, 8, "power_max_sum", "power_max_sum", "W", -3, 1),
)
#: Behind FDh: of the meter rather than of the heat.
_SECOND: tuple[_Row, ...] = (
    (0x08, 1, "access_number", "access_number", "1", 0, 1),
    (0x0E, 1, "firmware", "firmware", "1", 0, 1),
    (0x0F, 1, "software", "software", "1", 0, 1),
    (0x10, 1, "customer_location", "customer_location", "1", 0, 1),
    (0x11, 1, "customer", "customer", "1", 0, 1),
    (0x3A, 1, "number", "number", "1", 0, 1),
    (0x40, 16, "voltage", "voltage", "V", -9, 1),
    (0x50, 16, "current", "current", "A", -12, 1),
    (0x60, 1, "resets", "resets", "1", 0, 1),
    (0x61, 1, "cumulations", "cumulations", "1", 0, 1),
    (0x71, 1, "signal", "signal", "dB[mW]", 0, 1),
    (0x74, 1, "battery_left", "battery_left", "s", 0, 86_400),
)
_BITS = {0x17: "error_flags", 0x18: "error_mask", 0x1A: "digital_output", 0x1B: "digital_input"}
_TIMES = {0x20: "on_time", 0x24: "operating_time", 0x70: "averaging_time", 0x74: "actuality_time"}
_SECOND_TIMES = {0x24: "storage_interval", 0x2C: "since_readout", 0x6C: "battery_operating_time"}
_SECOND_DATES = {0x30: "of_tariff", 0x70: "of_battery"}
_SECONDS = (1, 60, 3600, 86_400)
_HOURS = (3600, 86_400)


def primary(vif: int) -> Meaning | None:
    """What a VIF (seven bits) of the primary table means; None where it means nothing that is known."""
    if vif in {0x6C, 0x6D}:
        return Meaning("time", "time", None, kind=DATE)
    if found := _TIMES.get(vif & ~3):
        return Meaning(found, found, "s", 0, _SECONDS[vif & 3])
    return _in(_PRIMARY, vif)


def extended(table: int, vife: int) -> Meaning | None:
    """The same behind FBh or FDh."""
    if table == FIRST:
        return _in(_FIRST, vife)
    if vife in _BITS:
        return Meaning(_BITS[vife], _BITS[vife], None, kind=BITS)
    if vife in _SECOND_DATES:
        return Meaning("time", "time", None, kind=DATE, said=(_SECOND_DATES[vife],))
    name = _SECOND_TIMES.get(vife & ~3)
    if name == "battery_operating_time":
        return Meaning(name, name, "s", 0, _HOURS[vife & 1]) if vife < 0x6E else None
    if name:
        return Meaning(name, name, "s", 0, _SECONDS[vife & 3])
    return _in(_SECOND, vife)


def _in(rows: tuple[_Row, ...], code: int) -> Meaning | None:
    for first, count, name, quantity, unit, exponent, factor in rows:
        if first <= code < first + count:
            return Meaning(name, quantity, unit, exponent + code - first, factor)
    return None


#: VIFE by which a meter says that it has no such value: record errors of annex C. The codes between them
#: say more of a value (12h to 14h, 1Dh to 1Fh) or are reserved.
_ERRORS = frozenset({*range(0x01, 0x10), *range(0x15, 0x1D)})
#: VIFE that leave the number what it is and say more of it.
_SAID = {
    0x12: "average", 0x13: "inverse_compact_profile", 0x14: "relative_deviation",
    0x1D: "standard_conform", 0x1E: "compact_profile_with_registers", 0x1F: "compact_profile",
    0x20: "per_second", 0x21: "per_minute", 0x22: "per_hour", 0x23: "per_day", 0x24: "per_week",
    0x25: "per_month", 0x26: "per_year", 0x27: "per_revolution", 0x28: "per_input_pulse_0",
    0x29: "per_input_pulse_1", 0x2A: "per_output_pulse_0", 0x2B: "per_output_pulse_1",
    0x2C: "per_litre", 0x2D: "per_m3", 0x2E: "per_kg", 0x2F: "per_kelvin", 0x30: "per_kwh",
    0x31: "per_gj", 0x32: "per_kw", 0x33: "per_kelvin_litre", 0x34: "per_volt", 0x35: "per_ampere",
    0x36: "times_s", 0x37: "times_s_per_volt", 0x38: "times_s_per_ampere", 0x3A: "uncorrected",
    0x3B: "forward", 0x3C: "backward", 0x3D: "non_metric", 0x3E: "at_base_conditions",
    0x3F: "obis", 0x40: "lower_limit", 0x48: "upper_limit", 0x41: "below_limit_count",
    0x49: "above_limit_count", 0x68: "below_limit", 0x6C: "above_limit", 0x69: "leakage",
    0x6D: "overflow", 0x7E: "future",
}  # fmt: skip
#: VIFE behind which the record is a date: of its begin or end, first or last.
_DATES = frozenset({0x39, 0x42, 0x43, 0x46, 0x47, 0x4A, 0x4B, 0x4E, 0x4F, 0x6A, 0x6B, 0x6E, 0x6F})


def qualified(meaning: Meaning, vife: bytes) -> Meaning:
    """The meaning behind its VIFE (seven bits each): combinable codes of annex C, in their order."""
    i = 0
    while i < len(vife):
        code = vife[i]
        if code == MANUFACTURER:  # what follows only the manufacturer knows
            return _saying(meaning, f"manufacturer_{vife[i + 1 :].hex()}".rstrip("_"))
        if code == 0x7C and i + 1 < len(vife):
            i += 1
            meaning = _saying(meaning, f"extension_{vife[i]:02x}")
        else:
            meaning = _one(meaning, code)
        i += 1
    return meaning


def _one(meaning: Meaning, code: int) -> Meaning:
    if code in _ERRORS:
        return replace(meaning, failed=True)
    if 0x70 <= code < 0x78:
        return replace(meaning, exponent=meaning.exponent + code - 0x76)
    if code == 0x7D:
        return replace(meaning, exponent=meaning.exponent + 3)
    if 0x78 <= code < 0x7C:
        return replace(meaning, offset=meaning.offset + 10 ** (code - 0x78))
    if code in _DATES:
        return _saying(replace(meaning, kind=DATE), f"date_{code:02x}")
    if 0x50 <= code < 0x68:
        duration = Meaning(meaning.name, "duration", "s", 0, _SECONDS[code & 3], said=meaning.said)
        return _saying(duration, f"duration_{code & ~3:02x}")
    return meaning if code == 0 else _saying(meaning, _SAID.get(code, f"vife_{code:02x}"))


def _saying(meaning: Meaning, word: str) -> Meaning:
    return replace(meaning, said=(*meaning.said, word))


def scaled(number: Decimal, meaning: Meaning) -> Decimal:
    """A number as sent, in the unit of its meaning; digits, not powers.

    >>> scaled(Decimal(37351), Meaning("energy", "energy", "W.h", 3))
    Decimal('37351000')
    """
    value = (number * meaning.factor).scaleb(meaning.exponent)
    if meaning.offset:
        value += Decimal(meaning.offset).scaleb(-3)
    exponent = value.as_tuple().exponent
    return Decimal(int(value)) if isinstance(exponent, int) and exponent > 0 else value
