"""The keys of the last messages kept: a redelivery after a crash is recognised by them."""

import numpy as np
from numpy.typing import NDArray

from ingest.kernels.frames import FLAGS, Ints, Keys
from store.journal.journal import KEYS_KEPT

DUP = 8
#: Keys added before the sorted ones are sorted anew, when a repeat comes at all.
UNSORTED = 65_536


class RecentKeys:
    """Hashes of (packet id, topic, payload), the last `kept` of them.

    A broker resends what it has not seen acknowledged. Mosquitto takes acknowledgements off
    its socket slower than it sends a backlog, so that can be far more than the 65,535 packet
    ids there are; what is older than `kept` would be stored once more, as an equal reading.
    """

    def __init__(self, keys: Keys, kept: int = KEYS_KEPT) -> None:
        self._kept = kept
        self._parts: list[Keys] = [keys]
        self._size = keys.size
        self._sorted: Keys = np.sort(keys)
        self._unsorted: list[Keys] = []

    def add(self, keys: Keys) -> None:
        """Remembers the keys of a kept batch."""
        self._parts.append(keys)
        self._unsorted.append(keys)
        self._size += keys.size
        while len(self._parts) > 1 and self._size - self._parts[0].size >= self._kept:
            self._size -= self._parts.pop(0).size

    def fresh(self, frames: Ints, keys: Keys) -> NDArray[np.bool_]:
        """(n,) False where a frame carries DUP and its message was kept already.

        Without DUP it is a message of its own, however equal: a device may repeat itself.
        """
        fresh = np.ones(frames.shape[0], dtype=np.bool_)
        dup = np.flatnonzero(frames[:, FLAGS] & DUP)
        if dup.size:
            if sum(part.size for part in self._unsorted) > UNSORTED:
                self._sorted = np.sort(np.concatenate(self._parts))
                self._unsorted = []
            known = _within(keys[dup], self._sorted)
            known |= _within(keys[dup], np.sort(np.concatenate([keys[:0], *self._unsorted])))
            fresh[dup] = ~known
        return fresh


def _within(keys: Keys, known: Keys) -> NDArray[np.bool_]:
    """(n,) whether each key is one of the sorted `known`."""
    if not known.size:
        return np.zeros(keys.size, dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, keys), known.size - 1)
    found: NDArray[np.bool_] = known[at] == keys
    return found
