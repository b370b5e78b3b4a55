"""A fault that lasts is logged at once, and again at growing intervals; never with every try."""

import time
from collections.abc import Callable
from typing import Any

from domain.language import Text

#: A line that is still true is said again after this long, then after twice as long, up to this. [s]
FIRST_S, LONGEST_S = 60.0, 3600.0
#: Lines remembered at once: one that changes with every try may not fill the memory.
MOST_LINES = 100


class RateLimitedLog:
    """Says lines with `say`; `over` forgets them, so that the next fault is logged at once."""

    def __init__(
        self, say: Callable[[Any], Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._clock = clock
        self._lines: dict[str, tuple[float, float, float]] = {}  # due, every, last seen [s]

    def say(self, line: Text | str) -> None:
        now, same = self._clock(), str(line)
        due, every_s, seen = self._lines.get(same, (now, FIRST_S, now))
        if now - seen > 2 * every_s:  # it had passed
            due, every_s = now, FIRST_S
        if now >= due:
            self._say(line)
            due, every_s = now + every_s, min(2 * every_s, LONGEST_S)
        if len(self._lines) >= MOST_LINES:
            self._lines.clear()
        self._lines[same] = (due, every_s, now)

    def over(self, line: Text | str = "") -> None:
        """Things went well: `line` is said if something was wrong."""
        if self._lines and line:
            self._say(line)
        self._lines.clear()
