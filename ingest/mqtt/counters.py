"""What brokers publish of the messages that a full queue could not take.

Such a broker has acknowledged the message to its sender before it finds a subscriber's queue full
(Mosquitto 2 by default: 20 in flight and 1,000 queued) and drops it. MQTT 3.1.1 has no word for that;
these brokers count it under `$SYS`, over all their clients. RabbitMQ's MQTT plugin and HiveMQ 4 do not.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

#: Each of these brokers publishes its counters at least so often unless it is told otherwise.
EVERY = timedelta(minutes=1)
#: A longer payload is no number.
LONGEST = 40
_NUMBER = re.compile(rb"\s*([0-9]{1,18})\b")


@dataclass(frozen=True)
class Counter:
    """How one kind of broker says it: two topics, in which `{node}` stands for one level."""

    broker: str
    dropped: str  # messages since it started that a full queue did not take
    uptime: str  # how long it has been up
    uptime_unit: timedelta
    #: It is published again only when it has changed, each time behind the uptime.
    only_changes: bool
    source: str

    @property
    def filters(self) -> tuple[str, str]:
        """What is subscribed to."""
        return self.dropped.replace("{node}", "+"), self.uptime.replace("{node}", "+")

    @cached_property
    def _patterns(self) -> tuple["re.Pattern[str]", "re.Pattern[str]"]:
        dropped, uptime = (
            re.compile(re.escape(each).replace(r"\{node\}", "(?P<node>[^/]+)") + r"\Z")
            for each in (self.dropped, self.uptime)
        )
        return dropped, uptime

    def of_dropped(self, topic: str) -> bool:
        """Whether this topic is a counter of dropped messages."""
        return self._patterns[0].match(topic) is not None

    def of_uptime(self, topic: str) -> str | None:
        """The counter's topic of the node whose uptime this topic is; None where it is none."""
        found = self._patterns[1].match(topic)
        return None if found is None else self.dropped.format(**found.groupdict())


COUNTERS = (
    Counter(
        broker="Mosquitto",
        dropped="$SYS/broker/publish/messages/dropped",
        uptime="$SYS/broker/uptime",  # "17 seconds"
        uptime_unit=timedelta(seconds=1),
        only_changes=True,
        source="mosquitto(8), Broker status; src/sys_tree.c",
    ),
    Counter(
        broker="EMQX",
        dropped="$SYS/brokers/{node}/metrics/delivery/dropped/queue_full",
        uptime="$SYS/brokers/{node}/uptime",
        uptime_unit=timedelta(milliseconds=1),
        only_changes=False,
        source="EMQX 5, System topics; apps/emqx/src/emqx_sys.erl",
    ),
    Counter(
        broker="VerneMQ",
        dropped="$SYS/{node}/queue/message/drop",
        uptime="$SYS/{node}/system/wallclock",
        uptime_unit=timedelta(milliseconds=1),
        only_changes=False,
        source="apps/vmq_server/src/vmq_systree.erl and vmq_metrics.erl",
    ),
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many messages a broker, or a node of one, has dropped since it started."""

    topic: str
    count: int
    uptime: timedelta
    #: It started between these, by the wall's clock.
    started_from: datetime
    started_by: datetime
    stood_at: datetime  # by the event clock: the count was this


class Counts:
    """The counters of one connection, message by message."""

    def __init__(self, wall: datetime, now: datetime) -> None:
        """Of a connection that was made at `wall`, `now` by the event clock."""
        self._since = wall
        self._stood_at = dict[str, datetime]()
        self._before = now - EVERY
        self._uptime = dict[str, tuple[timedelta, datetime]]()
        self._count = dict[str, int]()

    def hear(
        self, topic: str, payload: bytes, retained: bool, wall: datetime, now: datetime
    ) -> Dropped | None:
        """What is known behind this message; None: nothing yet, or nothing new.

        What is retained may be as old as the broker's interval: an uptime of then says too little.
        """
        found = _NUMBER.match(payload[:LONGEST])
        if found is None:
            return None
        number = int(found[1])
        for each in COUNTERS:
            if each.of_dropped(topic):
                self._count[topic] = number
                return None if retained else self._known(topic, now)
            counter = each.of_uptime(topic)
            if counter is not None and not retained:
                self._uptime[counter] = number * each.uptime_unit, wall
                return self._unchanged(counter, now) if each.only_changes else None
        return None

    def _unchanged(self, topic: str, now: datetime) -> Dropped | None:
        """A change of this round comes behind it: the count is that of the round before."""
        known = self._known(topic, self._stood_at.get(topic, self._before))
        self._stood_at[topic] = now
        return known

    def _known(self, topic: str, stood_at: datetime) -> Dropped | None:
        if topic not in self._count or topic not in self._uptime:
            return None
        uptime, heard = self._uptime[topic]
        return Dropped(
            topic, self._count[topic], uptime, self._since - uptime, heard - uptime, stood_at
        )
