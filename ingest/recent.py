"""The keys of the last messages kept: a redelivery after a crash is recognised by them."""

import numpy as np
from numpy.typing import NDArray

from ingest.kernels.frames import FLAGS, Ints, Keys

#: As many as the journal remembers; a broker holds at most 65,535 unacknowledged.
KEPT = 65_536
DUP = 8


class RecentKeys:
    """Hashes of (packet id, topic, payload), the last `KEPT` of them."""

    def __init__(self, keys: Keys) -> None:
        self._parts: list[Keys] = [keys]
        self._size = keys.size

    def add(self, keys: Keys) -> None:
        """Remembers the keys of a kept batch."""
        self._parts.append(keys)
        self._size += keys.size
        while len(self._parts) > 1 and self._size - self._parts[0].size >= KEPT:
            self._size -= self._parts.pop(0).size

    def fresh(self, frames: Ints, keys: Keys) -> NDArray[np.bool_]:
        """(n,) False where a frame carries DUP and its message was kept already.

        Without DUP it is a message of its own, however equal: a device may repeat itself.
        """
        fresh = np.ones(frames.shape[0], dtype=np.bool_)
        dup = np.flatnonzero(frames[:, FLAGS] & DUP)
        if dup.size:
            known = self._sorted()
            at = np.minimum(np.searchsorted(known, keys[dup]), max(known.size - 1, 0))
            fresh[dup] = known[at] != keys[dup] if known.size else True
        return fresh

    def _sorted(self) -> Keys:
        return np.sort(np.concatenate(self._parts)[-KEPT:])
