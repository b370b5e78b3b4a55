"""Workers that follow the journal: how far behind they are, and what lies in their stores."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from heatwatch.supervisor.disk_space import stores_of
from heatwatch.wiring import World
from store.books.watch import Episode, Outbox
from store.readings.lags import LAKE, Lag, lags

#: What waits for longer has stopped, or can't keep up.
LATE = timedelta(minutes=5)
#: Follower -> the worker that it is in; the others are detectors and states of alerts.
WORKER = {LAKE: "maintenance", "influx-mirror": "mirror"}


def worker_of(follower: str) -> str:
    return WORKER.get(follower, "alerts")


class LagMetrics(Collector):
    """Of the followers of one worker."""

    def __init__(self, world: World, worker: str) -> None:
        self._world, self._worker = world, worker

    def health(self) -> str:
        """Which follower is late; "" where none is."""
        late = [f"{name} {lag.age}" for name, lag in self._own().items() if lag.age > LATE]
        return f"behind the journal: {', '.join(late)}" if late else ""

    def collect(self) -> Iterator[Metric]:
        found = self._own()
        batches = GaugeMetricFamily(
            "heatwatch_follower_lag_batches", "Batches not done.", labels=["follower"]
        )
        seconds = GaugeMetricFamily(
            "heatwatch_follower_lag_seconds", "Age of the oldest of them.", labels=["follower"]
        )
        for name, lag in found.items():
            batches.add_metric([name], lag.batches)
            seconds.add_metric([name], lag.age.total_seconds())
        yield batches
        yield seconds

    def _own(self) -> dict[str, Lag]:
        world = self._world
        found = lags(world.readings, world.books, datetime.now(UTC))
        return {name: lag for name, lag in found.items() if worker_of(name) == self._worker}


class StoreMetrics(Collector):
    """The lake and the disks, by the worker that keeps them in order."""

    def __init__(self, world: World) -> None:
        self._world = world

    def collect(self) -> Iterator[Metric]:
        snapshot = self._world.lake.snapshot()
        for name, value, told in (
            ("lake_flush", snapshot.flush.number, "Number of the newest flush."),
            ("lake_readings", snapshot.rows, "Readings in the lake."),
            ("lake_files", len(snapshot.files), "Files of the lake."),
        ):
            yield GaugeMetricFamily(f"heatwatch_{name}", told, value=value)
        free = GaugeMetricFamily(
            "heatwatch_disk_free_bytes", "Room on the disk of a store.", labels=["folder"]
        )
        for folder in stores_of(self._world.config):
            free.add_metric([str(folder)], shutil.disk_usage(folder).free)
        yield free


class AlertMetrics(Collector):
    """Open alerts, and messages by their state."""

    def __init__(self, world: World) -> None:
        self._world = world

    def collect(self) -> Iterator[Metric]:
        count = sa.func.count()
        open_ = sa.select(Episode.kind, count).where(Episode.cleared_at.is_(None))
        sent = sa.select(Outbox.state, count).group_by(Outbox.state)
        with Session(self._world.books) as session:
            kinds = session.execute(open_.group_by(Episode.kind)).all()
            states = session.execute(sent).all()
        alerts = GaugeMetricFamily("heatwatch_alerts_open", "Open alerts.", labels=["kind"])
        for kind, n in kinds:
            alerts.add_metric([kind], n)
        yield alerts
        messages = GaugeMetricFamily(
            "heatwatch_outbox_messages", "Messages by state.", labels=["state"]
        )
        for state, n in states:
            messages.add_metric([state], n)
        yield messages
