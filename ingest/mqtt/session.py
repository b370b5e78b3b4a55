"""The persistent session of a worker that is not there yet: the broker queues for it from now on.

Written by hand, as a client library would read all that waits in the queue, and this reads past
it. Only for the embedded broker: no TLS, no password.
"""

import socket
import struct
import time
from collections.abc import Iterator, Sequence

from domain.errors import ServerMissing
from domain.language import msg
from ingest.config import BrokerConfig
from ingest.mqtt.link import QOS

DISCONNECT = b"\xe0\x00"
#: How long the broker may take to send what waits, none of which is acknowledged. [s]
TIMEOUT_S = 30.0


def prepare(broker: BrokerConfig, client_id: str, filters: Sequence[str]) -> bool:
    """Connects once as the worker, subscribes and leaves; ServerMissing where that fails.

    Whether the broker still had the session.

    What waits in the queue stays in it. A session that is there gets filters that are new.
    """
    where = (broker.host, broker.port)
    try:
        with socket.create_connection(where, TIMEOUT_S) as link:
            link.sendall(_connect(client_id))
            answer = _exactly(link, 4)
            if answer[0] != 0x20 or answer[3] != 0:
                raise OSError(f"it answers CONNECT with {answer.hex()}")
            link.sendall(_subscribe(filters) + DISCONNECT)
            _read_to_the_end(link)
            return bool(answer[2] & 1)
    except OSError as error:
        at = f"{broker.host}:{broker.port}"
        raise ServerMissing(
            msg("a session on the MQTT broker at {at} ({why})", at=at, why=error),
            msg("its log may say why"),
        ) from None


def _read_to_the_end(link: socket.socket) -> None:
    """The broker closes behind DISCONNECT, so behind SUBSCRIBE."""
    end = time.monotonic() + TIMEOUT_S
    while link.recv(1 << 20):
        if time.monotonic() > end:
            raise TimeoutError(f"it did not let go in {TIMEOUT_S:g} s")


def _exactly(link: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        part = link.recv(count - len(got))
        if not part:
            raise ConnectionError("it closed the connection")
        got += part
    return got


def _connect(client_id: str) -> bytes:
    """MQTT 3.1.1 section 3.1: clean session off, no keep-alive."""
    return _packet(0x10, _text("MQTT") + b"\x04\x00\x00\x00" + _text(client_id))


def _subscribe(filters: Sequence[str]) -> bytes:
    """MQTT 3.1.1 section 3.8."""
    wanted = b"".join(_text(each) + bytes([QOS]) for each in filters)
    return _packet(0x82, b"\x00\x01" + wanted)


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def _packet(kind: int, body: bytes) -> bytes:
    return bytes([kind, *_length(len(body))]) + body


def _length(count: int) -> Iterator[int]:
    """MQTT 3.1.1 section 2.2.3: seven bits a byte, the eighth says that more follow."""
    while True:
        count, low = divmod(count, 128)
        yield low | (0x80 if count else 0)
        if not count:
            return
