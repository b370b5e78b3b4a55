"""A publisher that never gives up: numbered readings at QoS 1, sent again until the broker took them."""

import threading
import time
from datetime import timedelta

import numpy as np
import paho.mqtt.client as mqtt
from numpy.typing import NDArray
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from heatwatch.bench.city import SINCE

#: Messages on their way to the broker; more wait here.
MOST_OUTSTANDING = 2_000
RETRY_S = 0.05
#: A message that nobody acknowledged. [s]
NEVER = np.inf


class Publisher:
    """One device sends one reading a second, in turn; what was acknowledged when is kept.

    The n-th message is of device n % devices and of the second n // devices behind `SINCE`.
    """

    def __init__(self, host: str, port: int, devices: int, rate: int) -> None:
        """`rate` [messages/s]."""
        self._where, self._devices, self._rate = (host, port), devices, rate
        self._numbers: dict[int, int] = {}  # packet id -> message
        self._acknowledged: list[tuple[int, float]] = []
        self.sent = 0
        self._ending, self._stop = threading.Event(), threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id="durability-publisher", clean_session=False
        )
        self._client.max_inflight_messages_set(MOST_OUTSTANDING)
        self._client.on_publish = self._on_publish
        self._thread = threading.Thread(target=self._run, name="publisher")
        self._began = time.monotonic()

    def start(self) -> None:
        self._began = time.monotonic()
        self._thread.start()

    def end(self) -> None:
        """Nothing new is sent; what waits is."""
        self._ending.set()

    @property
    def waiting(self) -> int:
        """Messages that the broker has not acknowledged yet."""
        return len(self._numbers)

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def acknowledged_at(self) -> NDArray[np.float64]:
        """(sent,) when each message was acknowledged [s of the monotonic clock], `NEVER` where not."""
        times = np.full(self.sent, NEVER)
        for number, at in list(self._acknowledged):
            times[number] = min(times[number], at)
        return times

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._client.connect(*self._where, keepalive=10)
                while not self._stop.is_set() and self._works():
                    self._send_due()
            except OSError:  # it is killed again and again
                pass
            self._stop.wait(RETRY_S)
        self._client.disconnect()

    def _works(self) -> bool:
        return self._client.loop(0.005) == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _send_due(self) -> None:
        """At most what is due; what waits on a broker that is away is sent once it is back."""
        while (
            not self._ending.is_set()
            and len(self._numbers) < MOST_OUTSTANDING
            and self.sent < (time.monotonic() - self._began) * self._rate
        ):
            n = self.sent
            sent = self._client.publish(*message(n, self._devices), qos=1)
            self._numbers[sent.mid] = n
            self.sent += 1

    def _on_publish(
        self, _client: object, _user: object, mid: int, _reason: object, _more: object
    ) -> None:
        number = self._numbers.pop(mid, None)
        if number is not None:
            self._acknowledged.append((number, time.monotonic()))


def message(n: int, devices: int) -> tuple[str, bytes]:
    """Topic and payload of the n-th message."""
    at = (SINCE + timedelta(seconds=n // devices)).isoformat()
    value = f"{18 + n % 7}.{n % 100:02d}"
    return (
        f"heatwatch/v1/D{n % devices:06d}",
        b'{"channel":"t","time":"%s","value":%s}' % (at.encode(), value.encode()),
    )
