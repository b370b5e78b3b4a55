"""Sensors without a value for some of their declared intervals: a state of its own.

Silence is judged by event time: republished old values are no sign of life. Where nothing
at all comes from a station, a source or the company, that is one fault there and not
hundreds of sensors. What may still be on its way is not missed yet (`Newest.until_us`); when
that stands, because the broker, the link or ingest is away or behind, the whole network is
without data, and no single sensor. Nothing from the meters of many stations, or from the sensors
of their homes, is a dead feed (`alerts.columns.feeds`), with what it carried as children.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alerts.columns.feeds import METERS, REASONS, SENSORS, Dead, Feeds
from alerts.columns.newest import Newest, Rows
from alerts.columns.watched import NEVER_US, Index, Ints
from alerts.detectors.base import Change, Cleared, Numbers, Opened, minutes
from alerts.detectors.kind import AlertKind, Causes, Given, Inputs
from alerts.section import Section
from domain.language import msg
from domain.time import from_us
from domain.tree import PlaceKind

#: Levels that can fall silent as a whole, top down.
WHOLE = (PlaceKind.COMPANY, PlaceKind.SOURCE, PlaceKind.STATION)
#: So many series are named in the evidence.
NAMED = 20

Mask = NDArray[np.bool_]


NAME, ALL = "silent_sensor", "nothing_at_all"


class SilentSettings(Section):
    """`[alerts.silent]`: when a sensor has fallen silent."""

    intervals: float = Field(
        default=4.0, ge=1.5, le=1000, description="declared intervals without a value [1]"
    )
    least_min: float = Field(
        default=5.0, ge=0, le=24 * 60, description="never sooner than this [min]"
    )


@dataclass(slots=True)
class SilenceState:
    """Per series, what only the clock changes."""

    expected_us: Ints  # from when on it must speak, whatever it did before; 0: no tick yet [µs]
    whole: NDArray[np.int8]  # bit i: its place of level `WHOLE[i]` is open as silent as a whole

    @classmethod
    def blank(cls, size: int) -> "SilenceState":
        return cls(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int8))


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

    kind = NAME

    def __init__(self, given: Given, settings: SilentSettings) -> None:
        self.watched = watched = given.watched
        least_us = int(settings.least_min * 60e6)
        waits = (watched.interval_us * settings.intervals).astype(np.int64)
        self.wait_us: Ints = np.maximum(waits, least_us)
        self.state = SilenceState.blank(watched.series.size)
        self.above = [watched.ancestor(kind) for kind in WHOLE]
        self.open: dict[int, bool] = {}  # rows with an open episode; True: silent as a whole
        self.feeds = Feeds(watched, self.wait_us, given.common_share)
        self.dead: dict[int, str] = {}  # of the open ones, those of a dead feed, and its reason
        self.moved = False  # whether the last tick changed `state`: no reading brings that back
        #: How far readings had come at the last tick, where that was too far behind; else 0. [µs]
        self.behind_us = 0

    @property
    def ids(self) -> NDArray[np.int32]:
        return self.watched.series

    @property
    def clock(self) -> "SilentSensor":
        """All of it: silence is seen by the clock."""
        return self

    def take(self, rows: Rows) -> list[Change]:  # noqa: ARG002
        """Readings are signs of life; what follows from them is found at the next tick."""
        return []

    def resume(self, opened: dict[int, str]) -> None:
        self.dead = {row: reason for row, reason in opened.items() if reason in REASONS}
        self.open = {row: reason == ALL for row, reason in opened.items()}
        if self.state.expected_us.any():  # it has ticked: then this knows better than the reason
            self.open = {row: row in self._marked() for row in opened}

    def numbers(self, place: int) -> Numbers:  # noqa: ARG002
        """Silence has nothing new to say."""
        return {}

    def tick(self, newest: Newest, now_us: int) -> list[Change]:
        """Opens what is overdue and closes what speaks again."""
        until_us = min(now_us, newest.until_us() or now_us)
        self.moved = self._expect(self.state.expected_us == 0, until_us)
        look, whole = self._seen(newest, now_us, until_us)
        back = list(set(self._back(whole)).difference(self._in_order(look)))
        if back:  # the sensors behind come back at their own pace
            mine = self._within(back) & ~np.isin(self.watched.place, list(self.open))
            self.moved |= self._expect(mine, until_us)
            look, whole = self._seen(newest, now_us, until_us)
        self.behind_us = until_us if look.now_us > until_us else 0
        dead = self._dead(look, whole)
        due = {row: each.due_us for row, each in dead.items()}
        wanted = {**due, **self._overdue(look, whole), **whole}  # causes first
        before = {row for row in self.open if self.open[row]}
        closed = list(self._close(newest, wanted, whole, dead))
        new = [row for row in wanted if row not in self.open]
        opened = [
            self._open_feed(row, dead[row])
            if row in dead and row not in whole
            else self._open(look, newest, row, wanted[row], row in whole)
            for row in new
        ]
        still = {row: reason for row, reason in self.dead.items() if row in self.open}
        self.dead = still | {row: each.reason for row, each in dead.items() if row not in whole}
        self.open.update({row: row in whole for row in wanted})
        if before != {row for row in self.open if self.open[row]}:
            self._mark()
            self.moved = True
        return [*closed, *opened]

    def _back(self, whole: dict[int, int]) -> list[int]:
        """Places that were silent as a whole and are not any more."""
        return [row for row in self.open if self.open[row] and not self._under(row, whole)]

    def _in_order(self, look: Look) -> list[int]:
        """Of the whole network, where what waited came bit by bit: then nobody needs more time."""
        came_us = look.now_us - self.behind_us
        if not self.behind_us or came_us > int(self.wait_us[look.active].min(initial=NEVER_US)):
            return []
        return self._tops(look.active)

    def _expect(self, mine: Mask, at_us: int) -> bool:
        """From now on these must speak; whether there are any."""
        self.state.expected_us[mine] = at_us
        return at_us > 0 and bool(mine.any())

    def _mark(self) -> None:
        """What is open as a whole, into the state."""
        rows = [row for row in self.open if self.open[row]]
        self.state.whole[:] = 0
        for i, above in enumerate(self.above):
            self.state.whole |= np.isin(above, rows).astype(np.int8) << i

    def _marked(self) -> set[int]:
        bits = ((i, above) for i, above in enumerate(self.above))
        return {row for i, above in bits for row in above[self.state.whole >> i & 1 == 1].tolist()}

    @property
    def looks(self) -> bool:
        """Whether it has begun, and no clock is needed to tell: the network is not behind."""
        return not self.behind_us and bool(self.state.expected_us.any())

    def resume_all(self, before_us: int, at_us: int) -> bool:
        """The whole network spoke again at `at_us`: where all were silent too long, nobody was."""
        active = (self.watched.since_us <= at_us) & (at_us < self.watched.until_us)
        if at_us - before_us <= int(self.wait_us[active].min(initial=NEVER_US)):
            return False
        return self._expect(active & ~np.isin(self.watched.place, list(self.open)), at_us)

    def _seen(self, newest: Newest, now_us: int, until_us: int) -> tuple[Look, dict[int, int]]:
        """Silence up to `until_us`; where that stands still, the network's as one. [µs]"""
        look = self._look(newest, until_us)
        waits = self.wait_us[look.active]
        if now_us - until_us > int(waits.min(initial=NEVER_US)):
            due_us = until_us + int(waits.min())
            return self._look(newest, now_us), dict.fromkeys(self._tops(look.active), due_us)
        return look, self._whole(look) if look.silent.any() else {}

    def _tops(self, active: Mask) -> list[int]:
        """The lowest place that holds all of two series or more; without one, every company."""
        if np.count_nonzero(active) < 2:
            return []
        for above in reversed(self.above):
            rows = np.unique(above[active])
            if rows.size == 1 and rows[0] >= 0:
                return [int(rows[0])]
        companies = np.unique(self.above[0][active])
        return [row for row in companies.tolist() if row >= 0]

    def _look(self, newest: Newest, now_us: int) -> Look:
        watched, expected = self.watched, self.state.expected_us
        active = (watched.since_us <= now_us) & (now_us < watched.until_us)
        last_us = np.maximum(newest.value_us, np.maximum(expected, watched.since_us))
        return Look(now_us, active, last_us, self.wait_us)

    def _whole(self, look: Look) -> dict[int, int]:
        """Dark places with the instant it was certain: the topmost of each branch.

        A place with one child that holds all its series leaves it to the child.
        """
        size = self.watched.places.ids.size
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

    def _dead(self, look: Look, whole: dict[int, int]) -> dict[int, Dead]:
        """Feeds that are dead outside what is dark, by the place of their fault."""
        if not look.silent.any():
            return {}
        active = look.active & ~self._within(whole)
        found = self.feeds.dead(active, look.last_us, look.now_us, self.dead.items())
        return {row: each for row, each in found.items() if not self._under(row, whole)}

    def _overdue(self, look: Look, whole: dict[int, int]) -> dict[int, int]:
        """Places with silent series, outside those that are dark, and when the first was due."""
        silent = np.flatnonzero(look.silent & ~self._within(whole))
        due_us = np.full(self.watched.places.ids.size, NEVER_US)
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
        self,
        newest: Newest,
        wanted: dict[int, int],
        whole: dict[int, int],
        dead: dict[int, Dead],
    ) -> Iterator[Cleared]:
        """What is open, not wanted any more and not covered by something dark above it."""
        for row in [row for row in self.open if row not in wanted and not self._under(row, whole)]:
            reason = self.dead.get(row)
            if self._under(row, [each for each in dead if dead[each].reason == reason]):
                continue
            mine = self._within([row]) if self.open.pop(row) else self.watched.place == row
            if row in self.dead:
                mine = self._within([row]) & self.feeds.of(self.dead[row])
            last_us = int(newest.value_us[mine].max(initial=0))
            yield Cleared(self.kind, row, last_us, "speaks_again", late=True)

    def _open_feed(self, row: int, dead: Dead) -> Opened:
        mine = self._within(dead.stations.tolist()) & self.feeds.of(dead.reason)
        numbers: Numbers = {
            "stations": int(dead.stations.size),
            "of": dead.of,
            "silent": int(mine.sum()),
            "since": from_us(int(dead.last_us.max())).isoformat(),
            "wait_min": minutes(dead.wait_us),
        }
        return Opened(self.kind, row, dead.due_us, dead.reason, numbers)

    def _open(self, look: Look, newest: Newest, row: int, at_us: int, whole: bool) -> Opened:
        mine = self._within([row]) if whole else self.watched.place == row
        mine &= look.active
        silent = np.flatnonzero(mine & look.silent)
        heard = bool(
            silent.size and (look.now_us - newest.heard_us[silent] < self.wait_us[silent]).all()
        )
        reason = ALL if whole else "unknown_values" if heard else "no_values"
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


