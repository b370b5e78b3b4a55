"""Followers: each batch once, in the transaction that says so."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from domain.errors import ServerMissing
from domain.time import to_us
from store.books.changes import record
from store.books.registry import Feed
from store.books.watch import Checkpoint
from store.journal.journal import Batch, Journal
from store.lake.lake import Lake
from store.readings.followers import (
    WarnOnce,
    batches_done,
    begin,
    checkpoint,
    committed_us,
    follow,
    follow_once,
    gathered,
    remember,
    remembered,
    slowest,
)
from store.readings.readings import Readings
from tests.actors import TEST
from tests.store.batches import NOW, batch, hours, keep


class Counter:
    """Writes a row of the books per batch, and remembers how many readings it saw."""

    def __init__(self, name: str = "counter", fail_on: tuple[int, ...] = ()) -> None:
        self.name = name
        self.seen: list[int] = []
        self._fail_on = fail_on

    def handle(self, batch: Batch, session: Session) -> None:
        self.seen.append(batch.number)
        record(session.connection(), TEST, "test")
        session.add(Feed(code=f"{self.name}-{batch.number}"))
        row = checkpoint(session, self.name)
        row.state = {"readings": row.state.get("readings", 0) + batch.readings.num_rows}
        session.flush()
        if batch.number in self._fail_on:
            raise ServerMissing("the test's server", "start it")


@pytest.fixture
def readings(tmp_path: Path, books: Engine) -> Readings:
    journal = Journal.open(str(tmp_path / "journal.db"))
    return Readings(journal, Lake.open(str(tmp_path / "lake")), books, keep_batches=1_000)


def state(books: Engine, name: str) -> tuple[int, dict[str, int]]:
    with Session(books) as session:
        row = session.get(Checkpoint, name)
        assert row is not None
        return row.batch, row.state


def feeds(books: Engine) -> int:
    with Session(books) as session:
        return session.query(Feed).count()


def test_effect_and_checkpoint_are_one(readings: Readings, books: Engine) -> None:
    keep(readings.journal, hours(3))
    assert follow_once(readings, books, Counter()) == 1
    keep(readings.journal, hours(2))
    with pytest.raises(ServerMissing):
        follow_once(readings, books, Counter(fail_on=(2,)))
    assert (state(books, "counter"), feeds(books)) == ((1, {"readings": 3}), 1)
    assert follow_once(readings, books, Counter()) == 2
    assert (state(books, "counter"), feeds(books)) == ((2, {"readings": 5}), 2)


def test_a_new_follower_starts_at_the_beginning_or_now(readings: Readings, books: Engine) -> None:
    keep(readings.journal, hours(3))
    late, all_of_it = Counter("late"), Counter("all")
    assert follow_once(readings, books, late, start="now") == 1
    assert follow_once(readings, books, all_of_it) == 1
    assert (late.seen, all_of_it.seen) == ([], [1])
    keep(readings.journal, hours(3))
    follow_once(readings, books, late)  # only the first start counts
    assert late.seen == [2]


def test_a_follower_of_a_lost_journal_goes_on_behind_the_lake(
    readings: Readings, books: Engine, tmp_path: Path
) -> None:
    keep(readings.journal, hours(1))
    readings.flush(NOW)
    for first in range(1, 5):  # followed, but lost with the journal before the next flush
        keep(readings.journal, hours(1, first=first))
    assert follow_once(readings, books, Counter()) == 5
    fresh = Readings(Journal.open(str(tmp_path / "fresh.db")), readings.lake, books)
    keep(fresh.journal, hours(1, first=9))
    counter = Counter()
    counter.handle = lambda batch, session: counter.seen.append(batch.number)  # type: ignore[method-assign]
    assert follow_once(fresh, books, counter) == 2
    assert counter.seen == [2]


def test_catching_up_is_done_in_few_transactions(readings: Readings, books: Engine) -> None:
    for first in range(250):
        keep(readings.journal, hours(4, first=first))
    counter = Counter()
    assert follow_once(readings, books, counter) == 250
    assert len(counter.seen) < 10
    assert state(books, "counter")[1] == {"readings": 1000}


def test_gathered_batches_are_bounded(readings: Readings) -> None:
    for first in range(30):
        keep(readings.journal, hours(10, first=first))
    found = list(gathered(readings.since(0), rows=95))
    assert [b.number for b in found] == [10, 20, 30]
    assert {(b.readings.num_rows, b.messages) for b in found} == {(100, 100)}


def test_the_trim_waits_for_the_slowest_within_the_bound(readings: Readings, books: Engine) -> None:
    begin(readings, books, "slow")
    for first in range(10):
        keep(readings.journal, hours(1, first=first))
    readings.flush(NOW)
    assert readings.journal.trimmed() == 0
    follow_once(readings, books, Counter("quick"))
    readings.flush(NOW)
    assert readings.journal.trimmed() == 0
    bounded = Readings(readings.journal, readings.lake, books, keep_batches=4)
    bounded.flush(NOW)
    assert readings.journal.trimmed() == 6
    slow = Counter("slow")
    follow_once(readings, books, slow)
    assert state(books, "slow") == (10, {"readings": 10})
    bounded.flush(NOW)
    assert readings.journal.trimmed() == 10


def test_the_trim_waits_for_what_a_state_is_rebuilt_from(readings: Readings, books: Engine) -> None:
    """As long as its follower keeps up, however far back that is."""
    for first in range(10):
        keep(readings.journal, hours(1, first=first))
    follow_once(readings, books, Counter("quick"))
    with Session(books) as session, session.begin():
        assert remembered(session, "quick") == (0, {})
        remember(session, "quick", 3, {"sum": 5})
        assert remembered(session, "quick") == (3, {"sum": 5})
        assert slowest(session) == 10, "a state is no follower"
        assert batches_done(session) == {"quick": 10}
    bounded = Readings(readings.journal, readings.lake, books, keep_batches=4)
    bounded.flush(NOW)
    assert readings.journal.trimmed() == 3
    with Session(books) as session, session.begin():
        remember(session, "quick", 8, {})
    bounded.flush(NOW)
    assert readings.journal.trimmed() == 8
    for first in range(10, 20):
        keep(readings.journal, hours(1, first=first))
    bounded.flush(NOW)
    assert readings.journal.trimmed() == 16, "a follower that is away holds nothing back"


def test_what_the_lake_gives_a_late_follower_is_in_the_order_of_time(readings: Readings) -> None:
    for first in range(3):
        for series in (2, 1):
            keep(readings.journal, hours(1, series=series, first=first))
    readings.flush(NOW)
    (flush,) = readings.since(0)
    assert flush.readings["series"].to_pylist() == [1, 2] * 3


def test_gathered_readings_keep_the_time_of_their_commit(readings: Readings) -> None:
    times = [NOW + timedelta(minutes=n) for n in range(3)]
    for n, at in enumerate(times):
        readings.journal.append(batch(hours(n + 1)), messages=1, now=at)
    (joined,) = gathered(readings.since(0))
    assert committed_us(joined).tolist() == [to_us(times[n]) for n in (0, 1, 1, 2, 2, 2)]
    (first, *_) = readings.since(0)
    assert committed_us(first).tolist() == [to_us(times[0])]


def test_a_follower_that_fails_stops_no_other_and_is_told_once(
    readings: Readings, books: Engine
) -> None:
    stop = threading.Event()
    told: list[str] = []
    good, bad = Counter("good"), Counter("bad", fail_on=(1, 2, 3, 4, 5))
    threads = [
        threading.Thread(
            target=follow,
            args=(readings, books, each),
            kwargs={"stop": stop, "poll_s": 0.01, "on_problem": told.append},
        )
        for each in (good, bad)
    ]
    for thread in threads:
        thread.start()
    for first in range(5):
        keep(readings.journal, hours(1, first=first))
        stop.wait(0.05)
    _until(lambda: len(bad.seen) >= 2 and sum(n for n in good.seen[-1:]) == 5)
    stop.set()
    for thread in threads:
        thread.join()
    assert told == ["bad: the test's server is not there: start it; trying again until it is there"]
    assert state(books, "good") == (5, {"readings": 5})
    assert state(books, "bad") == (0, {})


def test_a_bug_in_a_follower_is_told_and_tried_again(readings: Readings, books: Engine) -> None:
    class Broken(Counter):
        def handle(self, batch: Batch, session: Session) -> None:
            super().handle(batch, session)
            if len(self.seen) == 1:
                raise RuntimeError("divided by zero")

    stop, told, broken = threading.Event(), list[str](), Broken("broken")
    keep(readings.journal, hours(1))
    thread = threading.Thread(
        target=follow,
        args=(readings, books, broken),
        kwargs={"stop": stop, "poll_s": 0.01, "on_problem": told.append},
    )
    thread.start()
    _until(lambda: len(broken.seen) == 2)
    stop.set()
    thread.join()
    assert told == ["broken: batch not handled, will be tried again: RuntimeError: divided by zero"]
    assert state(books, "broken")[0] == 1


def _until(true: object) -> None:
    assert callable(true)
    for _ in range(600):
        if true():
            return
        threading.Event().wait(0.05)
    raise AssertionError("waited half a minute")


def test_a_line_is_said_again_after_things_went_well() -> None:
    said: list[str] = []
    once = WarnOnce(said.append)
    for line in ("a", "a", "b", "a"):
        once.say(line)
    once.over()
    once.say("a")
    assert said == ["a", "b", "a", "a"]


def test_a_follower_without_checkpoint_is_a_wrong_order(books: Engine) -> None:
    with Session(books) as session, pytest.raises(LookupError, match="`begin` makes it"):
        checkpoint(session, "nobody")
