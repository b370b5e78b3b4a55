"""The live city as an MQTT publisher: QoS 1, follows a clock, counts what the broker took.

A message counts once, when its PUBACK arrives; after a lost connection paho sends again what was
not acknowledged, so the broker may get a message twice, but it is one message here. Messages that
are bad on purpose are counted apart.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from domain.clock import Clock
from domain.errors import ServerMissing
from domain.language import msg
from domain.time import from_us
from simulators.live.live import LiveMessages, Out, live_from
from simulators.world.world import city_of, read_plan

MOST_OUTSTANDING = 1000
LOOK_EVERY = 32  # messages between looks at the socket
WRITE_EVERY_S = 0.5
RETRY_S = 0.2
TIMEOUT_S = 30.0  # for the first connection
DRAIN_S = 20.0  # for the last acknowledgements


@dataclass(frozen=True, slots=True)
class Target:
    """The broker."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: Path | None = None


@dataclass(slots=True)
class Counts:
    """What the broker acknowledged; written as JSON while it runs and at the end."""

    messages: int = 0  # good ones
    readings: int = 0  # in the good ones
    feeds: dict[str, dict[str, int]] = field(
        default_factory=lambda: {
            name: {"messages": 0, "readings": 0} for name in ("rooms", "stations")
        }
    )
    refused_expected: dict[str, int] = field(default_factory=dict)  # bad on purpose, by reason
    handed: int = 0  # to the client library, good and bad
    acknowledged: int = 0  # PUBACKs, good and bad
    reconnects: int = 0
    sim_time: str = ""  # time of the last message handed over
    done: bool = False  # all of the span published and acknowledged

    def take(self, out: Out) -> None:
        """Counts one acknowledged message."""
        self.acknowledged += 1
        if out.refused:
            self.refused_expected[out.refused] = self.refused_expected.get(out.refused, 0) + 1
            return
        self.messages += 1
        self.readings += out.readings
        self.feeds[out.feed]["messages"] += 1
        self.feeds[out.feed]["readings"] += out.readings

    def as_json(self) -> dict[str, Any]:
        apart = {"bad": sum(self.refused_expected.values())}
        return asdict(self) | apart | {"outstanding": self.handed - self.acknowledged}


