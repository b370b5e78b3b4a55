"""How far behind the journal its followers are: flush, alerts, mirror."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.language import Text, msg
from heatwatch.diagnosis.finding import Finding, unused, warning, well
from heatwatch.metrics.behind import LATE, worker_of
from heatwatch.services.existing_books import are_there
from heatwatch.wiring import World
from store.journal.check import is_there
from store.readings.lags import Lag, lags


def check(world: World) -> Iterator[Finding]:
    """One line for each follower, with the age of the oldest batch that it has not done."""
    what = msg("followers of the journal")
    if not (is_there(world.config.store.journal) and are_there(world.config.store.books)):
        yield unused(what, msg("no journal yet"))
        return
    for name, lag in lags(world.readings, world.books, datetime.now(UTC)).items():
        yield _of(name, lag)


def _of(name: str, lag: Lag) -> Finding:
    what = msg("follower {name}", name=name)
    if not lag.batches:
        return well(what, msg("has done all batches"))
    found = msg("{n} batches behind, the oldest {age} old", n=lag.batches, age=_age(lag.age))
    if lag.age <= LATE:
        return well(what, found)
    advice = msg("see whether the worker {worker} runs, and its log", worker=worker_of(name))
    return warning(what, found, advice)


def _age(age: timedelta) -> Text:
    minutes = int(age / timedelta(minutes=1))
    if minutes < 120:
        return msg("{n} min", n=minutes)
    return msg("{n} h", n=minutes // 60)
