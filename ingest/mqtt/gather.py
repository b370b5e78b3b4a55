"""Gathers what has come in until the socket is quiet, and finds the messages in it."""

import time
from dataclasses import dataclass

import numpy as np

from ingest.config import IngestConfig
from ingest.kernels import frames as kernel
from ingest.kernels.frames import Bytes, Ints, Keys
from ingest.mqtt.link import Link, LinkLost

#: Room for what one batch may hold before a larger packet makes it grow. [bytes]
ROOM = 4 << 20
#: MQTT's largest packet. [bytes]
MOST_ROOM = 300 << 20
OTHERS = 64


@dataclass(frozen=True, slots=True)
class Gathered:
    """The messages of one batch: views, valid until the next `gather`."""

    buffer: Bytes
    frames: Ints  # (n, 6), see `ingest.kernels.frames.split`
    keys: Keys  # (n,) hashes of (packet id, topic, payload)
    contents: Keys  # (n,) hashes of (topic, payload)

    def acknowledgements(self) -> memoryview:
        """PUBACK packets for all messages of QoS 1, in order of arrival."""
        out = np.empty(4 * self.frames.shape[0], dtype=np.uint8)
        return memoryview(out[: kernel.pubacks(self.frames, out)])  # type: ignore[arg-type]


class Gatherer:
    """Reads a link in chunks; packets that are no PUBLISH go to the client library."""

    def __init__(self, link: Link, config: IngestConfig) -> None:
        self._link = link
        self._quiet_s = config.quiet_ms / 1000
        self._gather_s = config.gather_ms / 1000
        self._buffer: Bytes = np.empty(ROOM, dtype=np.uint8)
        self._frames: Ints = np.empty((config.most_messages, 6), dtype=np.int64)
        self._others: Ints = np.empty((OTHERS, 2), dtype=np.int64)
        self.restart()

    def restart(self) -> None:
        """Forgets the half packet of a connection that is gone."""
        self._start = 0  # first byte not split yet
        self._end = 0  # first byte not read yet
        self._count = 0

    def try_out(self, data: bytes) -> None:
        """Splits, hashes and acknowledges one packet that never came: loads the compiled loops."""
        self._buffer[: len(data)] = np.frombuffer(data, dtype=np.uint8)
        self._end = len(data)
        self._split()
        self._gathered().acknowledgements()
        self.restart()

    def gather(self, idle_s: float) -> Gathered | None:
        """The next batch, or None when nothing came within `idle_s` [s].

        Raises LinkLost when the connection ended before anything came, or the broker sends
        what is not MQTT.
        """
        self._compact()
        why = self._split()  # what a full batch left over
        if self._count == 0 and not self._link.wait(idle_s):
            return None
        until = time.monotonic() + self._gather_s
        try:
            while why != kernel.FULL and time.monotonic() < until:
                if not self._read_more():
                    break
                why = self._split()
        except LinkLost:
            if self._count == 0:
                raise
        return self._gathered() if self._count else None

    def _read_more(self) -> bool:
        """Whether bytes came before the socket was quiet."""
        self._make_room()
        view = memoryview(self._buffer[self._end :])  # type: ignore[arg-type]
        count = self._link.read_into(view)
        if count == 0 and self._link.wait(self._quiet_s):
            count = self._link.read_into(view)
        self._end += count
        return count > 0

    def _split(self) -> int:
        """Finds whole packets in what was read; hands the others to the library."""
        while True:
            self._start, self._count, others, why = kernel.split(
                self._buffer, self._start, self._end, self._frames, self._count, self._others, 0
            )
            for begin, end in self._others[:others].tolist():
                self._link.hand(self._buffer[begin:end].tobytes())
            if why == kernel.MALFORMED:
                raise LinkLost("the broker sent what is not MQTT 3.1.1 with QoS 0 or 1")
            if why != kernel.FULL or self._count == self._frames.shape[0]:
                return int(why)

    def _compact(self) -> None:
        """Makes room again: the frames before the unsplit rest are done with."""
        self._count = 0
        if self._start == self._end or self._start > self._buffer.size // 2:
            rest = self._end - self._start
            self._buffer[:rest] = self._buffer[self._start : self._end].copy()
            self._start, self._end = 0, rest

    def _make_room(self) -> None:
        if self._end < self._buffer.size:
            return
        if self._buffer.size >= MOST_ROOM:
            raise LinkLost(f"a packet of more than {MOST_ROOM} bytes")
        larger = np.empty(2 * self._buffer.size, dtype=np.uint8)
        larger[: self._end] = self._buffer[: self._end]
        self._buffer = larger

    def _gathered(self) -> Gathered:
        frames = self._frames[: self._count]
        keys = np.empty(self._count, dtype=np.uint64)
        contents = np.empty(self._count, dtype=np.uint64)
        with np.errstate(over="ignore"):  # hashing wraps around, also without the compiler
            kernel.hashes(self._buffer, frames, keys, contents)
        return Gathered(self._buffer, frames, keys, contents)
