"""Followers: what happens with each batch, once, in the transaction that says it is done."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session
from tenacity import RetryError

from domain.errors import ServerMissing
from domain.language import Text
from domain.time import to_us
from store.books.watch import Checkpoint
from store.journal.journal import Batch
from store.readings import set_back
from store.readings.readings import Readings
from store.readings.set_back import STATE
from store.server.retrying import retrying
from store.server.single_instance import HeldBy
from store.server.unreachable import unreachable

LOG = logging.getLogger("heatwatch.followers")
#: Rows handed over at once while catching up: fewer transactions, bounded memory.
GATHER_ROWS = 200_000

Start = Literal["beginning", "now"]


class Follower(Protocol):
    """Has an effect for each batch.

    `handle` runs in one transaction of the books with the checkpoint: either both happen or
    none. It may see a batch again (after a crash of something outside the books, or where the
    journal was trimmed before it came), so its effect must not depend on how often. What it
    must remember between batches goes into its checkpoint (`checkpoint(session, name).state`), or,
    where it is too much to be written with every batch, is `remember`ed now and then.
    """

    name: str

    def handle(self, batch: Batch, session: Session) -> None: ...


def checkpoint(session: Session, name: str) -> Checkpoint:
    """A follower's row; there while it is followed. Assign `state` anew to change it."""
    row = session.get(Checkpoint, name)
    if row is None:
        raise LookupError(f"follower {name!r} has no checkpoint yet: `begin` makes it")
    return row


def remember(session: Session, name: str, batch: int, state: Mapping[str, Any]) -> None:
    """Writes a follower's state as it was after `batch`, in a row of its own.

    The journal keeps what comes after that batch while the follower is alive, so the state is
    this one and the batches since, whenever the process ends.
    """
    row = {"batch": batch, "state": dict(state)}
    mine = Checkpoint.follower == name + STATE
    if session.scalar(sa.select(sa.func.count()).where(mine)):
        quiet = {"synchronize_session": False}
        session.execute(sa.update(Checkpoint).where(mine).values(row), execution_options=quiet)
    else:
        session.execute(sa.insert(Checkpoint).values(follower=name + STATE, **row))


def remembered(session: Session, name: str) -> tuple[int, dict[str, Any]]:
    """The batch and the state that `remember` wrote last; (0, {}) where it never did."""
    columns = sa.select(Checkpoint.batch, Checkpoint.state)
    row = session.execute(columns.where(Checkpoint.follower == name + STATE)).first()
    return (0, {}) if row is None else (row.batch, row.state)


def batches_done(session: Session) -> dict[str, int]:
    """Follower -> the batch that it has done."""
    rows = sa.select(Checkpoint.follower, Checkpoint.batch)
    found = session.execute(rows.where(Checkpoint.follower.not_like(f"%{STATE}")))
    return {row.follower: row.batch for row in found}


def slowest(session: Session) -> int | None:
    """The batch that every follower has done; None where there is none."""
    rows = sa.select(sa.func.min(Checkpoint.batch))
    return session.scalar(rows.where(Checkpoint.follower.not_like(f"%{STATE}")))


def begin(readings: Readings, engine: sa.Engine, name: str, start: Start = "beginning") -> int:
    """The batch a follower has done; a new one starts before the first, or behind the newest.

    One that is ahead of the journal is set back, and says so (`store.readings.set_back`).
    """
    with Session(engine) as session, session.begin():
        row = session.get(Checkpoint, name)
        if row is None:
            batch = 0 if start == "beginning" else readings.journal.last()
            row = Checkpoint(follower=name, batch=batch, state={})
            session.add(row)
        elif row.batch > (last := readings.journal.last()):
            set_back.one(session, name, last, readings.lake)
        return row.batch


def follow_once(
    readings: Readings,
    engine: sa.Engine,
    follower: Follower,
    *,
    start: Start = "beginning",
    stop: threading.Event | None = None,
) -> int:
    """Catches up with everything kept and returns the last batch done. Errors of `handle` go up."""
    done = begin(readings, engine, follower.name, start)
    for batch in gathered(readings.since(done)):
        with Session(engine) as session, session.begin():
            follower.handle(batch, session)
            checkpoint(session, follower.name).batch = batch.number
        done = batch.number
        if stop is not None and stop.is_set():
            break
    return done


