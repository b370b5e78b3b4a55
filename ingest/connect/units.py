"""Channels whose messages say no unit, and where a feed names it."""

import json
import re
from collections.abc import Iterable, Sequence

from domain.language import Text, joined, msg
from domain.names import quantity_name
from domain.quantity import Quantity
from ingest.codecs.mapped_settings import MappedConfig
from ingest.codecs.message import Sample
from ingest.codecs.units import UnitsConfig
from ingest.config import FeedConfig
from ingest.connect.words import needs_unit
from ingest.formats import settings_of

#: Quantities that devices send in several units.
MISTAKEN = (Quantity.ENERGY, Quantity.POWER, Quantity.VOLUME, Quantity.FLOW, Quantity.PRESSURE)
MOST_NAMES = 8  # channels in a sentence
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def without_unit(samples: Iterable[Sample]) -> list[str]:
    """Channels of which no message says a unit, and whose name is of no quantity that needs none."""
    units = {each.channel: each.unit for each in samples if not each.failed}
    return [name for name, unit in units.items() if unit is None and needs_unit(name)]


def said_of_units(feed: FeedConfig, channels: Sequence[str]) -> Text | None:
    """What a feed does with values of these channels, and where their unit is named; None: it has its own."""
    if not channels:
        return None
    shown = ", ".join([*channels[:MOST_NAMES], *(["..."] if len(channels) > MOST_NAMES else [])])
    if isinstance(feed.mapping, MappedConfig):
        taken = [
            msg("{quantity} in {unit}", quantity=quantity_name(each.code), unit=each.unit.replace(".", ""))
            for each in MISTAKEN
        ]  # fmt: skip
        return msg(
            "no unit is said of {channels}: they are taken as {taken}; where devices send another, {write}",
            channels=shown, taken=joined(", ", taken), write=_in_channels(feed.mapping, channels[0]),
        )  # fmt: skip
    settings = settings_of(feed.format)
    if settings is None or not issubclass(settings, UnitsConfig):
        return None
    return msg(
        "no unit is said of {channels}: what is no temperature, humidity or CO2 is refused until the feed's mapping "
        'names it, units = {{ {name} = "kWh" }}',
        channels=shown, name=_key(channels[0]),
    )  # fmt: skip


def _in_channels(mapping: MappedConfig, name: str) -> Text:
    """Where a mapping of anybody's JSON says the unit of a channel."""
    known = mapping.channels.get(name)
    if known is not None and known.path is not None:
        line = f'{_key(name)} = {{ path = {json.dumps(known.path, ensure_ascii=False)}, unit = "kWh" }}'
        return msg("write in [ingest.feeds.mapping.channels]: {line}", line=line)
    line = f'{_key(name)} = {{ unit = "kWh" }}'
    return msg(
        "name each channel that is wanted in [ingest.feeds.mapping.channels], such as {line}", line=line
    )  # fmt: skip


def _key(name: str) -> str:
    """As TOML has a key."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
