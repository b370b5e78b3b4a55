"""Units of formats whose messages name their values but say no units, or may leave them out."""

from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from domain.nearest import AMONG_KEYS, nearest
from domain.quantity import Quantity
from ingest.config import FormatSettings, UnitCode

#: What everybody sends in one unit. Energy comes in kWh, MWh and GJ, flow in L/h and m3/h, ...
UNMISTAKEN = frozenset({Quantity.TEMPERATURE, Quantity.HUMIDITY, Quantity.CO2})


class UnitsConfig(FormatSettings):
    """The table `mapping` of such a feed; it may be left out."""

    optional: ClassVar[bool] = True
    units: dict[str, UnitCode] = Field(
        default={}, description="channel -> unit, where messages say none"
    )


def units_of(settings: FormatSettings | None) -> dict[str, str]:
    """Channel -> UCUM, as the feed says it."""
    return settings.units if isinstance(settings, UnitsConfig) else {}


def no_unit(channel: str, named: Iterable[str]) -> str:
    """What is wrong with a value that no one unit can be meant for, with the name most like its channel's."""
    near = nearest(channel, named, AMONG_KEYS)
    where = f", where {near!r} stands" if near else ""
    return f"no unit: name it in `units` of the feed{where}"
