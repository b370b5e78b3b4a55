"""When a station has lost its supply, and when it is back: one rule for all that counts as evidence.

The acts speak of an interruption and give no number of a meter. What is set here holds where the
policy of the season gives none in its table `[supply]`; it makes proposals, which pay nothing until a
person has confirmed them. Alerts read it from here; their own waits only say when to warn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.time import HOUR_US, MINUTE_US, Span, local_day

#: Supply must be back this long to end an outage; shorter returns chain. [µs]
HELD_US = HOUR_US
#: A shorter loss is not verified. [µs]
LEAST_US = 10 * MINUTE_US
#: Flow under this share of the station's usual flow is lost. [1]
FLOW_SHARE = 0.1
#: Supply under this heats nobody. [0.001 Cel]
SUPPLY_FLOOR = 28_000


@dataclass(frozen=True, slots=True)
class Window:
    """Heat is off by schedule from one local time of day to another; over midnight if later."""

    since: time
    until: time

    @classmethod
    def of(cls, text: str) -> "Window":
        """`"22:00-05:30"`; ValueError says what is allowed.

        >>> Window.of("22:00-05:30")
        Window(since=datetime.time(22, 0), until=datetime.time(5, 30))
        """
        try:
            since, until = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError:
            raise ValueError(f"window {text!r} is not of the form HH:MM-HH:MM") from None
        if since == until:
            raise ValueError(f"window {text!r} begins where it ends")
        return cls(since, until)

    def spans(self, span: Span, zone: ZoneInfo) -> list[Span]:
        """Each night's (or day's) window that touches `span`."""
        day = local_day(span.since, zone) - timedelta(days=1)
        found = []
        while day <= local_day(span.until, zone):
            after = day + timedelta(days=1) if self.until <= self.since else day
            since = datetime.combine(day, self.since, zone).astimezone(UTC)
            until = datetime.combine(after, self.until, zone).astimezone(UTC)
            if until > span.since and since < span.until:
                found.append(Span(since, until))
            day += timedelta(days=1)
        return found


@dataclass(frozen=True, slots=True)
class SupplyRule:
    """What of a station's flow and supply temperature is lost supply."""

    supply_floor: int = SUPPLY_FLOOR  # colder supply is lost [0.001 Cel]
    flow_share: float = FLOW_SHARE  # less than this share of the usual flow is lost [1]
    least_us: int = LEAST_US  # a shorter loss is not verified [µs]
    windows: Sequence[Window] = ()  # heat is off by schedule