def follow(
    readings: Readings,
    engine: sa.Engine,
    follower: Follower,
    *,
    stop: threading.Event,
    poll_s: float = 0.2,
    start: Start = "beginning",
    on_problem: Callable[[str], None] | None = None,
    before: Callable[[], None] | None = None,
) -> None:
    """Follows until `stop`, looking every `poll_s` [s]; run each follower in a thread of its own.

    `before` is called before each look for batches, under the same care.
    What `handle` raises is reported once per cause (to `on_problem`, else the log), the batch is tried
    again later, and no other follower notices.
    """
    log = WarnOnce(on_problem or LOG.warning)

    def report(error: BaseException) -> None:
        LOG.debug("follower %s", follower.name, exc_info=error)
        log.say(f"{follower.name}: {_cause(error)}")

    def look() -> None:
        begin(readings, engine, follower.name, start)
        if before is not None:
            before()
        follow_once(readings, engine, follower, start=start, stop=stop)

    retry = retrying(stop, report)
    while not stop.is_set():
        try:
            retry(look)
        except (
            HeldBy,
            RetryError,
        ):  # held: another process has this work now, and its guard says so
            return
        log.over()
        stop.wait(poll_s)


def _cause(error: BaseException) -> str:
    """What is wrong, in one line that is the same with every try."""
    if isinstance(error, ServerMissing):
        return f"{error}; trying again until it is there"
    first = (str(error).splitlines() or [""])[0]  # the rest has values that change
    again = f"batch not handled, will be tried again: {type(error).__name__}: {first}"
    return unreachable(error) or again


class WarnOnce:
    """Says a line once until things have gone well again."""

    def __init__(self, say: Callable[[Any], Any]) -> None:
        self._say = say
        self._said: Text | str | None = None

    def say(self, line: Text | str) -> None:
        if line != self._said:
            self._say(line)
        self._said = line

    def over(self, line: Text | str = "") -> None:
        """Things went well: `line` is said if something was wrong, the next trouble again."""
        if self._said is not None and line:
            self._say(line)
        self._said = None


@dataclass(frozen=True, slots=True)
class Gathered(Batch):
    """Neighbouring batches as one, numbered by the last."""

    parts: tuple[tuple[int, datetime], ...]  # of each: readings, and when it was committed


def sizes(batch: Batch) -> list[int]:
    """Readings of each batch that was gathered; of the one alone where it was not."""
    return [count for count, _ in _parts(batch)]


def committed_us(batch: Batch) -> NDArray[np.int64]:
    """(n,) when each reading was committed, however the batches were gathered. [µs]"""
    times = np.array([to_us(at) for _, at in _parts(batch)], dtype=np.int64)
    return np.repeat(times, sizes(batch))


def _parts(batch: Batch) -> tuple[tuple[int, datetime], ...]:
    if isinstance(batch, Gathered):
        return batch.parts
    return ((batch.readings.num_rows, batch.committed_at),)


def gathered(batches: Iterator[Batch], rows: int = GATHER_ROWS) -> Iterator[Batch]:
    """Neighbouring batches as one, numbered by the last, of about `rows` readings at most."""
    waiting: list[Batch] = []
    # The journal hands out a hundred at a time; what is there is not kept waiting for more.
    for chunk in iter(lambda: list(itertools.islice(batches, 100)), []):
        for batch in chunk:
            waiting.append(batch)
            if sum(each.readings.num_rows for each in waiting) >= rows:
                yield _joined(waiting)
                waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    rows = pa.concat_tables([each.readings for each in batches])
    messages = sum(each.messages for each in batches)
    parts = tuple((each.readings.num_rows, each.committed_at) for each in batches)
    return Gathered(batches[-1].number, rows, messages, batches[-1].committed_at, parts)
