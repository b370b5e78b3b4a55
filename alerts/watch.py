"""The follower that turns readings into episodes.

Each batch moves the detectors; what they answer goes into the books in the transaction that
says the batch is done. A crash, or a transaction that was rolled back, is noticed by the
checkpoint, and the state is brought back to it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from alerts import detectors, memory
from alerts.city import City
from alerts.config import AlertsConfig
from alerts.detectors.base import Change, Detector, Kept, Numbers, keep, put_back
from alerts.episodes import apply, promote, update
from alerts.kinds import Kind
from alerts.newest import Newest
from alerts.recipients import unknown_places
from alerts.watched import load
from domain.time import to_us
from domain.tree import PlaceKind
from store.books.registry import RegistryVersion
from store.books.watch import Checkpoint, Episode
from store.followers import checkpoint
from store.journal import Batch
from store.readings import Readings

LOG = logging.getLogger("heatwatch.alerts")
NAME = "alerts"
#: The arrays are written when this much of the run's time has passed, more for large cities. [s]
REMEMBER_S = 10.0
SERIES_PER_S = 50_000


@dataclass(slots=True)
class Watch:
    """The detectors' state at one batch, under one version of the registry."""

    city: City
    version: int
    newest: Newest
    detectors: tuple[Detector, ...]
    done: int = 0  # batch
    remembered_us: int = 0

    @classmethod
    def blank(cls, session: Session, config: AlertsConfig) -> "Watch":
        watched = load(session)
        for line in unknown_places(config.recipients, watched.places):
            LOG.warning(line)
        return cls(
            City.of(watched, config),
            registry_version(session),
            Newest.blank(watched.series.size),
            detectors.build(watched, config),
        )

    def take(self, batch: Batch) -> list[Change]:
        """Moves the detectors by a batch; causes first, then what they cause."""
        rows = self.newest.admit(batch.readings, self.city.watched, to_us(batch.committed_at))
        self.done = batch.number
        return [change for each in self.detectors for change in each.take(rows)]

    def numbers(self, kind: Kind, place: int) -> Numbers:
        """How an open episode stands; a common cause has no numbers of its own."""
        if self.city.places.level[place] < PlaceKind.STATION.level:
            return {}
        return next(each for each in self.detectors if each.kind is kind).numbers(place)

    def kept(self) -> dict[str, Kept]:
        """Every array with its ids, by detector."""
        series = self.city.watched.series
        kept = {each.kind.value: keep(each.ids, each.state) for each in self.detectors}
        return {"newest": keep(series, self.newest), **kept}

    def put_back(self, kept: dict[str, Kept]) -> None:
        if "newest" in kept:
            put_back(self.city.watched.series, self.newest, kept["newest"])
        for each in self.detectors:
            if each.kind.value in kept:
                put_back(each.ids, each.state, kept[each.kind.value])

    def resume(self, session: Session) -> None:
        """The verdicts are the books'."""
        places = self.city.places
        opened: dict[str, dict[int, str]] = {}
        for episode in session.scalars(sa.select(Episode).where(Episode.cleared_at.is_(None))):
            reasons = opened.setdefault(episode.kind, {})
            reasons[places.row(episode.place_id)] = str(episode.evidence.get("reason", ""))
        for each in self.detectors:
            each.resume(opened.get(each.kind.value, {}))


def registry_version(session: Session) -> int:
    """The registry's number; it grows with every change."""
    return session.scalar(sa.select(sa.func.max(RegistryVersion.number))) or 0


class AlertWatch:
    """The follower `alerts`. One at a time per set of books."""

    name = NAME

    def __init__(
        self, readings: Readings, engine: Engine, config: AlertsConfig, now: Callable[[], datetime]
    ) -> None:
        self._readings = readings
        self._engine = engine
        self._config = config
        self._now = now
        self._watch: Watch | None = None
        self._ticked_s = float("-inf")

    def tick_due(self, wall_s: float, every_s: float) -> bool:
        """Whether `every_s` [s] have passed at `wall_s` [s] since the last time this said yes."""
        if wall_s - self._ticked_s < every_s:
            return False
        self._ticked_s = wall_s
        return True

    def handle(self, batch: Batch, session: Session) -> None:
        """Episodes and messages of one batch, in the transaction of its checkpoint."""
        row = checkpoint(session, self.name)
        watch = self._current(session, row)
        self._watch = None  # until this batch is through
        apply(session, watch.city, watch.take(batch), self._now())
        self._remember(watch, row, to_us(batch.committed_at))
        self._watch = watch

    def tick(self, now: datetime, session: Session, *, catching_up: bool = False) -> None:
        """What the passing of time changes: silence, children without a cause any more.

        `catching_up`: the run's clock is faster than the wall's, so nothing newer than the
        newest reading can be expected yet.
        """
        row = session.get(Checkpoint, self.name)
        watch = self._current(session, row)
        self._watch = None
        now_us = to_us(now)
        if catching_up:
            now_us = min(now_us, int(watch.newest.heard_us.max(initial=0)))
        changes = [change for each in watch.detectors for change in each.tick(watch.newest, now_us)]
        apply(session, watch.city, changes, now)
        promote(session, watch.city, now)
        update(session, watch.city, watch.numbers, now)
        if row is not None and changes:
            row.state = memory.pack(watch.done, watch.kept())
        self._watch = watch

    def forget(self) -> None:
        """After a transaction that failed: the state is read again."""
        self._watch = None

    def _current(self, session: Session, row: Checkpoint | None) -> Watch:
        """The state as of the checkpoint, rebuilt where it is not there or not of it."""
        done = 0 if row is None else row.batch
        watch = self._watch
        if watch is None or watch.done != done:
            return self._restored(session, row)
        if watch.version != registry_version(session):
            return self._moved(session, watch)
        return watch

    def _restored(self, session: Session, row: Checkpoint | None) -> Watch:
        watch = Watch.blank(session, self._config)
        if row is None:
            return watch
        watch.done, kept = memory.unpack(row.state)
        watch.put_back(kept)
        if watch.done < row.batch and kept:
            for batch in self._readings.since(watch.done):
                if batch.number > row.batch:
                    break
                watch.take(batch)
        watch.done = row.batch
        watch.resume(session)
        return watch

    def _moved(self, session: Session, old: Watch) -> Watch:
        """The same state over a changed registry."""
        watch = Watch.blank(session, self._config)
        watch.put_back(old.kept())
        watch.done, watch.remembered_us = old.done, old.remembered_us
        watch.resume(session)
        return watch

    def _remember(self, watch: Watch, row: Checkpoint, now_us: int) -> None:
        wait_s = REMEMBER_S + watch.city.watched.series.size / SERIES_PER_S
        if abs(now_us - watch.remembered_us) >= wait_s * 1e6:
            row.state = memory.pack(watch.done, watch.kept())
            watch.remembered_us = now_us
