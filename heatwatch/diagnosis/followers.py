"""How far behind the journal its followers are: flush, alerts, mirror."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from domain.language import Text, msg
from heatwatch.diagnosis.finding import Finding, unused, warning, well
from heatwatch.services.existing_books import are_there
from heatwatch.wiring import World
from store.journal.check import is_there
from store.readings.followers import batches_done

#: What waits for longer has stopped, or can't keep up.
LATE = timedelta(minutes=5)
#: Follower -> the worker that it is in.
WORKER = {"lake": "maintenance", "influx-mirror": "mirror"}


def check(world: World) -> Iterator[Finding]:
    """One line for each follower, with the age of the oldest batch that it has not done."""
    what = msg("followers of the journal")
    if not (is_there(world.config.store.journal) and are_there(world.config.store.books)):
        yield unused(what, msg("no journal yet"))
        return
    with Session(world.books) as session:
        done = batches_done(session)
    done["lake"] = max(world.lake.last_flush().last_batch, world.journal.trimmed())
    for name, batch in sorted(done.items()):
        yield _of(world, name, batch)


def _of(world: World, name: str, batch: int) -> Finding:
    what = msg("follower {name}", name=name)
    behind = world.journal.last() - batch
    if behind <= 0:
        return well(what, msg("has done all batches"))
    (oldest,) = world.journal.since(max(batch, world.journal.trimmed()), limit=1)
    age = datetime.now(UTC) - oldest.committed_at
    found = msg("{n} batches behind, the oldest {age} old", n=behind, age=_age(age))
    if age <= LATE:
        return well(what, found)
    worker = WORKER.get(name, "alerts")
    advice = msg("see whether the worker {worker} runs, and its log", worker=worker)
    return warning(what, found, advice)


def _age(age: timedelta) -> Text:
    minutes = int(age / timedelta(minutes=1))
    if minutes < 120:
        return msg("{n} min", n=minutes)
    return msg("{n} h", n=minutes // 60)
