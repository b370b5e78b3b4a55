"""Settings of formats whose messages name their values but say no units."""

from typing import ClassVar

from pydantic import Field

from ingest.config import FormatSettings, UnitCode


class UnitsConfig(FormatSettings):
    """The table `mapping` of such a feed; it may be left out."""

    optional: ClassVar[bool] = True
    units: dict[str, UnitCode] = Field(
        default={}, description="channel -> unit; others are in the unit of their quantity"
    )


def units_of(settings: FormatSettings | None) -> dict[str, str]:
    """Channel -> UCUM, as the feed says it."""
    return settings.units if isinstance(settings, UnitsConfig) else {}
