"""The ingest worker: gathers, decodes, keeps, and only then acknowledges (DESIGN section 2).

One thread does all of it in this order for each batch, so an acknowledgement can't overtake
the commit of its batch.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.exc import OperationalError
from tenacity import (
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_delay,
    stop_any,
    stop_never,
    stop_when_event_set,
    wait_chain,
    wait_fixed,
)

from domain.errors import ServerMissing
from domain.language import msg
from domain.time import to_us
from ingest.batch.decode import Decoder, Outcome
from ingest.batch.table import SeriesTable
from ingest.config import BrokerConfig, IngestConfig
from ingest.mqtt.broker import NO_ANSWER, READY_S
from ingest.mqtt.delivery import Delivery
from ingest.mqtt.gather import Gathered, Gatherer
from ingest.mqtt.link import Link, LinkLost
from ingest.mqtt.recent import RecentKeys
from ingest.mqtt.warm import warm_up
from store.journal.journal import KEYS_KEPT, Journal
from store.registry.series import SeriesIndex
from store.server.rate_limited_log import RateLimitedLog
from store.server.unreachable import unreachable

log = logging.getLogger("heatwatch.ingest")

#: How long the first connection may take before the broker counts as missing. [s]
FIRST_CONNECT_S = 10.0
#: Waits between attempts: a broker that restarts is back within a second. [s]
BACK_OFF_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
BACK_OFF = wait_chain(*map(wait_fixed, BACK_OFF_S))
#: Messages that wait for their acknowledgement are at most so many (MQTT 3.1.1, 2.3.1).
IN_FLIGHT = 65_535
#: A connection that ended sooner did not work, whatever the broker said: another took it over. [s]
STEADY_S = 5.0
#: How often the registry is checked for changes. [s]
RELOAD_S = 2.0
#: How long an idle worker sleeps before it looks at `stop`. [s]
IDLE_S = 0.2


@dataclass(slots=True)
class Counts:
    """What this worker did since it started."""

    batches: int = 0
    messages: int = 0  # kept for the first time, refused ones included
    readings: int = 0
    refused: int = 0
    redelivered: int = 0
    connects: int = 0


class IngestWorker:
    """Subscribes with a persistent session and keeps what comes in.

    `feeds` gives each configured feed its id in the registry, `now` the event clock. `reload`
    answers with a newer index, or None while the one it is given is current. `acknowledged` is
    called with each batch once its acknowledgements have left. `delivery` keeps what the broker may
    have lost; without it nobody is told.
    """

    def __init__(
        self,
        config: IngestConfig,
        broker: BrokerConfig,
        journal: Journal,
        index: SeriesIndex,
        feeds: Mapping[str, int],
        now: Callable[[], datetime],
        *,
        reload: Callable[[SeriesIndex], SeriesIndex | None] | None = None,
        acknowledged: Callable[[Outcome], None] | None = None,
        delivery: Delivery | None = None,
    ) -> None:
        self.config = config
        self.counts = Counts()
        self._broker = broker
        self._journal = journal
        self._index = index
        self._now = now
        self._reload = reload
        self._reload_at = 0.0
        self._refusals = 0
        self._connected_at = 0.0  # monotonic clock [s]
        self._outages = RateLimitedLog(log.error)
        self._acknowledged = acknowledged
        self._delivery = delivery
        self.committed_s = 0.0  # when the journal took a batch last [s since 1970], 0: not yet
        self.stuck = ""  # why nothing is acknowledged; "" where the journal takes batches
        self._took_up = False  # whether this connection's session and subscriptions are looked at
        self._link = Link(
            broker, config.client_id, [f.filter for f in config.feeds], config.keepalive_s
        )
        self._gatherer = Gatherer(self._link, config)
        window = KEYS_KEPT if broker.keeps_packet_ids else IN_FLIGHT
        self._recent = RecentKeys(journal.recent_keys(window), window)
        self._newest = journal.last()  # batch
        states = journal.codec_states()
        self._decoder = Decoder(config.feeds, feeds, SeriesTable(index), states=states)

    @property
    def subscribed(self) -> bool:
        """Whether the broker sends this worker its messages."""
        return self._link.ready

    @property
    def session_present(self) -> bool:
        """Whether the broker still had our session at the last connection."""
        return self._link.session_present

    @property
    def delivery(self) -> Delivery | None:
        """Where what may be missing is told."""
        return self._delivery

    def warm_up(self) -> None:
        """Loads the compiled loops, so that the first batch does not wait for them."""
        warm_up(self._decoder, self._gatherer)

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set. ServerMissing when the broker is not there at the start."""
        self.warm_up()
        if self._delivery is not None:
            self._delivery.told_before(self._decoder.told_before(), self._now())
        self._connect(stop, timeout_s=self._first_connect_s())
        while not stop.is_set():
            try:
                self._step(stop)
            except LinkLost as lost:
                log.warning("connection to the broker lost: %s", lost)
                self._wait_after_loss(stop)
                self._connect(stop, timeout_s=None)
        self._link.close()

    def _step(self, stop: threading.Event) -> None:
        gathered = self._gatherer.gather(IDLE_S)
        if gathered is not None:
            self._keep(gathered, stop)
        self._link.tick()
        self._look_at_delivery()
        self._refresh()

    def _look_at_delivery(self) -> None:
        if self._delivery is None:
            return
        now = self._now()
        self._delivery.settle(now)
        if not self._link.ready:
            return
        if not self._took_up:
            self._took_up = True
            self._delivery.connected(self._link.session_present, self._link.lowered, now)
        elif self._works():
            self._delivery.steady(now)

    def _works(self) -> bool:
        """Whether the connection has held for so long that nobody takes it over."""
        return time.monotonic() - self._connected_at > STEADY_S

    def _first_connect_s(self) -> float:
        """An embedded broker may be on its way up, too."""
        embedded = self._broker.mode == "embedded"
        return READY_S[self._broker.engine] if embedded else FIRST_CONNECT_S

    # -- one batch ---------------------------------------------------------------------------

    def _keep(self, gathered: Gathered, stop: threading.Event) -> None:
        """Decode, commit, acknowledge, publish what codecs request: in this order."""
        frames, contents = gathered.frames, gathered.contents
        keys = gathered.keys if self._broker.keeps_packet_ids else contents
        fresh = self._recent.fresh(frames, keys)
        repeats = frames.shape[0] - int(np.count_nonzero(fresh))
        if repeats:
            frames, keys, contents = frames[fresh], keys[fresh], contents[fresh]
        now = self._now()
        outcome = self._decoder.decode(gathered.buffer, frames, contents, to_us(now))
        self._append(outcome, frames.shape[0], keys, repeats, now, stop)
        self._recent.add(keys)
        self._decoder.commit()
        self._count(outcome, frames.shape[0], repeats)
        acknowledgements = gathered.acknowledgements()
        if acknowledgements:
            self._link.send(acknowledgements)
        for publication in outcome.publications:
            self._link.publish(publication.topic, publication.payload)
        if self._delivery is not None and outcome.told:
            self._delivery.missing(outcome.told, now)
        if self._acknowledged is not None:
            self._acknowledged(outcome)

    def _append(
        self,
        outcome: Outcome,
        messages: int,
        keys: np.typing.NDArray[np.uint64],
        repeats: int,
        now: datetime,
        stop: threading.Event,
    ) -> None:
        """Tries until the journal took the batch: a full disk holds messages back, it loses none."""
        tried = False
        while True:
            try:
                if tried and self._is_newest(keys):
                    return  # the commit was made, only its answer was lost
                tried = True
                self._newest = self._journal.append(
                    outcome.readings,
                    messages=messages,
                    now=now,
                    refused=outcome.refused,
                    keys=keys,
                    redelivered=repeats,
                    states=outcome.states,
                )
            except OperationalError as error:
                why = unreachable(error) or error.orig
                self.stuck = f"the journal can't be written, nothing is acknowledged: {why}"
                self._outages.say(self.stuck)
                if stop.wait(1.0):
                    raise
                self._link.tick()
            else:
                self._outages.over("the journal is written again")
                self.stuck, self.committed_s = "", now.timestamp()
                return

    def _is_newest(self, keys: np.typing.NDArray[np.uint64]) -> bool:
        """Whether a batch behind the newest that we know of has these messages."""
        if keys.size == 0 or (newest := self._journal.last()) == self._newest:
            return False
        self._newest = newest
        return np.array_equal(self._journal.recent_keys(keys.size), keys)

    def _count(self, outcome: Outcome, messages: int, repeats: int) -> None:
        counts = self.counts
        counts.batches += 1
        counts.messages += messages
        counts.readings += outcome.readings.num_rows
        counts.refused += len(outcome.refused)
        counts.redelivered += repeats

    # -- around it ---------------------------------------------------------------------------

    def _wait_after_loss(self, stop: threading.Event) -> None:
        """At once after a connection that worked; a broker that refuses is not hammered."""
        worked = self._link.ready and self._works()
        if self._delivery is not None and self._link.ready and not worked:
            self._delivery.ended_at_once(self._now())
        self._link.drop()
        self._took_up = False
        self._refusals = 0 if worked else self._refusals + 1
        if self._refusals:
            stop.wait(BACK_OFF_S[min(self._refusals, len(BACK_OFF_S)) - 1])

    def _connect(self, stop: threading.Event, timeout_s: float | None) -> None:
        """Connects with short waits; raises ServerMissing after `timeout_s`."""
        if stop.is_set():
            return
        give_up = stop_never if timeout_s is None else stop_after_delay(timeout_s)
        connecting = Retrying(
            retry=retry_if_exception_type(OSError),
            wait=BACK_OFF,
            stop=stop_any(stop_when_event_set(stop), give_up),
            sleep=sleep_using_event(stop),
            reraise=True,
        )
        try:
            connecting(self._reconnect)
        except OSError as error:
            if stop.is_set():
                return
            where = f"{self._broker.host}:{self._broker.port}"
            hint = NO_ANSWER[self._broker.mode]
            raise ServerMissing(
                msg("the MQTT broker at {where} ({why})", where=where, why=error), hint
            ) from None
        self.counts.connects += 1
        self._connected_at = time.monotonic()

    def _reconnect(self) -> None:
        try:
            self._link.connect()
        except OSError:
            if self._delivery is not None:
                self._delivery.broker_away()
            raise
        self._gatherer.restart()

    def _refresh(self) -> None:
        """Takes over a changed registry between two batches."""
        if self._reload is None or time.monotonic() < self._reload_at:
            return
        self._reload_at = time.monotonic() + RELOAD_S
        try:
            newer = self._reload(self._index)
        except (OperationalError, ServerMissing) as error:
            log.warning("the registry can't be read, the series known so far are used: %s", error)
            return
        if newer is not None:
            self._index = newer
            self._decoder.use(SeriesTable(newer))
