"""One reading, one fault. Bulk paths carry the same fields as columns (`store.journal.schema`)."""

from dataclasses import dataclass
from datetime import datetime

from domain.quality import Quality, TimeKind


@dataclass(frozen=True, slots=True)
class Source:
    """Where something came from: enough to open it again."""

    feed: str  # name of the feed or file
    place: str  # topic, or row of the file
    key: str = ""  # message key, or sha256 of the raw bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one series, as the device reported it."""

    series: int
    at: datetime  # event time, aware, UTC
    value: int | None  # in the resolution of the series' quantity; None: reported as unknown
    source: Source
    quality: Quality = Quality.GOOD
    time_kind: TimeKind = TimeKind.METER
    revision: int = 0  # a correction from the provider has a higher one


@dataclass(frozen=True, slots=True)
class Fault:
    """Wrong data, as a value: the run goes on and reports all of it."""

    code: str  # closed list per room, e.g. "undecodable", "unmapped", "implausible"
    message: str  # with the numbers, and what is allowed
    source: Source
