"""Physical quantities with their UCUM unit and the fixed resolution they are kept in.

A value travels as an exact decimal and is kept as an integer of its quantity's
resolution, so that a legal boundary such as 18.00 °C is an integer comparison.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum

from domain.language import msg, not_known


def exact(value: object) -> object:
    """A float of TOML as the decimal that was written: 0.1 is one tenth, not its neighbour."""
    return Decimal(repr(value)) if isinstance(value, float) else value


@dataclass(frozen=True, slots=True)
class Measure:
    """What a quantity is counted in."""

    code: str
    unit: str  # UCUM
    resolution: Decimal  # in `unit`; one stored integer tick
    least: Decimal  # in `unit`; below it a value can't be real
    most: Decimal  # in `unit`; above it a value can't be real


class Quantity(Enum):
    """The closed list; `code` is what registries, configurations and messages write."""

    TEMPERATURE = Measure("temperature", "Cel", Decimal("0.001"), Decimal(-60), Decimal(200))
    ENERGY = Measure("energy", "W.h", Decimal(1), Decimal(0), Decimal("1e15"))
    VOLUME = Measure("volume", "L", Decimal(1), Decimal(0), Decimal("1e13"))
    FLOW = Measure("flow", "L/h", Decimal(1), Decimal("-1e7"), Decimal("1e8"))
    POWER = Measure("power", "W", Decimal(1), Decimal("-1e9"), Decimal("1e9"))
    PRESSURE = Measure("pressure", "Pa", Decimal(100), Decimal(-100_000), Decimal("6e6"))
    HUMIDITY = Measure("humidity", "%", Decimal("0.1"), Decimal(0), Decimal(100))
    CO2 = Measure("co2", "[ppm]", Decimal(1), Decimal(0), Decimal(50_000))

    @property
    def code(self) -> str:
        return self.value.code

    @property
    def unit(self) -> str:
        return self.value.unit

    @classmethod
    def of(cls, code: str) -> "Quantity":
        """The quantity with this code; ValueError names what is allowed."""
        for each in cls:
            if each.code == code:
                return each
        raise ValueError(not_known(msg("quantity"), code, [each.code for each in cls]))

    def to_ticks(self, value: Decimal) -> int:
        """`value` [unit] as integer ticks of the resolution, ties to even.

        >>> Quantity.TEMPERATURE.to_ticks(Decimal("17.9995"))
        18000
        >>> Quantity.PRESSURE.to_ticks(Decimal("600000"))
        6000
        """
        ticks = value / self.value.resolution
        return int(ticks.to_integral_value(rounding=ROUND_HALF_EVEN))

    def from_ticks(self, ticks: int) -> Decimal:
        """Integer ticks back to an exact decimal in `unit`.

        >>> Quantity.TEMPERATURE.from_ticks(18000)
        Decimal('18.000')
        """
        return ticks * self.value.resolution

    def plausible(self, ticks: int) -> bool:
        """Whether the value lies within what is physically possible."""
        return self.value.least <= self.from_ticks(ticks) <= self.value.most


class Role(Enum):
    """What a series tells about its place: (code, quantity)."""

    ROOM_TEMPERATURE = ("room_temperature", Quantity.TEMPERATURE)
    OUTDOOR_TEMPERATURE = ("outdoor_temperature", Quantity.TEMPERATURE)
    SUPPLY_TEMPERATURE = ("supply_temperature", Quantity.TEMPERATURE)
    RETURN_TEMPERATURE = ("return_temperature", Quantity.TEMPERATURE)
    PRIMARY_SUPPLY_TEMPERATURE = ("primary_supply_temperature", Quantity.TEMPERATURE)
    PRIMARY_RETURN_TEMPERATURE = ("primary_return_temperature", Quantity.TEMPERATURE)
    SETPOINT_TEMPERATURE = ("setpoint_temperature", Quantity.TEMPERATURE)
    FLOW = ("flow", Quantity.FLOW)
    POWER = ("power", Quantity.POWER)
    ENERGY = ("energy", Quantity.ENERGY)
    VOLUME = ("volume", Quantity.VOLUME)
    SUPPLY_PRESSURE = ("supply_pressure", Quantity.PRESSURE)
    RETURN_PRESSURE = ("return_pressure", Quantity.PRESSURE)
    MAKE_UP_FLOW = ("make_up_flow", Quantity.FLOW)
    MAKE_UP_VOLUME = ("make_up_volume", Quantity.VOLUME)
    HUMIDITY = ("humidity", Quantity.HUMIDITY)
    CO2 = ("co2", Quantity.CO2)

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def quantity(self) -> Quantity:
        return self.value[1]

    @classmethod
    def of(cls, code: str) -> "Role":
        """The role with this code; ValueError names what is allowed."""
        for each in cls:
            if each.code == code:
                return each
        raise ValueError(not_known(msg("role"), code, [each.code for each in cls]))
