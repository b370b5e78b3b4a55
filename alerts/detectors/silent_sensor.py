"""Sensors without a value for some of their declared intervals: a state of its own.

Silence is judged by event time: republished old values are no sign of life. Where nothing
at all comes from a station, a source or the company, that is one fault there and not
hundreds of sensors.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.config import AlertsConfig
from alerts.detectors.base import Change, Cleared, Numbers, Opened, minutes
from alerts.kinds import Kind
from alerts.newest import Newest, Rows
from alerts.watched import NEVER_US, Index, Ints, Watched
from domain.time import from_us
from domain.tree import PlaceKind

#: Levels that can fall silent as a whole, top down.
WHOLE = (PlaceKind.COMPANY, PlaceKind.SOURCE, PlaceKind.STATION)
#: So many series are named in the evidence.
NAMED = 20

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class State:
    """Per series: from when on it is expected to speak, whatever it did before. [µs]"""

    expected_us: Ints  # 0: not seen by a tick yet

    @classmethod
    def blank(cls, size: int) -> "State":
        return cls(np.zeros(size, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Look:
    """All series at one instant."""

    now_us: int
    active: Mask  # (n,) in force
    last_us: Ints  # (n,) newest value, or from when one was expected
    wait_us: Ints  # (n,) how long it may be silent

    @property
    def silent(self) -> Mask:
        late: Mask = self.active & (self.now_us - self.last_us > self.wait_us)
        return late


def dark(look: Look, above: Index, size: int) -> tuple[Mask, Ints]:
    """Which places nothing comes from, and since when that is certain.

    `above` (n,) is each series' place of one level, -1 for none; `size` the number of places.
    Dark is a place of two series or more whose newest value, of any series, is older than
    the shortest wait among them. Answers (p,) and (p,) [µs].
    """
    mine = look.active & (above >= 0)
    count = np.bincount(above[mine], minlength=size)
    last, wait = np.zeros(size, dtype=np.int64), np.full(size, NEVER_US)
    np.maximum.at(last, above[mine], look.last_us[mine])
    np.minimum.at(wait, above[mine], look.wait_us[mine])
    is_dark = (count >= 2) & (look.now_us - last > wait)
    return is_dark, np.where(is_dark, last + np.where(is_dark, wait, 0), 0)


class SilentSensor:
    """Every series in force, at the place where it measures; whole stations and above as one."""

    kind = Kind.SILENT_SENSOR

    def __init__(self, watched: Watched, config: AlertsConfig) -> None:
        self.watched = watched
        least_us = int(config.silent.least_min * 60e6)
        waits = (watched.interval_us * config.silent.intervals).astype(np.int64)
        self.wait_us: Ints = np.maximum(waits, least_us)
        self.state = State.blank(watched.series.size)
        self.above = [watched.ancestor(kind) for kind in WHOLE]
        self.open: dict[int, bool] = {}  # rows with an open episode; True: silent as a whole

    @property
    def ids(self) -> NDArray[np.int32]:
        return self.watched.series

    def take(self, rows: Rows) -> list[Change]:  # noqa: ARG002
        """Readings are signs of life; what follows from them is found at the next tick."""
        return []

    def resume(self, opened: dict[int, str]) -> None:
        self.open = {row: reason == "nothing_at_all" for row, reason in opened.items()}

    def numbers(self, place: int) -> Numbers:  # noqa: ARG002
        """Silence has nothing new to say."""
        return {}

    def tick(self, newest: Newest, now_us: int) -> list[Change]:
        """Opens what is overdue and closes what speaks again."""
        look, whole = self._seen(newest, now_us)
        back = [row for row in self.open if self.open[row] and not self._under(row, whole)]
        if back:  # the sensors behind come back at their own pace
            mine = self._within(back) & ~np.isin(self.watched.place, list(self.open))
            self.state.expected_us[mine] = now_us
            look, whole = self._seen(newest, now_us)
        wanted = {**self._overdue(look, whole), **whole}
        closed = list(self._close(newest, wanted, whole))
        new = [row for row in wanted if row not in self.open]
        opened = [self._open(look, newest, row, wanted[row], row in whole) for row in new]
        self.open.update({row: row in whole for row in wanted})
        return [*closed, *opened]

    def _seen(self, newest: Newest, now_us: int) -> tuple[Look, dict[int, int]]:
        look = self._look(newest, now_us)
        return look, self._whole(look) if look.silent.any() else {}

    def _look(self, newest: Newest, now_us: int) -> Look:
        watched, expected = self.watched, self.state.expected_us
        expected[expected == 0] = now_us
        active = (watched.since_us <= now_us) & (now_us < watched.until_us)
        last_us = np.maximum(newest.value_us, np.maximum(expected, watched.since_us))
        return Look(now_us, active, last_us, self.wait_us)

    def _whole(self, look: Look) -> dict[int, int]:
        """Dark places with the instant it was certain: the topmost of each branch.

        A place with one child that holds all its series leaves it to the child.
        """
        size = self.watched.places.id.size
        found: dict[int, int] = {}
        for i, above in enumerate(self.above):
            is_dark, since_us = dark(look, above, size)
            for row in np.flatnonzero(is_dark).tolist():
                if self._under(row, found) or (
                    i + 1 < len(WHOLE) and self._one_child(look, i, row)
                ):
                    continue
                found[row] = int(since_us[row])
        return found

    def _one_child(self, look: Look, i: int, row: int) -> bool:
        below = self.above[i + 1][look.active & (self.above[i] == row)]
        return bool(below.size and below[0] >= 0 and (below == below[0]).all())

    def _under(self, row: int, rows: Iterable[int]) -> bool:
        return not set(self.watched.places.chain(row)).isdisjoint(rows)

    def _overdue(self, look: Look, whole: dict[int, int]) -> dict[int, int]:
        """Places with silent series, outside those that are dark, and when the first was due."""
        silent = np.flatnonzero(look.silent & ~self._within(whole))
        due_us = np.full(self.watched.places.id.size, NEVER_US)
        np.minimum.at(due_us, self.watched.place[silent], (look.last_us + look.wait_us)[silent])
        return {row: int(due_us[row]) for row in np.unique(self.watched.place[silent]).tolist()}

    def _within(self, rows: Iterable[int]) -> Mask:
        """(n,) series at or below one of these places of the levels of `WHOLE`."""
        wanted = np.fromiter(rows, dtype=np.int32)
        inside = np.zeros(self.watched.series.size, dtype=np.bool_)
        for above in self.above:
            inside |= np.isin(above, wanted)
        return inside

    def _close(
        self, newest: Newest, wanted: dict[int, int], whole: dict[int, int]
    ) -> Iterator[Cleared]:
        """What is open, not wanted any more and not covered by something dark above it."""
        for row in [row for row in self.open if row not in wanted and not self._under(row, whole)]:
            mine = self._within([row]) if self.open.pop(row) else self.watched.place == row
            last_us = int(newest.value_us[mine].max(initial=0))
            yield Cleared(self.kind, row, last_us, "speaks_again")

    def _open(self, look: Look, newest: Newest, row: int, at_us: int, whole: bool) -> Opened:
        mine = self._within([row]) if whole else self.watched.place == row
        mine &= look.active
        silent = np.flatnonzero(mine & look.silent)
        heard = bool(
            silent.size and (look.now_us - newest.heard_us[silent] < self.wait_us[silent]).all()
        )
        reason = "nothing_at_all" if whole else "unknown_values" if heard else "no_values"
        numbers: Numbers = {
            "silent": int(mine.sum()) if whole else int(silent.size),
            "of": int(mine.sum()),
            "since": from_us(
                int(look.last_us[mine].max() if whole else look.last_us[silent].min())
            ).isoformat(),
            "wait_min": minutes(
                float(self.wait_us[mine].min() if whole else self.wait_us[silent].max())
            ),
            "series": self.watched.series[silent[:NAMED]].tolist(),
        }
        return Opened(self.kind, row, at_us, reason, numbers)
