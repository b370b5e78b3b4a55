"""A feed with its codec."""

from collections.abc import Mapping
from decimal import Decimal

from domain.quality import TimeKind
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.config import FeedConfig
from ingest.formats import own_units
from ingest.mapping.topics import device_level, topic_pattern, wildcards

#: Columns of the table of readings, int64: which frame, which registry row, ...
FRAME, ROW, AT, TICKS, STATE, REVISION, FEED, PART_OF = range(8)
COLUMNS = 8
#: Bits of STATE.
NULL, SENTINEL, CORRECTED, RECEIVER, UNTIMED, REPUBLISHED = 1, 2, 4, 8, 16, 32
#: Above them one more than the `TimeKind` that a sample names, 0 where its feed's counts.
KIND_SHIFT = 6


class Feed:
    """One feed with its codec, what that remembers, and its id in the registry."""

    def __init__(self, config: FeedConfig, number: int, states: Mapping[str, bytes]) -> None:
        self.config = config
        self.number = number
        self.codec = codec_of(config)
        self.memory = Memory(config.name, states)
        self.topics = topic_pattern(wildcards(config.levels))
        self.own_clock = config.time_kind is not TimeKind.RECEIVER
        self.own_units = own_units(config.format)

    def sentinels(self, channel: str) -> tuple[Decimal, ...]:
        """Values that mean an error on this channel, as written."""
        table = self.config.sentinels
        return (*table.get(channel, ()), *table.get("*", ()))

    @property
    def prefix(self) -> str:
        """What its topics begin with, up to the first level that varies."""
        return wildcards(self.config.levels).split("+")[0].split("#")[0]

    @property
    def suffix(self) -> str | None:
        """What follows the device in its topics; None where more than the device varies."""
        levels = wildcards(self.config.levels).split("/")
        level = device_level(self.config.levels) % len(levels)
        if levels[level] != "+" or levels.count("+") > 1 or levels[-1] == "#":
            return None
        return "".join("/" + each for each in levels[level + 1 :])
