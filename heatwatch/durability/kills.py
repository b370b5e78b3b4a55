"""Who is hit when and how: drawn from a seed, at any moment of a run's work."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Workers that are hit together, and how often in a hundred.
TOGETHER: dict[tuple[str, ...], int] = {
    ("ingest",): 25,
    ("maintenance",): 20,
    ("broker",): 15,
    ("broker", "ingest"): 15,
    ("ingest", "maintenance"): 10,
    ("broker", "ingest", "maintenance"): 5,
    ("alerts",): 5,
    ("ingest", "alerts", "maintenance"): 5,
}
#: kill: -9; end: SIGTERM, as a restart; pause: SIGSTOP for a while, as a machine that swaps.
HOWS = {"kill": 80, "pause": 12, "end": 8}
PAUSE_S = (0.3, 3.0)
#: Between two hits. [s]
WAIT_S = (0.05, 1.5)
#: How long one is left alone behind its start: some are hit on their way up, some later. [s]
SPARED_S = (0.2, 8.0)
#: Hits that are made while the broker is on its way up, in a hundred: the others only wait for it.
WITHOUT_BROKER = 25


@dataclass(frozen=True, slots=True)
class Hit:
    """What happened to whom, at a moment of the monotonic clock [s]."""

    how: str
    whom: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True)
class There:
    """A process, and for how long it has run."""

    pid: int
    age_s: float


class Killer:
    """Draws hits; the same seed draws the same ones, though not at the same moments of the work."""

    def __init__(
        self, seed: int, there: Callable[[str], There | None], beside: Mapping[str, str]
    ) -> None:
        """`there`: a worker that can be hit; `beside`: who is hit whenever another is, if there."""
        self.hits: list[Hit] = []
        self._there, self._beside = there, beside
        self._spared: dict[str, float] = {}  # [s]
        self._random = random.Random(seed)
        self._paused: list[tuple[float, int]] = []  # until when [s], process
        self._next = time.monotonic()

    def look(self) -> None:
        """Hits where one is due, and lets go on who has waited long enough; to be called often."""
        now = time.monotonic()
        for each in [each for each in self._paused if each[0] <= now]:
            self._paused.remove(each)
            _signal(each[1], signal.SIGCONT)
        if now < self._next:
            return
        if self._there("broker") is None and self._random.randrange(100) >= WITHOUT_BROKER:
            self._next = now + self._random.uniform(*WAIT_S)
            return
        (whom,) = self._random.choices(list(TOGETHER), list(TOGETHER.values()))
        pids = [pid for name in whom if (pid := self._ripe(name)) is not None]
        if len(pids) < len(whom):
            return  # drawn anew at the next look
        (how,) = self._random.choices(list(HOWS), list(HOWS.values()))
        peers = [self._there(self._beside[name]) for name in whom if name in self._beside]
        for pid in [*pids, *(peer.pid for peer in peers if peer is not None)]:
            self._hit(how, pid, now)
        self._spared |= {name: self._random.uniform(*SPARED_S) for name in whom}
        self.hits.append(Hit(how, whom, time.monotonic()))
        self._next = now + self._random.uniform(*WAIT_S)

    def _ripe(self, name: str) -> int | None:
        found = self._there(name)
        return found.pid if found and found.age_s >= self._spared.get(name, 0.0) else None

    def release(self) -> None:
        """Nobody waits any longer."""
        for _, pid in self._paused:
            _signal(pid, signal.SIGCONT)
        self._paused.clear()

    def counted(self) -> dict[str, int]:
        """How often who was hit how."""
        return dict(Counter(f"{hit.how} {' + '.join(hit.whom)}" for hit in self.hits))

    def ends(self, name: str) -> list[float]:
        """When this one was ended, in order. [s]"""
        return [hit.at for hit in self.hits if hit.how != "pause" and name in hit.whom]

    def _hit(self, how: str, pid: int, now: float) -> None:
        if how == "pause":
            _signal(pid, signal.SIGSTOP)
            self._paused.append((now + self._random.uniform(*PAUSE_S), pid))
        else:
            _signal(pid, signal.SIGKILL if how == "kill" else signal.SIGTERM)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:  # it has just ended
        return
