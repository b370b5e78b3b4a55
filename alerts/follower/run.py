"""The alert workers of one city: one follows and watches the clock, one sends."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from tenacity import RetryError, Retrying

from alerts.channels import channels
from alerts.config import AlertsConfig, SettingsAt
from alerts.follower.sender import Sender
from alerts.follower.watch import AlertWatch
from domain.errors import ServerMissing
from domain.language import Text, msg, sentence_of
from domain.time import to_us
from store.readings.followers import follow_once
from store.readings.readings import Readings
from store.server.rate_limited_log import RateLimitedLog
from store.server.retrying import retrying
from store.server.single_instance import HeldBy
from store.server.unreachable import unreachable

LOG = logging.getLogger("heatwatch.alerts")
POLL_S = 0.2
TICK_S = 1.0
#: A clock this much faster than the wall's is catching up [1]; so long after it still is [s].
FAST, SETTLE_S = 1.5, 30.0
#: Readings older than this, while they come, are what waited during that time. [s]
BEHIND_S = 60.0


class Pace:
    """Whether the run catches up, by its clock or with what waited: then nobody is silent who
    could not have been heard.

    At a thousand times the wall's speed, one second on the way is a quarter of an hour. It is
    over once nothing has come for `SETTLE_S`, or what comes is new. After a start it is not
    known, so it is assumed.
    """

    def __init__(self) -> None:
        self._last: tuple[float, datetime] | None = None
        self._until_us = 0
        self._fast_until = 0.0

    def catching_up(self, wall_s: float, now: datetime, until_us: int) -> bool:
        """Told at `wall_s` of a monotonic clock [s]; `until_us`: how far readings have come. [µs]"""
        if self._last is None or self._is_fast(wall_s, now) or self._drains(wall_s, now, until_us):
            self._fast_until = wall_s + SETTLE_S
        self._last, self._until_us = (wall_s, now), until_us
        return wall_s < self._fast_until

    def _is_fast(self, wall_s: float, now: datetime) -> bool:
        assert self._last is not None
        wall_before, before = self._last
        passed = wall_s - wall_before
        return passed > 0 and (now - before).total_seconds() > FAST * passed

    def _drains(self, wall_s: float, now: datetime, until_us: int) -> bool:
        """Whether old readings still come, in a run that was catching up just now."""
        old = to_us(now) - until_us > BEHIND_S * 1e6
        return wall_s < self._fast_until and old and until_us > self._until_us


def run_alerts(
    readings: Readings,
    engine: Engine,
    config: AlertsConfig,
    settings: SettingsAt,
    now: Callable[[], datetime],
    stop: threading.Event,
) -> None:
    """Follows, ticks and sends until `stop`; then catches up once more and sends what is due.

    `config` says how messages leave; `settings` by what the detectors go at an instant.

    Trouble (a server missing, a locked database) is reported, at growing intervals while it lasts, and tried again. A new
    set of books starts with the first batch kept; imported history is past the journal, so
    detectors begin with what is live.
    """
    channel = channels()[config.sms.channel].build(config.sms.channel_settings)
    sender = Sender(engine, channel, config)
    sending = threading.Thread(target=_send, args=(sender, now, stop), name="alerts-sender")
    sending.start()
    watch = AlertWatch(readings, engine, settings, now)
    log, pace = RateLimitedLog(LOG.warning), Pace()
    retry = retrying(stop, lambda error: _warn(log, error))
    while not stop.is_set():
        _done(retry, log, lambda: _step(readings, engine, watch, now, pace, stop))
        stop.wait(POLL_S)
    _tried(log, lambda: _step(readings, engine, watch, now, pace, None))
    sending.join()
    _tried(log, lambda: _drain(sender, now))
    sender.close()


def tick(engine: Engine, watch: AlertWatch, now: datetime, *, catching_up: bool = False) -> None:
    """One look at the clock, in a transaction of its own."""
    try:
        with Session(engine) as session, session.begin():
            watch.tick(now, session, catching_up=catching_up)
    except BaseException:  # goes on as it is; what the watch holds is not what was committed
        watch.forget()
        raise


def _step(
    readings: Readings,
    engine: Engine,
    watch: AlertWatch,
    now: Callable[[], datetime],
    pace: Pace,
    stop: threading.Event | None,
) -> bool:
    """Catches up, and looks at the clock where everything kept has been seen; whether it did."""
    follow_once(readings, engine, watch, stop=stop)
    wall_s = time.monotonic()
    if stop is None or (not stop.is_set() and watch.tick_due(wall_s, TICK_S)):
        at = now()
        catching_up = pace.catching_up(wall_s, at, watch.until_us)
        tick(engine, watch, at, catching_up=catching_up)
        return True
    return False


def _send(sender: Sender, now: Callable[[], datetime], stop: threading.Event) -> None:
    log = RateLimitedLog(LOG.warning)
    # a missing database is reported by the follower: both need it
    retry = retrying(stop, lambda error: _warn(log, error, warn_missing=False))
    while not stop.is_set():
        _done(retry, log, lambda: sender.send_due(now()) >= 0)
        stop.wait(POLL_S)


def _drain(sender: Sender, now: Callable[[], datetime]) -> bool:
    while sender.send_due(now()):
        pass
    return True


def _done(retry: Retrying, log: RateLimitedLog, work: Callable[[], bool]) -> None:
    """`work` says whether it did all of it: a part that goes well does not end trouble elsewhere."""
    try:
        whole = retry(work)
    except HeldBy:  # another process has this work now; who guards the lock says so
        return
    except RetryError:  # stopped while it waited
        return
    if whole:
        log.over(msg("alerts: going on"))


def _tried(log: RateLimitedLog, work: Callable[[], bool]) -> None:
    """Once, at the end: what fails is reported and left to the next start."""
    try:
        work()
    except HeldBy:
        return
    except Exception as error:  # the process ends here, whatever it is
        _warn(log, error)


def _warn(log: RateLimitedLog, error: BaseException, *, warn_missing: bool = True) -> None:
    if isinstance(error, ServerMissing):
        why = sentence_of(error)
        log.say(msg("alerts: {why}; trying again until it is there", why=why))
    elif isinstance(error, Exception):
        LOG.debug("alerts", exc_info=error)
        if warn_missing or not unreachable(error):
            log.say(msg("alerts: {why}", why=unreachable(error) or _again(error)))


def _again(error: Exception) -> Text:
    cause = (str(error).splitlines() or [""])[0]  # the rest has values that change
    return msg("will be tried again: {kind}: {cause}", kind=type(error).__name__, cause=cause)
