"""The workers of `heatwatch run`: each a loop that ends when `stop` is set."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.actor import By, program
from domain.errors import Refused, ServerMissing, WrongCall
from domain.language import msg, sentence_of
from heatwatch.output import note
from heatwatch.services.client_id import client_id_of
from heatwatch.wiring import World

if TYPE_CHECKING:
    from ingest.mqtt.delivery import Delivery
    from store.registry.series import SeriesIndex
    from store.server.rate_limited_log import RateLimitedLog

LOG = logging.getLogger("heatwatch.maintenance")
#: How often refused messages are held against their bounds. [s]
TRIM_REFUSED_S = 60.0
#: The line of a worker that has begun its work.
READY = "ready"

Worker = Callable[[World, threading.Event], None]


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def refuse_no_feeds(world: World) -> None:
    """WrongCall where ingest would listen to nothing."""
    if not world.config.ingest.feeds:
        raise WrongCall(
            msg(
                "{path} has no feed, so ingest would get nothing; allowed: at least one "
                "[[ingest.feeds]] (`heatwatch connect --write` adds those that it proposes)",
                path=world.path,
            )
        )


def ingest(world: World, stop: threading.Event) -> None:
    """MQTT in, journal, acknowledgement."""
    from heatwatch.metrics.server import serving
    from heatwatch.metrics.session import IngestMetrics
    from ingest.mqtt.worker import IngestWorker
    from store.readings.pair import go_on_behind
    from store.registry.series import feed_id

    refuse_no_feeds(world)
    go_on_behind(world.journal, world.lake, world.books)
    config, by = world.config.ingest, By(program("ingest"), world.now())
    config = config.model_copy(update={"client_id": client_id_of(world)})
    feeds = {feed.name: feed_id(world.books, feed.name, True, by) for feed in config.feeds}
    with (
        closing(delivery_of(world)) as delivery,
        _overflow_watch(world, config.client_id, delivery),
    ):
        worker = IngestWorker(
            config,
            world.config.broker,
            world.journal,
            world.index,
            feeds,
            world.now,
            reload=lambda index: newer_index(world, index),
            delivery=delivery,
        )
        _say_ready_when(lambda: worker.counts.connects > 0, stop)
        metrics = IngestMetrics(worker, world.journal)
        with serving(world, "ingest", metrics.health, metrics):
            worker.run(stop)


def _overflow_watch(
    world: World, client_id: str, delivery: "Delivery"
) -> AbstractContextManager[object]:
    from ingest.mqtt.overflow import OverflowWatch

    if world.config.broker.unlimited:
        return nullcontext()
    return closing(OverflowWatch(world.config.broker, client_id, delivery, world.now))


def delivery_of(world: World) -> "Delivery":
    """What the broker may lose on its way to ingest."""
    from ingest.mqtt.delivery import Delivery

    broker = world.config.broker
    where = f"{broker.host}:{broker.port}"
    zone, usual = ZoneInfo(world.config.city.zone), world.config.ingest.lost_uplinks
    return Delivery(world.books, client_id_of(world), where, program("ingest"), zone, usual)


def _say_ready_when(true: Callable[[], bool], stop: threading.Event) -> None:
    """Writes the line that the supervisor waits for, once `true` says so."""

    def wait() -> None:
        while not true():
            if stop.wait(0.05):
                return
        note(READY)

    threading.Thread(target=wait, daemon=True).start()


def newer_index(world: World, index: "SeriesIndex") -> "SeriesIndex | None":
    """The registry's index if it has changed since this one was read.

    None while the books are away: the worker says so once there is a message it can't keep.
    """
    from sqlalchemy.exc import OperationalError

    from store.registry.series import SeriesIndex, registry_version
    from store.server.unreachable import unreachable

    try:
        same = registry_version(world.books) == index.version
        newer = None if same else SeriesIndex.load(world.books)
    except OperationalError as error:
        if not unreachable(error):
            raise
        return None
    return newer


def maintenance(world: World, stop: threading.Event) -> None:
    """Flushes the journal into the lake, compacts, opens and closes tasks, and files the reports whose
    period is over.
    """
    from heatwatch.services.refiling import refile_changed
    from heatwatch.services.reporting import file_missing_reports, note_once
    from heatwatch.services.tasks import SeasonTasks
    from store.server.rate_limited_log import RateLimitedLog

    full, gone = RateLimitedLog(LOG.warning), RateLimitedLog(LOG.warning)
    compact_at, tasks = world.now(), SeasonTasks(world)
    trim_at = time.monotonic()

    def one_round() -> None:
        nonlocal compact_at, trim_at
        world.readings.flush(world.now())
        compact_at = _compact_when_due(world, compact_at)
        trim_at = _trim_refused_when_due(world, trim_at)
        try:
            tasks.when_due(world.now())
        except (WrongCall, Refused, ServerMissing) as wrong:
            note_once(msg("no task can be opened: {why}", why=sentence_of(wrong)))
        try:
            file_missing_reports(world, world.now(), stop.is_set)
            refile_changed(world, world.now(), stop.is_set)
        except (WrongCall, Refused, ServerMissing, OSError) as wrong:
            note_once(
                msg("no report can be filed: {why}", why=sentence_of(wrong))
            )  # the readings go on into the lake

    with _behind(world, "maintenance"):
        while not stop.wait(world.config.store.flush_seconds):
            _unless_passing(world, one_round, full, gone)
    _unless_passing(world, lambda: world.readings.flush(world.now()), full, gone)


def _unless_passing(
    world: World, work: Callable[[], object], full: "RateLimitedLog", gone: "RateLimitedLog"
) -> None:
    """Does the work; on a full disk or without PostgreSQL it is logged and tried again."""
    from heatwatch.supervisor.disk_space import HINT, disk_problem, no_space, stores_of
    from store.server.unreachable import unreachable

    try:
        work()
    except Exception as error:  # of any library; what does not pass goes on as it is
        if no_space(error):
            where = disk_problem(stores_of(world.config)) or f"no space left ({error}): {HINT}"
            full.say(f"maintenance: {where}; tried again with the next flush")
        elif line := unreachable(error):
            gone.say(f"maintenance: {line}")
        else:
            raise
    else:
        full.over("maintenance: there is room again")
        gone.over("maintenance: going on")


def _compact_when_due(world: World, due: datetime) -> datetime:
    now = world.now()
    if now < due:
        return due
    from store.lake.compact import compact

    compact(world.lake)
    return now + timedelta(seconds=world.config.store.compact_seconds)


def _trim_refused_when_due(world: World, due: float) -> float:
    """Keeps refused messages within their bounds; `due` by the monotonic clock. [s]"""
    if time.monotonic() < due:
        return due
    config = world.config.ingest
    before = world.now() - timedelta(days=config.refused_days)
    gone, open_ = world.journal.trim_refused(before, config.refused_mb * 1_000_000)
    if open_:
        LOG.warning(
            "%d refused messages are deleted, %d of them open: ingest.refused_days = %d, "
            "ingest.refused_mb = %d", gone, open_, config.refused_days, config.refused_mb,
        )  # fmt: skip
    return time.monotonic() + TRIM_REFUSED_S


def _behind(world: World, worker: str) -> AbstractContextManager[None]:
    """Metrics of a worker that follows the journal."""
    if world.config.metrics is None:
        return nullcontext()
    from prometheus_client.registry import Collector

    from heatwatch.metrics.behind import AlertMetrics, LagMetrics, StoreMetrics
    from heatwatch.metrics.server import serving

    lag = LagMetrics(world, worker)
    beside: dict[str, Collector] = {
        "maintenance": StoreMetrics(world),
        "alerts": AlertMetrics(world),
    }
    more = [beside[worker]] if worker in beside else []
    return serving(world, worker, lag.health, lag, *more)


def alerts(world: World, stop: threading.Event) -> None:
    """Detectors, episodes, outbox, messages."""
    from alerts.follower.run import run_alerts
    from heatwatch.services.alert_settings import AlertSettings

    config, settings = world.config.alerts, AlertSettings(world)
    with _behind(world, "alerts"):
        run_alerts(world.readings, world.books, config, settings, world.now, stop)


def mirror(world: World, stop: threading.Event) -> None:
    """InfluxDB behind the journal."""
    from store.influx.mirror import run_mirror

    if world.influx is None:
        note(msg("mirror: no [store.influx] in the configuration, nothing to mirror to"))
        stop.wait()
        return
    with _behind(world, "mirror"):
        run_mirror(world.readings, world.books, world.influx, stop)


def console(world: World, stop: threading.Event) -> None:
    """The console's web server."""
    from dashboards.serve import serve
    from heatwatch.services.screens import screens_of

    formats = world.formats
    serve(screens_of(world), world.config.console, formats, stop)


WORKERS: dict[str, Worker] = {
    "ingest": ingest,
    "maintenance": maintenance,
    "alerts": alerts,
    "mirror": mirror,
    "console": console,
}
