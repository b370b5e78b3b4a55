"""Units of formats whose messages name their values but say no units, or may leave them out."""

from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from domain.nearest import AMONG_KEYS, nearest
from domain.quantity import Quantity
from domain.unit import Unit
from ingest.config import FormatSettings, UnitCode

#: Longest unit that is shown. [characters]
MOST_UNIT = 40
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


def unit_of(written: str | None) -> str | None:
    """As UCUM; one that is not known stays, and is refused by its name where its channel is registered."""
    try:
        return Unit.of(written).code if written else None
    except ValueError:
        return written[:MOST_UNIT] if written else None


def is_foreign(written: str | None) -> bool:
    """Whether a unit is there and none of ours."""
    try:
        return bool(written and not Unit.of(written))
    except ValueError:
        return True
