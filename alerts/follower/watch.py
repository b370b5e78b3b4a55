"""The follower that turns readings into episodes.

Each batch moves the detectors; what they answer goes into the books in the transaction that
says the batch is done. A crash, or a transaction that was rolled back, is noticed by the
checkpoint, and the state is brought back to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from alerts import detectors
from alerts.columns.newest import Newest, Rows
from alerts.columns.watched import ROLES, load
from alerts.config import Settings, SettingsAt
from alerts.detectors.base import Change, Clocked, Detector, Kept, Numbers, keep, put_back
from alerts.detectors.kind import Provided
from alerts.episodes import memory
from alerts.episodes.episodes import apply, promote, update
from alerts.follower.inputs import provided
from alerts.follower.looks import look_through
from alerts.messages.city import City
from alerts.messages.messages import repeat
from domain.time import to_us
from domain.tree import PlaceKind
from store.books.watch import Checkpoint, Episode
from store.journal.journal import Batch
from store.readings.followers import checkpoint, committed_us, gathered, remember, remembered
from store.readings.readings import Readings
from store.registry.series import version_on

NAME = "alerts"


@dataclass(slots=True)
class Watch:
    """The detectors' state at one batch, under one version of the registry."""

    city: City
    version: int
    newest: Newest
    provided: Provided
    detectors: tuple[Detector, ...]
    until: datetime | None = None  # these settings hold
    done: int = 0  # batch
    remembered: int | None = None  # batch, None: never
    rows: int = 0  # taken since
    moved: bool = False  # by a look at silence, since

    @classmethod
    def blank(cls, session: Session, settings: Settings) -> "Watch":
        watched, config = load(session), settings.general
        inputs = provided(session, watched, settings)
        return cls(
            City.of(watched, config),
            version_on(session.connection()),
            Newest.blank(watched.series.size),
            inputs,
            detectors.build(inputs, config.detectors),
            settings.until,
        )

    def take(self, batch: Batch) -> list[Change]:
        """Moves the detectors by a batch; causes first, then what they cause."""
        rows = self.newest.admit(batch.readings, self.city.watched, committed_us(batch))
        self.done = batch.number
        self.rows += max(batch.readings.num_rows, 1)
        self.provided.outdoor.admit(rows)
        changes = [change for each in self.detectors for change in each.take(self._its(each, rows))]
        self.provided.outdoor.settle()
        return changes

    def _its(self, detector: Detector, rows: Rows) -> Rows:
        """The rows of the roles that it declares."""
        roles = detectors.kind_of(detector.kind).inputs.roles
        wanted = [ROLES.index(each) for each in roles]
        return rows.of(np.isin(self.city.watched.role[rows.slot], wanted)) if roles else rows

    def look_and_take(self, batch: Batch) -> list[Change]:
        """The same, with the looks at silence that would have been made had it come bit by bit."""
        silent, moved = look_through(self.newest, self.clocks, self.city.watched, batch)
        self.moved |= moved
        return [*silent, *self.take(batch)]

    def numbers(self, kind: str, place: int) -> Numbers:
        """How an open episode stands; a common cause has no numbers of its own."""
        of_company = detectors.kind_of(kind).inputs.delivery
        if self.city.places.kind[place] < PlaceKind.STATION.level and not of_company:
            return {}
        return next(each for each in self.detectors if each.kind == kind).numbers(place)

    def kept(self) -> dict[str, Kept]:
        """Every array with its ids, by detector."""
        series = self.city.watched.series
        kept = {each.kind: keep(each.ids, each.state) for each in self.detectors}
        outdoor = keep(self.provided.outdoor.series, self.provided.outdoor.state)
        return {"newest": keep(series, self.newest), "outdoor": outdoor, **kept}

    def put_back(self, kept: dict[str, Kept]) -> None:
        outdoor = self.provided.outdoor
        if "newest" in kept:
            put_back(self.city.watched.series, self.newest, kept["newest"])
        if "outdoor" in kept:
            put_back(outdoor.series, outdoor.state, kept["outdoor"])
        for each in self.detectors:
            if each.kind in kept:
                put_back(each.ids, each.state, kept[each.kind])

    @property
    def clocks(self) -> list[Clocked]:
        """What the clock moves too: no batch brings that back."""
        return [each.clock for each in self.detectors if each.clock is not None]

    @property
    def behind_us(self) -> int:
        """How far readings had come at the last tick, where that was too far behind. [µs]"""
        return max((clock.behind_us for clock in self.clocks), default=0)

    @behind_us.setter
    def behind_us(self, at_us: int) -> None:
        for clock in self.clocks:
            clock.behind_us = at_us

    def resume(self, session: Session, *, again: bool = False) -> None:
        """The verdicts are the books', but for batches that come `again` those before them."""
        places = self.city.places
        opened: dict[str, dict[int, str]] = {}
        for episode in session.scalars(sa.select(Episode).where(Episode.cleared_at.is_(None))):
            reasons = opened.setdefault(episode.kind, {})
            reasons[places.row(episode.place_id)] = str(episode.evidence.get("reason", ""))
        for each in self.detectors:
            if not again or each.clock is not None:
                each.resume(opened.get(each.kind, {}))


