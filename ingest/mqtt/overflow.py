"""A connection beside the session, on which a broker says how many messages its queues dropped."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from ingest.config import BrokerConfig
from ingest.mqtt.counters import COUNTERS, Counts
from ingest.mqtt.delivery import Delivery
from ingest.mqtt.link import sign_in

log = logging.getLogger("heatwatch.ingest")

#: Behind our session's client id: another connection needs another one.
SUFFIX = "-overflow"
KEEPALIVE_S = 30
#: A broker that has said nothing for so long will say nothing. [s]
SILENT_S = 150.0
#: Between attempts to connect. [s]
RETRY_S = 5.0
#: How soon it ends when it must. [s]
STEP_S = 0.5


def _wall() -> datetime:
    return datetime.now(UTC)


class OverflowWatch:
    """Listens in a thread of its own and tells `delivery`; close it.

    What it can't hear it says once: the session beside it works as well without.
    """

    def __init__(
        self,
        broker: BrokerConfig,
        client_id: str,
        delivery: Delivery,
        now: Callable[[], datetime],
        wall: Callable[[], datetime] = _wall,
    ) -> None:
        self._broker, self._delivery, self._now, self._wall = broker, delivery, now, wall
        self._counts = Counts(wall(), now())
        self._heard = self._told = False
        self._silent_from: float | None = None  # monotonic clock, of the first connection [s]
        self._client_id = f"{client_id}{SUFFIX}"
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            clean_session=True,
            protocol=mqtt.MQTTv311,
            reconnect_on_failure=False,
        )
        sign_in(self._client, broker)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="overflow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends within a step; an attempt to connect that hangs is left behind."""
        self._stop.set()
        self._thread.join(2 * STEP_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._client.connect(self._broker.host, self._broker.port, KEEPALIVE_S)
                while not self._stop.is_set() and self._works():
                    self._say_if_silent()
            except (OSError, ValueError) as error:  # the session's own connection tells why
                log.debug("nobody says what the broker drops: %s", error)
            self._stop.wait(RETRY_S)
        self._client.disconnect()

    def _works(self) -> bool:
        return self._client.loop(STEP_S) == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _say_if_silent(self) -> None:
        if self._silent_from is not None and time.monotonic() - self._silent_from > SILENT_S:
            self._say("it publishes none of the counters known here")

    def _say(self, why: str) -> None:
        if self._told or self._heard:
            return
        self._told = True
        log.warning(
            "the broker at %s:%s does not say how many messages it drops (%s): where its queue for "
            "us overflows, nobody notices",
            self._broker.host, self._broker.port, why,
        )  # fmt: skip

    # -- paho calls these in the thread ------------------------------------------------------

    def _on_connect(
        self, client: mqtt.Client, _user: Any, _flags: Any, reason: ReasonCode, _more: Any
    ) -> None:
        if reason.is_failure:
            self._say(f"it refuses the client id {self._client_id}: {reason}")
            return
        self._counts = Counts(self._wall(), self._now())
        self._silent_from = self._silent_from or time.monotonic()
        client.subscribe([(each, 0) for counter in COUNTERS for each in counter.filters])

    def _on_subscribe(
        self, _client: Any, _user: Any, _mid: int, reasons: list[ReasonCode], _more: Any
    ) -> None:
        if all(each.is_failure for each in reasons):
            self._say("it does not let us subscribe to $SYS")

    def _on_message(self, _client: Any, _user: Any, message: mqtt.MQTTMessage) -> None:
        now = self._now()
        payload = bytes(message.payload)
        found = self._counts.hear(message.topic, payload, message.retain, self._wall(), now)
        if found is not None:
            self._heard = True
            self._delivery.counted(found, now)