def write_counts(path: Path, counts: Counts) -> None:
    """Replaces the file in one step, so that a reader never sees half of it."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(counts.as_json(), indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


class Publisher:
    """Hands messages to a broker from one thread; paho's loop runs in between, not beside."""

    def __init__(
        self, target: Target, counts_file: Path | None, client_id: str = "heatwatch-simulator"
    ) -> None:
        self.target, self.counts_file = target, counts_file
        self.counts = Counts()
        self._waiting: dict[int, Out] = {}
        self._written_at = 0.0
        self._connected = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id, clean_session=False)
        self._client.max_inflight_messages_set(2 * MOST_OUTSTANDING)
        self._client.max_queued_messages_set(0)
        self._client.on_publish = self._on_publish
        self._client.on_connect = self._on_connect
        if target.username is not None:
            self._client.username_pw_set(target.username, target.password)
        if target.tls:
            self._client.tls_set(ca_certs=str(target.ca_file) if target.ca_file else None)

    # -- connection --------------------------------------------------------------------------

    def _on_connect(
        self, _client: object, _data: object, _flags: object, reason: Any, _props: object
    ) -> None:
        self._connected = not reason.is_failure

    def _on_publish(
        self, _client: object, _data: object, mid: int, _reason: object, _props: object
    ) -> None:
        out = self._waiting.pop(mid, None)
        if out is not None:
            self.counts.take(out)

    def connect(self, stop: threading.Event, timeout_s: float = TIMEOUT_S) -> None:
        """The first connection; ServerMissing when there is none within `timeout_s` [s]."""
        end = time.monotonic() + timeout_s
        while not stop.is_set() and not self._try_connect():
            if time.monotonic() > end:
                raise ServerMissing(
                    msg(
                        "the MQTT broker at {host}:{port}",
                        host=self.target.host,
                        port=self.target.port,
                    ),
                    msg("start it (`heatwatch run` starts the embedded one), or name another"),
                )
            stop.wait(RETRY_S)

    def _try_connect(self) -> bool:
        self._connected = False
        try:
            self._client.connect(self.target.host, self.target.port, keepalive=30)
        except OSError:
            return False
        end = time.monotonic() + 5.0
        while not self._connected and time.monotonic() < end:
            if self._client.loop(0.1) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return False
        return self._connected

    def _look(self, wait_s: float, stop: threading.Event) -> None:
        """One look at the socket; connects again for as long as it takes."""
        if self._client.loop(wait_s) == MQTTErrorCode.MQTT_ERR_SUCCESS:
            return
        self.counts.reconnects += 1
        while not self._try_connect() and not stop.wait(RETRY_S):
            self._write_when_due()

    # -- messages ----------------------------------------------------------------------------

    def hand(self, out: Out, stop: threading.Event) -> None:
        """One message into the library, waiting while too many are unacknowledged."""
        while len(self._waiting) >= MOST_OUTSTANDING and not stop.is_set():
            self._look(0.05, stop)
        info = self._client.publish(out.topic, out.payload, qos=1)
        self._waiting[info.mid] = out
        self.counts.handed += 1
        if self.counts.handed % LOOK_EVERY == 0:
            self._look(0.0, stop)

    def follow(
        self,
        messages: Iterator[Out],
        clock: Callable[[], datetime],
        stop: threading.Event,
    ) -> bool:
        """Publishes each message once its time has come; True when none was left out."""
        now_s = clock().timestamp()
        for out in messages:
            while out.at_s > now_s:
                if stop.is_set():
                    return False
                self._write_when_due()
                now_s = clock().timestamp()
                if out.at_s > now_s:
                    self._look(0.005, stop)
            if stop.is_set():
                return False
            self.hand(out, stop)
            self.counts.sim_time = from_us(out.at_s * 1_000_000).isoformat()
            self._write_when_due()
        return True

    def close(self, whole: bool) -> Counts:
        """Waits for the last acknowledgements, says good-bye and writes the counts."""
        end, never = time.monotonic() + DRAIN_S, threading.Event()
        while self._waiting and time.monotonic() < end:
            if self._client.loop(0.05) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self.counts.reconnects += 1
                if not self._try_connect():
                    never.wait(RETRY_S)
        self._client.disconnect()
        self.counts.done = whole and not self._waiting
        if self.counts_file is not None:
            write_counts(self.counts_file, self.counts)
        return self.counts

    def _write_when_due(self) -> None:
        now = time.monotonic()
        if self.counts_file is not None and now - self._written_at >= WRITE_EVERY_S:
            self._written_at = now
            write_counts(self.counts_file, self.counts)


def until(messages: LiveMessages, end: datetime | None) -> Iterator[Out]:
    """All messages before `end`, or for ever."""
    end_s = None if end is None else end.timestamp()
    block: deque[Out] = deque()
    while True:
        block.extend(messages.block())
        while block:
            out = block.popleft()
            if end_s is not None and out.at_s >= end_s:
                return
            yield out


def publish_world(
    folder: Path,
    target: Target,
    clock: Clock | None,
    *,
    until_time: datetime | None = None,
    counts_file: Path | None = None,
    stop: threading.Event | None = None,
    bad: bool = True,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Counts:
    """Publishes the live part of the world in `folder` along `clock` (None: the wall's).

    Begins where the world's history ends and ends at `until_time` (None: only when `stop` is
    set). `counts_file` is kept up to date. `bad` adds messages that must be refused.
    """
    stop = stop or threading.Event()
    messages = live_from(city_of(read_plan(folder)), bad)
    publisher = Publisher(target, counts_file)
    publisher.connect(stop)
    whole = publisher.follow(
        until(messages, until_time), lambda: clock.now(wall()) if clock else wall(), stop
    )
    return publisher.close(whole)
