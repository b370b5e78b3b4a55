"""paho-mqtt with the socket read in large chunks instead of packet by packet.

paho connects, subscribes, pings and reads every packet that is not a PUBLISH; this class
hands those packets to it. It is driven from one thread, so none of paho's locks is contended.
Works the same over TLS. Written against paho-mqtt 2.2.0, whose `_sock_recv` it overrides.
"""

import logging
import ssl
import time
from collections.abc import Sequence
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from domain.errors import WrongCall
from domain.language import msg
from domain.waiting import wait_for
from ingest.config import BrokerConfig

log = logging.getLogger("heatwatch.ingest")

QOS = 1
#: The broker has this long to take our acknowledgements before the connection counts as lost. [s]
SEND_PATIENCE_S = 30.0
#: How long a stopping worker waits for the broker to take its last acknowledgements. [s]
SETTLE_S = 5.0
PINGREQ, PINGRESP = b"\xc0\x00", b"\xd0\x00"
#: CONNACK reasons that trying again can't fix.
_HOPELESS = frozenset(
    {"Not authorized", "Bad user name or password", "Client identifier not valid"}
)


class LinkLost(ConnectionError):
    """The connection is gone; whatever was not acknowledged comes again."""


class _Client(mqtt.Client):
    """A paho client that reads from what it is handed."""

    def __init__(self, client_id: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            protocol=mqtt.MQTTv311,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        self._handed = bytearray()

    def _sock_recv(self, bufsize: int) -> bytes:
        if not self._handed:
            raise BlockingIOError
        part = bytes(self._handed[:bufsize])
        del self._handed[:bufsize]
        return part

    def hand(self, packet: bytes) -> None:
        """Lets paho act on one whole packet."""
        self._handed += packet
        while self._handed and self.socket() is not None:
            self.loop_read()

    def touch(self, *, received: bool) -> None:
        """Tells paho's keepalive that bytes came in or went out past it."""
        now = time.monotonic()
        with self._msgtime_mutex:
            if received:
                self._last_bytes_received = now
            else:
                self._last_msg_out = now


def sign_in(client: mqtt.Client, broker: BrokerConfig) -> None:
    """With the broker's name, password and certificates, where it has them."""
    if broker.username is not None:
        client.username_pw_set(broker.username, broker.password)
    if broker.tls:
        client.tls_set(ca_certs=None if broker.ca_file is None else str(broker.ca_file))


class Link:
    """One persistent session on the broker."""

    def __init__(
        self, broker: BrokerConfig, client_id: str, filters: Sequence[str], keepalive_s: int
    ) -> None:
        self._broker = broker
        self._keepalive_s = keepalive_s
        self._filters = [(each, QOS) for each in filters]
        self._client = _Client(client_id)
        self._client.suppress_exceptions = False
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._refused: str | None = None
        self.ready = False  # connected, and every filter is subscribed to
        self.session_present = False
        self.lowered: list[str] = []  # filters that are granted below QoS 1
        sign_in(self._client, broker)

    # -- connection --------------------------------------------------------------------------

    @property
    def up(self) -> bool:
        """Whether there is a socket; `ready` says whether messages flow."""
        return self._client.socket() is not None

    def connect(self) -> None:
        """Opens the connection and sends CONNECT; OSError where nobody answers."""
        self.ready = False
        self._client._handed.clear()
        self._client.connect(self._broker.host, self._broker.port, self._keepalive_s)

    def close(self) -> None:
        """Leaves with a DISCONNECT; the session and its queue stay on the broker.

        Waits until the broker answers a ping, as it has then taken every acknowledgement:
        closing earlier would make it resend what is kept already.
        """
        if self.up and self.ready:
            self._settle()
        if self.up:
            self._client.disconnect()
        self.ready = False

    def _settle(self) -> None:
        """Reads, and lets go unacknowledged, whatever comes before the answer to a ping."""
        end = time.monotonic() + SETTLE_S
        tail = b""
        buffer = memoryview(bytearray(1 << 20))
        try:
            self.send(memoryview(PINGREQ))
            while time.monotonic() < end and not tail.endswith(PINGRESP):
                if self.wait(0.1):
                    tail = bytes(buffer[: self.read_into(buffer)])[-2:] or tail
        except LinkLost:
            log.info("the broker left before it answered the last ping")

    def drop(self) -> None:
        """Forgets a connection that can't be used any more."""
        self._client._sock_close()
        self.ready = False

    def _on_connect(
        self,
        client: mqtt.Client,
        _user: Any,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _more: Any,
    ) -> None:
        if reason.is_failure:
            self._refused = str(reason)
            return
        self.session_present = flags.session_present
        client.subscribe(self._filters)  # at every connect: a lost session would stay silent

    def _on_subscribe(
        self, _client: Any, _user: Any, _mid: int, reasons: list[ReasonCode], _more: Any
    ) -> None:
        wrong = [f for (f, _), r in zip(self._filters, reasons, strict=False) if r.is_failure]
        if wrong:
            raise WrongCall(
                msg("ingest.feeds: the broker refuses the subscription to {why}", why=wrong)
            )
        granted = zip(self._filters, reasons, strict=False)
        self.lowered = [each for (each, asked), r in granted if r.value < asked]
        self.ready = True

    # -- bytes -------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Whether there is something to read within `seconds` [s]; writes what paho has waiting."""
        sock = self._socket()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        readable, writable = wait_for(sock, seconds, read=True, write=self._client.want_write())
        if writable:
            self._client.loop_write()
        return readable

    def read_into(self, view: memoryview) -> int:
        """Bytes read, 0 when there are none right now; LinkLost when the connection ended."""
        try:
            count: int = self._socket().recv_into(view)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError as error:
            raise LinkLost(str(error)) from None
        if count == 0:
            raise LinkLost("the broker closed the connection")
        self._client.touch(received=True)
        return count

    def hand(self, packet: bytes) -> None:
        """Gives paho a packet that is not a PUBLISH."""
        self._client.hand(packet)
        if self._refused is not None:
            refused, self._refused = self._refused, None
            self.drop()
            if refused in _HOPELESS:
                raise WrongCall(
                    msg(
                        "broker.username, ingest.client_id: the broker answers {refused!r}; allowed "
                        "is what it knows",
                        refused=refused,
                    )
                )
            raise LinkLost(refused)

    def send(self, data: memoryview) -> None:
        """All of `data` behind what paho has waiting; LinkLost where the broker does not take it."""
        self._flush_client()
        sock = self._socket()
        end = time.monotonic() + SEND_PATIENCE_S
        while data:
            try:
                data = data[sock.send(data) :]
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                wait_for(sock, 0.1, write=True)
            except OSError as error:
                raise LinkLost(str(error)) from None
            if data and time.monotonic() > end:
                raise LinkLost(f"the broker took nothing for {SEND_PATIENCE_S:g} s")
        self._client.touch(received=False)

    def publish(self, topic: str, payload: bytes) -> None:
        """One message at QoS 0, not retained. Lost with the connection, which its sender must expect."""
        self._client.publish(topic, payload, qos=0, retain=False)

    def _flush_client(self) -> None:
        """A half-written packet of paho's must leave before anything else may."""
        while self._client.want_write():
            wait_for(self._socket(), 0.1, write=True)
            self._client.loop_write()

    def tick(self) -> None:
        """Keepalive; to be called at least every second."""
        if self._client.loop_misc() not in {
            MQTTErrorCode.MQTT_ERR_SUCCESS,
            MQTTErrorCode.MQTT_ERR_NO_CONN,
        }:
            raise LinkLost("the broker answered no ping")

    def _socket(self) -> Any:
        sock = self._client.socket()
        if sock is None:
            raise LinkLost("the connection is closed")
        return sock
