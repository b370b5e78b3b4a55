"""The journal's contract, over SQLite and a real PostgreSQL."""

import itertools
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ServerMissing, WrongCall
from domain.time import Span
from store.journal import journal as journal_module
from store.journal.journal import Journal, Trimmed
from store.journal.refused_message import RefusedMessage
from tests.servers.process import free_port
from tests.store.batches import NOW, batch, hours, keep
from tests.store.journal.journals import journal, url

__all__ = ["journal", "url"]  # fixtures

BAD = RefusedMessage("rooms", "heatwatch/v1/x", b"{\xff\x00", "undecodable", "not JSON", NOW)


def test_batches_come_back_as_they_went_in_and_in_order(journal: Journal) -> None:
    numbers = [keep(journal, hours(3, series)) for series in (1, 2, 3)]
    found = journal.since(0)
    assert numbers == [1, 2, 3] == [each.number for each in found]
    assert [each.readings["series"].to_pylist() for each in found] == [[1] * 3, [2] * 3, [3] * 3]
    assert found[0].readings.to_batches()[0].equals(batch(hours(3, 1)))
    assert {(each.messages, each.committed_at) for each in found} == {(3, NOW)}


def test_following_goes_on_after_a_number_and_up_to_a_limit(journal: Journal) -> None:
    for _ in range(5):
        keep(journal, hours(1))
    assert [each.number for each in journal.since(2)] == [3, 4, 5]
    assert [each.number for each in journal.since(1, limit=2)] == [2, 3]
    assert journal.since(5) == []
    assert journal.last() == 5


def test_an_empty_journal_has_nothing(journal: Journal) -> None:
    assert (journal.last(), journal.trimmed(), journal.since(0)) == (0, 0, [])
    assert journal.recent_keys().size == 0
    assert journal.counts().refused == {}


def test_a_refused_message_of_which_one_is_kept_may_only_count(journal: Journal) -> None:
    again = replace(BAD, counted=True)
    journal.append(batch([]), messages=2, now=NOW, refused=[BAD, again])
    journal.append(batch([]), messages=1, now=NOW, refused=[again])
    assert list(journal.refused()) == [BAD]
    assert journal.counts().refused == {BAD.reason: 3}


def test_refused_messages_are_kept_whole_and_counted_with_their_batch(journal: Journal) -> None:
    other = RefusedMessage("rooms", "t", b"", "unmapped", "no series", NOW + timedelta(hours=1))
    journal.append(batch([]), messages=3, now=NOW, refused=[BAD, other, BAD])
    journal.append(batch(hours(1)), messages=2, now=NOW, refused=[BAD])
    assert list(journal.refused()) == [BAD, other, BAD, BAD]
    assert list(journal.refused(reason="unmapped")) == [other]
    assert list(journal.refused(since=NOW + timedelta(minutes=1))) == [other]
    assert journal.counts().refused == {"undecodable": 3, "unmapped": 1}
    hour = timedelta(hours=1)
    assert journal.refused_by_feed(Span(NOW, NOW + hour)) == {BAD.feed: 3}
    assert journal.refused_by_feed(Span(NOW + hour, NOW + 2 * hour)) == {"rooms": 1}


def test_counts_and_refused_survive_trimming_and_reopening(journal: Journal, url: str) -> None:
    for _ in range(3):
        journal.append(batch(hours(2)), messages=5, now=NOW, refused=[BAD], redelivered=2)
    journal.trim(3)
    again = Journal.open(url)
    counts = again.counts()
    again.close()
    assert (counts.batches, counts.messages, counts.readings) == (3, 15, 6)
    assert (counts.redelivered, counts.refused) == (6, {"undecodable": 3})
    assert len(list(journal.refused())) == 3


def test_a_trimmed_batch_is_said_to_be_gone_never_skipped(journal: Journal) -> None:
    for _ in range(200):
        keep(journal, hours(1))
    journal.trim(150)
    with pytest.raises(Trimmed, match="up to 150"):
        journal.since(149)
    assert journal.since(150, limit=1)[0].number == 151
    journal.trim(10)
    assert journal.trimmed() == 150


def test_numbers_go_on_after_everything_was_trimmed(journal: Journal, url: str) -> None:
    keep(journal, hours(1))
    journal.trim(1)
    again = Journal.open(url)
    assert keep(again, hours(1)) == 2
    again.close()


def test_keys_of_the_last_messages_outlive_their_batches(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "KEYS_KEPT", 5)
    for start in range(0, 12, 3):
        keys = np.arange(start, start + 3, dtype=np.uint64)
        journal.append(batch(hours(3)), messages=3, now=NOW, keys=keys)
    assert journal.recent_keys().tolist() == list(range(12))
    journal.trim(4)
    assert journal.recent_keys().tolist() == list(range(6, 12))
    assert journal.recent_keys(2).tolist() == [10, 11]


