"""A publisher faster than what it fills: QoS 1 frames written in bulk, acknowledgements counted."""

import socket
import time
from collections.abc import Iterable, Iterator

from domain.waiting import wait_for

#: Messages on their way to the broker; more would reuse a packet id in flight.
MOST_IN_FLIGHT = 20_000
TIMEOUT_S = 60.0
CONNACK_SIZE = 4


class Stalled(RuntimeError):
    """The broker stopped acknowledging."""


def remaining_length(size: int) -> bytes:
    """MQTT's variable length (3.1.1, 2.2.3).

    >>> remaining_length(321)
    b'\\xc1\\x02'
    """
    out = bytearray()
    while True:
        size, byte = divmod(size, 128)
        out.append(byte | (128 if size else 0))
        if not size:
            return bytes(out)


def publish_frame(topic: bytes, payload: bytes, mid: int) -> bytes:
    """A PUBLISH of QoS 1."""
    body = len(topic).to_bytes(2, "big") + topic + mid.to_bytes(2, "big") + payload
    return b"\x32" + remaining_length(len(body)) + body


def connect_frame(client_id: str) -> bytes:
    """A CONNECT with a clean session and no keepalive."""
    name = client_id.encode()
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
    return b"\x10" + remaining_length(len(body)) + body


class Flood:
    """One connection that publishes; every message it counts was acknowledged by the broker."""

    def __init__(self, host: str, port: int, client_id: str = "flood") -> None:
        self._socket = socket.create_connection((host, port), timeout=TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(connect_frame(client_id))
        answer = self._socket.recv(CONNACK_SIZE)
        if answer != b"\x20\x02\x00\x00":
            self._socket.close()
            raise Stalled(f"the broker answered CONNECT with {answer.hex()}")
        self._socket.setblocking(False)
        self._bytes = 0  # of acknowledgements
        self.sent = 0

    @property
    def acknowledged(self) -> int:
        """PUBACK packets so far; a publisher of QoS 1 gets nothing else."""
        return self._bytes // 4

    def publish(self, messages: Iterable[tuple[bytes, bytes]]) -> None:
        """Publishes (topic, payload) pairs as fast as the broker takes them."""
        for chunk in self._chunks(messages):
            self._send(chunk)
            while self.sent - self.acknowledged > MOST_IN_FLIGHT:
                self._receive(TIMEOUT_S)

    def publish_one(self, topic: bytes, payload: bytes) -> None:
        """Publishes one message at once."""
        self.sent += 1
        self._send(publish_frame(topic, payload, self.sent % 65_535 + 1))
        self._receive(0.0)

    def finish(self) -> int:
        """Waits until all is acknowledged, closes, and answers with the count."""
        while self.acknowledged < self.sent:
            self._receive(TIMEOUT_S)
        self._socket.setblocking(True)
        self._socket.sendall(b"\xe0\x00")
        self._socket.close()
        return self.acknowledged

    def _chunks(self, messages: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
        chunk = bytearray()
        for topic, payload in messages:
            self.sent += 1
            chunk += publish_frame(topic, payload, self.sent % 65_535 + 1)
            if len(chunk) > 60_000:
                yield bytes(chunk)
                chunk.clear()
        yield bytes(chunk)

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        end = time.monotonic() + TIMEOUT_S
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                wait_for(self._socket, 1.0, read=True, write=True)
                self._receive(0.0)
            if view and time.monotonic() > end:
                raise Stalled(f"the broker took nothing for {TIMEOUT_S:g} s")

    def _receive(self, timeout_s: float) -> None:
        readable, _ = wait_for(self._socket, timeout_s, read=True)
        if not readable:
            if timeout_s:
                raise Stalled(f"no acknowledgement for {timeout_s:g} s")
            return
        data = self._socket.recv(1 << 16)
        if not data:
            raise Stalled("the broker closed the connection")
        self._bytes += len(data)