def _others(evidence: Mapping[str, Any], settings: SilentSettings) -> timedelta:
    """What one feed carries falls silent within one declared interval of each other."""
    if evidence.get("reason") == ALL:
        return timedelta(0)
    return timedelta(minutes=float(evidence.get("wait_min", 0))) / settings.intervals


KIND = AlertKind(
    name=NAME,
    title=msg("Sensor without data"),
    icon=("sensors_off", "grey"),
    inputs=Inputs(common_share=True),
    section="silent",
    settings=SilentSettings,
    build=SilentSensor,
    sentences={
        "": msg(
            "{where}: sensor silent ({silent} of {of}) since {since}. {address}"
            "Check power and radio."
        ),
        "unknown_values": msg(
            "{where}: sensor reports errors only ({silent} of {of}) since {since}. {address}"
            "Check the sensor."
        ),
        ALL: msg(
            "{where}: nothing from all {of} points since {since}. {homes}. {address}Check the link."
        ),
        METERS: msg(
            "{where}: the meters of {stations} of {of} stations fell silent together, {since}. "
            "Likely one gateway or feed: check it."
        ),
        SENSORS: msg(
            "{where}: {silent} home sensors fell silent together, {since}. "
            "Likely one gateway or feed: check it."
        ),
    },
    causes=Causes(by=(NAME,), reasons=frozenset({ALL, *REASONS}), earlier=None),
    others=_others,
)