def test_keys_are_counted_once_and_forgotten_as_they_come(
    journal: Journal, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "KEYS_KEPT", 10)
    chance, kept = np.random.default_rng(3), []
    for number in range(1, 60):
        keys = np.arange(chance.integers(0, 7), dtype=np.uint64) + 100 * number
        journal.append(batch(hours(1)), messages=1, now=NOW, keys=keys)
        kept.extend(keys.tolist())
        if number % 9 == 0:
            other = Journal.open(url)
            other.trim(number)
            other.close()
        journal.trim(number)
        found = journal.recent_keys(1000).tolist()
        assert found == kept[len(kept) - len(found) :]
        assert min(10, len(kept)) <= len(found) < 10 + 7
    assert len(journal._counted) < 20  # as many as are kept, not all that ever came


def test_what_can_not_be_kept_whole_is_not_kept_at_all(journal: Journal) -> None:
    keep(journal, hours(1))
    broken = RefusedMessage("rooms", "t", None, "undecodable", "", NOW)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)null"):
        journal.append(batch(hours(9)), messages=9, now=NOW, refused=[broken])
    assert journal.last() == 1
    assert journal.counts().readings == 1
    assert keep(journal, hours(1)) == 2


def test_other_columns_are_refused(journal: Journal) -> None:
    wrong = batch(hours(1)).drop_columns(["part"])
    with pytest.raises(ValueError, match="expected columns"):
        journal.append(wrong, messages=1, now=NOW)


def test_flushes_say_where_a_late_follower_starts(journal: Journal) -> None:
    def flush(number: int, last: int) -> journal_module.Flush:
        return journal_module.Flush(number, last, NOW)

    story = [flush(1, 0), flush(2, 4), flush(3, 4), flush(4, 9)]
    for each in (*story, story[1]):
        journal.record_flush(each)
    assert journal.flushes_after(0) == [story[1], story[3]]
    assert journal.flushes_after(4) == [story[3]]
    assert journal.imports_after(0) == [1, 3]
    assert journal.imports_after(1) == [3]
    assert journal.imports_after(3) == []


def test_a_new_journal_goes_on_behind_a_lake_an_old_one_does_not_move(journal: Journal) -> None:
    journal.continue_after(70)
    assert keep(journal, hours(1)) == 71
    journal.continue_after(500)
    assert keep(journal, hours(1)) == 72


def test_numbers_of_several_workers_appear_in_order_without_gaps(url: str) -> None:
    journals = [Journal.open(url) for _ in range(3)]
    done = threading.Event()
    seen: list[int] = []

    def work(journal: Journal) -> None:
        for _ in range(30):
            keep(journal, hours(2))

    def follow() -> None:
        while True:
            finished = done.is_set()
            found = journals[0].since(seen[-1] if seen else 0, limit=7)
            seen.extend(each.number for each in found)
            if finished and not found:
                return

    follower = threading.Thread(target=follow)
    workers = [threading.Thread(target=work, args=(each,)) for each in journals]
    for thread in (follower, *workers):
        thread.start()
    for thread in workers:
        thread.join()
    done.set()
    follower.join()
    for each in journals:
        each.close()
    assert seen == list(range(1, 91))


WRITER = """
import sys
from store.journal.journal import Journal
from tests.store.batches import hours, keep
journal = Journal.open(sys.argv[1])
while True:
    print(keep(journal, hours(50)), flush=True)
"""


def test_every_number_that_was_told_is_there_after_kill_9(url: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE)
    assert process.stdout is not None
    told = [int(line) for line in itertools.islice(process.stdout, 40)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout if line.strip().isdigit()]
    process.wait()
    process.stdout.close()
    journal = Journal.open(url)
    assert journal.last() >= told[-1] == len(told)
    assert journal.counts().readings == 50 * journal.last()
    assert sum(each.readings.num_rows for each in journal.since(0, 10_000)) == 50 * journal.last()
    journal.close()


def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    journal = Journal.open(str(tmp_path / "journal.db"))
    with journal._engine.connect() as link:
        settings = [
            link.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        ]
    journal.close()
    assert settings == ["wal", 2]


def test_an_absent_postgresql_is_named_with_how_to_start_it() -> None:
    port = free_port()
    with pytest.raises(ServerMissing, match=f"PostgreSQL.*{port}") as missing:
        Journal.open(f"postgresql://heat:secret@127.0.0.1:{port}/heat")
    assert "secret" not in str(missing.value)


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "://", "sqlite:///:memory:"])
def test_an_address_that_keeps_nothing_is_a_wrong_call(url: str) -> None:
    with pytest.raises(WrongCall, match="allowed: sqlite:///PATH, a plain path, or postgresql"):
        Journal.open(url)