class AlertWatch:
    """The follower `alerts`. One at a time per set of books."""

    name = NAME

    def __init__(
        self,
        readings: Readings,
        engine: Engine,
        settings: SettingsAt,
        now: Callable[[], datetime],
    ) -> None:
        self._readings = readings
        self._engine = engine
        self._settings = settings
        self._now = now
        self._watch: Watch | None = None
        self._ticked_s = float("-inf")

    def tick_due(self, wall_s: float, every_s: float) -> bool:
        """Whether `every_s` [s] have passed at `wall_s` [s] since the last time this said yes."""
        if wall_s - self._ticked_s < every_s:
            return False
        self._ticked_s = wall_s
        return True

    @property
    def until_us(self) -> int:
        """Up to when everything that was sent is known, 0 where nothing is. [µs]"""
        return 0 if self._watch is None else self._watch.newest.until_us()

    def handle(self, batch: Batch, session: Session) -> None:
        """Episodes and messages of one batch, in the transaction of its checkpoint."""
        watch = self._current(session, checkpoint(session, self.name))
        self._watch = None  # until this batch is through
        apply(session, watch.city, watch.look_and_take(batch), self._now())
        # What the trim has taken (from a follower far behind) can't be read again one by one.
        gone = watch.remembered is None or self._readings.journal.trimmed() > watch.remembered
        if gone or watch.moved or memory.due(watch.rows, watch.city.watched.series.size):
            self._remember(session, watch)
        self._watch = watch

    def tick(self, now: datetime, session: Session, *, catching_up: bool = False) -> None:
        """What the passing of time changes: silence, children without a cause any more.

        `catching_up`: the run's clock is faster than the wall's, or ingest works off what
        waited, so nothing newer than what has come can be expected yet.
        """
        row = session.get(Checkpoint, self.name)
        watch = self._current(session, row)
        self._watch = None
        now_us = to_us(now)
        if catching_up:
            now_us = min(now_us, watch.newest.until_us())
        watch.provided.delivery.read(session, now)
        changes = [each for clock in watch.clocks for each in clock.tick(watch.newest, now_us)]
        apply(session, watch.city, changes, now)
        promote(session, watch.city, now)
        repeat(session, watch.city, now)
        update(session, watch.city, watch.numbers, now)
        if any(clock.moved for clock in watch.clocks):
            self._remember(session, watch)
        if row is not None and row.state.get("behind_us", 0) != watch.behind_us:
            row.state = row.state | {"behind_us": watch.behind_us}
        self._watch = watch

    def forget(self) -> None:
        """After a transaction that failed: the state is read again, and the next try looks, too."""
        self._watch, self._ticked_s = None, float("-inf")

    def _current(self, session: Session, row: Checkpoint | None) -> Watch:
        """The state as of the checkpoint, rebuilt where it is not there or not of it.

        Another registry, or a season that has begun, may bring other settings: they are read again.
        """
        done = 0 if row is None else row.batch
        watch = self._watch
        if watch is None or watch.done != done:
            return self._restored(session, row)
        over = watch.until is not None and watch.until <= self._now()
        if over or watch.version != version_on(session.connection()):
            return self._moved(session, watch)
        return watch

    def _restored(self, session: Session, row: Checkpoint | None) -> Watch:
        """What was remembered, moved by the batches since; their effects are in the books."""
        watch = Watch.blank(session, self._settings(self._now()))
        done, own = (0, {}) if row is None else (row.batch, row.state)
        at, state = remembered(session, self.name)
        trimmed = self._readings.journal.trimmed()
        if kept := memory.unpack(state):
            watch.put_back(kept)
            watch.remembered = at
        else:  # from the beginning, or what there is of it
            at = trimmed
        for batch in gathered(self._between(at, done)):
            watch.take(batch)
        watch.done = done
        # Behind the trim, the lake brings the batches of a whole flush again.
        watch.resume(session, again=trimmed > done)
        watch.behind_us = own.get("behind_us", 0)
        return watch

    def _between(self, after: int, last: int) -> Iterator[Batch]:
        if after < last:
            for batch in self._readings.since(after):
                if batch.number > last:
                    return
                yield batch

    def _moved(self, session: Session, old: Watch) -> Watch:
        """The same state over a changed registry."""
        watch = Watch.blank(session, self._settings(self._now()))
        watch.put_back(old.kept())
        watch.done, watch.behind_us = old.done, old.behind_us
        watch.resume(session)
        self._remember(session, watch)  # batches since would be read as of the new one
        return watch

    def _remember(self, session: Session, watch: Watch) -> None:
        remember(session, self.name, watch.done, memory.pack(watch.kept()))
        watch.remembered, watch.rows, watch.moved = watch.done, 0, False
